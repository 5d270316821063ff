#include "absl/strings/str_cat.h"
#include "snapshot/canonical.h"
#include "tests/unit/storage/conformance/store_cases.h"

namespace varve::testing {

Snapshot StoreCases::Load(int64_t seq) {
  auto snapshot = LoadSnapshot(store(), "prod", seq);
  VARVE_EXPECT_OK(snapshot);
  return snapshot.ok() ? *std::move(snapshot) : Snapshot();
}

v1::DiffResult StoreCases::DiffBy(const ShapeDecoder& decode, int64_t before, int64_t after) {
  auto result = DiffDecodedBy(decode, Load(before), Load(after), KnownBeforeIn(store()));
  VARVE_EXPECT_OK(result);
  return result.ok() ? *std::move(result) : v1::DiffResult();
}

Facts StoreCases::DiffOfRealShapes(int64_t before, int64_t after) {
  auto result = varve::Diff(Load(before), Load(after), KnownBeforeIn(store()));
  VARVE_EXPECT_OK(result);
  return result.ok() ? FactsOf(*result) : Facts();
}

namespace {

using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::UnorderedElementsAre;

constexpr v1::Facet kStructure = v1::FACET_STRUCTURE;
constexpr v1::Facet kExpressions = v1::FACET_EXPRESSIONS;
constexpr v1::Facet kAccess = v1::FACET_ACCESS;

// Exit codes of the table: 0 same, 1 different, 3 cannot say.
constexpr char kSame[] = "exit 0";
constexpr char kDifferent[] = "exit 1";
constexpr char kCannotSay[] = "exit 3";

TEST_P(StoreCases, ATableIsLockedWhileAt5IsReadAndAlteredBeforeAt6) {
  const LineKey expressions = Table("orders", kExpressions);
  const auto read = [&](const char* value) {
    return Tables()
        .See(Table("orders"), Shape({{"a", value}}))
        .See(expressions, Shape({{"b", value}}, kExpressions));
  };
  for (int n = 1; n <= 4; ++n) ASSERT_EQ(Put(read("1")), n);
  ASSERT_EQ(Put(TestSection(read("1")).Unsee(expressions, v1::SIGHT_LOCKED)), 5);
  ASSERT_EQ(Put(read("2")), 6);
  EXPECT_THAT(Diff(4, 5),
              UnorderedElementsAre("cannot say | postgres | table | public.orders | expressions | "
                                   "locked",
                                   kCannotSay));
  EXPECT_THAT(
      Diff(5, 6),
      UnorderedElementsAre("changed | postgres | table | public.orders | structure |  | a 1 2",
                           "changed | postgres | table | public.orders | expressions | 4-6 | b 1 2",
                           kDifferent));
  const std::vector<ReadLine> lines = ReadBack(5);
  EXPECT_EQ(lines[1].line.unseen, v1::SIGHT_LOCKED);  // no version at @5
  EXPECT_EQ(lines[1].last_seen_seq, 4);
}

TEST_P(StoreCases, AgentUpgradedNothingElseChanged) {
  ASSERT_EQ(Put(Tables("postgres", 1).See(Table("orders"), Shape({{"a", "1"}, {"mended", "1"}}))),
            1);
  ASSERT_EQ(Put(Tables("postgres", 2)
                    .See(Table("orders"), Shape({{"a", "1"}, {"mended", "2"}, {"new", "1"}}))),
            2);
  EXPECT_THAT(
      Diff(1, 2),
      UnorderedElementsAre(
          "not comparable | postgres | table | public.orders | structure | mended | revision",
          "not comparable | postgres | table | public.orders | structure | new | revision", kSame));
}

TEST_P(StoreCases, AgentUpgradedWithARealChangeInAnotherField) {
  const auto read = [&](const char* a, const char* mended) {
    return Tables("postgres", 2)
        .See(Table("orders"), Shape({{"a", a}, {"mended", mended}, {"new", "1"}}));
  };
  ASSERT_EQ(Put(Tables("postgres", 1).See(Table("orders"), Shape({{"a", "1"}, {"mended", "1"}}))),
            1);
  ASSERT_EQ(Put(read("2", "2")), 2);
  ASSERT_EQ(Put(read("2", "3")), 3);
  const Facts upgraded = Diff(1, 2);
  EXPECT_THAT(upgraded,
              IsSupersetOf({std::string("changed | postgres | table | public.orders | structure |  "
                                        "| a 1 2"),
                            std::string(kDifferent)}));
  EXPECT_EQ(upgraded.size(), 4u) << varve::testing::Lines(
      upgraded);  // that change alone, and what is said
  EXPECT_THAT(
      Diff(2, 3),
      UnorderedElementsAre("changed | postgres | table | public.orders | structure |  | mended 2 3",
                           kDifferent));
}

TEST_P(StoreCases, RedisDownForThreeSnapshotsThenAsBefore) {
  const LineKey pattern = Key("key_pattern", {"0", "user:*"});
  const TestSection redis =
      TestSection("redis").Cover("key_pattern", kStructure).See(pattern, Shape({{"a", "1"}}));
  ASSERT_EQ(Put(redis), 1);
  for (int n = 2; n <= 4; ++n) ASSERT_EQ(PutUnavailable("redis"), n);
  ASSERT_EQ(Put(redis), 5);
  EXPECT_THAT(Diff(1, 2), UnorderedElementsAre("cannot say | redis | ", kCannotSay));
  EXPECT_THAT(Diff(1, 5), UnorderedElementsAre(kSame));
  EXPECT_THAT(Diff(2, 4), UnorderedElementsAre("neither | redis", kSame));
  EXPECT_EQ(ReadBack(3, "redis")[0].last_seen_seq, 1);
}

TEST_P(StoreCases, TheRoleLosesAPrivilege) {
  TestSection pg = Tables().See(Table("orders"), Shape({{"a", "1"}}));
  pg.See(Table("orders", kAccess), Shape({{"b", "1"}}, kAccess));
  ASSERT_EQ(Put(pg), 1);
  pg.Drop(Table("orders", kAccess)).Cover("table", kAccess, v1::SIGHT_NOT_PERMITTED);
  ASSERT_EQ(Put(pg), 2);
  ASSERT_EQ(Put(pg), 3);
  const auto blind = UnorderedElementsAre(
      "cannot say | postgres | table | public.orders | access | not permitted", kCannotSay);
  EXPECT_THAT(Diff(1, 2), blind);
  EXPECT_THAT(Diff(1, 3), blind);
  EXPECT_THAT(Diff(2, 3),
              UnorderedElementsAre("neither | postgres | table | public.orders | access", kSame));
}

TEST_P(StoreCases, AMaskedPasswordChangesThenTheAgentIsReinstalledWithItsOldThenANewKey) {
  const SeenFacts kReads[] = {{.digest = "password 1", .key_id = "k1"},
                              {.digest = "password 2", .key_id = "k1"},
                              {.digest = "password 2", .key_id = "k1"},
                              {.digest = "password 2, other key", .key_id = "k2"}};
  for (const SeenFacts& facts : kReads) {
    Put(Tables().See(Table("orders"), Shape({{"a", "masked"}}), facts));
  }
  EXPECT_THAT(Diff(1, 2), UnorderedElementsAre(
                              "changed | postgres | table | public.orders | structure |  | masked",
                              kDifferent));
  EXPECT_THAT(Diff(2, 3), UnorderedElementsAre(kSame));
  EXPECT_THAT(Diff(3, 4),
              UnorderedElementsAre(
                  "not comparable | postgres | table | public.orders | structure | masked | key id",
                  kSame));
}

v1::Identity TableNamed(const std::string& name) {
  v1::Identity identity;
  identity.set_kind("table");
  identity.add_names("public");
  identity.add_names(name);
  return identity;
}

// A table with an index on one of its columns, a view over it, and a foreign key to it.
TestSection Related(const std::string& table, const std::string& column) {
  TestSection pg = TestSection("postgres").Cover("table", kStructure);
  pg.Cover("view", kStructure).Cover("view", kExpressions);
  v1::Shape shape;
  v1::TableStructure& orders = *shape.mutable_table();
  orders.add_columns()->set_name(column);
  v1::Index& index = *orders.add_indexes();
  index.set_name("orders_idx");
  index.add_keys()->set_column(column);
  pg.See(Table(table), CanonicalBytes(shape), {.locator = LocatorOf("sys/1", {{1, column}})});

  shape.Clear();
  v1::Constraint& foreign_key = *shape.mutable_table()->add_constraints();
  foreign_key.set_name("items_fk");
  *foreign_key.mutable_references() = TableNamed(table);
  foreign_key.add_referenced_columns(column);
  pg.See(Table("items"), CanonicalBytes(shape), {.locator = LocatorOf("sys/2")});

  shape.Clear();
  shape.mutable_view();
  pg.See(Key("view", {"public", "open"}), CanonicalBytes(shape), {.locator = LocatorOf("sys/3")});
  shape.Clear();
  shape.mutable_view_expressions()->set_query(
      absl::StrCat(" SELECT ", table, ".", column, "\n   FROM public.", table, ";"));
  return pg.See(Key("view", {"public", "open"}, kExpressions), CanonicalBytes(shape));
}

TEST_P(StoreCases, ATableAndOneOfItsColumnsRenamedAtOnceWithAnIndexAViewAndAForeignKeyOnThem) {
  ASSERT_EQ(Put(Related("orders", "total")), 1);
  ASSERT_EQ(Put(Related("sales", "amount")), 2);
  EXPECT_THAT(
      DiffOfRealShapes(1, 2),
      UnorderedElementsAre("renamed | postgres | table | public.orders | public.sales",
                           "renamed | postgres | column | public.orders.total | "
                           "public.sales.amount",
                           "follows | postgres | table | public.items | structure",
                           "follows | postgres | view | public.open | expressions", kDifferent));
}

TEST_P(StoreCases, ASourceTakenOutOfTheConfigPutBackUnchanged) {
  const TestSection pg = Tables().See(Table("orders"), Shape({{"a", "1"}}));
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Commit(Publish("prod", NextId())), 2);
  ASSERT_EQ(Put(pg), 3);
  EXPECT_THAT(Diff(1, 2), UnorderedElementsAre("not configured | postgres", kSame));
  EXPECT_THAT(Diff(2, 3), UnorderedElementsAre("not configured | postgres", kSame));
  EXPECT_THAT(Diff(1, 3), UnorderedElementsAre(kSame));
}

TEST_P(StoreCases, OneOfTwoDatabasesDroppedOneClosedToTheRole) {
  const auto cluster = [&](const std::vector<std::string>& databases) {
    TestSection section = TestSection("pg/").Cover("database", kStructure);
    for (const std::string& name : databases) section.See(Key("database", {name}), Shape({}));
    return section;
  };
  const auto database = [&](const std::string& name) {
    return Tables(name).See(Table("orders"), Shape({{"a", "1"}}));
  };
  ASSERT_EQ(Put({cluster({"a", "b"}), database("pg/a"), database("pg/b")}), 1);
  ASSERT_EQ(Put({cluster({"b"}), database("pg/b")}), 2);
  ASSERT_EQ(Commit(Publish("prod", NextId()).Whole(cluster({"b"})).Unavailable("pg/b")), 3);
  EXPECT_THAT(Diff(1, 2),
              UnorderedElementsAre("removed | pg/a |  | ",
                                   "removed | pg/ | database | a | structure |  | ", kDifferent));
  EXPECT_THAT(Diff(2, 3), UnorderedElementsAre("cannot say | pg/b | ", kCannotSay));
}

TEST_P(StoreCases, AModuleThatFailsToImportOnce) {
  const LineKey user = Key("model", {"app", "User"});
  const TestSection models = TestSection("models").Cover("model", kStructure);
  const TestSection run = TestSection(models).See(user, Shape({{"a", "1"}, {"computed", "1"}}));
  const TestSection read =
      TestSection(models).See(user, Shape({{"a", "1"}}), {.way = v1::WAY_STATIC});
  ASSERT_EQ(Put(run), 1);
  ASSERT_EQ(Put(read), 2);
  ASSERT_EQ(Put(run), 3);
  const std::string completed =
      "not comparable | models | model | app.User | structure | computed | way";
  EXPECT_THAT(Diff(1, 2), UnorderedElementsAre(completed, kSame));
  EXPECT_THAT(Diff(2, 3), UnorderedElementsAre(completed, kSame));
  EXPECT_THAT(Diff(1, 3), UnorderedElementsAre(kSame));
  const std::vector<ReadLine> lines = ReadBack(2, "models");
  EXPECT_EQ(lines[0].line.unseen, v1::SIGHT_STATIC);
  EXPECT_EQ(lines[0].weaker->way, v1::WAY_STATIC);
  EXPECT_EQ(lines[0].last_seen_seq, 1);
}

TEST_P(StoreCases, AnAlwaysStaticModelThatChanges) {
  const LineKey user = Key("model", {"app", "User"});
  for (const char* const value : {"1", "2", "3"}) {
    Put(TestSection("models")
            .Cover("model", kStructure)
            .See(user, Shape({{"a", value}}), {.way = v1::WAY_STATIC}));
  }
  for (const int64_t n : {1, 2}) {
    EXPECT_THAT(
        Diff(n, n + 1),
        UnorderedElementsAre(
            absl::StrCat("changed | models | model | app.User | structure |  | a ", n, " ", n + 1),
            kDifferent));
    EXPECT_TRUE(ReadBack(n, "models")[0].line.seen.has_value());  // a version for each
  }
}

TEST_P(StoreCases, APublishWhoseBaseMovedMeanwhileIsAbortedAndSucceedsWhenBegunAgain) {
  const TestSection base = Tables().See(Table("orders"), "a");
  const TestSection moved = Tables().See(Table("orders"), "b");
  const TestSection mine = Tables().See(Table("orders"), "c");
  ASSERT_EQ(Put(base), 1);
  const Head head = HeadOf("postgres");
  ASSERT_EQ(Put(moved), 2);
  EXPECT_THAT(store().Commit(Publish("prod", "mine").Delta(mine, base, head)),
              StatusIs(absl::StatusCode::kAborted, HasSubstr("begin again with the header")));
  EXPECT_EQ(Commit(Publish("prod", "mine").Delta(mine, moved, HeadOf("postgres"))), 3);
  EXPECT_EQ(Lines(3), std::vector<std::string>{"table public.orders structure: c"});
}

// What a store that was restored from yesterday's backup meets: agents that know higher numbers.
TEST_P(StoreCases, AStoreRestoredFromYesterdayNumbersGoOnAndWhatItLacksArrives) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Commit(Publish("prod", "kept").Whole(pg)), 1);
  EXPECT_EQ(store().FindById("prod", "lost").value(), std::nullopt);
  EXPECT_EQ(Commit(Publish("prod", "lost").Whole(pg).Acknowledged("yesterday's life", 2)), 3);
  EXPECT_EQ(Commit(Publish("prod", "lost").Whole(pg).Acknowledged("yesterday's life", 2)), 3);
  EXPECT_THAT(store().FindSnapshot("prod", 2),
              StatusIs(absl::StatusCode::kNotFound, "no snapshot prod@2; it has 1 and 3"));
}

