// Columns: types as PostgreSQL spells them, nullability, defaults, identity, generation, collation.
#include "absl/strings/str_cat.h"
#include "snapshot/postgres_type.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

class Columns : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Columns);

// In the order of a catalog that lists them with an empty search path.
constexpr const char* kFormatTypes =
    "SET search_path = pg_catalog; SELECT format_type(atttypid, atttypmod) FROM pg_attribute "
    "WHERE attrelid = 'public.every'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum";

std::vector<std::string> TypeTexts(const v1::TableStructure& table) {
  std::vector<std::string> texts;
  for (const v1::Column& column : table.columns()) texts.push_back(TypeText(column.type()));
  return texts;
}

// A table `every` with one column of each type.
std::string TableOf(const std::vector<std::string>& types) {
  std::string sql = "CREATE TABLE public.every (first int";
  int number = 0;
  for (const std::string& type : types) absl::StrAppend(&sql, ", c", ++number, " ", type);
  return absl::StrCat(sql, ")");
}

TEST_P(Columns, OfBuiltInTypesReadAsTheServerSpellsThem) {
  std::vector<std::string> types = {"smallint",
                                    "integer",
                                    "bigint",
                                    "numeric",
                                    "numeric(12,2)",
                                    "numeric(5)",
                                    "real",
                                    "double precision",
                                    "money",
                                    "text",
                                    "varchar",
                                    "varchar(50)",
                                    "char",
                                    "char(3)",
                                    "\"char\"",
                                    "name",
                                    "bytea",
                                    "date",
                                    "time",
                                    "time(3)",
                                    "timetz",
                                    "timetz(0)",
                                    "timestamp",
                                    "timestamp(3)",
                                    "timestamptz",
                                    "timestamptz(6)",
                                    "interval",
                                    "interval(2)",
                                    "interval year to month",
                                    "interval day to second(3)",
                                    "interval hour",
                                    "boolean",
                                    "uuid",
                                    "json",
                                    "jsonb",
                                    "xml",
                                    "cidr",
                                    "inet",
                                    "macaddr",
                                    "macaddr8",
                                    "point",
                                    "line",
                                    "lseg",
                                    "box",
                                    "path",
                                    "polygon",
                                    "circle",
                                    "bit",
                                    "bit(5)",
                                    "bit varying",
                                    "varbit(9)",
                                    "tsvector",
                                    "tsquery",
                                    "pg_lsn",
                                    "oid",
                                    "regclass",
                                    "int4range",
                                    "tstzrange",
                                    "bpchar"};
  if (major() >= 14) types.insert(types.end(), {"int4multirange", "tstzmultirange"});
  if (major() >= 15) types.emplace_back("numeric(3,-2)");
  Run(TableOf(types));
  EXPECT_THAT(TypeTexts(Gather().Table("every")), ElementsAreArray(Ask(kFormatTypes)));
}

TEST_P(Columns, OfArraysReadAsTheServerSpellsThem) {
  Run(TableOf({"integer[]", "text[][]", "varchar(10)[]", "numeric(6,2)[]", "timestamptz(3)[]",
               "interval day to second(3)[]", "\"char\"[]", "bit(3)[]", "oidvector",
               "int2vector"}));
  EXPECT_THAT(TypeTexts(Gather().Table("every")), ElementsAreArray(Ask(kFormatTypes)));
}

TEST_P(Columns, OfTypesOfTheDatabaseReadAsTheServerSpellsThem) {
  Run("CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('good', 'bad');"
      "CREATE DOMAIN app.\"Odd (12,2)\" AS numeric(12,2); CREATE TYPE app.pair AS (a int, b text);"
      "CREATE TYPE app.span AS RANGE (subtype = float8); CREATE TABLE app.orders (id int);"
      "CREATE TYPE app.\"say \"\"when\"\"\" AS ENUM ('now')");
  Run(TableOf({"app.mood", "app.mood[]", "app.\"Odd (12,2)\"", "app.\"Odd (12,2)\"[]", "app.pair",
               "app.span", "app.orders", "app.\"say \"\"when\"\"\""}));
  const v1::TableStructure every = Gather().Table("every");
  EXPECT_THAT(TypeTexts(every), ElementsAreArray(Ask(kFormatTypes)));
  EXPECT_EQ(every.columns(1).type().type().kind(), "enum");
  EXPECT_TRUE(every.columns(2).type().array());
  EXPECT_EQ(every.columns(3).type().type().kind(), "domain");
  EXPECT_EQ(every.columns(5).type().type().kind(), "composite_type");
  EXPECT_EQ(every.columns(6).type().type().kind(), "range_type");
  EXPECT_EQ(every.columns(7).type().type().kind(), "table");
}

TEST_P(Columns, AreThoseThatTheCatalogListsInItsOrder) {
  Run("CREATE TABLE every (c int, gone int, a int, b int); ALTER TABLE every DROP COLUMN gone");
  EXPECT_THAT(NamesOf(Gather().Table("every").columns()),
              ElementsAreArray(Ask("SELECT column_name FROM information_schema.columns "
                                   "WHERE table_name = 'every' ORDER BY ordinal_position")));
}

