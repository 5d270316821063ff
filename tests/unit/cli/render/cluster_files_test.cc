// What databases share, and several databases of a source, in the files.
#include "cli/render/analysis.h"
#include "cli/render/files.h"
#include "cli/render/snapshot_file.h"
#include "snapshot/diff.h"
#include "snapshot/rules/rules.h"
#include "tests/support/matchers.h"
#include "tests/support/sample_snapshot.h"
#include "tests/unit/cli/render/rendered_files.h"

namespace varve {
namespace {

using testing::FileJson;
using ::testing::HasSubstr;
using testing::Json;

Section Database(absl::string_view name, absl::string_view table) {
  SectionBuilder builder(name, "postgres", 1);
  builder.SetAddress("db:5432/shop");
  testing::AddTable(builder, testing::Table("public", table), {});
  builder.CoverWhole("table");
  return builder.Finish();
}

Section Cluster(absl::string_view name) {
  SectionBuilder builder(name, "postgres", 1);
  v1::Shape database;
  database.mutable_database()->set_encoding("UTF8");
  builder.Add({"database", {"shop"}}, v1::FACET_STRUCTURE, database);
  v1::Shape role;
  role.mutable_role()->set_login(true);
  v1::RoleMembership& membership = *role.mutable_role()->add_memberships();
  *membership.mutable_role() = IdentityOf({"role", {"clerks"}});
  *membership.mutable_grantor() = IdentityOf({"role", {"postgres"}});
  membership.set_no_set(true);
  builder.Add({"role", {"ann"}}, v1::FACET_ACCESS, role);
  v1::Shape options;
  options.mutable_role_options()->set_connection_limit(5);
  builder.Add({"role", {"ann"}}, v1::FACET_OPTIONS, options);
  v1::Shape location;
  location.mutable_tablespace_options()->set_location("/disk");
  v1::Shape tablespace;
  tablespace.mutable_tablespace();
  builder.Add({"tablespace", {"fast"}}, v1::FACET_STRUCTURE, tablespace);
  builder.Add({"tablespace", {"fast"}}, v1::FACET_OPTIONS, location);
  v1::Shape setting;
  setting.mutable_setting()->set_value("12288");
  setting.mutable_setting()->set_unit("kB");
  setting.mutable_setting()->set_source("configuration file");
  builder.Add({"setting", {"work_mem"}}, v1::FACET_OPTIONS, setting);
  const std::vector<std::string> hidden = {"hba_file"};
  builder.Cover("setting", v1::FACET_OPTIONS, v1::SIGHT_NOT_PERMITTED, "hidden", "GRANT", hidden);
  builder.Error("reading pg_tablespace", "denied");
  for (const char* const kind : {"database", "role", "tablespace", "setting"}) {
    builder.CoverWhole(kind);
  }
  return builder.Finish();
}

Snapshot Of(std::vector<Section> sections) { return testing::Assemble(std::move(sections)); }

std::string Analysis(const Snapshot& snapshot) {
  const absl::StatusOr<RenderView> view = RenderView::Of(snapshot);
  return view.ok() ? RenderAnalysis(*view, {}) : view.status().ToString();
}

TEST(ClusterFiles, WhatItHoldsStandsBesideTheTablesOfItsDatabase) {
  const Json file = FileJson(Of({Database("orders", "t"), Cluster("orders/")}), "postgres");
  EXPECT_TRUE(file["tables"].contains("public.t"));
  const Json& ann = file["roles"]["ann"];
  EXPECT_EQ(ann["login"], true);
  EXPECT_EQ(ann["connection_limit"], 5);
  EXPECT_EQ(ann["member_of"][0]["role"], "clerks");
  EXPECT_EQ(ann["member_of"][0]["set"], false);
  EXPECT_EQ(file["tablespaces"]["fast"]["location"], "/disk");
  EXPECT_EQ(file["settings"]["work_mem"]["value"], "12288");
  EXPECT_EQ(file["cluster"]["source"], "orders/");
  EXPECT_EQ(file["cluster"]["status"], "partial");
  EXPECT_EQ(file["cluster"]["databases"]["shop"]["encoding"], "UTF8");
  EXPECT_EQ(file["not_seen"][0]["scope"][0], "hba_file");
  EXPECT_EQ(file["errors"][0]["doing"], "reading pg_tablespace");
  EXPECT_FALSE(file.contains("more"));
  EXPECT_TRUE(file["varve"]["data"].contains("orders/"));
}

TEST(ClusterFiles, WithoutItNothingIsSaidOfRoles) {
  const Json file = FileJson(Of({Database("orders", "t")}), "postgres");
  for (const char* const key : {"roles", "tablespaces", "settings", "cluster"}) {
    EXPECT_FALSE(file.contains(key)) << key;
  }
}

TEST(ClusterFiles, OfSeveralDatabasesTheFirstIsFlatAndTheOthersAreMore) {
  const Json file = FileJson(
      Of({Database("orders/a", "t"), Database("orders/b", "u"), Cluster("orders/")}), "postgres");
  EXPECT_EQ(file["metadata"]["source"], "orders/a");
  EXPECT_TRUE(file["roles"].contains("ann"));
  ASSERT_EQ(file["more"].size(), 1u);
  EXPECT_TRUE(file["more"]["orders/b"]["tables"].contains("public.u"));
  EXPECT_FALSE(file["more"]["orders/b"].contains("roles"));
}

TEST(ClusterFiles, EachSourceHasItsOwn) {
  const Json file = FileJson(
      Of({Database("orders", "t"), Cluster("orders/"), Database("stock", "u"), Cluster("stock/")}),
      "postgres");
  EXPECT_EQ(file["cluster"]["source"], "orders/");
  EXPECT_EQ(file["more"]["stock"]["cluster"]["source"], "stock/");
}

TEST(ClusterFiles, AServerThatNeverAnsweredIsUnavailable) {
  const Json file = FileJson(
      Of({SectionBuilder::Unavailable("orders/", "postgres", "", "connecting", "refused", "")}),
      "postgres");
  EXPECT_EQ(file["metadata"]["connection_status"], "unavailable");
  EXPECT_EQ(file["errors"][0]["why"], "refused");
}

TEST(ClusterFiles, AreReadBackAsTheSnapshotThatTheyCameFrom) {
  const testing::TemporaryFolder folder;
  const Snapshot snapshot = Of({Database("orders", "t"), Cluster("orders/")});
  VARVE_ASSERT_OK(WriteFourFiles(snapshot, folder.Path("audit"), {}));
  const absl::StatusOr<Snapshot> read = ReadSnapshotFiles(folder.Path("audit"));
  VARVE_ASSERT_OK(read);
  EXPECT_EQ(read->header.SerializeAsString(), snapshot.header.SerializeAsString());
  const auto same = Diff(snapshot, *read, nullptr);
  VARVE_ASSERT_OK(same);
  EXPECT_EQ(same->verdict(), v1::VERDICT_SAME);
}

TEST(ClusterAnalysis, ListsRolesTablespacesAndSettingsOfOneSource) {
  const std::string text = Analysis(Of({Database("orders", "t"), Cluster("orders/")}));
  EXPECT_THAT(text, HasSubstr("0 of 1 source read whole"));
  EXPECT_THAT(text, HasSubstr("## Database Schema\n"));
  EXPECT_THAT(text, HasSubstr("## Database Cluster\n"));
  EXPECT_THAT(text, HasSubstr("| ann | login, no inherit | clerks |  |"));
  EXPECT_THAT(text, HasSubstr("| fast |  | /disk |"));
  EXPECT_THAT(text, HasSubstr("| work_mem | 12288 | kB | configuration file |"));
}

TEST(ClusterAnalysis, NamesWhatThereAreSeveralOf) {
  const std::string text =
      Analysis(Of({Database("orders/a", "t"), Database("orders/b", "u"), Cluster("orders/")}));
  EXPECT_THAT(text, HasSubstr("## Database Schema: orders/a\n"));
  EXPECT_THAT(text, HasSubstr("## Database Schema: orders/b\n"));
  EXPECT_THAT(text, HasSubstr("## Database Cluster: orders/\n"));
}

TEST(ClusterAnalysis, RulesSayNothingOfIt) {
  const absl::StatusOr<CheckResult> result =
      Check(Of({Database("orders", "t"), Cluster("orders/")}), RulesNamed({}).value());
  VARVE_ASSERT_OK(result);
  for (const auto& unsaid : result->cannot_say) EXPECT_NE(unsaid.section, "orders/");
}

}  // namespace
}  // namespace varve
