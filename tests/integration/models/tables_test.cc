// Tables that SQLAlchemy and SQLModel map classes to, and those that stand alone: as PostgreSQL has
// them when the same library makes them there.
#include "absl/strings/str_cat.h"
#include "tests/integration/models/models_project.h"
#include "tests/integration/models/table_lines.h"
#include "tests/support/postgres_server.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

ModelsConfig ConfigOf(const std::string& python, const std::string& module) {
  ModelsConfig config;
  config.python = python;
  config.path = {FixtureFolder()};
  config.modules = {module};
  return config;
}

class SqlAlchemy : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    python_ = PythonWith(GetParam());
    if (python_.empty())
      GTEST_SKIP() << "no Python with " << GetParam() << " (tests/run.sh --matrix)";
  }
  Section Mapped() const { return Gather(ConfigOf(python_, "shop.mapped")); }
  std::string python_;
};
INSTANTIATE_TEST_SUITE_P(Of, SqlAlchemy, ::testing::Values("sqlalchemy-1.4", "sqlmodel"),
                         [](const auto& info) {
                           return std::string(info.param) == "sqlmodel" ? "Newest" : "Of1_4";
                         });

TEST_P(SqlAlchemy, ClassesAndTablesAreFound) {
  const Section section = Mapped();
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(ModelsOf(section),
              ElementsAre("shop.mapped:ByHand", "shop.mapped:Customer", "shop.mapped:Order",
                          "shop.mapped:lines", "shop.mapped:notes", "shop.mapped:Mood"));
  EXPECT_EQ(StructureOf(section, "shop.mapped", "lines").kind(), "table");
}

TEST_P(SqlAlchemy, ColumnsReadAsPostgresSpellsThem) {
  EXPECT_THAT(
      ColumnLines(StructureOf(Mapped(), "shop.mapped", "Customer").table()),
      ElementsAre(
          "id: integer not null serial", "code: character varying(40) not null = 'it''s'",
          "age: smallint ~ 3", "mood: mood not null = 'good' (good, bad)",
          "price: numeric(10,2) = 1.10", "whole: numeric(5,0)", "any_number: numeric",
          "tags: character varying(10)[]", "document: jsonb", "uid: uuid = gen_random_uuid()",
          "made: timestamp with time zone not null = now()", "seen: timestamp without time zone",
          "at: time without time zone", "wait: interval", "born: date",
          "state: text ~ shop.mapped.start", "ratio: double precision", "small: real",
          "flag: boolean = true", "letters: character varying = '5%'", "fixed: character(3)",
          "bits: bit(8)", "network: inet", "data: bytea", "twice: integer as age * 2 stored"));
}

TEST_P(SqlAlchemy, KeysIndexesAndChecks) {
  const Section section = Mapped();
  EXPECT_THAT(KeyLines(StructureOf(section, "shop.mapped", "Customer").table()),
              ElementsAre("primary key id", "customers_code_age_key: code, age",
                          "customers_code_key: code", "index ix_old: age age > 60",
                          "index ix_shop_customers_age: age ", "check age_is_positive: age > 0"));
  EXPECT_THAT(KeyLines(StructureOf(section, "shop.mapped", "Order").table()),
              ElementsAre("primary key number",
                          "orders_customer_id_fkey: customer_id -> shop.customers(id) CASCADE",
                          "unique index ix_line: lower(line) "));
  EXPECT_THAT(KeyLines(StructureOf(section, "shop.mapped", "notes").table()),
              ElementsAre("primary key ",
                          "of_line: order_number, place -> .lines(order_number, "
                          "place)  deferrable deferred"));
}

TEST_P(SqlAlchemy, CommentsAreDocs) {
  const v1::Docs docs = ShapeOf(Mapped(), "shop.mapped", "Customer", v1::FACET_DOCS).docs();
  EXPECT_EQ(docs.comment(), "Who buys.");
  std::vector<std::string> lines;
  for (const v1::ElementDoc& doc : docs.elements()) {
    lines.push_back(absl::StrCat(doc.part(), " ", doc.name(), ": ", doc.comment()));
  }
  EXPECT_THAT(lines, ElementsAre("column code: The code", "table customers: People"));
}

