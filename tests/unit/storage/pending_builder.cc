#include "tests/unit/storage/pending_builder.h"

#include <utility>

#include "base/zstd.h"
#include "snapshot/canonical.h"
#include "snapshot/manifest.h"
#include "varve/v1/measures.pb.h"

namespace varve::testing {

LineKey Key(std::string kind, std::vector<std::string> names, v1::Facet facet) {
  return {{std::move(kind), std::move(names)}, facet};
}

LineKey Table(std::string name, v1::Facet facet) {
  return Key("table", {"public", std::move(name)}, facet);
}

v1::Locator LocatorOf(std::string id, const std::map<int64_t, std::string>& columns) {
  v1::Locator locator;
  locator.set_id(std::move(id));
  for (const auto& [number, name] : columns) {
    v1::Locator::Part* const part = locator.add_parts();
    part->set_number(number);
    part->set_name(name);
  }
  return locator;
}

ShapeHash ShapeOf(absl::string_view text) { return HashOf<ShapeHash>(text); }

std::string MeasuresOf(const std::string& text) {
  v1::Measures measures;
  v1::EntityMeasures& entity = *measures.add_entities();
  entity.mutable_identity()->set_kind("table");
  entity.mutable_identity()->add_names(text);
  return Compressed(CanonicalBytes(measures));
}

TestSection::TestSection(std::string name, uint32_t revision)
    : name_(std::move(name)), revision_(revision) {}

TestSection& TestSection::See(const LineKey& key, std::string shape, const SeenFacts& facts) {
  v1::Locator locator = facts.locator;
  Seen seen;
  seen.shape = ShapeOf(shape);
  seen.way = facts.way;
  if (!facts.digest.empty()) {
    seen.digest = std::string(HashOf<BlobHash>(facts.digest).bytes());
    seen.key_id = facts.key_id;
  }
  if (!locator.id().empty()) seen.locator = CanonicalBytes(locator);
  lines_[key] = {key, seen, v1::SIGHT_UNSPECIFIED};
  shapes_[seen.shape] = std::move(shape);
  return *this;
}

TestSection& TestSection::Unsee(const LineKey& key, v1::Sight why) {
  lines_[key] = {key, std::nullopt, why};
  return *this;
}

TestSection& TestSection::Drop(const LineKey& key) {
  lines_.erase(key);
  return *this;
}

TestSection& TestSection::Cover(std::string kind, v1::Facet facet, v1::Sight state,
                                std::vector<std::string> scope) {
  coverage_[{std::move(kind), facet, std::move(scope)}] = state;
  return *this;
}

TestSection& TestSection::Uncover(const std::string& kind, v1::Facet facet) {
  coverage_.erase({kind, facet, {}});
  return *this;
}

TestSection& TestSection::LeaveOut(std::string kind, v1::Facet facet,
                                   std::vector<std::string> patterns) {
  left_out_[{std::move(kind), facet}] = std::move(patterns);
  return *this;
}

TestSection& TestSection::SetRevision(uint32_t revision) {
  revision_ = revision;
  return *this;
}

std::vector<Line> TestSection::lines() const {
  std::vector<Line> lines;
  for (const auto& [key, line] : lines_) lines.push_back(line);
  return lines;
}

std::string TestSection::CoverageBytes() const {
  v1::Coverage coverage;
  for (const auto& [what, state] : coverage_) {
    v1::CoverageEntry* const entry = coverage.add_entries();
    entry->set_kind(std::get<0>(what));
    entry->set_facet(std::get<1>(what));
    for (const std::string& name : std::get<2>(what)) entry->add_scope(name);
    entry->set_state(state);
  }
  for (const auto& [what, patterns] : left_out_) {
    v1::CoverageEntry* const entry = coverage.add_entries();
    entry->set_kind(what.first);
    entry->set_facet(what.second);
    entry->set_state(v1::SIGHT_EXCLUDED);
    for (const std::string& pattern : patterns) {
      v1::ScopePattern* const added = entry->add_patterns();
      added->set_list(v1::ScopePattern::LIST_EXCLUDE);
      added->set_pattern(pattern);
    }
  }
  return CanonicalBytes(coverage);
}

ManifestHash TestSection::manifest() const {
  return HashManifest(revision_, HashOf<CoverageHash>(CoverageBytes()), lines());
}

v1::SectionHeader TestSection::header() const {
  v1::SectionHeader header;
  header.set_name(name_);
  header.set_source_kind(name_ == "redis" ? "redis" : "postgres");
  header.set_status(v1::SECTION_STATUS_COMPLETE);
  header.set_revision(revision_);
  header.set_coverage_hash(std::string(HashOf<CoverageHash>(CoverageBytes()).bytes()));
  header.set_manifest_hash(std::string(manifest().bytes()));
  for (const v1::FacetFingerprint& fingerprint : Fingerprints(lines())) {
    *header.add_fingerprints() = fingerprint;
  }
  return header;
}

absl::flat_hash_map<BlobHash, std::string> TestSection::blobs() const {
  absl::flat_hash_map<BlobHash, std::string> blobs;
  blobs[HashOf<BlobHash>(CoverageBytes())] = CoverageBytes();
  for (const auto& [hash, text] : shapes_) blobs[HashOf<BlobHash>(text)] = text;
  return blobs;
}

Publish::Publish(std::string environment, std::string id) {
  pending_.header.set_environment(std::move(environment));
  pending_.header.set_snapshot_id(std::move(id));
  pending_.header.set_agent_version("0.1.0");
  At(1'000'000, 2'000'000);
}

Publish& Publish::At(int64_t taken_at_us, int64_t received_at_us) {
  pending_.header.set_taken_at_us(taken_at_us);
  pending_.received_at = absl::FromUnixMicros(received_at_us);
  return *this;
}

Publish& Publish::Acknowledged(std::string incarnation, int64_t seq) {
  pending_.header.mutable_acknowledged()->set_incarnation(std::move(incarnation));
  pending_.header.mutable_acknowledged()->set_seq(seq);
  return *this;
}

PendingSection& Publish::Add(PendingSection section, const TestSection* of) {
  *pending_.header.add_sections() = section.header;
  if (of != nullptr) {
    for (auto& [hash, bytes] : of->blobs()) pending_.blobs[hash] = bytes;
  }
  return pending_.sections.emplace_back(std::move(section));
}

Publish& Publish::Whole(const TestSection& section, std::string measures) {
  PendingSection pending;
  pending.form = PendingSection::Form::kWhole;
  pending.header = section.header();
  pending.set = section.lines();
  pending.measures = std::move(measures);
  Add(std::move(pending), &section);
  return *this;
}

Publish& Publish::Same(const TestSection& section) {
  PendingSection pending;
  pending.form = PendingSection::Form::kSame;
  pending.header = section.header();
  Add(std::move(pending), nullptr);
  return *this;
}

Publish& Publish::Delta(const TestSection& section, const TestSection& base, const Head& head) {
  PendingSection pending;
  pending.form = PendingSection::Form::kDelta;
  pending.header = section.header();
  pending.base = head;
  std::map<LineKey, Line> before;
  for (const Line& line : base.lines()) before[line.key] = line;
  for (const Line& line : section.lines()) {
    const auto old = before.find(line.key);
    if (old == before.end() || old->second != line) pending.set.push_back(line);
    if (old != before.end()) before.erase(old);
  }
  for (const auto& [key, line] : before) pending.dropped.push_back(key);
  Add(std::move(pending), &section);
  return *this;
}

Publish& Publish::Unavailable(std::string name) {
  PendingSection pending;
  pending.form = PendingSection::Form::kUnavailable;
  pending.header.set_name(std::move(name));
  pending.header.set_source_kind("postgres");
  pending.header.set_status(v1::SECTION_STATUS_UNAVAILABLE);
  Add(std::move(pending), nullptr);
  return *this;
}

Publish& Publish::WithoutBlobs() {
  pending_.blobs.clear();
  return *this;
}

}  // namespace varve::testing
