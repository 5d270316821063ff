#include "snapshot/section_builder.h"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "snapshot/canonical.h"
#include "snapshot/kinds.h"
#include "snapshot/manifest.h"

namespace varve {
namespace {

// Of two statements about one scope the one that promises less holds.
bool IsWorse(v1::Sight a, v1::Sight b) {
  return a != v1::SIGHT_CAPTURED && (b == v1::SIGHT_CAPTURED || b == v1::SIGHT_EXCLUDED);
}

// Puts the line that is at place `order[i]` at place i.
void Arrange(absl::Span<ReadLine> lines, std::vector<uint32_t>& order) {
  for (uint32_t first = 0; first < order.size(); ++first) {
    if (order[first] == first) continue;
    ReadLine carried = std::move(lines[first]);
    uint32_t at = first;  // each takes the place that the one before it left
    while (order[at] != first) {
      lines[at] = std::move(lines[order[at]]);
      at = std::exchange(order[at], at);
    }
    lines[at] = std::move(carried);
    order[at] = at;
  }
}

}  // namespace

SectionBuilder::SectionBuilder(absl::string_view name, absl::string_view source_kind,
                               uint32_t revision) {
  header_.set_name(std::string(name));
  header_.set_source_kind(std::string(source_kind));
  header_.set_revision(revision);
}

void SectionBuilder::SetAddress(absl::string_view address) {
  header_.set_address(std::string(address));
}

void SectionBuilder::SetServer(absl::string_view server) {
  header_.set_server(std::string(server));
}

void SectionBuilder::Add(const EntityKey& entity, v1::Facet facet, v1::Shape shape,
                         const LineFacts& facts) {
  AddInPlace(entity, facet, shape, facts);
}

void SectionBuilder::AddInPlace(const EntityKey& entity, v1::Facet facet, v1::Shape& shape,
                                const LineFacts& facts) {
  std::string bytes = OwnCanonicalBytes(shape);
  Line& line = lines_.emplace_back().line;
  line.key = {entity, facet};
  Seen& seen = line.seen.emplace();
  seen.shape = HashOf<ShapeHash>(bytes);
  seen.way = facts.way;
  seen.digest = facts.masked.digest;
  seen.key_id = facts.masked.digest.empty() ? "" : facts.masked.key_id;
  if (!facts.locator.id().empty()) {
    v1::Locator locator = facts.locator;
    seen.locator = OwnCanonicalBytes(locator);
  }
  shapes_.insert_or_assign(seen.shape, std::move(bytes));
}

void SectionBuilder::AddUnseen(const EntityKey& entity, v1::Facet facet, v1::Sight why) {
  Line& line = lines_.emplace_back().line;
  line.key = {entity, facet};
  line.unseen = why;
}

void SectionBuilder::Cover(absl::string_view kind, v1::Facet facet, v1::Sight state,
                           absl::string_view reason, absl::string_view remedy,
                           absl::Span<const std::string> scope, uint64_t count) {
  v1::CoverageEntry entry;
  entry.set_kind(std::string(kind));
  entry.set_facet(facet);
  for (const std::string& name : scope) entry.add_scope(name);
  entry.set_state(state);
  entry.set_reason(std::string(reason));
  entry.set_remedy(std::string(remedy));
  entry.set_count(count);
  const Scope key(kind, facet, std::vector<std::string>(scope.begin(), scope.end()), false);
  const auto [at, is_new] = coverage_.try_emplace(key, entry);
  if (!is_new && !IsWorse(at->second.state(), state)) at->second = entry;
}

void SectionBuilder::CoverLeftOut(const v1::CoverageEntry& entry) {
  const Kind* const known = FindKind(entry.kind());
  if (known == nullptr) return;
  for (const KindFacet& facet : known->facets) {
    v1::CoverageEntry& said = coverage_[Scope(entry.kind(), facet.facet, {}, true)];
    said = entry;
    said.set_facet(facet.facet);
  }
}

void SectionBuilder::CoverWhole(absl::string_view kind) {
  const Kind* const known = FindKind(kind);
  if (known == nullptr) return;
  for (const KindFacet& facet : known->facets) Cover(kind, facet.facet, v1::SIGHT_CAPTURED);
}

void SectionBuilder::AddError(v1::SectionError::Severity severity, absl::string_view doing,
                              absl::string_view why, absl::string_view remedy,
                              const EntityKey* entity) {
  v1::SectionError& error = *header_.add_errors();
  error.set_severity(severity);
  error.set_doing(std::string(doing));
  error.set_why(std::string(why));
  error.set_remedy(std::string(remedy));
  if (entity != nullptr) *error.mutable_entity() = IdentityOf(*entity);
}

void SectionBuilder::Error(absl::string_view doing, absl::string_view why, absl::string_view remedy,
                           const EntityKey* entity) {
  AddError(v1::SectionError::SEVERITY_ERROR, doing, why, remedy, entity);
}

void SectionBuilder::Warning(absl::string_view doing, absl::string_view why,
                             absl::string_view remedy, const EntityKey* entity) {
  AddError(v1::SectionError::SEVERITY_WARNING, doing, why, remedy, entity);
}

v1::Measure& SectionBuilder::NewMeasure(const EntityKey& entity, absl::string_view name,
                                        absl::string_view element) {
  v1::Measure& measure = *measures_[entity].add_measures();
  measure.set_name(std::string(name));
  measure.set_element(std::string(element));
  return measure;
}

void SectionBuilder::MeasureNumber(const EntityKey& entity, absl::string_view name, int64_t value,
                                   absl::string_view element) {
  NewMeasure(entity, name, element).set_number(value);
}

void SectionBuilder::MeasureText(const EntityKey& entity, absl::string_view name,
                                 absl::string_view value, absl::string_view element) {
  NewMeasure(entity, name, element).set_text(std::string(value));
}

v1::RedisKeyspace& SectionBuilder::redis_keyspace() { return *rest_.mutable_redis(); }

void SectionBuilder::SortSoFar() {
  const absl::Span<ReadLine> added = absl::MakeSpan(lines_).subspan(sorted_);
  std::vector<uint32_t> order(added.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&added](uint32_t a, uint32_t b) {
    const std::strong_ordering by_key = added[a].line.key <=> added[b].line.key;
    return by_key != 0 ? by_key < 0 : a < b;
  });
  Arrange(added, order);
  std::inplace_merge(lines_.begin(), lines_.begin() + static_cast<ptrdiff_t>(sorted_), lines_.end(),
                     [](const ReadLine& a, const ReadLine& b) { return a.line.key < b.line.key; });
  sorted_ = lines_.size();
}

