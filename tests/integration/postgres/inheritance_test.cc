// What children and partitions have of their parents, and what is their own.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Inheritance : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Inheritance);

TEST_P(Inheritance, TellsOwnColumnsFromThoseOfTheParent) {
  Run("CREATE TABLE parent (id int, note text);"
      "CREATE TABLE child (note text, extra int) INHERITS (parent)");
  const Gathered gathered = Gather();
  EXPECT_TRUE(gathered.Column("child", "id").inherited());
  EXPECT_TRUE(gathered.Column("child", "id").not_local());
  EXPECT_TRUE(gathered.Column("child", "note").inherited());
  EXPECT_FALSE(gathered.Column("child", "note").not_local());
  EXPECT_FALSE(gathered.Column("child", "extra").inherited());
}

TEST_P(Inheritance, TellsOwnConstraintsFromThoseOfTheParent) {
  Run("CREATE TABLE parent (id int, CONSTRAINT positive CHECK (id > 0),"
      "  CONSTRAINT apart CHECK (id <> 5) NO INHERIT);"
      "CREATE TABLE child (CONSTRAINT own CHECK (id < 9)) INHERITS (parent)");
  const Gathered gathered = Gather();
  EXPECT_THAT(NamesOf(gathered.Table("child").constraints()), ElementsAre("own", "positive"));
  EXPECT_TRUE(gathered.Constraint("child", "positive").inherited());
  EXPECT_TRUE(gathered.Constraint("child", "positive").not_local());
  EXPECT_FALSE(gathered.Constraint("child", "own").inherited());
  EXPECT_FALSE(gathered.Constraint("child", "own").not_local());
}

TEST_P(Inheritance, NamesTheKeysThatPartitionsHaveFromTheWhole) {
  Run("CREATE TABLE other (id int PRIMARY KEY);"
      "CREATE TABLE whole (id int, o int, CONSTRAINT pk PRIMARY KEY (id),"
      "  CONSTRAINT fk FOREIGN KEY (o) REFERENCES other) PARTITION BY LIST (id);"
      "CREATE TABLE part PARTITION OF whole FOR VALUES IN (1)");
  const Gathered gathered = Gather();
  const v1::Constraint key = gathered.Constraint("part", "part_pkey");
  EXPECT_TRUE(key.inherited());
  EXPECT_EQ(key.parent(), "pk");
  EXPECT_EQ(gathered.Index("part", "part_pkey").parent(), "pk");
  EXPECT_EQ(gathered.Constraint("whole", "pk").parent(), "");
  // Until 18 its name on the partition is that of the whole.
  bool found = false;
  const v1::TableStructure part = gathered.Table("part");
  for (const v1::Constraint& constraint : part.constraints()) {
    if (constraint.type() != v1::CONSTRAINT_TYPE_FOREIGN_KEY) continue;
    found = true;
    EXPECT_EQ(constraint.parent(), "fk");
  }
  EXPECT_TRUE(found);
}

TEST_P(Inheritance, ChangesByOnePropertyAtATime) {
  Run("CREATE TABLE parent (id int); CREATE TABLE child (id int)");
  ExpectChanges({
      {"ALTER TABLE child INHERIT parent",
       {"table public.child structure: parents nothing -> [public.parent]",
        "table public.child structure: columns.id.inherited false -> true"}},
      {"ALTER TABLE parent ADD CONSTRAINT c CHECK (id > 0)",
       {"table public.parent structure: constraints.c nothing -> check columns [id]",
        "table public.parent expressions: constraints.c nothing -> (id > 0)",
        "table public.child structure: constraints.c nothing -> check columns [id] inherited not "
        "local",
        "table public.child expressions: constraints.c nothing -> (id > 0)"}},
      {"ALTER TABLE child NO INHERIT parent",
       {"table public.child structure: parents [public.parent] -> nothing",
        "table public.child structure: columns.id.inherited true -> false",
        "table public.child structure: constraints.c.inherited true -> false",
        "table public.child structure: constraints.c.not_local true -> false"}},
  });
}

