// The store held against the executable data model: random lives of a small fleet are published to
// both, whole, as deltas and as same, some of it refused; then both are asked for heads, lines,
// rows, references and differences. A failure prints its seed; VARVE_SEEDS=FIRST-LAST tries others.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "storage/diff_pair.h"
#include "storage/known_before.h"
#include "storage/resolve.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/support/oracle.h"
#include "tests/unit/snapshot/model_facts.h"
#include "tests/unit/snapshot/toy_world.h"
#include "tests/unit/storage/sqlite/model_texts.h"
#include "tests/unit/storage/sqlite/sqlite_kind.h"

namespace varve::testing {
namespace {

using nlohmann::json;

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kBegin = 1'772'323'200;  // 2026-03-01, seconds
constexpr const char* kSections[] = {"pg", "c/", "c/d1", "c/d2"};

// A manifest that both took, and the head it was then on either side. As of Published:
// NOLINTNEXTLINE(bugprone-exception-escape)
struct Taken {
  Published published;
  Head head;
  json model_head;
};

// One snapshot on its way to both.
struct Twin {
  Publish ours;
  json model;
};

// An environment of the fleet: its life, and what was taken of it.
struct Member {
  Member(std::string environment, uint32_t seed, const ToyShapes& shapes)
      : name(std::move(environment)), world(seed, shapes) {}

  std::string name;
  ToyWorld world;
  std::map<std::string, std::vector<Taken>> taken;  // by section, oldest first
  std::map<std::string, Taken> heads;               // by section; none where it was taken out
  std::vector<std::string> tags;
  std::vector<Twin> sent;
  int64_t last_seq = 0;
  int64_t clock = kBegin;  // seconds
};

class StoreAgainstModel : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = OpenSqliteStore(path());
    VARVE_ASSERT_OK(opened);
    store_ = *std::move(opened);
    ASSERT_TRUE(oracle_.AskInOrder({{"cmd", "meta"}, {"meta", ToyMeta()}}).at("ok").get<bool>());
  }
  std::string path() const { return DatabaseIn(folder_.path()); }
  json Ask(const json& command) { return oracle_.Ask(command); }

  // --- publishing

  void Live(Member& member);
  Twin NextTwin(Member& member, std::map<std::string, Published>& sections);
  void AddSection(Member& member, const std::string& name, Published& section, Twin& twin);
  void AddDelta(const Taken& base, const std::string& name, const Published& section, Twin& twin);
  void AddMissingShape(const std::string& name, Published section, Twin& twin);
  // Publishes to both; true where both took it. The test fails where they differ.
  bool Send(Member& member, const Twin& twin);
  void NoteTaken(Member& member, std::map<std::string, Published>& sections);

  // --- asking

  void CompareHeads(const Member& member);
  void CompareReads(const Member& member, int64_t seq);
  void CompareRows(const Member& member);
  void CompareReference(const std::string& reference);
  void CompareReferences(Member& member);
  void CompareDiffs(const Member& a, int64_t a_seq, const Member& b, int64_t b_seq);

  TemporaryFolder folder_;
  std::unique_ptr<SnapshotStore> store_;
  Oracle oracle_;
  ToyShapes shapes_;
  ModelShapes model_shapes_;
  std::map<std::string, std::string> manifests_;  // the model's hash -> ours, and back
  int next_id_ = 0;
  int refused_ = 0;
  int taken_ = 0;
};

// The line's place in a manifest of the model.
json KeyOf(const json& line) { return {line.at("kind"), line.at("identity"), line.at("facet")}; }

json PartWithoutLines(const json& part) {
  json result = part;
  result.erase("lines");
  return result;
}

void StoreAgainstModel::AddDelta(const Taken& base, const std::string& name,
                                 const Published& section, Twin& twin) {
  std::map<json, json> before;
  for (const json& line : base.published.model.at("lines")) before[KeyOf(line)] = line;
  json part = PartWithoutLines(section.model);
  part["delta"] = base.model_head;
  part["set"] = json::array();
  for (const json& line : section.model.at("lines")) {
    const auto old = before.find(KeyOf(line));
    if (old == before.end() || old->second != line) part["set"].push_back(line);
    if (old != before.end()) before.erase(old);
  }
  part["drop"] = json::array();
  for (const auto& [key, line] : before) part["drop"].push_back(key);
  twin.model["sections"][name] = part;
  twin.ours.Delta(*section.store, *base.published.store, base.head);
}

