// Indexes: keys, classes, collations, expressions, predicates, what they carry and whether they
// can be used.
#include "absl/strings/match.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::EndsWith;
using ::testing::UnorderedElementsAre;

class Indexes : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Indexes);

constexpr const char* kTable = "CREATE TABLE t (id int, name text, tags int[], at timestamptz);";

TEST_P(Indexes, AreThoseThatTheCatalogLists) {
  Run(kTable);
  Run("ALTER TABLE t ADD PRIMARY KEY (id); CREATE INDEX by_name ON t (name); CREATE INDEX ON t "
      "(at)");
  EXPECT_THAT(NamesOf(Gather().Table("t").indexes()),
              ElementsAreArray(Ask("SELECT indexname FROM pg_indexes WHERE tablename = 't' "
                                   "ORDER BY indexname")));
}

TEST_P(Indexes, SayHowTheirKeysAreSorted) {
  Run(kTable);
  Run("CREATE UNIQUE INDEX i ON t USING btree (id DESC, name COLLATE \"C\" text_pattern_ops NULLS "
      "FIRST, at) INCLUDE (tags) WITH (fillfactor = 70)");
  const v1::Index index = Gather().Index("t", "i");
  EXPECT_EQ(index.method(), "btree");
  EXPECT_TRUE(index.unique());
  EXPECT_FALSE(index.primary());
  ASSERT_EQ(index.keys_size(), 3);
  EXPECT_EQ(index.keys(0).column(), "id");
  EXPECT_TRUE(index.keys(0).descending());
  EXPECT_TRUE(index.keys(0).nulls_first());  // as DESC has it by itself
  EXPECT_FALSE(index.keys(0).has_operator_class());
  EXPECT_EQ(DisplayName(KeyOf(index.keys(1).operator_class())),
            "pg_catalog.text_pattern_ops USING btree");
  EXPECT_EQ(DisplayName(KeyOf(index.keys(1).collation())), "pg_catalog.C");
  EXPECT_TRUE(index.keys(1).nulls_first());
  EXPECT_FALSE(index.keys(2).nulls_first());
  EXPECT_THAT(index.included(), ElementsAre("tags"));
  ASSERT_EQ(index.storage_parameters_size(), 1);
  EXPECT_EQ(index.storage_parameters(0).value(), "70");
}

TEST_P(Indexes, OfExpressionsReadAsTheServerPrintsThem) {
  Run(kTable);
  Run("CREATE INDEX i ON t (lower(name), id, (id + 1)) WHERE name IS NOT NULL AND id > 5");
  const Gathered gathered = Gather();
  const v1::Index index = gathered.Index("t", "i");
  EXPECT_TRUE(index.partial());
  ASSERT_EQ(index.keys_size(), 3);
  EXPECT_EQ(index.keys(0).column(), "");
  EXPECT_EQ(index.keys(1).column(), "id");
  const v1::IndexExpression texts = gathered.IndexExpression("t", "i");
  EXPECT_THAT(texts.keys(),
              ElementsAreArray(Ask("SELECT pg_get_indexdef('i'::regclass, k, false) FROM "
                                   "unnest(ARRAY[1, 3]) AS k ORDER BY k")));
  EXPECT_EQ(texts.predicate(), Ask("SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE "
                                   "indexrelid = 'i'::regclass")
                                   .front());
  EXPECT_THAT(Ask("SELECT pg_get_indexdef('i'::regclass)").front(),
              EndsWith("WHERE " + texts.predicate()));
}

TEST_P(Indexes, NameTheirMethod) {
  Run(kTable);
  Run("CREATE INDEX g ON t USING gin (tags); CREATE INDEX h ON t USING hash (name);"
      "CREATE INDEX b ON t USING brin (at)");
  const Gathered gathered = Gather();
  EXPECT_EQ(gathered.Index("t", "g").method(), "gin");
  EXPECT_EQ(gathered.Index("t", "h").method(), "hash");
  EXPECT_EQ(gathered.Index("t", "b").method(), "brin");
}

TEST_P(Indexes, BehindAConstraintSaySo) {
  Run(kTable);
  Run("ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY (id); CREATE UNIQUE INDEX own ON t (name)");
  const Gathered gathered = Gather();
  EXPECT_TRUE(gathered.Index("t", "pk").of_constraint());
  EXPECT_TRUE(gathered.Index("t", "pk").primary());
  EXPECT_FALSE(gathered.Index("t", "own").of_constraint());
}

TEST_P(Indexes, ThatHoldNullsEqualSaySo) {
  if (major() < 15) GTEST_SKIP() << "of 15 and newer";
  Run(kTable);
  Run("CREATE UNIQUE INDEX i ON t (name) NULLS NOT DISTINCT");
  EXPECT_TRUE(Gather().Index("t", "i").nulls_not_distinct());
}

TEST_P(Indexes, ThatFailedToBuildAreInvalidInTheStateAlone) {
  Run(kTable);
  Run("INSERT INTO t VALUES (1), (1)");
  const Gathered before = Gather();
  EXPECT_FALSE(server().Run(database(), "CREATE UNIQUE INDEX CONCURRENTLY i ON t (id)").ok());
  const Gathered after = Gather();
  const v1::RelationState state = after.Shape(TableKey("t"), v1::FACET_STATE).relation_state();
  ASSERT_EQ(state.indexes_size(), 1);
  EXPECT_FALSE(state.indexes(0).valid());
  Run("DELETE FROM t");
  Run("REINDEX INDEX i");
  EXPECT_THAT(Differences(after, Gather()),
              UnorderedElementsAre("table public.t state: indexes.i.valid false -> true",
                                   "table public.t state: indexes.i.ready false -> true"));
}

TEST_P(Indexes, ChangeByOnePropertyAtATime) {
  Run(kTable);
  Run("CREATE INDEX i ON t (id)");
  ExpectChanges({
      {"ALTER INDEX i SET (fillfactor = 60)",
       {"table public.t structure: indexes.i.storage_parameters.fillfactor nothing -> value 60"}},
      {"CLUSTER t USING i", {"table public.t structure: indexes.i.clustered false -> true"}},
      {"ALTER TABLE t SET WITHOUT CLUSTER",
       {"table public.t structure: indexes.i.clustered true -> false"}},
      {"DROP INDEX i; CREATE UNIQUE INDEX i ON t (id) WITH (fillfactor = 60)",
       {"table public.t structure: indexes.i.unique false -> true"}},
      {"DROP INDEX i; CREATE UNIQUE INDEX i ON t (id) WITH (fillfactor = 60) WHERE id > 0",
       {"table public.t structure: indexes.i.partial false -> true",
        "table public.t expressions: indexes.i nothing -> predicate (id > 0)"}},
      {"DROP INDEX i; CREATE UNIQUE INDEX i ON t (id) WITH (fillfactor = 60) WHERE id > 1",
       {"table public.t expressions: indexes.i.predicate (id > 0) -> (id > 1)"}},
      {"DROP INDEX i",
       {"table public.t structure: indexes.i method btree unique keys [id] partial storage "
        "parameters [fillfactor value 60] -> nothing",
        "table public.t expressions: indexes.i predicate (id > 1) -> nothing",
        "table public.t state: indexes.i valid ready -> nothing"}},
  });
}

}  // namespace
}  // namespace varve::testing
