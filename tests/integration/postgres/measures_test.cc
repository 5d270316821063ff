// What is counted, and that no figure is ever part of a shape.
#include <functional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::IsEmpty;
using ::testing::Optional;

class Measures : public PostgresCase {
 protected:
  const EntityView& TableOf(const Gathered& gathered, const std::string& name) const {
    const EntityView* const table = gathered.view().Find(TableKey(name));
    EXPECT_NE(table, nullptr) << name;
    static const EntityView none;
    return table == nullptr ? none : *table;
  }
  // Reads until `wanted`: a session's figures are there for others at the latest when it has ended,
  // and before 15 a collector process of the server's passes them on in its own time.
  Gathered GatherUntil(const std::function<bool(const Gathered&)>& wanted) const {
    const absl::Time end = absl::Now() + absl::Seconds(30);
    Gathered gathered = Gather();
    while (!wanted(gathered) && absl::Now() < end) gathered = Gather();
    EXPECT_TRUE(wanted(gathered));
    return gathered;
  }
  int64_t Number(const std::string& sql) const {
    int64_t number = -1;
    EXPECT_TRUE(absl::SimpleAtoi(Ask(sql).front(), &number)) << sql;
    return number;
  }
  PostgresConfig Counting(const std::string& user = "postgres") const {
    PostgresConfig config = Config(user);
    config.include_counts = true;
    return config;
  }
};
VARVE_ON_EVERY_POSTGRES(Measures);

constexpr const char* kHundred =
    "CREATE TABLE t (id int PRIMARY KEY, note text);"
    "INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 100) AS n;"
    "CREATE TABLE never (id int)";

TEST_P(Measures, OfTablesAreTheServersOwn) {
  Run(kHundred);
  Run("ANALYZE t");
  const Gathered gathered = Gather();
  const EntityView& table = TableOf(gathered, "t");
  EXPECT_THAT(table.Number("rows_estimate"), Optional(Eq(100)));
  EXPECT_THAT(table.Number("table_bytes"), Optional(Eq(Number("SELECT pg_table_size('t')"))));
  EXPECT_THAT(table.Number("index_bytes", "t_pkey"),
              Optional(Eq(Number("SELECT pg_relation_size('t_pkey')"))));
  EXPECT_EQ(TableOf(gathered, "never").Number("rows_estimate"), std::nullopt);
  EXPECT_EQ(table.Number("rows"), std::nullopt);
  const EntityView* const database = gathered.view().Find({"database", {"database"}});
  ASSERT_NE(database, nullptr);
  EXPECT_GT(database->Number("database_bytes").value_or(0), 1'000'000);
}

TEST_P(Measures, OfActivityAreTheServersOwn) {
  Run(kHundred);
  const auto session = Open();
  VARVE_ASSERT_OK(session->Run("SET enable_seqscan = off; SELECT note FROM t WHERE id = 5"));
  VARVE_ASSERT_OK(session->Run("VACUUM ANALYZE t"));
  const int pid = session->backend_pid();
  VARVE_ASSERT_OK(session->Run("SELECT pg_stat_clear_snapshot()"));
  Run(absl::StrCat("SELECT pg_terminate_backend(", pid, ")"));
  const auto wanted = [&](const Gathered& gathered) {
    const EntityView& table = TableOf(gathered, "t");
    return table.Number("index_scans", "t_pkey").value_or(0) == 1 &&
           table.Number("rows_inserted").value_or(0) == 100 && !table.Text("last_analyze").empty();
  };
  const Gathered gathered = GatherUntil(wanted);
  EXPECT_THAT(std::string(TableOf(gathered, "t").Text("last_vacuum")),
              ::testing::MatchesRegex("20..-..-..T..:..:..\\.......Z"));
}

TEST_P(Measures, SayWhenTheStatisticsWereReset) {
  const auto reset_at = [](const Gathered& gathered) {
    return std::string(
        gathered.view().Find({"database", {"database"}})->Text("statistics_reset_at"));
  };
  const std::string before = reset_at(Gather());
  EXPECT_THAT(before, ::testing::MatchesRegex("20..-..-..T..:..:..\\.......Z"));
  Run("SELECT pg_stat_reset()");
  const std::string after =
      reset_at(GatherUntil([&](const Gathered& gathered) { return reset_at(gathered) > before; }));
  EXPECT_EQ(
      Ask("SELECT to_char(stats_reset AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
          " FROM pg_stat_database WHERE datname = current_database()"),
      std::vector<std::string>{after});
}