void StoreAgainstModel::AddMissingShape(const std::string& name, Published section, Twin& twin) {
  const LineKey key = Key("table", {"z", "never"});
  const std::string shape = absl::StrCat("never ", ++next_id_);
  section.store->See(key, shape);
  section.model["lines"].push_back({{"kind", "table"},
                                    {"identity", key.entity.names},
                                    {"facet", "structure"},
                                    {"hash", "0000000000000000"}});
  twin.model["sections"][name] = section.model;
  twin.ours.Whole(*section.store);
  twin.ours.pending().blobs.erase(HashOf<BlobHash>(shape));
}

// One section in one of the forms that a publish has. `section` becomes what was really sent.
void StoreAgainstModel::AddSection(Member& member, const std::string& name, Published& section,
                                   Twin& twin) {
  ToyWorld& world = member.world;
  if (!section.store.has_value()) {
    twin.model["sections"][name] = section.model;
    twin.ours.Unavailable(name);
    return;
  }
  const std::vector<Taken>& taken = member.taken[name];
  const auto head = member.heads.find(name);
  if (world.Chance(0.02)) return AddMissingShape(name, section, twin);
  if (!taken.empty() && world.Chance(0.05)) {  // most often not the head any more
    const Taken& old = taken[static_cast<size_t>(world.Pick(static_cast<int>(taken.size())))];
    if (world.Chance(0.5)) return AddDelta(old, name, section, twin);
    section = old.published;
    twin.model["sections"][name] = {{"same", old.model_head.at("manifest")}};
    twin.ours.Same(*section.store);
    return;
  }
  if (head != member.heads.end() && world.Chance(0.2)) {
    section = head->second.published;
    twin.model["sections"][name] = {{"same", head->second.model_head.at("manifest")}};
    twin.ours.Same(*section.store);
    return;
  }
  if (head != member.heads.end() && world.Chance(0.5)) {
    return AddDelta(head->second, name, section, twin);
  }
  twin.model["sections"][name] = section.model;
  twin.ours.Whole(*section.store);
}

Twin StoreAgainstModel::NextTwin(Member& member, std::map<std::string, Published>& sections) {
  ToyWorld& world = member.world;
  const std::string id = absl::StrCat("id-", ++next_id_);
  Twin twin = {
      Publish(member.name, id),
      {{"cmd", "publish"}, {"environment", member.name}, {"id", id}, {"sections", json::object()}}};
  member.clock += world.Pick(7200);
  const int64_t taken_at = member.clock + (world.Chance(0.2) ? world.Pick(9000) - 4500 : 0);
  const int64_t received_at = member.clock + world.Pick(60);
  twin.ours.At(taken_at * kSecond, received_at * kSecond);
  twin.model["taken_at"] = taken_at;
  twin.model["received_at"] = received_at;
  if (world.Chance(0.04)) {
    const int64_t seq = std::max<int64_t>(0, member.last_seq + world.Pick(6) - 2);
    twin.ours.Acknowledged("an earlier life", seq);
    twin.model["acknowledged"] = {{"incarnation", 99}, {"seq", seq}};
  }
  for (auto& [name, section] : sections) AddSection(member, name, section, twin);
  return twin;
}

bool StoreAgainstModel::Send(Member& member, const Twin& twin) {
  const json model = Ask(twin.model);
  const auto ours = store_->Commit(twin.ours);
  if (model.at("ok").get<bool>()) {
    VARVE_EXPECT_OK(ours);
    if (!ours.ok()) return false;
    EXPECT_EQ(ours->seq, model.at("seq").get<int64_t>());
    EXPECT_EQ(ours->already_known, model.at("already").get<bool>());
    member.last_seq = std::max(member.last_seq, ours->seq);
    return true;
  }
  ++refused_;
  EXPECT_TRUE(model.contains("aborted")) << model;
  EXPECT_THAT(ours, StatusIs(absl::StatusCode::kAborted, ::testing::_)) << model;
  return false;
}

void StoreAgainstModel::NoteTaken(Member& member, std::map<std::string, Published>& sections) {
  ++taken_;
  for (const char* const name : kSections) {
    const auto section = sections.find(name);
    if (section == sections.end()) {
      member.heads.erase(name);
      continue;
    }
    if (!section->second.store.has_value()) continue;
    for (const auto& [key, shape] : section->second.shapes) model_shapes_[key] = shape;
    Taken taken;
    taken.published = section->second;
    taken.head = {member.last_seq, section->second.store->manifest()};
    taken.model_head =
        Ask({{"cmd", "head"}, {"environment", member.name}, {"section", name}}).at("head");
    member.taken[name].push_back(taken);
    member.heads[name] = std::move(taken);
  }
}

