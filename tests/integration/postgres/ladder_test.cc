// An agent that reads again and again reads no more than it must, and never takes a changed
// database for an unchanged one.
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::Eq;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

class Ladder : public PostgresCase {
 protected:
  // A source that knows the database: its second read is kept.
  void Know(const PostgresConfig& config) {
    source_ = SourceOf(config);
    config_ = config;
    Read();
    Read();
  }
  void Know() { Know(Config()); }

  Gathered Read() const { return Gathered(source_->Gather({}).front()); }
  static std::string ReadAt(const Gathered& gathered) {
    const EntityView* const database = gathered.view().Find({"database", {"database"}});
    return database == nullptr ? "" : std::string(database->Text("schema_read_at"));
  }
  // Whether the next read is that which was kept; in any case it is what a new source reads.
  bool IsGivenAgain() const {
    const Gathered kept = Read();
    const Gathered next = Read();
    const Gathered fresh = Gather(config_);
    EXPECT_EQ(next.section().header.manifest_hash(), fresh.section().header.manifest_hash());
    return ReadAt(kept) == ReadAt(next);
  }
  // What differs between `before` and the next read, which is what a new source reads.
  std::vector<std::string> Since(const Gathered& before) const {
    const Gathered next = Read();
    const Gathered fresh = Gather(config_);
    EXPECT_EQ(next.section().header.manifest_hash(), fresh.section().header.manifest_hash());
    EXPECT_THAT(Differences(next, fresh), IsEmpty());
    return Differences(before, next);
  }

  std::unique_ptr<Source> source_;
  PostgresConfig config_;
};
VARVE_ON_EVERY_POSTGRES(Ladder);

constexpr const char* kSome =
    "CREATE TABLE t (id int PRIMARY KEY, note text DEFAULT 'none'); CREATE SEQUENCE s;"
    "CREATE VIEW v AS SELECT id FROM t; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'";

TEST_P(Ladder, WhereNothingWasWrittenGivesAllAgain) {
  Run(kSome);
  Know();
  const Gathered kept = Read();
  const Gathered next = Read();
  EXPECT_EQ(ReadAt(kept), ReadAt(next));
  EXPECT_NE(ReadAt(kept), "");
  EXPECT_EQ(kept.section().header.SerializeAsString(), next.section().header.SerializeAsString());
  EXPECT_EQ(kept.section().measures->SerializeAsString(),
            next.section().measures->SerializeAsString());
  EXPECT_EQ(&*kept.section().lines, &*next.section().lines) << "shared, not copied";
  EXPECT_EQ(&*kept.section().shapes, &*next.section().shapes);
  EXPECT_THAT(Since(kept), IsEmpty());
}

TEST_P(Ladder, WhereOnlyRowsWereWrittenMeasuresAnew) {
  Run(kSome);
  PostgresConfig config = Config();
  config.sizes_every = absl::ZeroDuration();
  Know(config);
  const Gathered before = Read();
  Run("INSERT INTO t SELECT n FROM generate_series(1, 10) AS n; SELECT nextval('s')");
  const Gathered after = Read();
  EXPECT_EQ(ReadAt(before), ReadAt(after));
  EXPECT_THAT(after.view().Find({"sequence", {"public", "s"}})->Number("last_value"),
              Optional(Eq(1)));
  EXPECT_GT(after.view().Find(TableKey("t"))->Number("table_bytes").value_or(0), 0);
  EXPECT_TRUE(IsGivenAgain());
}

TEST_P(Ladder, SeesWhatIsSaidOfLargeObjectsAndNotThatTheyCome) {
  Run("SELECT lo_create(1)");
  Know();
  const Gathered before = Read();
  Run("SELECT lo_create(2)");
  EXPECT_EQ(ReadAt(before), ReadAt(Read()));
  Run("GRANT SELECT ON LARGE OBJECT 2 TO PUBLIC");
  const Gathered granted = Read();
  EXPECT_NE(ReadAt(before), ReadAt(granted));
  EXPECT_THAT(Since(before), Not(IsEmpty()));
  Run("COMMENT ON LARGE OBJECT 1 IS 'a plan'");
  EXPECT_THAT(Since(granted), SizeIs(1));
}

