#include "tests/integration/models/rules_case.h"

#include <algorithm>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/source/postgres/postgres_source.h"
#include "snapshot/rules/rules.h"
#include "tests/integration/models/models_project.h"
#include "tests/support/matchers.h"

namespace varve::testing {
namespace {

using ::testing::UnorderedElementsAreArray;

constexpr char kBase[] = "application";
constexpr char kCopy[] = "changed";
constexpr char kSource[] = "postgres";

Snapshot SnapshotOf(const std::vector<Section>& sections) {
  Snapshot snapshot;
  for (const Section& section : sections) {
    *snapshot.header.add_sections() = section.header;
    snapshot.sections.push_back(section);
  }
  return snapshot;
}

CheckResult Checked(const Section& database, const Section& models) {
  const Snapshot snapshot = SnapshotOf({database, models});
  std::vector<std::string> rules;
  for (const Rule& rule : Rules()) {
    if (absl::StartsWith(rule.id, "model/") && rule.by_default) rules.emplace_back(rule.id);
  }
  const absl::StatusOr<CheckResult> result = Check(snapshot, rules);
  VARVE_EXPECT_OK(result);
  return result.ok() ? *result : CheckResult();
}

std::string What(const Finding& finding) {
  return absl::StrCat(SeverityName(finding.severity), " ", finding.rule, " ", finding.object);
}

}  // namespace

RulesDatabase::RulesDatabase(const std::string& ddl) {
  absl::StatusOr<std::unique_ptr<PostgresServer>> server = PostgresServer::Start({});
  if (!server.ok()) {
    ADD_FAILURE() << server.status();
    return;
  }
  server_ = *std::move(server);
  VARVE_EXPECT_OK(server_->CreateDatabase(kBase));
  VARVE_EXPECT_OK(server_->Run(kBase, ddl));
}

Section RulesDatabase::Read(const std::string& database, const std::string& source) const {
  PostgresConfig config;
  config.name = source;
  config.connection = server_->Connection(database);
  config.cluster = false;
  Section section = MakePostgresSource(config, TestRedactor(), std::make_shared<KnownDatabases>())
                        ->Gather({})
                        .front();
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  return section;
}

std::vector<std::string> RulesDatabase::Findings(const Section& models) const {
  std::vector<std::string> found;
  if (server_ == nullptr) return {"no server"};
  for (const Finding& finding : Checked(Read(kBase, kSource), models).findings) {
    found.push_back(absl::StrCat(What(finding), ": ", finding.message));
  }
  return found;
}

std::vector<std::string> RulesDatabase::Unsaid(const Section& models) const {
  std::vector<std::string> unsaid;
  if (server_ == nullptr) return {"no server"};
  for (const CannotSay& each : Checked(Read(kBase, kSource), models).cannot_say) {
    unsaid.push_back(absl::StrCat(each.rule, " ", each.object, ": ", each.reason));
  }
  return unsaid;
}

Section RulesDatabase::Named(const std::string& source) const {
  return server_ == nullptr ? Section() : Read(kBase, source);
}

std::vector<std::string> RulesDatabase::Says(const std::string& rule,
                                             const std::vector<Section>& sections,
                                             const v1::CheckConfig& file) const {
  if (server_ == nullptr) return {"no server"};
  std::vector<Section> all = {Read(kBase, kSource)};
  all.insert(all.end(), sections.begin(), sections.end());
  return SaidBy(rule, all, file);
}

std::vector<std::string> SaidBy(const std::string& rule, const std::vector<Section>& sections,
                                const v1::CheckConfig& file) {
  const absl::StatusOr<CheckResult> result =
      Check(SnapshotOf(sections), std::vector<std::string>{rule}, file);
  if (!result.ok()) return {std::string(result.status().message())};
  std::vector<std::string> said;
  for (const Finding& each : result->findings) {
    said.push_back(absl::StrCat(SeverityName(each.severity), " ", each.object, ": ", each.message));
  }
  for (const CannotSay& each : result->cannot_say) {
    said.push_back(absl::StrCat("? ", each.object, ": ", each.reason));
  }
  return said;
}

void RulesDatabase::ExpectFound(const Section& models,
                                const std::vector<DatabaseChange>& changes) const {
  ASSERT_NE(server_, nullptr);
  std::vector<std::string> before;
  for (const Finding& finding : Checked(Read(kBase, kSource), models).findings) {
    before.push_back(What(finding));
  }
  for (const DatabaseChange& change : changes) {
    SCOPED_TRACE(change.sql);
    VARVE_ASSERT_OK(
        server_->Run("postgres", absl::StrCat("CREATE DATABASE ", kCopy, " TEMPLATE ", kBase)));
    VARVE_EXPECT_OK(server_->Run(kCopy, change.sql));
    std::vector<std::string> found;
    for (const Finding& finding : Checked(Read(kCopy, kSource), models).findings) {
      const std::string what = What(finding);
      if (std::find(before.begin(), before.end(), what) == before.end()) found.push_back(what);
    }
    EXPECT_THAT(found, UnorderedElementsAreArray(change.found));
    VARVE_ASSERT_OK(server_->Run("postgres", absl::StrCat("DROP DATABASE ", kCopy)));
  }
}

std::string DdlOf(const std::string& python, const std::string& folder,
                  const std::string& metadata_of) {
  return PythonSays(
      python, folder,
      absl::StrCat("from sqlalchemy import create_mock_engine\n"
                   "from sqlalchemy.dialects import postgresql\nimport m\n"
                   "dialect = postgresql.dialect(paramstyle='named')  # others write % twice\n"
                   "def say(sql, *args, **kwargs):\n"
                   "    print(str(sql.compile(dialect=dialect)).strip() + ';')\n"
                   "engine = create_mock_engine('postgresql+psycopg2://', say)\n"
                   "metadata = m.",
                   metadata_of,
                   "\nfor schema in sorted({t.schema for t in metadata.tables.values() if t.schema}"
                   "):\n    print('CREATE SCHEMA ' + schema + ';')\n"
                   "metadata.create_all(engine, checkfirst=False)\n"));
}

}  // namespace varve::testing
