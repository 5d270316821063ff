#include "tests/unit/storage/conformance/store_conformance.h"

#include "absl/strings/str_cat.h"
#include "snapshot/kinds.h"

namespace varve::testing {

void StoreConformance::SetUp() { Open(); }

void StoreConformance::Open() {
  auto opened = GetParam().open(folder_.path());
  VARVE_ASSERT_OK(opened);
  store_ = *std::move(opened);
}

std::string StoreConformance::NextId() { return absl::StrCat("id-", ++next_id_); }

int64_t StoreConformance::Commit(const PendingSnapshot& snapshot) {
  const auto committed = store().Commit(snapshot);
  VARVE_EXPECT_OK(committed);
  return committed.ok() ? committed->seq : 0;
}

int64_t StoreConformance::Put(const std::vector<TestSection>& sections) {
  Publish publish("prod", NextId());
  for (const TestSection& section : sections) publish.Whole(section);
  return Commit(publish);
}

int64_t StoreConformance::PutUnavailable(const std::string& section) {
  return Commit(Publish("prod", NextId()).Unavailable(section));
}

Head StoreConformance::HeadOf(const std::string& section) {
  const auto head = store().ReadHead("prod");
  VARVE_EXPECT_OK(head);
  if (!head.ok()) return {};
  for (const auto& [name, of_section] : head->sections) {
    if (name == section) return of_section;
  }
  ADD_FAILURE() << "no head of " << section;
  return {};
}

std::vector<ReadLine> StoreConformance::ReadBack(int64_t seq, const std::string& section) {
  std::vector<ReadLine> lines;
  VARVE_EXPECT_OK(store().ReadLines("prod", seq, section, [&lines](const ReadLine& line) {
    lines.push_back(line);
    return absl::OkStatus();
  }));
  return lines;
}

std::vector<std::string> StoreConformance::Lines(int64_t seq, const std::string& section) {
  std::vector<std::string> lines;
  for (const ReadLine& line : ReadBack(seq, section)) lines.push_back(Describe(line));
  return lines;
}

std::string StoreConformance::ShapeText(const Seen& seen) {
  const auto bytes = store().ReadBlob(*BlobHash::FromBytes(seen.shape.bytes()));
  VARVE_EXPECT_OK(bytes);
  return bytes.ok() ? *bytes : "";
}

std::string StoreConformance::Describe(const ReadLine& line) {
  const LineKey& key = line.line.key;
  std::string text =
      absl::StrCat(key.entity.kind, " ", DisplayName(key.entity), " ", FacetName(key.facet), ": ");
  if (line.line.seen.has_value()) {
    const bool is_static = line.line.seen->way == v1::WAY_STATIC;
    return absl::StrCat(text, ShapeText(*line.line.seen), is_static ? " (static)" : "");
  }
  absl::StrAppend(&text, SightName(line.line.unseen));
  if (line.weaker.has_value()) absl::StrAppend(&text, " ", ShapeText(*line.weaker));
  if (!line.sent) absl::StrAppend(&text, " (not sent)");
  if (line.last_seen.has_value()) {
    absl::StrAppend(&text, ", last ", ShapeText(*line.last_seen), " @", line.last_seen_seq);
  }
  return text;
}

TestSection Tables(const std::string& name, uint32_t revision) {
  TestSection section(name, revision);
  for (const v1::Facet facet : {v1::FACET_STRUCTURE, v1::FACET_EXPRESSIONS, v1::FACET_ACCESS}) {
    section.Cover("table", facet);
  }
  return section;
}

}  // namespace varve::testing