// What the library itself makes of them in a database.
TEST_P(SqlAlchemy, ColumnsAreThoseOfTheTablesThatItMakes) {
  const absl::StatusOr<std::unique_ptr<PostgresServer>> server = PostgresServer::Start({});
  VARVE_ASSERT_OK(server);
  const std::string ddl = PythonSays(
      python_, FixtureFolder(),
      "from sqlalchemy import create_mock_engine\nfrom sqlalchemy.dialects import postgresql\n"
      "import shop.mapped\nfrom sqlalchemy.schema import CreateTable, CreateIndex\n"
      "from sqlalchemy.dialects.postgresql import CreateEnumType\n"
      "dialect = postgresql.dialect()\nprint('CREATE SCHEMA shop;')\n"
      "print(str(CreateEnumType(shop.mapped.Customer.__table__.c.mood.type).compile(dialect="
      "dialect)), ';')\n"
      "for table in shop.mapped.Base.metadata.sorted_tables:\n"
      "    print(str(CreateTable(table).compile(dialect=dialect)), ';')\n"
      "    for index in table.indexes:\n"
      "        print(str(CreateIndex(index).compile(dialect=dialect)), ';')\n");
  VARVE_ASSERT_OK((*server)->Run("postgres", ddl));
  const Section section = Mapped();
  for (const auto& [name, table] :
       {std::pair("Customer", "shop.customers"), std::pair("Order", "orders"),
        std::pair("lines", "lines"), std::pair("notes", "notes")}) {
    const v1::ModelTable mapped = StructureOf(section, "shop.mapped", name).table();
    std::vector<std::string> lines;
    for (const v1::ModelColumn& column : mapped.columns()) {
      lines.push_back(
          absl::StrCat(column.name(), " ", column.type(), " ", column.nullable() == v1::KNOWN_YES,
                       " ", !column.server_default().empty(), " ", column.identity() == "always"));
    }
    const absl::StatusOr<PostgresSession::Rows> rows = (*server)->Query(
        "postgres",
        absl::StrCat(
            "SELECT attname || ' ' || format_type(atttypid, atttypmod) || ' ' || "
            "(NOT attnotnull)::int || ' ' || coalesce(pg_get_expr(adbin, adrelid) !~ '^nextval' "
            "AND attgenerated = '', false)::int || ' ' || (attidentity = 'a')::int "
            "FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum "
            "WHERE attrelid = '",
            table, "'::regclass AND attnum > 0 ORDER BY attnum"));
    VARVE_ASSERT_OK(rows);
    std::vector<std::string> made;
    for (const std::vector<std::string>& row : *rows) made.push_back(row[0]);
    EXPECT_THAT(lines, ElementsAreArray(made)) << table;
    const absl::StatusOr<PostgresSession::Rows> names = (*server)->Query(
        "postgres",
        absl::StrCat(
            "SELECT conname FROM pg_constraint WHERE contype IN ('f', 'u') AND conrelid = '", table,
            "'::regclass"));
    VARVE_ASSERT_OK(names);
    std::vector<std::string> constraints, ours;
    for (const std::vector<std::string>& row : *names) constraints.push_back(row[0]);
    for (const v1::ModelForeignKey& key : mapped.foreign_keys()) ours.push_back(key.name());
    for (const v1::ModelUnique& unique : mapped.uniques()) ours.push_back(unique.name());
    EXPECT_THAT(ours, UnorderedElementsAreArray(constraints)) << table;
  }
}

// What a run of a module sees and its source does not, and what both see otherwise.
std::vector<std::string> BetweenSourceAndRun(ModelsConfig config) {
  const Section run = Gather(config);
  config.static_only = true;
  const Section source = Gather(config);
  EXPECT_THAT(ErrorsOf(run), IsEmpty());
  EXPECT_THAT(ErrorsOf(source), IsEmpty());
  return ChangesBetween(source, run);
}

TEST_P(SqlAlchemy, SourceShowsTheTablesAsARunDoes) {
  ModelsConfig config = ConfigOf(python_, "shop.mapped");
  EXPECT_THAT(
      BetweenSourceAndRun(config),
      ElementsAre("shop.mapped.ByHand structure ADDED", "shop.mapped.ByHand behaviour ADDED",
                  "shop.mapped.notes structure ADDED", "shop.mapped.notes behaviour ADDED"));
  const Section run = Gather(config);
  config.static_only = true;
  const Section source = Gather(config);
  EXPECT_THAT(ModelsOf(source), ElementsAre("shop.mapped:Customer", "shop.mapped:Order",
                                            "shop.mapped:lines", "shop.mapped:Mood"));
  for (const char* name : {"Customer", "Order", "lines"}) {
    const v1::ModelTable seen = StructureOf(source, "shop.mapped", name).table();
    const v1::ModelTable ran = StructureOf(run, "shop.mapped", name).table();
    EXPECT_EQ(ColumnLines(seen), ColumnLines(ran)) << name;
    EXPECT_EQ(KeyLines(seen), KeyLines(ran)) << name;
    EXPECT_THAT(UnknownOf(seen), IsEmpty()) << name;
  }
}