TEST_P(StoreCases, AKindExcludedThenIncludedAgainOneObjectDroppedInBetween) {
  const TestSection one = Tables().See(Table("orders"), Shape({{"a", "1"}}));
  ASSERT_EQ(Put(TestSection(one).See(Table("items"), Shape({{"a", "2"}}))), 1);
  ASSERT_EQ(Put(Tables().Cover("table", kStructure, v1::SIGHT_EXCLUDED)), 2);
  ASSERT_EQ(Put(one), 3);
  for (const ReadLine& line : ReadBack(2)) EXPECT_EQ(line.line.unseen, v1::SIGHT_EXCLUDED);
  EXPECT_THAT(
      Diff(1, 2),
      UnorderedElementsAre("cannot say | postgres | table | public.items | structure | excluded",
                           "cannot say | postgres | table | public.orders | structure | excluded",
                           kCannotSay));
  EXPECT_THAT(
      Diff(2, 3),
      UnorderedElementsAre("removed | postgres | table | public.items | structure | 1-3 | ",
                           "cannot say | postgres | table | public.orders | structure | excluded",
                           kDifferent));
  EXPECT_THAT(Diff(1, 3),
              UnorderedElementsAre("removed | postgres | table | public.items | structure |  | ",
                                   kDifferent));
}

