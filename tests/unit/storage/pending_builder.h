// Snapshots to commit, for tests: sections by their lines, made whole, the same, or a delta.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "snapshot/line.h"
#include "storage/store.h"

namespace varve::testing {

// What a test says of a seen line beside its shape.
struct SeenFacts {
  v1::Way way = v1::WAY_RUN;
  std::string digest = {};  // any text; it is hashed to 32 bytes
  std::string key_id = {};
  v1::Locator locator = {};
};

LineKey Key(std::string kind, std::vector<std::string> names,
            v1::Facet facet = v1::FACET_STRUCTURE);
LineKey Table(std::string name, v1::Facet facet = v1::FACET_STRUCTURE);  // public.NAME
v1::Locator LocatorOf(std::string id, const std::map<int64_t, std::string>& columns = {});
// The hash of a shape that a test names by its text.
ShapeHash ShapeOf(absl::string_view text);

// Measures, as a section carries them, that say `text`.
std::string MeasuresOf(const std::string& text);

// One section as an agent gathered it. Shapes are any text: the store never looks inside.
class TestSection {
 public:
  explicit TestSection(std::string name, uint32_t revision = 1);

  TestSection& See(const LineKey& key, std::string shape, const SeenFacts& facts = {});
  TestSection& Unsee(const LineKey& key, v1::Sight why);
  TestSection& Drop(const LineKey& key);
  // Says how a kind's facet was looked at, in place of what was said before.
  TestSection& Cover(std::string kind, v1::Facet facet, v1::Sight state = v1::SIGHT_CAPTURED,
                     std::vector<std::string> scope = {});
  TestSection& Uncover(const std::string& kind, v1::Facet facet);
  // Says that patterns of an `exclude` list leave some of a kind out, beside what is said of the
  // rest.
  TestSection& LeaveOut(std::string kind, v1::Facet facet, std::vector<std::string> patterns);
  TestSection& SetRevision(uint32_t revision);

  const std::string& name() const { return name_; }
  std::vector<Line> lines() const;
  ManifestHash manifest() const;
  v1::SectionHeader header() const;
  absl::flat_hash_map<BlobHash, std::string> blobs() const;

 private:
  std::string CoverageBytes() const;

  std::string name_;
  uint32_t revision_;
  std::map<LineKey, Line> lines_;
  std::map<std::tuple<std::string, v1::Facet, std::vector<std::string>>, v1::Sight> coverage_;
  std::map<std::pair<std::string, v1::Facet>, std::vector<std::string>> left_out_;  // patterns
  std::map<ShapeHash, std::string> shapes_;
};

// One snapshot to commit.
class Publish {
 public:
  Publish(std::string environment, std::string id);

  Publish& At(int64_t taken_at_us, int64_t received_at_us);
  Publish& Acknowledged(std::string incarnation, int64_t seq);
  Publish& Whole(const TestSection& section, std::string measures = "");
  Publish& Same(const TestSection& section);
  // `section` as a delta to `base`, which was `head` when it was published.
  Publish& Delta(const TestSection& section, const TestSection& base, const Head& head);
  Publish& Unavailable(std::string name);
  // Leaves out the blobs, as an agent does that was told that the store has them.
  Publish& WithoutBlobs();

  // For tests of what is refused.
  PendingSnapshot& pending() { return pending_; }
  // What a store's Commit takes. NOLINTNEXTLINE(google-explicit-constructor)
  operator const PendingSnapshot&() const { return pending_; }

 private:
  PendingSection& Add(PendingSection section, const TestSection* of);
  PendingSnapshot pending_;
};

}  // namespace varve::testing
