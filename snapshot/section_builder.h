// Collects what a source finds and makes a section of it: canonical bytes, hashes, coverage,
// fingerprints.
//
// Not thread-safe: one per source and read. The source says what it looked at (`Cover`), what is
// there (`Add`, `AddUnseen`), what went wrong (`Error`) and what it counted (`Measure…`); it
// decides nothing about bytes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/line.h"
#include "snapshot/section.h"

namespace varve {

// A digest of what was masked in a shape, and the name of its key; both empty where nothing was.
struct MaskedParts {
  std::string digest;
  std::string key_id;
};

// What a seen line carries beside its shape.
struct LineFacts {
  v1::Way way = v1::WAY_RUN;
  MaskedParts masked;
  v1::Locator locator;  // on the kind's first facet, where the source has one
};

class SectionBuilder {
 public:
  // `name` of the section ("postgres", "orders/shop"); `source_kind` as in kinds.h; `revision` of
  // the capture.
  SectionBuilder(absl::string_view name, absl::string_view source_kind, uint32_t revision);

  // Where it is read ("cache.internal:6379", no user, no password) and what answers
  // ("Redis 7.0.15").
  void SetAddress(absl::string_view address);
  void SetServer(absl::string_view server);

  // Adds a facet that was seen. The Shape's member must be the one that kinds.h names for kind and
  // facet. An entity's facet can be added once; a second time replaces the first and is an error in
  // the section, which lacks something.
  void Add(const EntityKey& entity, v1::Facet facet, v1::Shape shape, const LineFacts& facts = {});

  // The same, of a shape that may be on an arena: it is sorted where it is, and not copied.
  void AddInPlace(const EntityKey& entity, v1::Facet facet, v1::Shape& shape,
                  const LineFacts& facts = {});

  // Adds a facet that is there but could not be looked at.
  void AddUnseen(const EntityKey& entity, v1::Facet facet, v1::Sight why);

  // Says that a kind's facet, or its part under `scope`, was looked at, or why not. `count` is
  // filled by Finish for captured entries without one. Saying it twice of one scope keeps the worse
  // state.
  void Cover(absl::string_view kind, v1::Facet facet, v1::Sight state,
             absl::string_view reason = "", absl::string_view remedy = "",
             absl::Span<const std::string> scope = {}, uint64_t count = 0);
  // The same, of entities that patterns leave out: `entry` has them, a kind, a state and counts. It
  // is said of each facet of the kind, beside what else is said of the whole kind.
  void CoverLeftOut(const v1::CoverageEntry& entry);
  // All facets of `kind` were looked at, whole.
  void CoverWhole(absl::string_view kind);

  void Error(absl::string_view doing, absl::string_view why, absl::string_view remedy = "",
             const EntityKey* entity = nullptr);
  void Warning(absl::string_view doing, absl::string_view why, absl::string_view remedy = "",
               const EntityKey* entity = nullptr);

  // `element`: the part it is of, "" for the entity itself.
  void MeasureNumber(const EntityKey& entity, absl::string_view name, int64_t value,
                     absl::string_view element = "");
  void MeasureText(const EntityKey& entity, absl::string_view name, absl::string_view value,
                   absl::string_view element = "");
  v1::RedisKeyspace& redis_keyspace();

  // Does now, for who waits for something else anyway, a part of what Finish has to do with what
  // was added so far. Changes nothing else.
  void SortSoFar();

  // The section: partial where there is an error or something is not captured (excluded counts as
  // captured), else complete. The builder is empty afterwards.
  Section Finish();

  // A section whose source did not answer: no lines, one error.
  static Section Unavailable(absl::string_view name, absl::string_view source_kind,
                             absl::string_view address, absl::string_view doing,
                             absl::string_view why, absl::string_view remedy);

 private:
  void AddError(v1::SectionError::Severity severity, absl::string_view doing, absl::string_view why,
                absl::string_view remedy, const EntityKey* entity);
  v1::Measure& NewMeasure(const EntityKey& entity, absl::string_view name,
                          absl::string_view element);
  void ReplaceTwins();
  v1::Coverage FinishCoverage() const;

  // Kind, facet, scope, and whether it is said by patterns.
  using Scope = std::tuple<std::string, v1::Facet, std::vector<std::string>, bool>;
  v1::SectionHeader header_;
  std::vector<ReadLine> lines_;
  size_t sorted_ = 0;  // so many of them are by key, those of one key as they came
  std::map<Scope, v1::CoverageEntry> coverage_;
  std::map<EntityKey, v1::EntityMeasures> measures_;
  v1::Measures rest_;
  ShapeMap shapes_;
};

}  // namespace varve