// The same by patterns, which leave out what they name and nothing beside it.
TEST_P(StoreCases, NamesExcludedThenIncludedAgainObjectsDroppedInBetween) {
  const TestSection kept = Tables().See(Table("tmp_1"), Shape({{"a", "1"}}));
  const TestSection all = TestSection(kept)
                              .See(Table("orders"), Shape({{"a", "2"}}))
                              .See(Table("tmp_2"), Shape({{"a", "3"}}))
                              .See(Table("tmp_keep"), Shape({{"a", "4"}}));
  ASSERT_EQ(Put(all), 1);
  ASSERT_EQ(Put(Tables().LeaveOut("table", kStructure, {"*.tmp_*", "!*.tmp_keep"})), 2);
  ASSERT_EQ(Put(kept), 3);
  std::vector<std::string> unseen;
  for (const ReadLine& line : ReadBack(2)) {
    EXPECT_EQ(line.line.unseen, v1::SIGHT_EXCLUDED);
    unseen.push_back(line.line.key.entity.names[1]);
  }
  EXPECT_THAT(unseen, ::testing::ElementsAre("tmp_1", "tmp_2"));
  EXPECT_THAT(Diff(1, 2), UnorderedElementsAre(
                              "removed | postgres | table | public.orders | structure |  | ",
                              "removed | postgres | table | public.tmp_keep | structure |  | ",
                              "cannot say | postgres | table | public.tmp_1 | structure | excluded",
                              "cannot say | postgres | table | public.tmp_2 | structure | excluded",
                              kDifferent));
  EXPECT_THAT(Diff(2, 3), UnorderedElementsAre(
                              "removed | postgres | table | public.tmp_2 | structure | 1-3 | ",
                              "cannot say | postgres | table | public.tmp_1 | structure | excluded",
                              kDifferent));
}