void StoreAgainstModel::CompareHeads(const Member& member) {
  const auto ours = store_->ReadHead(member.name);
  VARVE_ASSERT_OK(ours);
  std::map<std::string, Head> heads(ours->sections.begin(), ours->sections.end());
  for (const char* const name : kSections) {
    SCOPED_TRACE(name);
    const json model =
        Ask({{"cmd", "head"}, {"environment", member.name}, {"section", name}}).at("head");
    const auto head = heads.find(name);
    ASSERT_EQ(head == heads.end(), model.is_null());
    if (head == heads.end()) continue;
    EXPECT_EQ(head->second.seq, model.at("seq").get<int64_t>());
    // Each side has hashes of its own: equal on one must be equal on the other.
    const std::string theirs = model.at("manifest");
    const std::string hex = head->second.manifest.Hex();
    EXPECT_EQ(manifests_.emplace(theirs, hex).first->second, hex);
    EXPECT_EQ(manifests_.emplace(hex, theirs).first->second, theirs);
  }
}

void StoreAgainstModel::CompareReads(const Member& member, int64_t seq) {
  const std::string reference = absl::StrCat(member.name, "@", seq);
  SCOPED_TRACE(reference);
  const json model = Ask({{"cmd", "read"}, {"ref", reference}});
  const auto row = store_->FindSnapshot(member.name, seq);
  ASSERT_EQ(row.ok(), model.at("ok").get<bool>()) << model;
  if (!row.ok()) {
    ASSERT_THAT(row, StatusIs(absl::StatusCode::kNotFound, ::testing::HasSubstr("it has ")));
    return;
  }
  ASSERT_EQ(static_cast<size_t>(row->header.sections_size()), model.at("sections").size());
  for (const v1::SectionHeader& header : row->header.sections()) {
    const json& section = model.at("sections").at(header.name());
    EXPECT_EQ(header.status() == v1::SECTION_STATUS_UNAVAILABLE,
              section.at("status") == "unavailable");
    std::vector<ReadLine> lines;
    VARVE_ASSERT_OK(store_->ReadLines(member.name, seq, header.name(), [&](const ReadLine& line) {
      lines.push_back(line);
      return absl::OkStatus();
    }));
    ASSERT_EQ(LinesText(lines, model_shapes_), LinesText(section)) << header.name();
  }
}

void StoreAgainstModel::CompareRows(const Member& member) {
  const auto ours = RowsIn(path(), member.name, model_shapes_);
  VARVE_ASSERT_OK(ours);
  const RowTexts model = RowsOf(Ask({{"cmd", "rows"}, {"environment", member.name}}));
  ASSERT_EQ(absl::StrJoin(*ours, "\n"), absl::StrJoin(model, "\n"));
}

void StoreAgainstModel::CompareReference(const std::string& reference) {
  const json model = Ask({{"cmd", "resolve"}, {"ref", reference}});
  const auto ours = Resolve(*store_, reference);
  ASSERT_EQ(ours.ok(), model.at("ok").get<bool>()) << reference << model << ours.status();
  if (ours.ok()) {
    ASSERT_EQ(ours->seq, model.at("seq").get<int64_t>()) << reference;
  } else {
    ASSERT_TRUE(absl::IsNotFound(ours.status())) << reference << ours.status();
  }
}

void StoreAgainstModel::CompareReferences(Member& member) {
  ToyWorld& world = member.world;
  const absl::Time time = absl::FromUnixSeconds(
      kBegin - 9000 + world.Pick(static_cast<int>(member.clock - kBegin) + 18000));
  std::vector<std::string> references = {
      member.name,
      absl::StrCat(member.name, "~", world.Pick(static_cast<int>(member.last_seq) + 2)),
      absl::StrCat(member.name, "@", 1 + world.Pick(static_cast<int>(member.last_seq) + 2)),
      absl::StrCat(member.name, "@v", world.Pick(4)),
      member.name + absl::FormatTime("@%Y-%m-%dT%H:%MZ", time, absl::UTCTimeZone()),
      member.name + absl::FormatTime("@%Y-%m-%d", time, absl::UTCTimeZone()),
      "nobody@1",
  };
  for (const std::string& reference : references) {
    ASSERT_NO_FATAL_FAILURE(CompareReference(reference));
  }
}