// Of several lines with one key the last stays.
void SectionBuilder::ReplaceTwins() {
  auto last = lines_.begin();  // of those that stay
  for (auto at = lines_.begin(); at != lines_.end(); ++at) {
    if (at == last) continue;
    if (at->line.key != last->line.key) {
      if (++last != at) *last = std::move(*at);
      continue;
    }
    if (at->line.seen.has_value()) {
      const EntityKey& entity = at->line.key.entity;
      Error(
          absl::StrCat("gathering ", entity.kind, " ", DisplayName(entity)),
          absl::StrCat("its ", FacetName(at->line.key.facet), " was found twice; the last is kept"),
          "", &entity);
    }
    *last = std::move(*at);
  }
  if (!lines_.empty()) lines_.erase(last + 1, lines_.end());
}

v1::Coverage SectionBuilder::FinishCoverage() const {
  std::map<std::pair<absl::string_view, v1::Facet>, uint64_t> counts;
  for (const ReadLine& each : lines_) {
    const Line& line = each.line;
    if (line.seen.has_value()) ++counts[{line.key.entity.kind, line.key.facet}];
  }
  v1::Coverage coverage;
  for (const auto& [scope, entry] : coverage_) {
    v1::CoverageEntry& added = *coverage.add_entries();
    added = entry;
    if (entry.state() == v1::SIGHT_CAPTURED && entry.count() == 0 && entry.scope().empty()) {
      added.set_count(counts[{entry.kind(), entry.facet()}]);
    }
  }
  return coverage;
}

Section SectionBuilder::Finish() {
  Section section;
  SortSoFar();
  ReplaceTwins();
  v1::Coverage coverage = FinishCoverage();
  bool whole = true;
  for (const v1::CoverageEntry& entry : coverage.entries()) {
    whole &= entry.state() == v1::SIGHT_CAPTURED || entry.state() == v1::SIGHT_EXCLUDED ||
             entry.state() == v1::SIGHT_NOT_SUPPORTED;
  }
  for (const v1::SectionError& error : header_.errors()) {
    whole &= error.severity() != v1::SectionError::SEVERITY_ERROR;
  }
  section.coverage = OwnCanonicalBytes(coverage);
  const auto coverage_hash = HashOf<CoverageHash>(section.coverage);
  header_.set_status(whole ? v1::SECTION_STATUS_COMPLETE : v1::SECTION_STATUS_PARTIAL);
  header_.set_coverage_hash(std::string(coverage_hash.bytes()));
  ManifestHasher manifest(header_.revision(), coverage_hash);
  FingerprintHasher fingerprints;
  for (const ReadLine& line : lines_) {
    manifest.Add(LineBytes(line.line));
    fingerprints.Add(line.line);
  }
  header_.set_manifest_hash(std::string(manifest.Finish().bytes()));
  for (v1::FacetFingerprint& fingerprint : fingerprints.Finish()) {
    *header_.add_fingerprints() = std::move(fingerprint);
  }
  section.header = std::exchange(header_, {});
  section.lines = std::exchange(lines_, {});
  sorted_ = 0;
  section.shapes = std::exchange(shapes_, {});
  v1::Measures all = std::exchange(rest_, {});
  for (auto& [entity, measures] : measures_) {
    *measures.mutable_identity() = IdentityOf(entity);
    *all.add_entities() = std::move(measures);
  }
  section.measures = std::move(all);
  coverage_.clear();
  measures_.clear();
  return section;
}

Section SectionBuilder::Unavailable(absl::string_view name, absl::string_view source_kind,
                                    absl::string_view address, absl::string_view doing,
                                    absl::string_view why, absl::string_view remedy) {
  SectionBuilder builder(name, source_kind, 0);
  builder.SetAddress(address);
  builder.Error(doing, why, remedy);
  Section section;
  section.header = builder.header_;
  section.header.set_status(v1::SECTION_STATUS_UNAVAILABLE);
  return section;
}

}  // namespace varve
