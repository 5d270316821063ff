// What a number reads as: versions as they were published, however deep the history.
#include "absl/strings/str_cat.h"
#include "snapshot/canonical.h"
#include "tests/unit/storage/conformance/store_conformance.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr v1::Facet kExpressions = v1::FACET_EXPRESSIONS;
constexpr v1::Facet kAccess = v1::FACET_ACCESS;

TEST_P(StoreConformance, EveryPastNumberReadsAsItWasPublished) {
  constexpr int kSnapshots = 12;
  const auto published = [](int n) {
    TestSection pg = Tables().See(Table("steady"), "s").See(Table("moving"), absl::StrCat(n / 3));
    if (n % 2 == 0) pg.See(Table("comes and goes"), "c");
    return pg;
  };
  for (int n = 1; n <= kSnapshots; ++n) ASSERT_EQ(Put(published(n)), n);
  for (int n = 1; n <= kSnapshots; ++n) {
    std::vector<Line> lines;
    for (const ReadLine& line : ReadBack(n)) lines.push_back(line.line);
    EXPECT_EQ(lines, published(n).lines()) << n;
  }
}

TEST_P(StoreConformance, ASeenLineReadsBackWithAllThatItCarries) {
  SeenFacts facts = {.way = v1::WAY_STATIC, .digest = "secret", .key_id = "k1"};
  facts.locator = LocatorOf("sys/1/2", {{1, "id"}, {2, "total"}});
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a", facts)), 1);
  const std::vector<ReadLine> lines = ReadBack(1);
  ASSERT_EQ(lines.size(), 1u);
  const ReadLine& line = lines[0];
  ASSERT_TRUE(line.line.seen.has_value());
  EXPECT_EQ(line.line.key, Table("orders"));
  EXPECT_EQ(line.line.seen->shape, ShapeOf("a"));
  EXPECT_EQ(line.line.seen->way, v1::WAY_STATIC);
  EXPECT_EQ(line.line.seen->digest, HashOf<BlobHash>("secret").bytes());
  EXPECT_EQ(line.line.seen->key_id, "k1");
  EXPECT_EQ(line.line.seen->locator, CanonicalBytes(facts.locator));
  EXPECT_TRUE(line.sent);
  EXPECT_FALSE(line.last_seen.has_value());
}

// Each is a row of its own, so that both sides of it read as what they were.
TEST_P(StoreConformance, ADigestAKeyIdAWayAndALocatorReadBackAsEachSnapshotHadThem) {
  const SeenFacts kFacts[] = {
      {},
      {.digest = "d1", .key_id = "k1"},
      {.digest = "d2", .key_id = "k1"},
      {.digest = "d2", .key_id = "k2"},
      {.digest = "d2", .key_id = "k2", .locator = LocatorOf("1")},
      {.digest = "d2", .key_id = "k2", .locator = LocatorOf("1", {{1, "id"}})},
  };
  std::vector<TestSection> published;
  for (const SeenFacts& facts : kFacts) {
    published.push_back(Tables().See(Table("orders"), "a", facts));
    Put(published.back());
  }
  for (size_t i = 0; i < published.size(); ++i) {
    const std::vector<ReadLine> lines = ReadBack(static_cast<int64_t>(i) + 1);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0].line, published[i].lines()[0]) << i;
  }
}

TEST_P(StoreConformance, SomeFacetsReadAsTheLinesOfThoseFacets) {
  TestSection pg = Tables().See(Table("orders"), "a").See(Table("orders", kAccess), "b");
  pg.See(Table("orders", kExpressions), "c").See(Table("items"), "d");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.Unsee(Table("orders", kExpressions), v1::SIGHT_LOCKED)), 2);
  ASSERT_EQ(PutUnavailable("postgres"), 3);
  const v1::Facet facets[] = {v1::FACET_STRUCTURE, kExpressions};
  for (int64_t seq = 1; seq <= 3; ++seq) {
    std::vector<Line> read;
    const auto keep = [&](const ReadLine& line) {
      read.push_back(line.line);
      EXPECT_FALSE(line.last_seen.has_value());
      return absl::OkStatus();
    };
    VARVE_ASSERT_OK(store().ReadFacets("prod", seq, "postgres", facets, keep));
    std::vector<Line> expected;
    for (const ReadLine& line : ReadBack(seq)) {
      const bool wanted = line.line.key.facet != kAccess && seq != 3;
      if (wanted) expected.push_back(line.line);
    }
    EXPECT_EQ(read, expected) << seq;
    EXPECT_EQ(read.size(), seq == 3 ? 0u : 3u);
  }
}