void StoreAgainstModel::CompareDiffs(const Member& a, int64_t a_seq, const Member& b,
                                     int64_t b_seq) {
  const auto pair = LoadForDiff(*store_, {a.name, a_seq}, {b.name, b_seq});
  if (absl::IsNotFound(pair.status())) return;  // jumped over
  VARVE_ASSERT_OK(pair);
  const auto ours =
      DiffDecodedBy(shapes_.Decoder(), pair->before, pair->after, KnownBeforeIn(*store_));
  VARVE_ASSERT_OK(ours);
  const std::string a_name = absl::StrCat(a.name, "@", a_seq);
  const std::string b_name = absl::StrCat(b.name, "@", b_seq);
  const json model = Ask({{"cmd", "diff"}, {"a", a_name}, {"b", b_name}});
  ASSERT_TRUE(model.at("ok").get<bool>()) << model;
  if (TellsTablesApartByColumns(model)) return;
  ASSERT_EQ(Lines(FactsOf(*ours)), Lines(FactsOf(model))) << a_name << " to " << b_name;
}

// One step of a member's life: something happens, a snapshot is published, and all is compared.
void StoreAgainstModel::Live(Member& member) {
  ToyWorld& world = member.world;
  world.Step();
  std::map<std::string, Published> sections = world.Publishable();
  const Twin twin = NextTwin(member, sections);
  if (Send(member, twin)) {
    NoteTaken(member, sections);
    member.sent.push_back(twin);
  }
  ASSERT_FALSE(HasFailure());
  if (!member.sent.empty() && world.Chance(0.1)) {  // an acknowledgement was lost: once more
    Send(member,
         member.sent[static_cast<size_t>(world.Pick(static_cast<int>(member.sent.size())))]);
    ASSERT_FALSE(HasFailure());
  }
  if (member.last_seq == 0) return;
  if (world.Chance(0.1)) {
    const std::string tag = absl::StrCat("v", world.Pick(4));
    VARVE_ASSERT_OK(store_->Tag(member.name, member.last_seq, tag));
    Ask({{"cmd", "tag"}, {"environment", member.name}, {"tag", tag}, {"seq", member.last_seq}});
  }
  const auto some_number = [&] { return 1 + world.Pick(static_cast<int>(member.last_seq) + 1); };
  ASSERT_NO_FATAL_FAILURE(CompareHeads(member));
  ASSERT_NO_FATAL_FAILURE(CompareReads(member, member.last_seq));
  ASSERT_NO_FATAL_FAILURE(CompareReads(member, some_number()));
  ASSERT_NO_FATAL_FAILURE(CompareReferences(member));
  ASSERT_NO_FATAL_FAILURE(CompareDiffs(member, some_number(), member, member.last_seq));
  ASSERT_NO_FATAL_FAILURE(CompareDiffs(member, some_number(), member, some_number()));
  if (world.Chance(0.2)) {
    ASSERT_NO_FATAL_FAILURE(CompareRows(member));
  }
}

std::pair<uint32_t, uint32_t> Seeds() {
  const char* const text = std::getenv("VARVE_SEEDS");
  uint32_t first = 0;
  uint32_t last = 2;
  if (text != nullptr && std::sscanf(text, "%u-%u", &first, &last) == 1) last = first;
  return {first, last};
}

TEST_F(StoreAgainstModel, KeepsAndAnswersWhatTheModelDoesOfRandomLives) {
  constexpr int kSteps = 60;
  constexpr uint32_t kMembers = 3;
  const auto [first, last] = Seeds();
  for (uint32_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::vector<Member> fleet;
    for (uint32_t n = 0; n < kMembers; ++n) {
      fleet.emplace_back(absl::StrCat("env-", seed, "-", n), kMembers * seed + n, shapes_);
    }
    for (int step = 0; step < kSteps; ++step) {
      Member& member = fleet[static_cast<size_t>(fleet[0].world.Pick(kMembers))];
      SCOPED_TRACE(absl::StrCat("step ", step, " of ", member.name));
      ASSERT_NO_FATAL_FAILURE(Live(member));
      const Member& other = fleet[static_cast<size_t>(fleet[0].world.Pick(kMembers))];
      if (other.last_seq > 0 && member.last_seq > 0 && step % 4 == 0) {
        ASSERT_NO_FATAL_FAILURE(CompareDiffs(member, member.last_seq, other, other.last_seq));
      }
    }
    for (const Member& member : fleet) {
      if (member.last_seq == 0) continue;
      ASSERT_NO_FATAL_FAILURE(CompareRows(member));
    }
  }
  EXPECT_GT(taken_, kSteps / 2);
  EXPECT_GT(refused_, 0);
}

}  // namespace
}  // namespace varve::testing
