#include "snapshot/object_history.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "snapshot/history.h"
#include "tests/support/matchers.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A table of columns "a" to "e" that come, go and change their types; now and then it is locked,
// and the server down.
class TableLife {
 public:
  explicit TableLife(uint32_t seed, int snapshots) : random_(seed) {
    NameLife name;
    name.key = testing::Table("public", "orders");
    life_.names.push_back(name);
    v1::Coverage coverage;
    v1::CoverageEntry& all = *coverage.add_entries();
    all.set_kind("table");
    all.set_facet(v1::FACET_STRUCTURE);
    all.set_state(v1::SIGHT_CAPTURED);
    coverage_ = coverage.SerializeAsString();
    blobs_[HashOf<BlobHash>(coverage_)] = coverage_;
    for (int64_t seq = 1; seq <= snapshots; ++seq) Add(seq);
  }

  const ObjectLife& life() const { return life_; }
  HistorySources Sources() const {
    return {DecodeEnvelope,
            [this](const BlobHash& hash) -> absl::StatusOr<std::string> {
              const auto found = blobs_.find(hash);
              if (found != blobs_.end()) return found->second;
              return absl::NotFoundError("no such blob");
            },
            [](int64_t) -> absl::StatusOr<std::shared_ptr<const Section>> {
              return absl::InternalError("nothing was renamed");
            }};
  }

 private:
  bool Chance(int percent) { return random_() % 100 < static_cast<uint32_t>(percent); }

  void Add(int64_t seq) {
    life_.numbers.push_back(seq);
    life_.times_us.push_back(seq * 1000);
    AddRun(seq, seq > 1 && Chance(10));
    if (Chance(50))
      types_[std::string(1, "abcde"[random_() % 5])] = static_cast<int>(random_() % 3);
    if (Chance(10)) types_.erase(std::string(1, "abcde"[random_() % 5]));
    if (life_.runs.back().header->status() == v1::SECTION_STATUS_UNAVAILABLE) return;
    FacetLife& rows = life_.names.front().facets[v1::FACET_STRUCTURE];
    if (seq > 1 && Chance(10)) {
      rows.unseen.push_back({seq, seq, v1::SIGHT_LOCKED, std::nullopt});
      return;
    }
    AddVersion(seq, rows);
  }

  void AddRun(int64_t seq, bool down) {
    SectionRun run = {seq, seq, false, v1::SectionHeader()};
    run.header->set_status(down ? v1::SECTION_STATUS_UNAVAILABLE : v1::SECTION_STATUS_COMPLETE);
    run.header->set_revision(1);
    run.header->set_coverage_hash(std::string(HashOf<BlobHash>(coverage_).bytes()));
    life_.runs.push_back(run);
  }

  void AddVersion(int64_t seq, FacetLife& rows) {
    constexpr const char* kTypes[] = {"int4", "int8", "text"};
    v1::Shape shape;
    shape.mutable_table()->set_kind(v1::TABLE_KIND_PLAIN);
    for (const auto& [column, type] : types_) {
      *shape.mutable_table()->add_columns() =
          testing::NullableColumn(column, testing::CatalogType(kTypes[type]));
    }
    const std::string bytes = shape.SerializeAsString();
    blobs_[HashOf<BlobHash>(bytes)] = bytes;
    Seen seen;
    seen.shape = HashOf<ShapeHash>(bytes);
    if (!rows.versions.empty() && rows.versions.back().seen == seen) return;
    if (!rows.versions.empty()) rows.versions.back().to_seq = seq - 1;
    rows.versions.push_back({seq, std::nullopt, seen});
  }

  std::mt19937 random_;
  std::map<std::string, int> types_;
  std::string coverage_;
  std::map<BlobHash, std::string> blobs_;
  ObjectLife life_;
};

constexpr int kSnapshots = 60;

