// What the configuration leaves out: not in the section, counted, said with its pattern, not
// opened.
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "snapshot/line_state.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using Texts = std::vector<std::string>;

class SelectionOf : public PostgresCase {
 protected:
  PostgresConfig Selecting(Texts include, Texts exclude) const {
    PostgresConfig config = Config();
    config.include = std::move(include);
    config.exclude = std::move(exclude);
    return config;
  }
  Gathered Without(Texts exclude) const { return Gather(Selecting({}, std::move(exclude))); }

  // "table 2: pattern audit" of each kind of which something was left out.
  static Texts LeftOut(const Gathered& gathered) {
    Texts lines;
    for (const v1::CoverageEntry& entry : gathered.view().coverage().entries()) {
      if (entry.state() != v1::SIGHT_EXCLUDED || entry.count() == 0) continue;
      if (entry.facet() != v1::FACET_STRUCTURE) continue;
      lines.push_back(absl::StrCat(entry.kind(), " ", entry.count(), ": ", entry.reason()));
    }
    return lines;
  }
};
VARVE_ON_EVERY_POSTGRES(SelectionOf);

constexpr const char* kObjects =
    "CREATE SCHEMA audit;"
    "CREATE TABLE audit.log (id serial PRIMARY KEY, n int CHECK (n > 0));"
    "CREATE TABLE audit.keep (id int);"
    "CREATE VIEW audit.v AS SELECT n FROM audit.log;"
    "CREATE FUNCTION audit.f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
    "CREATE TABLE orders (id int PRIMARY KEY, total int DEFAULT 7);"
    "CREATE TABLE tmp_1 (id int); CREATE TABLE tmp_2 (id int);"
    "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
    "CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1';"
    "CREATE TYPE mood AS ENUM ('good')";