TEST_P(Ladder, IsNotFooledByWhatLeavesNothing) {
  Run(kSome);
  Know();
  const Gathered before = Read();
  const auto session = Open();
  VARVE_ASSERT_OK(session->Run("BEGIN; ALTER TABLE t ADD COLUMN x int; ROLLBACK"));
  VARVE_ASSERT_OK(session->Run("VACUUM (FREEZE) pg_catalog.pg_class"));
  VARVE_ASSERT_OK(session->Run("VACUUM (FREEZE) pg_catalog.pg_attribute"));
  VARVE_ASSERT_OK(session->Run("VACUUM ANALYZE t"));
  EXPECT_EQ(ReadAt(before), ReadAt(Read()));
  EXPECT_THAT(Since(before), IsEmpty());
}

TEST_P(Ladder, SeesWhatWasOpenWhenItRead) {
  Run(kSome);
  const auto session = Open();
  VARVE_ASSERT_OK(session->Run("BEGIN; CREATE TABLE late (id int)"));
  Know();
  const Gathered before = Read();
  EXPECT_EQ(before.view().Find(TableKey("late")), nullptr);
  VARVE_ASSERT_OK(session->Run("COMMIT"));
  EXPECT_THAT(Since(before), Not(IsEmpty()));
  EXPECT_NE(Read().view().Find(TableKey("late")), nullptr);
}

TEST_P(Ladder, IsReadWholeWhenItsTimeHasCome) {
  Run(kSome);
  PostgresConfig config = Config();
  config.full_read_every = absl::ZeroDuration();
  Know(config);
  EXPECT_FALSE(IsGivenAgain());
}

