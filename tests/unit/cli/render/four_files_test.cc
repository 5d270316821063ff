#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "cli/render/files.h"
#include "snapshot/section_builder.h"
#include "snapshot/selection.h"
#include "tests/support/matchers.h"
#include "tests/support/sample_snapshot.h"
#include "tests/unit/cli/render/rendered_files.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using testing::FileJson;
using ::testing::HasSubstr;
using testing::Json;
using testing::StatusIs;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return file ? std::move(text).str() : "not there: " + path;
}

// Names of all files below a folder, hidden ones too.
std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The issue's shapes: which keys a file must have, and of which type their values are.
struct ShapeCase {
  const char* name;
  const char* source_kind;
  const char* pointer;  // to an object of the file
  std::map<std::string, Json::value_t> members;
};
class ShapeOfFiles : public ::testing::TestWithParam<ShapeCase> {};

TEST_P(ShapeOfFiles, HasEveryKeyOfTheRightType) {
  const Json file = FileJson(testing::SampleSnapshot(), GetParam().source_kind);
  const Json::json_pointer pointer(GetParam().pointer);
  ASSERT_TRUE(file.contains(pointer)) << file.dump(2);
  for (const auto& [key, type] : GetParam().members) {
    ASSERT_TRUE(file.at(pointer).contains(key)) << key;
    EXPECT_EQ(file.at(pointer).at(key).type(), type) << key;
  }
}

constexpr auto kText = Json::value_t::string;
constexpr auto kNumber = Json::value_t::number_unsigned;
constexpr auto kObject = Json::value_t::object;
constexpr auto kArray = Json::value_t::array;
constexpr auto kBool = Json::value_t::boolean;
constexpr auto kNull = Json::value_t::null;

INSTANTIATE_TEST_SUITE_P(
    All, ShapeOfFiles,
    ::testing::Values(
        ShapeCase{"Redis",
                  "redis",
                  "",
                  {{"metadata", kObject},
                   {"keys", kArray},
                   {"summary", kObject},
                   {"errors", kArray},
                   {"varve", kObject}}},
        ShapeCase{"RedisMetadata",
                  "redis",
                  "/metadata",
                  {{"exported_at", kText}, {"connection_status", kText}, {"redis_host", kText}}},
        ShapeCase{"RedisKey",
                  "redis",
                  "/keys/0",
                  {{"key", kText},
                   {"db", kNumber},
                   {"type", kText},
                   {"ttl", kNumber},
                   {"size_bytes", kNumber},
                   {"sample_value", kText}}},
        ShapeCase{"RedisSummary",
                  "redis",
                  "/summary",
                  {{"total_keys", kNumber}, {"key_patterns", kObject}, {"memory_usage", kNumber}}},
        ShapeCase{
            "Models",
            "models",
            "",
            {{"metadata", kObject}, {"models", kObject}, {"errors", kArray}, {"varve", kObject}}},
        ShapeCase{"Model",
                  "models",
                  "/models/SourceDocumentMinimal",
                  {{"schema", kObject},
                   {"fields", kObject},
                   {"field_count", kNumber},
                   {"base_classes", kArray},
                   {"model_config", kObject}}},
        ShapeCase{
            "ModelField",
            "models",
            "/models/SourceDocumentMinimal/fields/document_uuid",
            {{"type", kText}, {"required", kBool}, {"default", kNull}, {"description", kText}}},
        ShapeCase{"Schema",
                  "postgres",
                  "",
                  {{"metadata", kObject},
                   {"tables", kObject},
                   {"views", kObject},
                   {"materialized_views", kObject},
                   {"functions", kObject},
                   {"aggregates", kObject},
                   {"sequences", kObject},
                   {"types", kObject},
                   {"extensions", kObject},
                   {"summary", kObject},
                   {"errors", kArray},
                   {"varve", kObject}}},
        ShapeCase{"SchemaMetadata",
                  "postgres",
                  "/metadata",
                  {{"exported_at", kText}, {"connection_status", kText}, {"database", kText}}},
        ShapeCase{"Table",
                  "postgres",
                  "/tables/public.source_documents",
                  {{"columns", kArray},
                   {"primary_key", kArray},
                   {"foreign_keys", kArray},
                   {"indexes", kArray},
                   {"constraints", kArray},
                   {"triggers", kArray},
                   {"row_count", kNumber}}},
        ShapeCase{"SchemaSummary",
                  "postgres",
                  "/summary",
                  {{"total_tables", kNumber},
                   {"total_columns", kNumber},
                   {"total_foreign_keys", kNumber},
                   {"total_triggers", kNumber},
                   {"total_functions", kNumber}}},
        ShapeCase{"VarveKey",
                  "redis",
                  "/varve",
                  {{"format", kNumber},
                   {"environment", kText},
                   {"snapshot_id", kText},
                   {"seq", kNumber},
                   {"taken_at", kText},
                   {"sections", kArray},
                   {"snapshot", kText},
                   {"data", kObject}}},
        ShapeCase{"VarveSection",
                  "redis",
                  "/varve/sections/0",
                  {{"name", kText},
                   {"capture_revision", kNumber},
                   {"coverage", kArray},
                   {"fingerprints", kObject}}}),
    [](const auto& info) { return info.param.name; });