TEST_P(Measures, OfSequencesAreTheirPositions) {
  Run("CREATE SEQUENCE used; CREATE SEQUENCE fresh; SELECT nextval('used'), nextval('used')");
  const Gathered gathered = Gather();
  const auto position = [&](const std::string& name) {
    return gathered.view().Find({"sequence", {"public", name}})->Number("last_value");
  };
  EXPECT_THAT(position("used"), Optional(Eq(2)));
  EXPECT_EQ(position("fresh"), std::nullopt);
}

TEST_P(Measures, OfSequencesSayHowMuchOfThemIsUsed) {
  Run("CREATE SEQUENCE up MAXVALUE 200; SELECT setval('up', 150);"
      "CREATE SEQUENCE down INCREMENT -1 MINVALUE -100; SELECT setval('down', -26);"
      "CREATE SEQUENCE wide AS bigint; SELECT setval('wide', 9223372036854775807);"
      "CREATE SEQUENCE unused");
  const Gathered gathered = Gather();
  const auto used = [&](const std::string& name) {
    return gathered.view().Find({"sequence", {"public", name}})->Number("percent_used");
  };
  EXPECT_THAT(used("up"), Optional(Eq(74)));
  EXPECT_THAT(used("down"), Optional(Eq(25)));
  EXPECT_THAT(used("wide"), Optional(Eq(100)));
  EXPECT_EQ(used("unused"), std::nullopt);
}

TEST_P(Measures, OfTheCacheSayWhatWasFoundThere) {
  Run(kHundred);
  Run("SELECT count(*) FROM t; SET LOCAL enable_seqscan = off; SELECT note FROM t WHERE id = 5");
  GatherUntil([&](const Gathered& gathered) {
    const EntityView& table = TableOf(gathered, "t");
    const EntityView* const database = gathered.view().Find({"database", {"database"}});
    return table.Number("blocks_hit").value_or(0) > 0 && table.Number("blocks_read").has_value() &&
           table.Number("blocks_hit", "t_pkey").value_or(0) > 0 &&
           database->Number("blocks_hit").value_or(0) > 0 &&
           database->Number("blocks_read").has_value();
  });
}

TEST_P(Measures, OfLastUseAreThereFrom16On) {
  Run(kHundred);
  Run("SELECT count(*) FROM t; SET LOCAL enable_seqscan = off; SELECT note FROM t WHERE id = 5");
  const Gathered gathered = GatherUntil([&](const Gathered& each) {
    return TableOf(each, "t").Number("index_scans", "t_pkey").value_or(0) == 1;
  });
  const EntityView& table = TableOf(gathered, "t");
  const auto kTime = ::testing::MatchesRegex(server().major() < 16 ? "" : "20..-..-..T.*Z");
  EXPECT_THAT(std::string(table.Text("last_sequential_scan")), kTime);
  EXPECT_THAT(std::string(table.Text("last_index_scan", "t_pkey")), kTime);
  EXPECT_EQ(TableOf(gathered, "never").Text("last_sequential_scan"), "");
}

TEST_P(Measures, OfToastAreThoseOfItAlone) {
  Run(kHundred);
  Run("ALTER TABLE t ALTER note SET STORAGE EXTERNAL;"
      "INSERT INTO t SELECT n, repeat('y', 10000) FROM generate_series(101, 110) AS n");
  const Gathered gathered = Gather();
  EXPECT_THAT(TableOf(gathered, "t").Number("toast_bytes"),
              Optional(Eq(Number("SELECT pg_total_relation_size(reltoastrelid) FROM pg_class "
                                 "WHERE oid = 't'::regclass"))));
  EXPECT_EQ(TableOf(gathered, "never").Number("toast_bytes"), std::nullopt);
}

// One source that reads again and again, as an agent does.
class Sizes : public Measures {
 protected:
  Gathered Read(Source& source) const { return Gathered(source.Gather({}).front()); }
  std::unique_ptr<Source> Every(absl::Duration sizes_every) const {
    PostgresConfig config = Config();
    config.sizes_every = sizes_every;
    return SourceOf(config);
  }
};
VARVE_ON_EVERY_POSTGRES(Sizes);

