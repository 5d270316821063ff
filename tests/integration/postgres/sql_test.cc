// The proof that a snapshot is complete: a database made from its SQL reads the same.
#include "cli/render/sql/sql.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cli/render/sql/split.h"
#include "cli/render/write_folder.h"
#include "tests/integration/postgres/cluster_case.h"
#include "tests/integration/postgres/dump.h"
#include "tests/integration/postgres/generated.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Sql : public ClusterCase {
 protected:
  static sql::SqlScript ScriptOf(const Gathered& gathered,
                                 const sql::SqlOptions& options = sql::SqlOptions()) {
    Snapshot snapshot;
    snapshot.header.set_environment("prod");
    snapshot.seq = 42;
    const absl::StatusOr<sql::SqlScript> script =
        sql::RenderSql(snapshot, gathered.section(), options);
    EXPECT_TRUE(script.ok()) << script.status();
    return script.value_or(sql::SqlScript());
  }

  static std::string ContentOf(const std::string& path) {
    std::ostringstream content;
    content << std::ifstream(path).rdbuf();
    return content.str();
  }

  // Runs the script in a new database, which is then gathered.
  Gathered MadeFrom(const sql::SqlScript& script, const std::string& target) const {
    const TemporaryFolder folder;
    const std::string path = folder.Path("made.sql");
    std::ofstream(path) << sql::Joined(script);
    return MadeBy(path, script, target);
  }

  // The same of the script as it was written to `path`.
  Gathered MadeBy(const std::string& path, const sql::SqlScript& script,
                  const std::string& target) const {
    VARVE_EXPECT_OK(server().CreateDatabase(target));
    // Other OIDs, and a column that is gone, before anything is made.
    VARVE_EXPECT_OK(server().Run(target, "CREATE TABLE gone (id serial); DROP TABLE gone"));
    std::string command = absl::StrCat(NewestPostgres().bin_folder, "/psql -X -q -f '", path, "'");
    for (const std::string& variable : script.variables) {
      absl::StrAppend(&command, " -v ", variable, "=s3cret", variable);
    }
    const TemporaryFolder folder;
    const std::string log = folder.Path("log");
    absl::StrAppend(&command, " -d '", server().Url(target), "' >'", log, "' 2>&1");
    EXPECT_EQ(std::system(command.c_str()), 0) << ContentOf(log);
    PostgresConfig config = Config();
    config.connection = server().Connection(target);
    return Gather(config);
  }

  // What differs and could be made: neither a state nor another secret.
  static std::vector<std::string> RealDifferences(const Gathered& before, const Gathered& after) {
    std::vector<std::string> lines;
    for (const std::string& line : Differences(before, after)) {
      if (absl::StrContains(line, " state: ") || absl::StrContains(line, "masked part")) continue;
      lines.push_back(line);
    }
    return lines;
  }

  // Makes the database again from its SQL, as `copy`: it reads the same, and is written in the same
  // words.
  void ExpectMadeAgain(const std::string& copy) const {
    const Gathered before = Gather();
    const sql::SqlScript script = ScriptOf(before);
    EXPECT_THAT(script.missing, IsEmpty());
    const Gathered after = MadeFrom(script, copy);
    EXPECT_THAT(RealDifferences(before, after), IsEmpty());
    EXPECT_EQ(sql::Joined(ScriptOf(after)), sql::Joined(script));
  }

  void DropDatabase(const std::string& name) const {
    VARVE_EXPECT_OK(server().Run("postgres", absl::StrCat("DROP DATABASE ", name)));
  }
};
VARVE_ON_EVERY_POSTGRES(Sql);

// "WITH (a='1', b='2')" with its items sorted: their order means nothing.
std::string WithSortedItems(const std::string& line) {
  std::vector<std::string> items =
      absl::StrSplit(line.substr(6, line.find(')') - 6), absl::ByString(", "));
  absl::c_sort(items);
  return absl::StrCat("WITH (", absl::StrJoin(items, ", "), line.substr(line.find(')')));
}

// The lines of a dump without comments, commands of psql (\restrict has a random key), names of
// databases and secrets. A snapshot holds options sorted: so are they here.
std::vector<std::string> Normalised(const std::string& dump, const std::string& database) {
  std::vector<std::string> lines;
  std::vector<std::string> settings;  // of one function
  const std::vector<std::string> all = absl::StrSplit(dump, '\n');
  for (std::string line : all) {
    if (absl::StartsWith(line, "--") || absl::StartsWith(line, "\\")) continue;
    if (absl::StartsWith(line, "    SET ")) {
      settings.push_back(std::move(line));
      continue;
    }
    absl::c_sort(settings);
    lines.insert(lines.end(), settings.begin(), settings.end());
    settings.clear();
    if (absl::StartsWith(line, "WITH (")) line = WithSortedItems(line);
    line = std::regex_replace(line, std::regex("(demo-)?s3cret[-A-Za-z0-9_]*"), "secret");
    lines.push_back(absl::StrReplaceAll(line, {{database, "the_database"}}));
  }
  return lines;
}

