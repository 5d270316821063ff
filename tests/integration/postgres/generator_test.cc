// The generator's database, held against what the catalogs list.

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/generated.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class Generated : public PostgresCase {
 protected:
  void Load(const std::string& arguments) const {
    LoadGenerated(server(), database(), database(), arguments);
  }
};
VARVE_ON_EVERY_POSTGRES(Generated);

constexpr const char* kOwn =
    "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM "
    "pg_depend d WHERE d.deptype = 'e' AND d.objid = ";

TEST_P(Generated, IsReadWholeAndWithoutItsSecrets) {
  Load("--tables 40 --seed 7 --subscription");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
  EXPECT_THAT(gathered.Errors(), IsEmpty());
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
  const auto relations = [&](const std::string& kinds) {
    return Ask(
        absl::StrCat("SELECT (n.nspname || '.' || relname) COLLATE \"C\" FROM pg_class c "
                     "JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN (",
                     kinds, ") AND ", kOwn, "c.oid) ORDER BY 1"));
  };
  EXPECT_THAT(gathered.Names("table"), ElementsAreArray(relations("'r', 'p', 'f'")));
  EXPECT_THAT(gathered.Names("view"), ElementsAreArray(relations("'v'")));
  EXPECT_THAT(gathered.Names("materialized_view"), ElementsAreArray(relations("'m'")));
  EXPECT_THAT(gathered.Names("sequence"), ElementsAreArray(relations("'S'")));
  // Those that the server made for a type (deptype i) are the type's.
  EXPECT_EQ(gathered.Names("function").size(),
            Ask(absl::StrCat("SELECT c.oid FROM pg_proc c JOIN pg_namespace n ON n.oid = "
                             "pronamespace WHERE ",
                             kOwn,
                             "c.oid) AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = "
                             "'pg_proc'::regclass AND d.objid = c.oid AND d.deptype = 'i')"))
                .size());
  Run(absl::StrCat("DROP SUBSCRIPTION ", database(), "_sub"));  // else the database stays
}

TEST_P(Generated, CountsTheSameElementsAsTheCatalogs) {
  Load("--tables 40 --seed 7");
  const Gathered gathered = Gather();
  size_t columns = 0, constraints = 0, indexes = 0, triggers = 0;
  for (const EntityView& entity : gathered.view().OfKind("table")) {
    const v1::TableStructure& table = entity.Shape(v1::FACET_STRUCTURE).table();
    columns += static_cast<size_t>(table.columns_size());
    constraints += static_cast<size_t>(table.constraints_size());
    indexes += static_cast<size_t>(table.indexes_size());
    triggers += static_cast<size_t>(table.triggers_size());
  }
  const auto count = [&](const std::string& catalog, const std::string& relation,
                         const std::string& condition) {
    return Ask(absl::StrCat("SELECT 1 FROM ", catalog, " x JOIN pg_class c ON c.oid = x.", relation,
                            " JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', "
                            "'p', 'f') AND ",
                            condition, " AND ", kOwn, "c.oid)"))
        .size();
  };
  EXPECT_EQ(columns, count("pg_attribute", "attrelid", "attnum > 0 AND NOT attisdropped"));
  // Of a reference to a partitioned table the server has a row for each partition.
  EXPECT_EQ(constraints,
            count("pg_constraint", "conrelid",
                  "contype <> 't' AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = "
                  "x.conparentid AND p.conrelid = x.conrelid)"));
  EXPECT_EQ(indexes, count("pg_index", "indrelid", "true"));
  EXPECT_EQ(triggers,
            count("pg_trigger", "tgrelid",
                  major() < 13 ? "NOT tgisinternal" : "NOT tgisinternal AND tgparentid = 0"));
}

TEST_P(Generated, ReadsTheSameTwice) {
  Load("--tables 20 --seed 3");
  const Gathered before = Gather();
  const Gathered after = Gather();
  EXPECT_THAT(Differences(before, after), IsEmpty());
  EXPECT_EQ(before.section().header.manifest_hash(), after.section().header.manifest_hash());
}

class Demo : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Demo);

TEST_P(Demo, IsReadAsTheServerListsIt) {
  if (!HasDemo(major())) GTEST_SKIP() << "its functions are of newer servers";
  LoadDemo(server(), database());
  PostgresConfig config = Config();
  config.include_counts = true;
  const Gathered gathered = Gather(config);
  EXPECT_THAT(gathered.Errors(), IsEmpty());
  size_t columns = 0;
  for (const EntityView& entity : gathered.view().OfKind("table")) {
    columns += static_cast<size_t>(entity.Shape(v1::FACET_STRUCTURE).table().columns_size());
    EXPECT_EQ(std::to_string(entity.Number("rows").value_or(-1)),
              Ask(absl::StrCat("SELECT count(*) FROM ", entity.key().names[1])).front());
  }
  EXPECT_EQ(std::to_string(columns),
            Ask("SELECT count(*) FROM information_schema.columns c JOIN information_schema.tables "
                "t USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = "
                "'BASE TABLE'")
                .front());
  EXPECT_EQ(gathered.ColumnExpression("source_documents", "callback_url"),
            "'https://worker:‹masked›@hooks.example.com/documents'::text");
  EXPECT_THAT(gathered.Mentioning("demo-s3cret"), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