TEST(FourFiles, HaveTheValuesOfTheIssue) {
  const Snapshot snapshot = testing::SampleSnapshot();
  const Json redis = FileJson(snapshot, "redis");
  EXPECT_EQ(redis["metadata"]["exported_at"], "2025-06-08T04:24:12.360218Z");
  EXPECT_EQ(redis["metadata"]["connection_status"], "connected");
  EXPECT_EQ(redis["metadata"]["redis_host"], "redis-host:6379");
  EXPECT_EQ(redis["keys"][0]["key"], "doc:state:12345");
  EXPECT_EQ(redis["keys"][0]["ttl"], 3600);
  EXPECT_EQ(redis["keys"][1]["ttl"], -1);
  EXPECT_EQ(redis["summary"]["total_keys"], 150);
  EXPECT_EQ(redis["summary"]["key_patterns"]["cache"], 75);
  EXPECT_EQ(redis["summary"]["memory_usage"], 1048576);
  const Json model = FileJson(snapshot, "models")["models"]["SourceDocumentMinimal"];
  EXPECT_EQ(model["field_count"], 4);
  EXPECT_EQ(model["base_classes"], Json({"BaseModel"}));
  EXPECT_EQ(model["model_config"]["str_max_length"], 500);
  EXPECT_EQ(model["fields"]["document_uuid"]["type"], "UUID");
  EXPECT_EQ(model["fields"]["document_uuid"]["description"], "Primary document identifier");
}

TEST(FourFiles, ModelsSayWhyAComputedFieldIsDeprecated) {
  const Json functions =
      FileJson(testing::SampleSnapshot(), "models")["models"]["SourceDocumentMinimal"]["functions"];
  ASSERT_EQ(functions.size(), 2u);
  EXPECT_EQ(functions[0]["name"], "label");
  EXPECT_EQ(functions[0]["deprecated"], "use title");
  EXPECT_FALSE(functions[1].contains("deprecated"));
}

TEST(FourFiles, ModelsOfOneBareNameAreKeyedByTheirModules) {
  const Json models = FileJson(testing::SampleSnapshot(), "models")["models"];
  EXPECT_TRUE(models.contains("shop.entities.Entity"));
  EXPECT_TRUE(models.contains("shop.settings.Entity"));
  EXPECT_FALSE(models.contains("Entity"));
}

TEST(FourFiles, AggregatesStandApartFromFunctions) {
  v1::Shape total;
  v1::RoutineStructure& routine = *total.mutable_routine();
  routine.set_kind("aggregate");
  v1::Aggregate& aggregate = *routine.mutable_aggregate();
  aggregate.set_kind("normal");
  *aggregate.mutable_steps()->mutable_transition() =
      IdentityOf({"function", {"pg_catalog", "int4pl", "integer", "integer"}});
  aggregate.mutable_steps()->set_initial_condition("0");
  v1::Shape plain;
  plain.mutable_routine()->set_kind("function");
  SectionBuilder builder("shop", "postgres", 1);
  builder.Add({"function", {"public", "total", "integer"}}, v1::FACET_STRUCTURE, total, {});
  builder.Add({"function", {"public", "f"}}, v1::FACET_STRUCTURE, plain, {});
  Snapshot snapshot;
  snapshot.sections.push_back(builder.Finish());
  *snapshot.header.add_sections() = snapshot.sections.back().header;
  const Json file = FileJson(snapshot, "postgres");
  EXPECT_EQ(file["functions"].size(), 1u);
  EXPECT_TRUE(file["functions"].contains("public.f()"));
  EXPECT_EQ(file["aggregates"].size(), 1u);
  const Json& shown = file["aggregates"]["public.total(integer)"];
  EXPECT_EQ(shown["kind"], "normal");
  EXPECT_EQ(shown["transition"], "pg_catalog.int4pl(integer, integer)");
  EXPECT_EQ(shown["initial_condition"], "0");
  EXPECT_EQ(shown["final"], nullptr);
  EXPECT_EQ(shown["moving"], nullptr);
}