TEST_P(Ladder, DoesNotKeepWhatALockHid) {
  Run(kSome);
  Run("ALTER TABLE t ADD CHECK (id > 0)");
  const auto holder = Open();
  VARVE_ASSERT_OK(holder->Run("BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE"));
  Know();
  VARVE_ASSERT_OK(holder->Run("ROLLBACK"));
  const Gathered after = Read();
  EXPECT_EQ(after.section().header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(after.Errors(), IsEmpty());
}

TEST_P(Ladder, CountsRowsAnew) {
  Run(kSome);
  PostgresConfig config = Config();
  config.include_counts = true;
  config.sizes_every = absl::ZeroDuration();
  Know(config);
  const auto rows = [](const Gathered& gathered) {
    return gathered.view().Find(TableKey("t"))->Number("rows");
  };
  EXPECT_THAT(rows(Read()), Optional(Eq(0)));
  Run("INSERT INTO t VALUES (1)");
  EXPECT_THAT(rows(Read()), Optional(Eq(1)));
  EXPECT_THAT(rows(Read()), Optional(Eq(1)));  // nothing written, so not counted
}

TEST_P(Ladder, OfARoleThatMayOnlyConnectIsTheSame) {
  Run(kSome);
  const std::string role = absl::StrCat("guest_of_", database());
  Run(absl::StrCat("CREATE ROLE ", role, " LOGIN PASSWORD '", PostgresServer::password(), "'"));
  Know(Config(role));
  EXPECT_TRUE(IsGivenAgain());
  const Gathered before = Read();
  Run("COMMENT ON TABLE t IS 'told'");
  EXPECT_THAT(Since(before), Not(IsEmpty()));
  source_.reset();
  Run(absl::StrCat("DROP ROLE ", role));
}

TEST_P(Ladder, SeesADatabaseThatWasMadeAgain) {
  Run(kSome);
  const std::string other = absl::StrCat(database(), "_again");
  const std::string create = absl::StrCat("CREATE DATABASE ", other, " TEMPLATE ", database());
  VARVE_ASSERT_OK(server().Run("postgres", create));
  PostgresConfig config = Config();
  config.connection = server().Connection(other);
  Know(config);
  const Gathered before = Read();
  VARVE_ASSERT_OK(server().Run("postgres", absl::StrCat("DROP DATABASE ", other)));
  VARVE_ASSERT_OK(server().Run("postgres", create));
  EXPECT_NE(ReadAt(before), ReadAt(Read()));
  source_.reset();
  VARVE_ASSERT_OK(server().Run("postgres", absl::StrCat("DROP DATABASE ", other)));
}

// One statement for each catalog that a section is made of.
TEST_P(Ladder, SeesEachChange) {
  Run(kSome);
  const std::string role = absl::StrCat("one_in_", database());
  Run(absl::StrCat("CREATE ROLE ", role));
  Know();
  const std::string statements[] = {
      "ALTER TABLE t ADD COLUMN x int",
      "ALTER TABLE t ALTER x SET DEFAULT 5",
      "ALTER TABLE t ALTER x SET DEFAULT 6",
      "ALTER TABLE t ALTER x SET STATISTICS 50",
      "ALTER TABLE t RENAME x TO y",
      "ALTER TABLE t ADD CONSTRAINT positive CHECK (y > 0) NOT VALID",
      "ALTER TABLE t VALIDATE CONSTRAINT positive",
      "ALTER TABLE t DROP CONSTRAINT positive",
      "CREATE INDEX t_y ON t (y) WHERE y > 1",
      "ALTER INDEX t_y SET (fillfactor = 70)",
      "ALTER TABLE t CLUSTER ON t_pkey",
      "ALTER TABLE t REPLICA IDENTITY FULL",
      "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
      "CREATE POLICY p ON t USING (y = 1)",
      "ALTER POLICY p ON t USING (y = 2)",
      "CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING",
      "ALTER TABLE t DISABLE RULE r",
      "CREATE OR REPLACE VIEW v AS SELECT id FROM t WHERE id > 7",
      "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'",
      "ALTER FUNCTION f() COST 3",
      "ALTER SEQUENCE s INCREMENT 7",
      "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'",
      "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g()",
      "ALTER TABLE t DISABLE TRIGGER tr",
      "COMMENT ON COLUMN t.y IS 'said'",
      "GRANT SELECT (y) ON t TO PUBLIC",
      absl::StrCat("ALTER TABLE t OWNER TO ", role),
      "CREATE TYPE mood AS ENUM ('sad', 'glad')",
      "ALTER TYPE mood ADD VALUE 'calm' BEFORE 'glad'",
      "CREATE DOMAIN d AS int CHECK (value > 0)",
      "ALTER DOMAIN d SET DEFAULT 4",
      "CREATE TYPE pair AS (a int, b text)",
      "CREATE TYPE span AS RANGE (subtype = int4)",
      "CREATE SCHEMA other",
      "ALTER DEFAULT PRIVILEGES IN SCHEMA other GRANT SELECT ON TABLES TO PUBLIC",
      "ALTER TABLE t SET SCHEMA other",
      "CREATE TABLE parted (id int) PARTITION BY LIST (id)",
      "CREATE TABLE part PARTITION OF parted FOR VALUES IN (1)",
      "ALTER TABLE parted DETACH PARTITION part",
      "CREATE STATISTICS st ON id, y FROM other.t",
      "CREATE EXTENSION hstore",
      "ALTER EXTENSION hstore SET SCHEMA other",
      "CREATE COLLATION german (locale = 'C')",
      "CREATE CAST (int AS mood) WITH INOUT",
      "CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq)",
      "CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int)",
      "CREATE TEXT SEARCH CONFIGURATION words (COPY = simple)",
      "ALTER TEXT SEARCH CONFIGURATION words DROP MAPPING FOR email",
      "CREATE FOREIGN DATA WRAPPER w OPTIONS (a '1')",
      "CREATE SERVER far FOREIGN DATA WRAPPER w",
      "CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (user 'u')",
      "ALTER USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (ADD note 'x')",
      "CREATE PUBLICATION pub FOR TABLE other.t",
      "ALTER PUBLICATION pub SET (publish = 'insert')",
      "CREATE SUBSCRIPTION sub CONNECTION 'host=far' PUBLICATION p WITH (connect = false)",
      "ALTER SUBSCRIPTION sub SET (synchronous_commit = 'local')",
      "ALTER SUBSCRIPTION sub SET (slot_name = NONE)",
      "DROP SUBSCRIPTION sub",
      absl::StrCat("ALTER DATABASE ", database(), " SET work_mem = '5MB'"),
      absl::StrCat("ALTER ROLE ", role, " IN DATABASE ", database(), " SET work_mem = '6MB'"),
      absl::StrCat("COMMENT ON DATABASE ", database(), " IS 'said'"),
      absl::StrCat("GRANT CREATE ON DATABASE ", database(), " TO ", role),
      absl::StrCat("REVOKE CREATE ON DATABASE ", database(), " FROM ", role),
      absl::StrCat("ALTER ROLE ", role, " RENAME TO ", role, "_renamed"),
      absl::StrCat("ALTER ROLE ", role, "_renamed RENAME TO ", role),
      "DROP TABLE part",
      "DROP VIEW v",
  };
  for (const std::string& statement : statements) {
    SCOPED_TRACE(statement);
    const Gathered before = Read();
    Run(statement);
    EXPECT_THAT(Since(before), Not(IsEmpty()));
  }
  source_.reset();
  Run(absl::StrCat("ALTER TABLE other.t OWNER TO postgres; DROP OWNED BY ", role));
  Run(absl::StrCat("ALTER ROLE ", role, " IN DATABASE ", database(), " RESET ALL"));
  Run(absl::StrCat("DROP ROLE ", role));
}

TEST_P(Ladder, SeesAnIndexThatBecomesValid) {
  Run("CREATE TABLE t (id int); INSERT INTO t VALUES (1), (1)");
  const auto session = Open();
  EXPECT_FALSE(session->Run("CREATE UNIQUE INDEX CONCURRENTLY once ON t (id)").ok());
  Know();
  const Gathered before = Read();
  Run("DELETE FROM t");
  EXPECT_TRUE(IsGivenAgain());
  VARVE_ASSERT_OK(session->Run("REINDEX INDEX CONCURRENTLY once"));
  EXPECT_THAT(Since(before), Not(IsEmpty()));
}

// Servers of their own, which the test stops, copies and promotes.
class LadderOf : public ::testing::TestWithParam<PostgresPrograms> {
 protected:
  void SetUp() override {
    auto started = PostgresServer::Start({.programs = GetParam()});
    ASSERT_THAT(started, IsOk());
    server_ = *std::move(started);
    VARVE_ASSERT_OK(server_->CreateDatabase("shop"));
    VARVE_ASSERT_OK(server_->Run("shop", kSome));
  }
  static std::unique_ptr<Source> SourceAt(const PostgresServer& server) {
    PostgresConfig config;
    config.connection = server.Connection("shop");
    config.cluster = false;
    return SourceOf(config);
  }
  static Gathered Read(Source& source) { return Gathered(source.Gather({}).front()); }
  static std::string ReadAt(const Gathered& gathered) {
    const EntityView* const database = gathered.view().Find({"database", {"database"}});
    return database == nullptr ? "" : std::string(database->Text("schema_read_at"));
  }
  std::unique_ptr<PostgresServer> server_;
};
VARVE_ON_EVERY_POSTGRES(LadderOf);

TEST_P(LadderOf, AServerThatWasStartedAgainIsReadWhole) {
  const auto source = SourceAt(*server_);
  Read(*source);
  const std::string before = ReadAt(Read(*source));
  EXPECT_EQ(ReadAt(Read(*source)), before);
  server_->Stop();
  VARVE_ASSERT_OK(server_->Restart());
  const std::string after = ReadAt(Read(*source));
  EXPECT_NE(after, "");
  EXPECT_NE(after, before);
  EXPECT_EQ(ReadAt(Read(*source)), after);
}

TEST_P(LadderOf, AStandbySeesWhatIsReplayedAndThatItIsPromoted) {
  const auto started = PostgresServer::StartStandby(*server_, {});
  ASSERT_THAT(started, IsOk());
  const PostgresServer& standby = **started;
  const auto source = SourceAt(standby);
  const auto wait_for = [&](const std::string& question) {
    const absl::Time end = absl::Now() + absl::Minutes(1);
    while (absl::Now() < end) {
      const auto answer = standby.Query("shop", question);
      if (answer.ok() && answer->front().front() == "t") return true;
      absl::SleepFor(absl::Milliseconds(10));
    }
    return false;
  };
  Read(*source);
  const std::string before = ReadAt(Read(*source));
  EXPECT_EQ(ReadAt(Read(*source)), before);
  VARVE_ASSERT_OK(server_->Run("shop", "COMMENT ON TABLE t IS 'told'"));
  ASSERT_TRUE(wait_for("SELECT obj_description('t'::regclass) = 'told'"));
  const Gathered replayed = Read(*source);
  EXPECT_NE(ReadAt(replayed), before);
  EXPECT_EQ(ReadAt(Read(*source)), ReadAt(replayed));
  VARVE_ASSERT_OK(standby.Run("postgres", "SELECT pg_promote()"));
  ASSERT_TRUE(wait_for("SELECT NOT pg_is_in_recovery()"));
  const Gathered promoted = Read(*source);
  EXPECT_NE(ReadAt(promoted), ReadAt(replayed));
  EXPECT_EQ(promoted.section().header.manifest_hash(), replayed.section().header.manifest_hash());
  VARVE_ASSERT_OK(standby.Run("shop", "COMMENT ON TABLE t IS 'told here'"));
  const Gathered changed = Read(*source);
  EXPECT_NE(changed.section().header.manifest_hash(), promoted.section().header.manifest_hash());
}

}  // namespace
}  // namespace varve::testing