TEST_P(Sizes, AreReadAnewOnlyAfterAWhile) {
  Run(kHundred);
  Run("CREATE SEQUENCE s; SELECT nextval('s')");
  const auto source = Every(absl::Hours(1));
  const Gathered first = Read(*source);
  Run("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(101, 5000) AS n;"
      "SELECT nextval('s'); CREATE TABLE made (id int PRIMARY KEY); INSERT INTO made VALUES (1)");
  const Gathered second = Read(*source);
  const auto position = [](const Gathered& gathered) {
    return gathered.view().Find({"sequence", {"public", "s"}})->Number("last_value");
  };
  const auto measured = [](const Gathered& gathered) {
    return gathered.view().Find({"database", {"database"}})->Text("sizes_measured_at");
  };
  EXPECT_EQ(TableOf(second, "t").Number("table_bytes"), TableOf(first, "t").Number("table_bytes"));
  EXPECT_THAT(position(second), Optional(Eq(1)));
  EXPECT_EQ(measured(second), measured(first));
  // What is new is measured at once.
  EXPECT_THAT(TableOf(second, "made").Number("table_bytes"),
              Optional(Eq(Number("SELECT pg_table_size('made')"))));
  EXPECT_GT(TableOf(second, "made").Number("index_bytes", "made_pkey").value_or(0), 0);
}

TEST_P(Sizes, ThatAreTooOldAreReadAnew) {
  Run("CREATE SEQUENCE s; SELECT nextval('s')");
  const auto source = Every(absl::ZeroDuration());
  Read(*source);
  Run("SELECT nextval('s')");
  EXPECT_THAT(Read(*source).view().Find({"sequence", {"public", "s"}})->Number("last_value"),
              Optional(Eq(2)));
}

TEST_P(Sizes, OfATableThatWasDroppedGoWithIt) {
  Run("CREATE TABLE t (id int); INSERT INTO t VALUES (1)");
  const auto source = Every(absl::Hours(1));
  Read(*source);
  Run("DROP TABLE t; CREATE TABLE t (id int)");
  EXPECT_THAT(TableOf(Read(*source), "t").Number("table_bytes"), Optional(Eq(0)));
}

TEST_P(Measures, OfExtensionsSayWhichVersionIsThere) {
  Run("CREATE EXTENSION hstore VERSION '1.4'");
  EXPECT_EQ(
      Gather().view().Find({"extension", {"hstore"}})->Text("available_version"),
      Ask("SELECT default_version FROM pg_available_extensions WHERE name = 'hstore'").front());
}

TEST_P(Measures, AreLeftOutWhereTheConfigurationSaysSo) {
  Run(kHundred);
  PostgresConfig config = Config();
  config.include_measures = false;
  EXPECT_EQ(Gather(config).section().measures->entities_size(), 0);
}

TEST_P(Measures, NeverMoveAFingerprint) {
  Run(kHundred);
  Run("CREATE SEQUENCE s; CREATE MATERIALIZED VIEW m AS SELECT * FROM t");
  const Gathered before = Gather(Counting());
  Run("INSERT INTO t SELECT n FROM generate_series(101, 5000) AS n; SELECT nextval('s')");
  Run("VACUUM ANALYZE");
  Run("SET enable_seqscan = off; SELECT note FROM t WHERE id = 5");
  Run("REFRESH MATERIALIZED VIEW m; DELETE FROM t WHERE id > 7");
  const Gathered after = Gather(Counting());
  EXPECT_NE(TableOf(before, "t").Number("rows"), TableOf(after, "t").Number("rows"));
  EXPECT_THAT(Differences(before, after), IsEmpty());
  EXPECT_EQ(before.section().header.manifest_hash(), after.section().header.manifest_hash());
}