TEST(FourFiles, TheKeyVarveIsTheLast) {
  for (const char* const kind : {"postgres", "redis", "models"}) {
    const Json file = FileJson(testing::SampleSnapshot(), kind);
    ASSERT_TRUE(file.is_object()) << kind;
    auto last = file.end();
    EXPECT_EQ((--last).key(), "varve") << kind;
  }
}

TEST(FourFiles, WhatWasMaskedIsSaid) {
  const Json schema = FileJson(testing::SampleSnapshot(), "postgres");
  EXPECT_EQ(schema["metadata"]["redacted"], true);
  EXPECT_EQ(schema["metadata"]["redacted_count"], 1);
  EXPECT_EQ(schema["tables"]["public.source_documents"]["masked"], true);
  EXPECT_FALSE(schema["tables"]["public.canonical_entities"].contains("masked"));
}

TEST(FourFiles, WhatWasNotSeenIsSaidWithItsReason) {
  const Json schema = FileJson(testing::SampleSnapshot(), "postgres");
  EXPECT_EQ(schema["not_seen"][0]["kind"], "sequence");
  EXPECT_EQ(schema["not_seen"][0]["why"], "not permitted");
  EXPECT_EQ(schema["not_seen"][0]["remedy"], "GRANT pg_read_all_settings TO varve");
  EXPECT_EQ(schema["not_seen"][1]["facet"], "expressions");
  EXPECT_EQ(schema["not_seen"][1]["why"], "locked");
  EXPECT_EQ(schema["errors"][0]["message"],
            "deparsing app.mentions: lock timeout (55P03); read again when it is free");
}

TEST(FourFiles, WhatCoverageSaysOfOneObjectIsNotSaidTwice) {
  SectionBuilder builder("postgres", "postgres", 1);
  builder.CoverWhole("table");
  testing::AddTable(builder, testing::Table("public", "orders"), {});
  builder.AddUnseen(testing::Table("public", "orders"), v1::FACET_EXPRESSIONS, v1::SIGHT_LOCKED);
  builder.Cover("table", v1::FACET_EXPRESSIONS, v1::SIGHT_LOCKED, "locked by another session",
                "read again", std::vector<std::string>{"public", "orders"}, 1);
  const Json schema = FileJson(testing::Assemble({builder.Finish()}), "postgres");
  ASSERT_EQ(schema["not_seen"].size(), 1U);
  EXPECT_EQ(schema["not_seen"][0]["reason"], "locked by another session");
}

// Two tables and all functions are left out; of views nothing was.
Section WithExclusions() {
  SectionBuilder builder("postgres", "postgres", 1);
  const Selection selection = *Selection::Of({}, {"audit", "*.tmp_*", "function:*"});
  v1::Shape view;
  view.mutable_view();
  builder.Add({"view", {"public", "v"}}, v1::FACET_STRUCTURE, view);
  builder.CoverWhole("table");
  builder.CoverWhole("view");
  builder.CoverLeftOut(selection.Coverage("table", {0, 2, 0}, 0));
  builder.CoverLeftOut(selection.Coverage("view", {}, 0));
  builder.CoverLeftOut(selection.Coverage("function", {}, 0));
  return builder.Finish();
}

TEST(FourFiles, WhatWasLeftOutIsSaidOnceForEachKind) {
  const Json json = FileJson(testing::Assemble({WithExclusions()}), "postgres");
  std::map<std::string, Json> not_seen;
  for (const Json& item : json["not_seen"]) {
    EXPECT_TRUE(not_seen.emplace(item["kind"], item).second) << item;
    EXPECT_EQ(item["why"], "excluded");
  }
  ASSERT_EQ(not_seen.size(), 2u) << json["not_seen"];
  EXPECT_EQ(not_seen["table"]["count"], 2);
  EXPECT_EQ(not_seen["table"]["whole_kind"], false);
  EXPECT_EQ(not_seen["table"]["patterns"],
            Json::parse(R"([{"pattern":"audit","count":0},{"pattern":"*.tmp_*","count":2}])"));
  EXPECT_EQ(not_seen["function"]["whole_kind"], true);
  EXPECT_EQ(not_seen["function"]["reason"], "pattern audit, *.tmp_*, function:*");
  EXPECT_EQ(json["metadata"]["status"], "complete");
  EXPECT_EQ(json["summary"]["total_functions"], nullptr);
  EXPECT_EQ(json["summary"]["total_tables"], 0);
}