void ExpectSameLines(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (in_a == a.end() && in_b == b.end()) return;
  ADD_FAILURE() << "line " << in_a - a.begin() << ": " << (in_a == a.end() ? "(end)" : *in_a)
                << "\nis not " << (in_b == b.end() ? "(end)" : *in_b);
}

TEST_P(Sql, IsDumpedLikeTheDatabaseItIsOf) {
  if (!IsDumped(major())) GTEST_SKIP() << "no pg_dump reads it";
  LoadGenerated(server(), database(), "zoo_dump", "--tables 10");
  // What a dump leaves out, or writes as what it is not.
  Run("DROP TABLE zoo.child CASCADE; DROP INDEX zoo.main_broken; DROP LANGUAGE \"zoo lang\"");
  const std::string copy = "copy_of_it";
  MadeFrom(ScriptOf(Gather()), copy);
  ExpectSameLines(Normalised(DumpOf(server(), copy, "--create"), copy),
                  Normalised(DumpOf(server(), database(), "--create"), database()));
  DropDatabase(copy);
}

TEST_P(Sql, MakesTheZooAgain) {
  LoadGenerated(server(), database(), database(), "--tables 10");
  Run("DROP TABLE zoo.child CASCADE");  // the order of columns that a parent got later is lost
  const std::string copy = database() + "_again";
  ExpectMadeAgain(copy);
  DropDatabase(copy);
}

TEST_P(Sql, MakesTheDemoAgain) {
  if (!HasDemo(major())) GTEST_SKIP() << "its functions are of newer servers";
  LoadDemo(server(), database());
  const std::string copy = database() + "_again";
  ExpectMadeAgain(copy);
  if (IsDumped(major())) {
    ExpectSameLines(Normalised(DumpOf(server(), copy, "--create"), copy),
                    Normalised(DumpOf(server(), database(), "--create"), database()));
  }
  DropDatabase(copy);
}

TEST_P(Sql, GivesOptionsToADefaultOperatorClass) {
  if (major() < 13) GTEST_SKIP() << "operator classes have no options";
  Run("CREATE TABLE docs (id int PRIMARY KEY, body tsvector);"
      "CREATE INDEX docs_body ON docs USING gist (body tsvector_ops (siglen = 100))");
  const std::string copy = database() + "_options";
  ExpectMadeAgain(copy);
  DropDatabase(copy);
}

TEST_P(Sql, MakesRolesThatAreNotThere) {
  CreateRole("sql_clerks");
  CreateRole("sql_ann", "LOGIN CREATEDB CONNECTION LIMIT 5 VALID UNTIL '2040-02-03 04:05:06+00'");
  CreateRole("sql_bob", "NOINHERIT");
  Run("GRANT sql_clerks TO sql_ann WITH ADMIN OPTION; GRANT pg_monitor TO sql_bob;"
      "ALTER ROLE sql_ann SET search_path = 'a b', public; COMMENT ON ROLE sql_bob IS 'it''s him'");
  if (major() >= 15) {
    Run("GRANT SET ON PARAMETER work_mem TO sql_ann WITH GRANT OPTION;"
        "GRANT SET, ALTER SYSTEM ON PARAMETER my.thing TO sql_bob");
    Undo("REVOKE ALL ON PARAMETER work_mem FROM sql_ann");
    Undo("REVOKE ALL ON PARAMETER my.thing FROM sql_bob");
  }
  const Gathered before = GatherCluster();
  sql::SqlOptions options;
  options.cluster = &before.section();
  const sql::SqlScript script = ScriptOf(Gather(), options);
  if (major() >= 15) {
    Run("REVOKE ALL ON PARAMETER work_mem FROM sql_ann; REVOKE ALL ON PARAMETER my.thing FROM "
        "sql_bob");
  }
  Run("DROP ROLE sql_ann; DROP ROLE sql_bob");
  const std::string copy = database() + "_roles";
  MadeFrom(script, copy);
  DropDatabase(copy);
  EXPECT_THAT(Differences(before, GatherCluster()), IsEmpty());
}

TEST_P(Sql, IsRunFromAFolderOfFiles) {
  LoadGenerated(server(), database(), database(), "--tables 10");
  Run("DROP TABLE zoo.child CASCADE");
  const Gathered before = Gather();
  const sql::SqlScript script = ScriptOf(before);
  const TemporaryFolder folder;
  VARVE_ASSERT_OK(WriteFolder(folder.Path("schema"), sql::SplitFiles(script)));
  const std::string copy = database() + "_again";
  EXPECT_THAT(RealDifferences(before, MadeBy(folder.Path("schema/index.sql"), script, copy)),
              IsEmpty());
  DropDatabase(copy);
}

}  // namespace
}  // namespace varve::testing