TEST_P(Inheritance, OfAnIndexBeginsWhenItIsAttached) {
  Run("CREATE TABLE whole (id int) PARTITION BY LIST (id);"
      "CREATE TABLE part PARTITION OF whole FOR VALUES IN (1);"
      "CREATE INDEX whole_i ON ONLY whole (id); CREATE INDEX part_i ON part (id)");
  const Gathered before = Gather();
  const v1::RelationState state = before.Shape(TableKey("whole"), v1::FACET_STATE).relation_state();
  ASSERT_THAT(state.indexes(), SizeIs(1));
  EXPECT_FALSE(state.indexes(0).valid());
  EXPECT_FALSE(state.indexes(0).not_live());
  ExpectChanges({
      {"ALTER INDEX whole_i ATTACH PARTITION part_i",
       {"table public.part structure: indexes.part_i.parent nothing -> whole_i",
        "table public.whole state: indexes.whole_i.valid false -> true"}},
  });
}

TEST_P(Inheritance, OfTriggersIsToldWhereTheyAreSwitchedApart) {
  Run("CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
      "CREATE TABLE whole (id int) PARTITION BY LIST (id);"
      "CREATE TABLE part PARTITION OF whole FOR VALUES IN (1);"
      "CREATE TRIGGER one AFTER INSERT ON whole FOR EACH ROW WHEN (NEW.id > 0)"
      "  EXECUTE FUNCTION note();"
      "CREATE TABLE o (id int PRIMARY KEY); ALTER TABLE whole ADD FOREIGN KEY (id) REFERENCES o");
  EXPECT_THAT(Gather().Table("part").triggers(), IsEmpty());
  ExpectChanges({
      {"ALTER TABLE part DISABLE TRIGGER one",
       {"table public.part structure: triggers.one nothing -> timing after events [insert] for "
        "each row function public.note() enabled disabled has when inherited",
        "table public.part expressions: triggers.one nothing -> when (new.id > 0)"}},
      {"ALTER TABLE part ENABLE REPLICA TRIGGER one",
       {"table public.part structure: triggers.one.enabled disabled -> replica"}},
      {"ALTER TABLE part ENABLE TRIGGER one",
       {"table public.part structure: triggers.one timing after events [insert] for each row "
        "function public.note() enabled replica has when inherited -> nothing",
        "table public.part expressions: triggers.one when (new.id > 0) -> nothing"}},
      // The server's own triggers of a foreign key go along, and are no part of a schema.
      {"ALTER TABLE part DISABLE TRIGGER ALL; ALTER TABLE part ENABLE TRIGGER one", {}},
  });
}

TEST_P(Inheritance, OfRequiredColumnsHasANameFrom18) {
  if (major() < 18) GTEST_SKIP() << "of 18 and newer";
  Run("CREATE TABLE parent (id int CONSTRAINT must NOT NULL, b int, c int);"
      "CREATE TABLE child () INHERITS (parent)");
  const v1::Constraint must = Gather().Constraint("parent", "must");
  EXPECT_EQ(must.type(), v1::CONSTRAINT_TYPE_NOT_NULL);
  EXPECT_THAT(must.columns(), ElementsAre("id"));
  EXPECT_TRUE(Gather().Constraint("child", "must").not_local());
  ExpectChanges({
      {"ALTER TABLE parent ADD CONSTRAINT alone NOT NULL b NO INHERIT",
       {"table public.parent structure: columns.b.not_null false -> true",
        "table public.parent structure: constraints.alone nothing -> not null columns [b] no "
        "inherit"}},
      {"ALTER TABLE child ADD CONSTRAINT later NOT NULL c NOT VALID",
       {"table public.child structure: columns.c.not_null false -> true",
        "table public.child structure: constraints.later nothing -> not null columns [c] not "
        "valid"}},
      {"ALTER TABLE child VALIDATE CONSTRAINT later",
       {"table public.child structure: constraints.later.not_valid true -> false"}},
      {"ALTER TABLE parent ALTER CONSTRAINT alone INHERIT",
       {"table public.parent structure: constraints.alone.no_inherit true -> false",
        "table public.child structure: columns.b.not_null false -> true",
        "table public.child structure: constraints.alone nothing -> not null columns [b] inherited "
        "not local"}},
  });
}

}  // namespace
}  // namespace varve::testing