TEST(FourFiles, ASourceThatAnsweredIsConnectedWhateverIsMissing) {
  const Json metadata = FileJson(testing::SampleSnapshot(), "postgres")["metadata"];
  EXPECT_EQ(metadata["connection_status"], "connected");
  EXPECT_EQ(metadata["status"], "partial");
}

TEST(FourFiles, AnUnavailableSourceExportsEmptyWithItsErrors) {
  const Snapshot snapshot = testing::Assemble(
      {testing::SamplePostgres(),
       SectionBuilder::Unavailable("redis", "redis", "redis-host:6379", "connecting to redis",
                                   "connection refused", "start it")});
  const Json redis = FileJson(snapshot, "redis");
  EXPECT_EQ(redis["metadata"]["connection_status"], "unavailable");
  EXPECT_TRUE(redis["metadata"]["last_seen"].is_null());
  EXPECT_EQ(redis["keys"], Json::array());
  EXPECT_EQ(redis["summary"]["key_patterns"], Json::object());
  EXPECT_EQ(redis["errors"][0]["severity"], "error");
  EXPECT_EQ(redis["errors"][0]["message"], "connecting to redis: connection refused; start it");
}

TEST(FourFiles, AnUnavailableSourceSaysWhenItWasSeenLast) {
  Section redis =
      SectionBuilder::Unavailable("redis", "redis", "h:6379", "connecting", "refused", "start it");
  ReadLine line;
  line.line.key = {{"key_pattern", {"0", "doc:*"}}, v1::FACET_STRUCTURE};
  line.line.unseen = v1::SIGHT_UNAVAILABLE;
  line.sent = false;
  line.last_seen_seq = 40;
  line.last_seen_us = testing::kSampleTimeUs - 1000000;
  redis.lines = std::vector{line};
  const Json file = FileJson(testing::Assemble({redis}), "redis");
  EXPECT_EQ(file["metadata"]["last_seen"]["seq"], 40);
  EXPECT_EQ(file["metadata"]["last_seen"]["at"], "2025-06-08T04:24:11.360218Z");
  EXPECT_EQ(file["patterns"], Json::array());
  EXPECT_EQ(file["not_seen"], Json::array());
}

TEST(FourFiles, AKindThatIsNotConfiguredIsSaidToBe) {
  const Json models = FileJson(testing::Assemble({testing::SamplePostgres()}), "models");
  EXPECT_EQ(models["metadata"]["connection_status"], "not configured");
  EXPECT_EQ(models["models"], Json::object());
  EXPECT_EQ(models["errors"], Json::array());
}

Section RedisCalled(absl::string_view name, absl::string_view address) {
  SectionBuilder builder(name, "redis", 1);
  builder.SetAddress(address);
  for (const char* const kind : {"redis_server", "redis_database", "key_pattern"}) {
    builder.CoverWhole(kind);
  }
  builder.redis_keyspace().set_total_keys(7);
  return builder.Finish();
}

TEST(FourFiles, FurtherSourcesOfAKindStandInMoreEachOfTheSameShape) {
  const Json file =
      FileJson(testing::Assemble({testing::SampleRedis(), RedisCalled("queue", "q:6379"),
                                  RedisCalled("sessions", "s:6379")}),
               "redis");
  EXPECT_EQ(file["metadata"]["redis_host"], "redis-host:6379");
  ASSERT_EQ(file["more"].size(), 2U);
  EXPECT_EQ(file["more"]["queue"]["metadata"]["redis_host"], "q:6379");
  EXPECT_EQ(file["more"]["sessions"]["summary"]["total_keys"], 7);
  for (const char* const key : {"metadata", "keys", "summary", "errors"}) {
    EXPECT_TRUE(file["more"]["queue"].contains(key)) << key;
  }
  EXPECT_EQ(file["varve"]["data"].size(), 3U);
}

TEST(FourFiles, NoNameCanBreakTheJson) {
  const std::string hostile = "a\"b\\c\n</x>\x01\u202e";
  SectionBuilder builder("postgres", "postgres", 1);
  builder.CoverWhole("table");
  v1::TableStructure table;
  table.set_kind(v1::TABLE_KIND_PLAIN);
  *table.add_columns() = testing::NullableColumn(hostile, testing::CatalogType("text"));
  testing::AddTable(builder, testing::Table(hostile, hostile), table);
  const Json file = FileJson(testing::Assemble({builder.Finish()}), "postgres");
  ASSERT_EQ(file["tables"].size(), 1U);
  const Json& written = *file["tables"].begin();
  EXPECT_EQ(written["schema"], hostile);
  EXPECT_EQ(written["name"], hostile);
  EXPECT_EQ(written["columns"][0]["name"], hostile);
}