TEST_P(Measures, OfRowsAreExactOnRequest) {
  Run(kHundred);
  Run("CREATE TABLE parts (id int) PARTITION BY RANGE (id);"
      "CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (10);"
      "CREATE TABLE high PARTITION OF parts FOR VALUES FROM (10) TO (100);"
      "INSERT INTO parts SELECT n FROM generate_series(1, 50) AS n;"
      "CREATE TABLE child () INHERITS (t); INSERT INTO child VALUES (1);"
      "CREATE MATERIALIZED VIEW m AS SELECT * FROM t WHERE id < 4;"
      "CREATE MATERIALIZED VIEW unread AS SELECT * FROM t WITH NO DATA");
  const Gathered gathered = Gather(Counting());
  EXPECT_THAT(TableOf(gathered, "t").Number("rows"), Optional(Eq(100)));
  EXPECT_THAT(TableOf(gathered, "never").Number("rows"), Optional(Eq(0)));
  EXPECT_THAT(TableOf(gathered, "low").Number("rows"), Optional(Eq(9)));
  EXPECT_THAT(TableOf(gathered, "parts").Number("rows"), Optional(Eq(50)));
  EXPECT_THAT(TableOf(gathered, "child").Number("rows"), Optional(Eq(1)));
  EXPECT_THAT(gathered.view().Find({"materialized_view", {"public", "m"}})->Number("rows"),
              Optional(Eq(4)));
  EXPECT_EQ(gathered.view().Find({"materialized_view", {"public", "unread"}})->Number("rows"),
            std::nullopt);
  EXPECT_THAT(gathered.Errors(), IsEmpty());
}

TEST_P(Measures, OfRowsThatTheRoleMayNotReadAreErrorsThatSayWhatToGrant) {
  const std::string role = absl::StrCat("counter_of_", database());
  Run(absl::StrCat("CREATE ROLE ", role, " LOGIN PASSWORD '", PostgresServer::password(), "';"));
  Run("CREATE TABLE open (id int); CREATE TABLE \"Shut\" (id int); CREATE TABLE guarded (id int);"
      "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; CREATE SCHEMA hidden;"
      "CREATE TABLE hidden.t (id int); REVOKE ALL ON SCHEMA hidden FROM PUBLIC");
  Run(absl::StrCat("GRANT SELECT ON open, guarded TO ", role));
  const Gathered gathered = Gather(Counting(role));
  EXPECT_THAT(
      gathered.Errors(),
      ::testing::UnorderedElementsAre(
          absl::StrCat("counting rows of public.\"Shut\" | permission denied | "
                       "GRANT SELECT ON public.\"Shut\" TO ",
                       role),
          absl::StrCat("counting rows of hidden.t | permission denied for schema hidden | "
                       "GRANT USAGE ON SCHEMA hidden TO ",
                       role),
          absl::StrCat("counting rows of public.guarded | query would be affected by row-level "
                       "security policy for table \"guarded\" (42501) | ALTER ROLE ",
                       role, " BYPASSRLS")));
  EXPECT_THAT(TableOf(gathered, "open").Number("rows"), Optional(Eq(0)));
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_PARTIAL);
  Run(absl::StrCat("DROP OWNED BY ", role, "; DROP ROLE ", role));
}

TEST_P(Measures, OfRowsStopWhenTheirTimeIsUsedUp) {
  Run(kHundred);
  PostgresConfig config = Counting();
  config.counts_budget = absl::ZeroDuration();
  const Gathered gathered = Gather(config);
  EXPECT_THAT(gathered.Errors(),
              ElementsAre("counting rows | 2 tables were not counted when the time for counts (0) "
                          "was used up | allow counts more time, or take the estimates"));
  EXPECT_EQ(TableOf(gathered, "t").Number("rows"), std::nullopt);
}

TEST_P(Measures, OfWhatIsLockedAreMissingAndSaidToBe) {
  Run(kHundred);
  const auto holder = Open();
  VARVE_ASSERT_OK(holder->Run("BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE"));
  const Gathered gathered = Gather(Counting());
  EXPECT_EQ(TableOf(gathered, "t").Number("table_bytes"), std::nullopt);
  EXPECT_THAT(TableOf(gathered, "never").Number("table_bytes"), Optional(Eq(0)));
  EXPECT_THAT(TableOf(gathered, "never").Number("rows"), Optional(Eq(0)));
  EXPECT_THAT(gathered.Errors(),
              ::testing::UnorderedElementsAre(
                  "measuring tables (1 of them) | locked by another session while it was to be "
                  "read | read again when that session is done",
                  "counting rows of public.t | locked by another session while it was to be "
                  "counted | read again when that session is done"));
}

}  // namespace
}  // namespace varve::testing