TEST_P(StoreCases, ClocksAnHourAheadForADay) {
  constexpr int64_t kMinute = 60'000'000;
  const int64_t kAhead[] = {0, 60 * kMinute, 60 * kMinute, 0, 0};
  for (int n = 0; n < 5; ++n) {
    const int64_t now = n * 10 * kMinute;
    Commit(Publish("prod", NextId()).At(now + kAhead[n], now + kMinute));
  }
  EXPECT_EQ(store().FindSnapshot("prod", 4)->time_us, 30 * kMinute);
  EXPECT_EQ(store().FindSnapshot("prod", 5)->time_us, 40 * kMinute);  // not pinned to the clock
}

TEST_P(StoreCases, AnUnchangedSectionWithAnUnchangedSetOfUnseenLinesIsSame) {
  TestSection pg = Tables().See(Table("orders"), Shape({{"a", "1"}}));
  pg.See(Table("orders", kAccess), Shape({{"b", "1"}}, kAccess));
  ASSERT_EQ(Put(pg), 1);
  pg.Unsee(Table("orders", kExpressions), v1::SIGHT_LOCKED);
  pg.Drop(Table("orders", kAccess)).Cover("table", kAccess, v1::SIGHT_NOT_PERMITTED);
  ASSERT_EQ(Put(pg), 2);
  ASSERT_EQ(HeadOf("postgres").manifest, pg.manifest());  // so that the agent is told "same"
  ASSERT_EQ(Commit(Publish("prod", NextId()).Same(pg)), 3);
  const Facts same = Diff(2, 3);
  EXPECT_EQ(same.count(kSame), 1u) << varve::testing::Lines(same);
  EXPECT_EQ(ReadBack(3).size(), 3u);
}

}  // namespace
}  // namespace varve::testing
