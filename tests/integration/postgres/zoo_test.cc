// A database with every kind of object, held against pg_dump: what that writes is in the snapshot,
// and a database that was made again from it reads the same.
#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "snapshot/kinds.h"
#include "tests/integration/postgres/dump.h"
#include "tests/integration/postgres/generated.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class Zoo : public PostgresCase {
 protected:
  void Load() const { LoadInto(database()); }
  void LoadInto(const std::string& target) const {
    LoadGenerated(server(), target, database(), "--tables 10");
  }
  // Takes away what a dump cannot make again.
  void Mend() const {
    // A language reads as an extension's; an invalid index is not written; of inherited columns the
    // order is lost; of the database nothing is written without --create.
    Run("DROP LANGUAGE \"zoo lang\"; DROP INDEX zoo.main_broken; DROP TABLE zoo.child CASCADE");
    // pg_dump 15 takes for granted what 15 grants on it.
    if (major() < 15) Run("GRANT CREATE ON SCHEMA public TO PUBLIC");
    Run(absl::StrCat("COMMENT ON DATABASE ", database(), " IS NULL; ALTER DATABASE ", database(),
                     " RESET ALL"));
    for (const std::string& role : Ask("SELECT setrole::regrole FROM pg_db_role_setting s JOIN "
                                       "pg_database d ON d.oid = setdatabase WHERE setrole <> 0 "
                                       "AND datname = current_database()")) {
      Run(absl::StrCat("ALTER ROLE ", role, " IN DATABASE ", database(), " RESET ALL"));
    }
    for (const std::string& view :
         Ask("SELECT oid::regclass FROM pg_class WHERE relkind = 'm' AND relispopulated")) {
      Run(absl::StrCat("REFRESH MATERIALIZED VIEW ", view, " WITH NO DATA"));
    }
  }
};
VARVE_ON_EVERY_POSTGRES(Zoo);

size_t CountDocs(const Gathered& gathered) {
  size_t comments = 0;
  for (const EntityView& entity : gathered.view().entities()) {
    const v1::Docs& docs = entity.Shape(v1::FACET_DOCS).docs();
    comments += docs.comment().empty() ? 0 : 1;
    comments += static_cast<size_t>(docs.elements_size());
  }
  return comments;
}

// What of relations pg_dump has an entry for.
std::map<std::string, size_t> CountElements(const Gathered& gathered) {
  std::map<std::string, size_t> count;
  const auto add_indexes = [&count](const EntityView& entity, const auto& indexes) {
    for (const v1::Index& index : indexes) {
      bool valid = true;  // one of a partitioned table is written whether it is valid or not
      for (const v1::IndexState& state : entity.Shape(v1::FACET_STATE).relation_state().indexes()) {
        if (state.name() == index.name()) valid = state.valid() || state.ready();
      }
      if (!index.of_constraint() && valid) ++count["INDEX"];
      if (!index.parent().empty()) ++count["INDEX ATTACH"];
    }
  };
  for (const EntityView& entity : gathered.view().OfKind("table")) {
    const v1::TableStructure& table = entity.Shape(v1::FACET_STRUCTURE).table();
    ++count[table.kind() == v1::TABLE_KIND_FOREIGN ? "FOREIGN TABLE" : "TABLE"];
    add_indexes(entity, table.indexes());
    count["TABLE ATTACH"] += table.partition() ? 1 : 0;
    count["TRIGGER"] += static_cast<size_t>(table.triggers_size());
    count["RULE"] += static_cast<size_t>(table.rules_size());
    count["POLICY"] += static_cast<size_t>(table.policies_size());
    count["ROW SECURITY"] += table.row_security() ? 1 : 0;
  }
  for (const absl::string_view kind : {"view", "materialized_view"}) {
    for (const EntityView& entity : gathered.view().OfKind(kind)) {
      const v1::ViewStructure& view = entity.Shape(v1::FACET_STRUCTURE).view();
      add_indexes(entity, view.indexes());
      count["TRIGGER"] += static_cast<size_t>(view.triggers_size());
      count["RULE"] += static_cast<size_t>(view.rules_size());
    }
  }
  for (const EntityView& entity : gathered.view().OfKind("sequence")) {
    const v1::SequenceStructure& sequence = entity.Shape(v1::FACET_STRUCTURE).sequence();
    count["SEQUENCE OWNED BY"] += sequence.has_owner_table() && !sequence.of_identity() ? 1 : 0;
  }
  for (const EntityView& entity : gathered.view().OfKind("publication")) {
    const v1::PublicationStructure& publication = entity.Shape(v1::FACET_STRUCTURE).publication();
    count["PUBLICATION TABLE"] += static_cast<size_t>(publication.tables_size());
    count["PUBLICATION TABLES IN SCHEMA"] += static_cast<size_t>(publication.schemas_size());
  }
  return count;
}