TEST(SqlAlchemy2, SourceShowsItsWordsAsARunDoes) {
  const std::string python = PythonWith("sqlmodel");
  if (python.empty()) GTEST_SKIP() << "no Python with sqlmodel (tests/run.sh --matrix)";
  ModelsConfig config = ConfigOf(python, "shop.declared");
  EXPECT_THAT(BetweenSourceAndRun(config), IsEmpty());
  // What a key refers to by text is in the schema of the MetaData, where it names none.
  EXPECT_THAT(
      KeyLines(StructureOf(Gather(config), "shop.declared", "Order").table()),
      ElementsAre("primary key number, line",
                  "fk_orders_maker_id_users: maker_id -> app.users(id) SET NULL",
                  "fk_orders_user_id_users: user_id -> app.users(id) ", "one_line: user_id, line",
                  "uq_orders_price: price, paid", "index ix_app_orders_maker_id: maker_id ",
                  "index ix_lower: lower(price) hash"));
  config.static_only = true;
  const Section source = Gather(config);
  EXPECT_THAT(ModelsOf(source), ElementsAre("shop.declared:Note", "shop.declared:Order",
                                            "shop.declared:User", "shop.declared:Mood"));
  for (const char* name : {"Note", "Order", "User"}) {
    EXPECT_THAT(UnknownOf(StructureOf(source, "shop.declared", name).table()), IsEmpty()) << name;
  }
  EXPECT_EQ(StructureOf(source, "shop.declared", "Order").table().schema(), "app");
}

class SqlModel : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Of, SqlModel, ::testing::Values("sqlmodel", "sqlmodel-0.0.8"),
                         [](const auto& info) {
                           return std::string(info.param) == "sqlmodel" ? "Newest" : "OnPydantic1";
                         });

TEST_P(SqlModel, TablesAndFieldsAreToldOfOneClass) {
  const std::string python = PythonWith(GetParam());
  if (python.empty()) GTEST_SKIP() << "no Python with " << GetParam() << " (tests/run.sh --matrix)";
  const Section section = Gather(ConfigOf(python, "shop.sqlmodels"));
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_THAT(ModelsOf(section), ElementsAre("shop.sqlmodels:Hero", "shop.sqlmodels:HeroBase",
                                             "shop.sqlmodels:HeroRead", "shop.sqlmodels:Team"));
  const v1::ModelStructure hero = StructureOf(section, "shop.sqlmodels", "Hero");
  EXPECT_EQ(hero.kind(), "table");
  EXPECT_EQ(StructureOf(section, "shop.sqlmodels", "HeroRead").kind(), "model");
  // What SQLModel configures by itself is not the application's: its next version does it
  // otherwise.
  EXPECT_THAT(
      ShapeOf(section, "shop.sqlmodels", "Hero", v1::FACET_BEHAVIOUR).model_behaviour().config(),
      IsEmpty());
  EXPECT_THAT(hero.bases(), ElementsAre("shop.sqlmodels:HeroBase"));
  EXPECT_THAT(hero.ancestors(),
              ElementsAre("shop.sqlmodels:HeroBase", "sqlmodel:SQLModel", "pydantic:BaseModel"));
  EXPECT_THAT(ColumnLines(hero.table()),
              UnorderedElementsAreArray({"name: character varying(30) not null", "power: integer",
                                         "id: integer not null serial", "team_id: integer",
                                         "pay: numeric(8,2) not null ~ 1", "born: date not null"}));
  EXPECT_THAT(KeyLines(hero.table()),
              ElementsAre("primary key id", "hero_team_id_fkey: team_id -> .teams(id) ",
                          "index ix_hero_name: name "));
  const bool is_newest = std::string(GetParam()) == "sqlmodel";
  EXPECT_THAT(ColumnLines(StructureOf(section, "shop.sqlmodels", "Team").table()),
              UnorderedElementsAreArray(std::vector<std::string>{
                  "id: integer not null serial", "words: character varying(80) not null = 'go'",
                  absl::StrCat("seen: timestamp ", is_newest ? "with" : "without", " time zone")}));
}

TEST_P(SqlModel, SourceShowsTheTablesAsARunDoes) {
  const std::string python = PythonWith(GetParam());
  if (python.empty()) GTEST_SKIP() << "no Python with " << GetParam() << " (tests/run.sh --matrix)";
  ModelsConfig config = ConfigOf(python, "shop.sqlmodels");
  EXPECT_THAT(BetweenSourceAndRun(config), IsEmpty());
  config.static_only = true;
  const Section source = Gather(config);
  EXPECT_THAT(UnknownOf(StructureOf(source, "shop.sqlmodels", "Hero").table()), IsEmpty());
  // Columns of SQLAlchemy 1.4 stand as they were made, and one of an sa_column is made first.
  const bool is_newest = std::string(GetParam()) == "sqlmodel";
  EXPECT_EQ(UnknownOf(StructureOf(source, "shop.sqlmodels", "Team").table()),
            is_newest ? std::vector<std::string>() : std::vector<std::string>{"columns.order"});
}

}  // namespace
}  // namespace varve::testing