TEST(ObjectHistory, PiecesTileTheSnapshotsOfAnyLife) {
  for (uint32_t seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const TableLife table(seed, kSnapshots);
    const auto history = HistoryOf(table.life(), v1::FACET_STRUCTURE, table.Sources(), nullptr);
    VARVE_ASSERT_OK(history);
    int64_t next = 1;
    int version = 0;
    for (const HistoryPiece& piece : history->pieces) {
      ASSERT_EQ(piece.from_seq, next);
      ASSERT_LE(piece.from_seq, piece.to_seq);
      next = piece.to_seq + 1;
      if (piece.state != PieceState::kSeen) continue;
      ASSERT_TRUE(piece.version == version || piece.version == version + 1);
      version = piece.version;
    }
    ASSERT_EQ(next, kSnapshots + 1);
    ASSERT_EQ(version, history->versions);
  }
}

TEST(ObjectHistory, APartHasTheVersionsThatComparingWholeShapesFinds) {
  int changes = 0;
  for (uint32_t seed = 0; seed < 50; ++seed) {
    const TableLife table(seed, kSnapshots);
    for (const char* const column : {"a", "b", "c", "d", "e"}) {
      SCOPED_TRACE(absl::StrCat("seed ", seed, " column ", column));
      // Each shape is a state of its own: all are compared with all.
      const HistoryPart part = {
          [column](const EntityKey&, int64_t, const v1::PropertyChange& change) {
            return change.path_size() >= 2 && change.path(0) == "columns" &&
                   change.path(1) == column;
          },
          [](int64_t, const ShapeHash& shape) { return std::string(shape.bytes()); }};
      const auto slow = HistoryOf(table.life(), v1::FACET_STRUCTURE, table.Sources(), &part);
      const auto told = TellHistory(table.life(), {"columns", column}, table.Sources());
      VARVE_ASSERT_OK(slow);
      VARVE_ASSERT_OK(told);
      std::map<int64_t, int64_t> expected, found;
      for (const HistoryChange& change : slow->changes) expected[change.seq] = change.since_seq;
      for (const v1::ObjectVersion& version : told->versions()) {
        if (!version.changes().empty()) found[version.from_seq()] = version.since_seq();
      }
      ASSERT_EQ(found, expected);
      changes += static_cast<int>(found.size());
    }
  }
  EXPECT_GT(changes, 500);
}

TEST(ObjectHistory, ARenameFoundAfterAGapIsDated) {
  ObjectLife life;
  life.numbers = {1, 2, 3, 4, 6, 7};
  const auto run = [](int64_t from, int64_t to, v1::SectionStatus status) {
    SectionRun made = {from, to, false, v1::SectionHeader()};
    made.header->set_status(status);
    return made;
  };
  life.runs = {run(1, 2, v1::SECTION_STATUS_COMPLETE), run(3, 4, v1::SECTION_STATUS_UNAVAILABLE),
               run(6, 7, v1::SECTION_STATUS_PARTIAL)};
  EXPECT_EQ(GapBefore(life, 6), 2);
  EXPECT_EQ(GapBefore(life, 7), 0);
  EXPECT_EQ(GapBefore(life, 2), 0);
  EXPECT_EQ(GapBefore(life, 1), 0);
  life.runs[1].header.reset();  // not configured
  EXPECT_EQ(GapBefore(life, 6), 2);
}

TEST(ObjectHistory, BlameHasEachPartOnce) {
  const TableLife table(3, kSnapshots);
  const auto blame = TellBlame(table.life(), table.Sources());
  VARVE_ASSERT_OK(blame);
  std::set<std::string> parts;
  for (const v1::BlameLine& line : blame->lines()) {
    EXPECT_TRUE(parts.insert(line.element(1)).second);
    const auto history =
        TellHistory(table.life(), {line.element().begin(), line.element().end()}, table.Sources());
    VARVE_ASSERT_OK(history);
    EXPECT_EQ(line.seq(), history->versions().rbegin()->from_seq());
    EXPECT_FALSE(line.words().empty());
  }
  EXPECT_FALSE(parts.empty());
}

}  // namespace
}  // namespace varve