// The entities' facets whose shapes are not the same bytes; dependencies are not compared by a
// diff.
std::vector<std::string> OtherBytes(const Gathered& before, const Gathered& after) {
  std::vector<std::string> differ;
  for (const EntityView& entity : before.view().entities()) {
    for (const auto& [facet, member] : FindKind(entity.key().kind)->facets) {
      if (!entity.Saw(facet)) continue;
      const v1::Shape was = entity.Shape(facet);
      const v1::Shape now = after.Shape(entity.key(), facet);
      if (was.SerializeAsString() == now.SerializeAsString()) continue;
      differ.push_back(absl::StrCat(DisplayName(entity.key()), " ", FacetName(facet), "\n",
                                    was.DebugString(), "\n", now.DebugString()));
    }
  }
  return differ;
}

constexpr std::pair<const char*, const char*> kKinds[] = {
    {"ACCESS METHOD", "access_method"},
    {"CAST", "cast"},
    {"COLLATION", "collation"},
    {"CONVERSION", "conversion"},
    {"DEFAULT ACL", "default_privileges"},
    {"DOMAIN", "domain"},
    {"EVENT TRIGGER", "event_trigger"},
    {"FOREIGN DATA WRAPPER", "foreign_data_wrapper"},
    {"FUNCTION", "function"},
    {"MATERIALIZED VIEW", "materialized_view"},
    {"OPERATOR", "operator"},
    {"OPERATOR CLASS", "operator_class"},
    {"OPERATOR FAMILY", "operator_family"},
    {"PROCEDURAL LANGUAGE", "language"},
    {"PUBLICATION", "publication"},
    {"SEQUENCE", "sequence"},
    {"SERVER", "server"},
    {"STATISTICS", "extended_statistics"},
    {"SUBSCRIPTION", "subscription"},
    {"TEXT SEARCH CONFIGURATION", "text_search_configuration"},
    {"TEXT SEARCH DICTIONARY", "text_search_dictionary"},
    {"TEXT SEARCH PARSER", "text_search_parser"},
    {"TEXT SEARCH TEMPLATE", "text_search_template"},
    {"TRANSFORM", "transform"},
    {"USER MAPPING", "user_mapping"},
    {"VIEW", "view"},
};

TEST_P(Zoo, HasWhatADumpHas) {
  if (!IsDumped(major())) GTEST_SKIP() << "no pg_dump reads it";
  LoadGenerated(server(), database(), database(), "--tables 10 --subscription");
  const Gathered gathered = Gather();
  std::map<std::string, size_t> count = CountElements(gathered);
  for (const auto& [type, kind] : kKinds) count[type] = gathered.Names(kind).size();
  count["COMMENT"] = CountDocs(gathered) - 3;  // not the database's, nor public's and plpgsql's
  count["EXTENSION"] = gathered.Names("extension").size() - 1;  // not plpgsql
  // Public not where it is as a new database of pg_dump's release has it.
  count["SCHEMA"] = gathered.Names("schema").size() - (major() >= 15 ? 1 : 0);
  count["TYPE"] = gathered.Names("enum").size() + gathered.Names("composite_type").size() +
                  gathered.Names("range_type").size();
  for (const EntityView& entity : gathered.view().OfKind("base_type")) {
    ++count["TYPE"];
    count["SHELL TYPE"] += entity.Shape(v1::FACET_STRUCTURE).base_type().shell() ? 0 : 1;
  }
  std::map<std::string, size_t> dumped = DumpedTypes(DumpOf(server(), database()));
  Run(absl::StrCat("DROP SUBSCRIPTION ", database(), "_sub"));  // else the database stays
  dumped["FUNCTION"] += dumped["PROCEDURE"] + dumped["AGGREGATE"];
  dumped.erase("PROCEDURE");
  dumped.erase("AGGREGATE");
  // Told by the tests of their kinds: what stands in a table's own entry or beside it, by its form.
  for (const char* const type :
       {"ACL", "CHECK CONSTRAINT", "CONSTRAINT", "DEFAULT", "FK CONSTRAINT"}) {
    EXPECT_GT(dumped[type], 0) << type;
    dumped.erase(type);
  }
  for (const auto& [type, entries] : dumped) EXPECT_EQ(count[type], entries) << type;
}