TEST(FourFiles, AreByteIdenticalEachTime) {
  const testing::TemporaryFolder folder;
  VARVE_ASSERT_OK(WriteFourFiles(testing::SampleSnapshot(), folder.Path("a"), {}));
  VARVE_ASSERT_OK(WriteFourFiles(testing::SampleSnapshot(), folder.Path("b"), {}));
  for (const char* const suffix : {"_schema.json", "_redis.json", "_models.json", "_analysis.md"}) {
    EXPECT_EQ(ReadFile(folder.Path("a") + suffix), ReadFile(folder.Path("b") + suffix)) << suffix;
  }
}

TEST(FourFiles, AreWrittenUnderTheBaseWithoutItsJson) {
  const testing::TemporaryFolder folder;
  const auto written = WriteFourFiles(testing::SampleSnapshot(), folder.Path("audit.json"), {});
  VARVE_ASSERT_OK(written);
  EXPECT_THAT(FilesIn(folder.path()), ElementsAre("audit_analysis.md", "audit_models.json",
                                                  "audit_redis.json", "audit_schema.json"));
  ASSERT_EQ(written->size(), 4U);
  for (const WrittenFile& file : *written) {
    EXPECT_EQ(file.size_bytes, std::filesystem::file_size(file.path));
  }
  EXPECT_EQ((*written)[0].status, v1::SECTION_STATUS_PARTIAL);
  EXPECT_EQ((*written)[1].status, v1::SECTION_STATUS_COMPLETE);
}

TEST(FourFiles, NoNameInASnapshotReachesAFilesName) {
  const testing::TemporaryFolder folder;
  Snapshot snapshot = testing::Assemble({RedisCalled("../../escape", "h:1")});
  snapshot.header.set_environment("../up");
  VARVE_ASSERT_OK(WriteFourFiles(snapshot, folder.Path("a"), {}));
  EXPECT_THAT(FilesIn(folder.path()),
              ElementsAre("a_analysis.md", "a_models.json", "a_redis.json", "a_schema.json"));
}

TEST(FourFiles, ADamagedSnapshotWritesNothing) {
  const testing::TemporaryFolder folder;
  Snapshot snapshot = testing::SampleSnapshot();
  snapshot.sections[0].shapes.Edit().clear();
  EXPECT_THAT(WriteFourFiles(snapshot, folder.Path("a"), {}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("postgres")));
  EXPECT_THAT(FilesIn(folder.path()), ::testing::IsEmpty());
}

struct BaseCase {
  const char* name;
  const char* base;  // below a temporary folder that holds the folder "reports" and a file "file"
  absl::StatusCode code;
  const char* words;
};
class BadBases : public ::testing::TestWithParam<BaseCase> {};

TEST_P(BadBases, AreRefusedBeforeAnythingIsWritten) {
  const testing::TemporaryFolder folder;
  ASSERT_TRUE(std::filesystem::create_directory(folder.Path("reports")));
  std::ofstream(folder.Path("file")) << "x";
  const auto written = WriteFourFiles(testing::SampleSnapshot(), folder.Path(GetParam().base), {});
  EXPECT_THAT(written, StatusIs(GetParam().code, HasSubstr(GetParam().words)));
  EXPECT_THAT(FilesIn(folder.path()), ElementsAre("file", "reports"));
  EXPECT_THAT(FilesIn(folder.Path("reports")), ::testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, BadBases,
    ::testing::Values(
        BaseCase{"Slash", "reports/", absl::StatusCode::kInvalidArgument, "write for example -o"},
        BaseCase{"Folder", "reports", absl::StatusCode::kInvalidArgument,
                 "is a folder; write for example -o"},
        BaseCase{"Dot", "reports/.", absl::StatusCode::kInvalidArgument, "names no file"},
        BaseCase{"DotDot", "reports/..", absl::StatusCode::kInvalidArgument, "names no file"},
        BaseCase{"OnlyJson", ".json", absl::StatusCode::kInvalidArgument, "names no file"},
        BaseCase{"NoSuchFolder", "nope/audit", absl::StatusCode::kNotFound,
                 "make the folder first"},
        BaseCase{"BelowAFile", "file/audit", absl::StatusCode::kNotFound, "make the folder first"}),
    [](const auto& info) { return info.param.name; });

TEST(DefaultBase, IsTheTimeInUtc) {
  EXPECT_EQ(DefaultBase(absl::FromUnixMicros(testing::kSampleTimeUs)),
            "schema_export_20250608_042412");
}

}  // namespace
}  // namespace varve