TEST_P(Columns, SayWhatFillsThem) {
  Run("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, other int GENERATED BY DEFAULT AS "
      "IDENTITY, numbered serial, price numeric NOT NULL DEFAULT 9.5, note text DEFAULT 'it''s',"
      "made timestamptz DEFAULT now(), doubled numeric GENERATED ALWAYS AS (price * 2) STORED)");
  const Gathered gathered = Gather();
  EXPECT_EQ(gathered.Column("t", "id").identity(), v1::COLUMN_IDENTITY_ALWAYS);
  EXPECT_EQ(gathered.Column("t", "other").identity(), v1::COLUMN_IDENTITY_BY_DEFAULT);
  EXPECT_FALSE(gathered.Column("t", "id").has_default());
  EXPECT_TRUE(gathered.Column("t", "price").not_null());
  EXPECT_FALSE(gathered.Column("t", "note").not_null());
  EXPECT_TRUE(gathered.Column("t", "note").has_default());
  EXPECT_EQ(gathered.Column("t", "doubled").generated(), v1::COLUMN_GENERATED_STORED);
  EXPECT_FALSE(gathered.Column("t", "doubled").has_default());
  for (const auto& row : Query("SET search_path = pg_catalog; SELECT attname, pg_get_expr(adbin, "
                               "adrelid) FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid "
                               "AND attnum = adnum")) {
    EXPECT_EQ(gathered.ColumnExpression("t", row[0]), row[1]) << row[0];
  }
}

TEST_P(Columns, ThatAreComputedWhenReadSaySo) {
  if (major() < 18) GTEST_SKIP() << "virtual columns are of 18 and newer";
  Run("CREATE TABLE t (price numeric, doubled numeric GENERATED ALWAYS AS (price * 2) VIRTUAL)");
  const Gathered gathered = Gather();
  EXPECT_EQ(gathered.Column("t", "doubled").generated(), v1::COLUMN_GENERATED_VIRTUAL);
  EXPECT_EQ(gathered.ColumnExpression("t", "doubled"), "(price * (2)::numeric)");
}

TEST_P(Columns, NameTheirCollationWhereItIsNotTheTypes) {
  Run("CREATE TABLE t (own text, other text COLLATE \"C\", number int)");
  const Gathered gathered = Gather();
  EXPECT_FALSE(gathered.Column("t", "own").has_collation());
  EXPECT_EQ(DisplayName(KeyOf(gathered.Column("t", "other").collation())), "pg_catalog.C");
  EXPECT_FALSE(gathered.Column("t", "number").has_collation());
}

TEST_P(Columns, LeaveOutWhatTheServerNotesAmongTheirOptions) {
  Run("CREATE TABLE t (id int); ALTER TABLE t ALTER id SET (n_distinct = 5)");
  ExpectChanges(
      {{"UPDATE pg_attribute SET attoptions = '{pg_attver=7,n_distinct=5}' "
        "WHERE attrelid = 't'::regclass AND attname = 'id'",
        {}}});
  EXPECT_THAT(NamesOf(Gather().Column("t", "id").options()), ElementsAre("n_distinct"));
}

TEST_P(Columns, ChangeByOnePropertyAtATime) {
  Run("CREATE TABLE t (id int, total integer, note text)");
  ExpectChanges({
      {"ALTER TABLE t ALTER total TYPE numeric(12,2)",
       {"table public.t structure: columns.total.type integer -> numeric(12,2)"}},
      {"ALTER TABLE t ALTER total TYPE numeric(14,2)",
       {"table public.t structure: columns.total.type numeric(12,2) -> numeric(14,2)"}},
      {"ALTER TABLE t ALTER total SET DEFAULT 0",
       {"table public.t structure: columns.total.has_default false -> true",
        "table public.t expressions: columns.total nothing -> 0"}},
      {"ALTER TABLE t ALTER total SET DEFAULT 1",
       {"table public.t expressions: columns.total.expression 0 -> 1"}},
      {"ALTER TABLE t ALTER note TYPE text COLLATE \"C\"",
       {"table public.t structure: columns.note.collation nothing -> pg_catalog.C"}},
      {"ALTER TABLE t RENAME note TO remark", {"renamed column public.t.remark was public.t.note"}},
      {"ALTER TABLE t DROP remark",
       {"table public.t structure: columns.remark text collation pg_catalog.C -> nothing"}},
      {"ALTER TABLE t ADD made date", {"table public.t structure: columns.made nothing -> date"}},
  });
}

TEST_P(Columns, ThatBecomeRequiredOrNumberedSaySo) {
  if (major() >= 18) GTEST_SKIP() << "from 18 a constraint of its own says the same";
  Run("CREATE TABLE t (id int)");
  ExpectChanges({
      {"ALTER TABLE t ALTER id SET NOT NULL",
       {"table public.t structure: columns.id.not_null false -> true"}},
      {"ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY",
       {"+ sequence public.t_id_seq",
        "table public.t structure: columns.id.identity nothing -> always"}},
      {"ALTER TABLE t ALTER id SET GENERATED BY DEFAULT",
       {"table public.t structure: columns.id.identity always -> by default"}},
  });
}

}  // namespace
}  // namespace varve::testing