TEST_P(Zoo, MadeAgainFromADumpReadsTheSame) {
  if (!IsDumped(major())) GTEST_SKIP() << "no pg_dump reads it";
  Load();
  Mend();
  const std::string copy = database() + "_copy";
  VARVE_ASSERT_OK(server().CreateDatabase(copy));
  // Other OIDs, and a column that is gone, before anything is made.
  VARVE_ASSERT_OK(server().Run(copy, "CREATE TABLE gone (id serial); DROP TABLE gone"));
  const std::string path = absl::StrCat(::testing::TempDir(), "/", database(), ".restore.sql");
  WriteDump(server(), database(), path);
  const std::string restore = absl::StrCat("psql -X -q -v ON_ERROR_STOP=1 -f '", path, "' -d '",
                                           server().Url(copy), "' >/dev/null");
  ASSERT_EQ(std::system(restore.c_str()), 0);
  std::filesystem::remove(path);
  const Gathered before = Gather();
  PostgresConfig config = Config();
  config.connection = server().Connection(copy);
  const Gathered after = Gather(config);
  EXPECT_THAT(Differences(before, after), IsEmpty());
  EXPECT_THAT(OtherBytes(before, after), IsEmpty());
  VARVE_ASSERT_OK(server().Run("postgres", absl::StrCat("DROP DATABASE ", copy)));
}

TEST_P(Zoo, MadeByTheSameStatementsReadsTheSame) {
  Load();
  const std::string copy = database() + "_twin";
  VARVE_ASSERT_OK(server().CreateDatabase(copy));
  VARVE_ASSERT_OK(server().Run(copy, "CREATE TABLE gone (id serial); DROP TABLE gone"));
  LoadInto(copy);
  PostgresConfig config = Config();
  config.connection = server().Connection(copy);
  const Gathered before = Gather();
  const Gathered after = Gather(config);
  EXPECT_THAT(Differences(before, after), IsEmpty());
  EXPECT_THAT(OtherBytes(before, after), IsEmpty());
  VARVE_ASSERT_OK(server().Run("postgres", absl::StrCat("DROP DATABASE ", copy)));
}

// Roles of CONNECT alone see every fact; what is denied is said with the GRANT that shows it.
TEST_P(Zoo, ShowsAGuestAllButTheOptionsOfUserMappings) {
  Load();
  const std::string guest = database() + "_guest";
  Run(absl::StrCat("CREATE ROLE ", guest, " LOGIN PASSWORD '", PostgresServer::password(), "'"));
  const Gathered all = Gather();
  const Gathered guests = Gather(Config(guest));
  EXPECT_THAT(guests.Errors(), IsEmpty());
  EXPECT_THAT(Differences(all, guests), Each(MatchesRegex("cannot say: user_mapping .* options")));
  Run(absl::StrCat("DROP ROLE ", guest));
}

TEST_P(Zoo, IsTheSameAfterUpkeep) {
  Load();
  Run("DROP INDEX zoo.main_broken");  // which VACUUM FULL makes anew
  const Gathered before = Gather();
  for (const std::string& act : {std::string("VACUUM FULL"), std::string("ANALYZE"),
                                 absl::StrCat("REINDEX DATABASE ", database()),
                                 std::string("CHECKPOINT"), std::string("restart")}) {
    SCOPED_TRACE(act);
    if (act == "restart") {
      VARVE_ASSERT_OK(server().Restart());
    } else {
      Run(act);
    }
    const Gathered after = Gather();
    EXPECT_THAT(Differences(before, after), IsEmpty());
    EXPECT_THAT(OtherBytes(before, after), IsEmpty());
  }
}

}  // namespace
}  // namespace varve::testing