// Two environments with equal headers: what is beside their fingerprints tells them apart, or not.
TEST_P(StoreConformance, WhatFingerprintsLeaveOutIsHashedByFacet) {
  const auto beside = [&](const std::string& environment, const TestSection& section) {
    const int64_t seq = Commit(Publish(environment, NextId()).Whole(section));
    const auto hashes = store().BesideFingerprints(environment, seq, "postgres");
    VARVE_EXPECT_OK(hashes);
    return hashes.ok() ? *hashes : std::map<v1::Facet, FingerprintHash>();
  };
  const auto orders = [](const SeenFacts& facts) {
    return Tables().See(Table("orders"), "a", facts).See(Table("items"), "b");
  };
  EXPECT_THAT(beside("one", orders({})), IsEmpty());
  EXPECT_THAT(beside("two", orders({.locator = LocatorOf("other", {{1, "id"}})})), IsEmpty());
  const auto masked = beside("one", orders({.digest = "d1", .key_id = "k"}));
  ASSERT_EQ(masked.size(), 1u);
  EXPECT_EQ(masked, beside("two", orders({.digest = "d1", .key_id = "k"})));
  EXPECT_NE(masked, beside("two", orders({.digest = "d2", .key_id = "k"})));
  EXPECT_NE(masked, beside("two", orders({.digest = "d1", .key_id = "other"})));
  const auto by_file = beside("three", orders({.way = v1::WAY_STATIC}));
  EXPECT_EQ(by_file, beside("four", orders({.way = v1::WAY_STATIC})));
  EXPECT_NE(by_file, masked);
  TestSection locked = orders({}).Unsee(Table("orders", kExpressions), v1::SIGHT_LOCKED);
  const auto unseen = beside("one", locked);
  EXPECT_EQ(unseen.begin()->first, kExpressions);
  EXPECT_EQ(unseen, beside("two", locked));
  EXPECT_NE(unseen,
            beside("two", orders({}).Unsee(Table("orders", kExpressions), v1::SIGHT_CAPPED)));
  EXPECT_THAT(beside("two", orders({})), IsEmpty()) << "only as of the number";
  EXPECT_THAT(store().BesideFingerprints("onne", 1, "postgres"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("one")));
}

TEST_P(StoreConformance, LinesComeByKindThenNamesThenFacet) {
  TestSection pg = Tables();
  pg.Cover("view", v1::FACET_STRUCTURE).Cover("enum", v1::FACET_STRUCTURE);
  pg.See(Key("view", {"app", "v"}), "v").See(Key("enum", {"public", "mood"}), "e");
  pg.See(Key("table", {"b"}), "1").See(Key("table", {"a", "z"}), "2").See(Key("table", {"a"}), "3");
  pg.See(Key("table", {"a"}, kAccess), "4").See(Key("table", {"a"}, kExpressions), "5");
  ASSERT_EQ(Put(pg), 1);
  EXPECT_THAT(Lines(1),
              ElementsAre("enum public.mood structure: e", "table a structure: 3",
                          "table a expressions: 5", "table a access: 4", "table a.z structure: 2",
                          "table b structure: 1", "view app.v structure: v"));
}

TEST_P(StoreConformance, NamesOfAnyBytesStayApartAndInOrder) {
  const std::vector<std::vector<std::string>> kNames = {{"", ""},
                                                        {"", "a"},
                                                        {std::string(1, '\0')},
                                                        {std::string("\0\x01", 2)},
                                                        {"\x01"},
                                                        {"a"},
                                                        {"a", ""},
                                                        {"a", "b"},
                                                        {"a\x01", ""},
                                                        {"a.b"},
                                                        {"ab"},
                                                        {"\xc3\xa9t\xc3\xa9"},
                                                        {"\xf4\x8f\xbf\xbf"}};
  TestSection pg = Tables();
  for (const auto& names : kNames) pg.See(Key("table", names), "a");
  ASSERT_EQ(Put(pg), 1);
  std::vector<Line> lines;
  for (const ReadLine& line : ReadBack(1)) lines.push_back(line.line);
  EXPECT_EQ(lines, pg.lines());
}

TEST_P(StoreConformance, AKindAndAFacetThatThisBuildDoesNotKnowAreKept) {
  const LineKey newer = Key("policy", {"public", "p"}, static_cast<v1::Facet>(77));
  ASSERT_EQ(Put(TestSection("postgres").Cover("policy", newer.facet).See(newer, "a")), 1);
  EXPECT_THAT(Lines(1), ElementsAre("policy public.p facet 77: a"));
}

TEST_P(StoreConformance, AnErrorOfTheVisitorEndsTheRead) {
  ASSERT_EQ(Put(Tables().See(Table("a"), "1").See(Table("b"), "2")), 1);
  int visited = 0;
  const absl::Status status = store().ReadLines("prod", 1, "postgres", [&](const ReadLine&) {
    ++visited;
    return absl::CancelledError("enough");
  });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kCancelled, "enough"));
  EXPECT_EQ(visited, 1);
}

TEST_P(StoreConformance, ARemovedLineIsThereBeforeAndNotAfter) {
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a").See(Table("items"), "b")), 1);
  ASSERT_EQ(Put(Tables().See(Table("items"), "b")), 2);
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a").See(Table("items"), "b")), 3);
  EXPECT_THAT(Lines(2), ElementsAre("table public.items structure: b"));
  EXPECT_EQ(Lines(1), Lines(3));
}