TEST_P(SelectionOf, ASchemaTakesAlongAllThatIsInIt) {
  Run(kObjects);
  const Gathered gathered = Without({"audit"});
  EXPECT_THAT(gathered.Names("schema"), ElementsAre("public"));
  EXPECT_THAT(gathered.Names("table"),
              ElementsAre("public.orders", "public.tmp_1", "public.tmp_2"));
  EXPECT_THAT(gathered.Names("view"), IsEmpty());
  EXPECT_THAT(gathered.Names("sequence"), IsEmpty());
  EXPECT_THAT(gathered.Mentioning("audit"), ElementsAre("coverage"));
  EXPECT_THAT(LeftOut(gathered),
              UnorderedElementsAre("schema 1: pattern audit", "table 2: pattern audit",
                                   "view 1: pattern audit", "function 1: pattern audit",
                                   "sequence 1: pattern audit"));
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_P(SelectionOf, AKindLeavesTheOthers) {
  Run(kObjects);
  const Gathered gathered = Without({"function:*"});
  EXPECT_THAT(gathered.Names("function"), IsEmpty());
  EXPECT_THAT(gathered.Names("enum"), ElementsAre("public.mood"));
  EXPECT_THAT(LeftOut(gathered), ElementsAre("function 3: pattern function:*"));
  // Nothing is said to have been looked at.
  for (const v1::CoverageEntry& entry : gathered.view().coverage().entries()) {
    if (entry.kind() != "function") continue;
    EXPECT_EQ(entry.state(), v1::SIGHT_EXCLUDED);
  }
}

TEST_P(SelectionOf, NamesHoldInEverySchemaAndForEveryOverload) {
  Run(kObjects);
  const Gathered gathered = Without({"table:*.tmp_?", "public.f"});
  EXPECT_THAT(gathered.Names("table"), ElementsAre("audit.keep", "audit.log", "public.orders"));
  EXPECT_THAT(gathered.Names("function"), ElementsAre("audit.f"));
  EXPECT_THAT(LeftOut(gathered), UnorderedElementsAre("table 2: pattern table:*.tmp_?, public.f",
                                                      "function 2: pattern public.f"));
}

TEST_P(SelectionOf, WhatIsTakenBackIsIn) {
  Run(kObjects);
  const Gathered gathered = Without({"audit", "*.tmp_*", "!audit.keep", "!schema:audit"});
  EXPECT_THAT(gathered.Names("table"), ElementsAre("audit.keep", "public.orders"));
  EXPECT_THAT(gathered.Names("schema"), ElementsAre("audit", "public"));
  std::map<std::string, uint64_t> counts;
  for (const v1::CoverageEntry& entry : gathered.view().coverage().entries()) {
    if (entry.kind() != "table" || entry.facet() != v1::FACET_STRUCTURE) continue;
    for (const v1::ScopePattern& pattern : entry.patterns()) {
      counts[pattern.pattern()] = pattern.count();
    }
  }
  EXPECT_THAT(counts, ElementsAre(::testing::Pair("!audit.keep", 0), ::testing::Pair("*.tmp_*", 2),
                                  ::testing::Pair("audit", 1)));
}

TEST_P(SelectionOf, OnlyWhatIsIncludedIsIn) {
  Run(kObjects);
  Run("CREATE EXTENSION hstore");
  const Gathered gathered = Gather(Selecting({"audit", "database:*"}, {"*.log*"}));
  EXPECT_THAT(gathered.Names("table"), ElementsAre("audit.keep"));
  EXPECT_THAT(gathered.Names("schema"), ElementsAre("audit"));
  EXPECT_THAT(gathered.Names("database"), ElementsAre("database"));
  EXPECT_THAT(gathered.Names("extension"), IsEmpty());
  EXPECT_THAT(LeftOut(gathered), Contains("table 4: not included by audit; pattern *.log*"));
  EXPECT_THAT(LeftOut(gathered), Contains(::testing::StartsWith("extension 2: not included")));
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_P(SelectionOf, NamesThatNeedQuotesMatchInQuotes) {
  Run("CREATE SCHEMA \"Odd.One\"; CREATE TABLE \"Odd.One\".\"a*b\" (id int);"
      "CREATE TABLE \"Odd.One\".\"aXb\" (id int); CREATE TABLE \"Odd.One\".\"say \"\"hi\"\"\" (id "
      "int)");
  EXPECT_THAT(Without({"\"Odd.One\".\"a*b\""}).Names("table"),
              ElementsAre("Odd.One.aXb", "Odd.One.say \"hi\""));
  EXPECT_THAT(Without({"\"Odd.One\".a*b"}).Names("table"), ElementsAre("Odd.One.say \"hi\""));
  EXPECT_THAT(Without({"*.\"say \"\"\"*"}).Names("table"),
              ElementsAre("Odd.One.a*b", "Odd.One.aXb"));
}

// A table's parts go with it and with nothing else: what speaks of it from outside stays.
TEST_P(SelectionOf, ATableTakesAlongItsPartsAlone) {
  Run("CREATE TABLE hidden (id int PRIMARY KEY); CREATE INDEX hidden_i ON hidden ((id + 1));"
      "CREATE TABLE shown (h int REFERENCES hidden); CREATE VIEW v AS SELECT id FROM hidden");
  const Gathered gathered = Without({"table:public.hidden"});
  EXPECT_THAT(gathered.Names("table"), ElementsAre("public.shown"));
  EXPECT_THAT(gathered.Names("view"), ElementsAre("public.v"));
  EXPECT_EQ(gathered.Constraint("shown", "shown_h_fkey").references().names(1), "hidden");
  EXPECT_THAT(gathered.Errors(), IsEmpty());
}

TEST_P(SelectionOf, WhatIsLockedAndLeftOutCostsNothing) {
  PostgresConfig config = Selecting({}, {"*.busy*"});
  config.include_counts = true;
  config.lock_timeout = absl::Seconds(20);
  Run("CREATE TABLE a_first (id int CHECK (id > 0)); CREATE INDEX ai ON a_first ((id + 1));"
      "CREATE TABLE busy (id int CHECK (id > 0), b int GENERATED ALWAYS AS (id * 2) STORED);"
      "CREATE INDEX busy_i ON busy ((id + 1)); CREATE VIEW busy_view AS SELECT id FROM busy;"
      "CREATE SEQUENCE busy_seq;"
      "CREATE TABLE z_last (id int CHECK (id > 0)); CREATE INDEX zi ON z_last ((id + 1))");
  const auto holder = Open();
  VARVE_ASSERT_OK(holder->Run("BEGIN; LOCK TABLE busy IN ACCESS EXCLUSIVE MODE"));
  const absl::Time before = absl::Now();
  const Gathered gathered = Gather(config);
  EXPECT_LT(absl::Now() - before, absl::Seconds(20));  // it waited for no lock at all
  EXPECT_THAT(gathered.Errors(), IsEmpty());
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_EQ(gathered.SightOf(TableKey("a_first"), v1::FACET_EXPRESSIONS), v1::SIGHT_CAPTURED);
  EXPECT_EQ(gathered.SightOf(TableKey("z_last"), v1::FACET_EXPRESSIONS), v1::SIGHT_CAPTURED);
  EXPECT_THAT(gathered.Mentioning("busy"), ElementsAre("coverage"));
}

TEST_P(SelectionOf, WhatIsLeftOutIsNotMeasuredNorCounted) {
  Run("CREATE TABLE shown AS SELECT 1 AS id; CREATE TABLE hidden AS SELECT 1 AS id; ANALYZE");
  PostgresConfig config = Selecting({}, {"*.hidden"});
  config.include_counts = true;
  const Gathered gathered = Gather(config);
  Texts measured;
  for (const v1::EntityMeasures& entity : gathered.section().measures->entities()) {
    measured.push_back(absl::StrJoin(entity.identity().names(), "."));
  }
  EXPECT_THAT(measured, Contains("public.shown"));
  EXPECT_THAT(measured, Not(Contains("public.hidden")));
}

// A catalog that is denied and feeds only what nobody wants to see is no trouble.
TEST_P(SelectionOf, WhatMayNotBeSeenAndIsLeftOutIsNoGap) {
  Run(kObjects);
  const std::string role = absl::StrCat("guest_of_", database());
  Run(absl::StrCat("CREATE ROLE ", role, " LOGIN PASSWORD '", PostgresServer::password(),
                   "'; REVOKE SELECT ON pg_catalog.pg_sequence FROM PUBLIC"));
  PostgresConfig config = Config(role);
  EXPECT_EQ(Gather(config).section().header.status(), v1::SECTION_STATUS_PARTIAL);
  config.exclude = {"sequence:*"};
  const Gathered gathered = Gather(config);
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(gathered.Errors(), IsEmpty());
  Run(absl::StrCat("DROP OWNED BY ", role, "; DROP ROLE ", role));
}

TEST_P(SelectionOf, MembersOfExtensionsAreStillCountedAsSuch) {
  Run("CREATE EXTENSION hstore; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  const Gathered gathered = Without({"function:*"});
  Texts reasons;
  for (const v1::CoverageEntry& entry : gathered.view().coverage().entries()) {
    if (entry.kind() != "function" || entry.facet() != v1::FACET_STRUCTURE) continue;
    reasons.push_back(absl::StrCat(absl::StrJoin(entry.scope(), "."), ": ", entry.reason(),
                                   entry.scope().empty() ? absl::StrCat(" ", entry.count()) : ""));
  }
  EXPECT_THAT(reasons, UnorderedElementsAre("extension hstore: member of an extension",
                                            ": pattern function:* 1"));
}

TEST_P(SelectionOf, WhatIsDroppedWhileItIsLeftOutIsNotRemoved) {
  Run(kObjects);
  const Gathered before = Gather();
  Run("DROP TABLE tmp_1; DROP TABLE audit.keep; DROP FUNCTION f(int)");
  const Gathered after = Without({"*.tmp_*", "function:*"});
  Texts removed;
  for (const std::string& line : Differences(before, after)) {
    if (line[0] == '-') removed.push_back(line);
  }
  EXPECT_THAT(removed, ElementsAre("- table audit.keep"));
  const LineStates states = *LineStates::Of(after.section());
  const LineState state = states.StateOf({TableKey("tmp_1"), v1::FACET_STRUCTURE});
  EXPECT_EQ(state.presence, Presence::kUnseen);
  EXPECT_EQ(state.why, v1::SIGHT_EXCLUDED);
  ASSERT_NE(state.coverage, nullptr);
  EXPECT_EQ(state.coverage->reason(), "pattern *.tmp_*");
}

// One environment leaves out what another has: excluded, and no difference.
TEST_P(SelectionOf, DifferencesToASideThatSeesItAreNone) {
  Run(kObjects);
  const Texts lines = Differences(Without({"audit", "function:*"}), Gather());
  EXPECT_THAT(lines, Contains("cannot say: table audit.log structure"));
  for (const std::string& line : lines) EXPECT_EQ(line.rfind("cannot say: ", 0), 0u) << line;
  EXPECT_THAT(Differences(Without({"audit"}), Without({"audit"})), IsEmpty());
}

TEST_P(SelectionOf, PatternsThatAreNoneReadNothing) {
  const Section section = GatherAnyhow(Selecting({}, {"a.b.c"}));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  ASSERT_EQ(section.header.errors_size(), 1);
  EXPECT_THAT(section.header.errors(0).why(), ::testing::HasSubstr("more parts than SCHEMA.NAME"));
}

}  // namespace
}  // namespace varve::testing