// The first facet of a kind says whether the entity is there.
TEST_P(StoreConformance, WhereTheFirstFacetIsGoneTheOthersGoWithItWhateverTheirCoverage) {
  TestSection pg = Tables();
  pg.See(Table("orders"), "a").See(Table("orders", kAccess), "x");
  pg.See(Table("items"), "b").See(Table("items", kAccess), "y");
  ASSERT_EQ(Put(pg), 1);
  pg.Drop(Table("orders")).Drop(Table("orders", kAccess)).Drop(Table("items", kAccess));
  pg.Cover("table", kAccess, v1::SIGHT_NOT_PERMITTED);
  ASSERT_EQ(Put(pg), 2);
  EXPECT_THAT(Lines(2), ElementsAre("table public.items structure: b",
                                    "table public.items access: not permitted (not sent), "
                                    "last y @1"));
}

TEST_P(StoreConformance, AFacetThatWasLookedAtAndIsNotThereIsGoneAlone) {
  TestSection pg = Tables().See(Table("orders"), "a").See(Table("orders", kExpressions), "x");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.Drop(Table("orders", kExpressions))), 2);
  EXPECT_THAT(Lines(2), ElementsAre("table public.orders structure: a"));
}

TEST_P(StoreConformance, OfSeveralScopesTheLongestDecides) {
  const LineKey open = Key("table", {"app", "open"});
  const LineKey hidden = Key("table", {"app", "secret", "1"});
  TestSection pg = Tables().See(Table("orders"), "a").See(open, "b").See(hidden, "c");
  ASSERT_EQ(Put(pg), 1);
  const v1::Facet structure = v1::FACET_STRUCTURE;
  pg = Tables().Cover("table", structure, v1::SIGHT_CAPPED);
  pg.Cover("table", structure, v1::SIGHT_CAPTURED, {"app"});
  pg.Cover("table", structure, v1::SIGHT_NOT_PERMITTED, {"app", "secret"});
  ASSERT_EQ(Put(pg), 2);
  EXPECT_THAT(Lines(2),
              ElementsAre("table app.secret.1 structure: not permitted (not sent), last c @1",
                          "table public.orders structure: capped (not sent), last a @1"));
}

TEST_P(StoreConformance, ARenameClosesTheOldNameWhateverTheCoverage) {
  const SeenFacts located = {.locator = LocatorOf("7")};
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a", located)), 1);
  TestSection pg = Tables().Cover("table", v1::FACET_STRUCTURE, v1::SIGHT_CAPPED);
  ASSERT_EQ(Put(pg.See(Table("sales"), "a", located)), 2);
  EXPECT_THAT(Lines(1), ElementsAre("table public.orders structure: a"));
  EXPECT_THAT(Lines(2), ElementsAre("table public.sales structure: a"));
}

TEST_P(StoreConformance, NamesThatWereSwappedReadAsEachSnapshotHadThem) {
  const SeenFacts one = {.locator = LocatorOf("1")};
  const SeenFacts two = {.locator = LocatorOf("2")};
  ASSERT_EQ(Put(Tables().See(Table("a"), "1", one).See(Table("b"), "2", two)), 1);
  ASSERT_EQ(Put(Tables().See(Table("b"), "1", one).See(Table("a"), "2", two)), 2);
  EXPECT_THAT(Lines(1), ElementsAre("table public.a structure: 1", "table public.b structure: 2"));
  EXPECT_THAT(Lines(2), ElementsAre("table public.a structure: 2", "table public.b structure: 1"));
}

TEST_P(StoreConformance, ASectionThatWasTakenOutIsNotThereAndReadsAsBeforeWhenItIsBack) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  const TestSection other = TestSection("archive");
  ASSERT_EQ(Put({pg, other}), 1);
  ASSERT_EQ(Put(other), 2);
  ASSERT_EQ(Put({pg, other}), 3);
  EXPECT_THAT(
      store().ReadLines("prod", 2, "postgres", [](const ReadLine&) { return absl::OkStatus(); }),
      StatusIs(absl::StatusCode::kNotFound,
               HasSubstr("prod@2 has no section 'postgres'; it has archive")));
  EXPECT_EQ(Lines(3), Lines(1));
}

TEST_P(StoreConformance, WhatWasDroppedWhileItsSectionWasOutIsNotThereAfterwards) {
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a").See(Table("items"), "b")), 1);
  ASSERT_EQ(Commit(Publish("prod", NextId())), 2);
  ASSERT_EQ(
      Put(Tables().See(Table("items"), "b").Cover("table", v1::FACET_STRUCTURE, v1::SIGHT_CAPPED)),
      3);
  EXPECT_THAT(Lines(3), ElementsAre("table public.items structure: b"));
}

TEST_P(StoreConformance, SectionsOfOneNameInTwoEnvironmentsAreApart) {
  ASSERT_EQ(Commit(Publish("prod", "p").Whole(Tables().See(Table("orders"), "a"))), 1);
  ASSERT_EQ(Commit(Publish("test", "t").Whole(Tables().See(Table("orders"), "b"))), 1);
  EXPECT_THAT(Lines(1), ElementsAre("table public.orders structure: a"));
}

TEST_P(StoreConformance, AnEmptySectionReadsEmpty) {
  ASSERT_EQ(Put(Tables()), 1);
  EXPECT_THAT(Lines(1), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
