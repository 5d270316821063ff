#include "agent/source/models/probe_lines.h"

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using testing::StatusIs;

template <typename T>
T Parsed(absl::string_view line) {
  absl::StatusOr<ProbeLine> parsed = ParseProbeLine(line);
  VARVE_EXPECT_OK(parsed);
  if (parsed.ok() && std::holds_alternative<T>(*parsed)) return std::get<T>(*std::move(parsed));
  ADD_FAILURE() << line << " is a line of another kind";
  return {};
}

TEST(ProbeLine, StepsNameTheirModule) {
  EXPECT_EQ(Parsed<ProbeHello>(R"({"k":"hello","python":"3.11.2","more":1})").python, "3.11.2");
  EXPECT_EQ(Parsed<ProbeImport>(R"({"k":"import","module":"shop.a"})").module, "shop.a");
  EXPECT_EQ(Parsed<ProbeImported>(R"({"k":"imported","module":"shop.a"})").module, "shop.a");
  EXPECT_EQ(Parsed<ProbeParsed>(R"({"k":"parsed","module":"shop.a"})").module, "shop.a");
  EXPECT_EQ(Parsed<ProbeDescribe>(R"({"k":"describe","id":"shop.a:A"})").id, "shop.a:A");
  EXPECT_EQ(Parsed<ProbeEnd>(R"({"k":"end","models":7})").models, 7);
  const auto module = Parsed<ProbeModule>(R"({"k":"module","name":"shop.a","file":"shop/a.py"})");
  EXPECT_EQ(module.name, "shop.a");
  EXPECT_EQ(module.file, "shop/a.py");
}

TEST(ProbeLine, AListOfModulesSaysWhatItLacks) {
  EXPECT_EQ(Parsed<ProbeLeftOut>(R"({"k":"left_out","name":"shop.tests"})").name, "shop.tests");
  const auto listed =
      Parsed<ProbeListed>(R"({"k":"listed","capped":["shop"],"unread":["shop.a","shop.b"]})");
  EXPECT_THAT(listed.capped, ElementsAre("shop"));
  EXPECT_THAT(listed.unread, ElementsAre("shop.a", "shop.b"));
}

TEST(ProbeLine, ALibraryHasVersionsAndAGeneration) {
  const auto library = Parsed<ProbeLibrary>(
      R"({"k":"library","generation":2,"versions":{"pydantic":"2.11.1","pydantic.v1":"1.10.21"}})");
  EXPECT_EQ(library.generation, 2);
  EXPECT_THAT(library.versions,
              ElementsAre(Pair("pydantic", "2.11.1"), Pair("pydantic.v1", "1.10.21")));
}

TEST(ProbeLine, AnErrorSaysAllThatItWasTold) {
  const auto error = Parsed<ProbeError>(
      R"({"k":"error","stage":"import","module":"shop.b","raised_by":"shop.a","type":"KeyError",)"
      R"("text":"","file":"shop/a.py","line":3,"variables":["SHOP_URL"],"missing":"boto3"})");
  EXPECT_EQ(error.stage, "import");
  EXPECT_EQ(error.raised_by, "shop.a");
  EXPECT_EQ(error.type, "KeyError");
  EXPECT_EQ(error.line, 3);
  EXPECT_THAT(error.variables, ElementsAre("SHOP_URL"));
  EXPECT_EQ(error.missing, "boto3");
}

TEST(ProbeLine, AnEnumHasMembers) {
  const auto found = Parsed<ProbeEnum>(
      R"({"k":"enum","id":"m:E","module":"m","qualname":"E","bases":["enum:Enum"],"doc":"An E.",)"
      R"("members":[{"name":"A","value":"1"},{"name":"B","value_text":"f"}]})");
  ASSERT_EQ(found.members.size(), 2u);
  EXPECT_EQ(found.members[0].value_json, "1");
  EXPECT_EQ(found.members[1].value_json, std::nullopt);
  EXPECT_EQ(found.members[1].value_text, "f");
}

TEST(ProbeLine, ATableHasColumnsKeysAndIndexes) {
  const auto model = Parsed<ProbeModel>(
      R"({"k":"model","id":"m:A","module":"m","qualname":"A","kind":"table","table":{"name":"as",)"
      R"("columns":[{"name":"a","type":"integer","nullable":true,"enum_labels":["x"]},)"
      R"({"name":"b","unknown":["nullable","type"]}],"unknown":["checks"],)"
      R"("primary_key":["a"],"foreign_keys":[{"name":"k","columns":["a"],"target_table":"bs",)"
      R"("target_columns":["b"],"deferrable":true}],"uniques":[{"name":"u","columns":["a"]}],)"
      R"("indexes":[{"name":"i","unique":true,"keys":["a"]}],)"
      R"("checks":[{"name":"c","expression":"a > 0"}]}})");
  const ProbeTable& table = *model.table;
  EXPECT_EQ(table.columns.at(0).type, "integer");
  EXPECT_EQ(table.columns.at(0).nullable, true);
  EXPECT_EQ(table.columns.at(1).nullable, std::nullopt);
  EXPECT_THAT(table.columns.at(1).unknown, ElementsAre("nullable", "type"));
  EXPECT_THAT(table.unknown, ElementsAre("checks"));
  EXPECT_THAT(table.primary_key, ElementsAre("a"));
  EXPECT_EQ(table.foreign_keys.at(0).target_table, "bs");
  EXPECT_TRUE(table.foreign_keys.at(0).deferrable);
  EXPECT_THAT(table.uniques.at(0).columns, ElementsAre("a"));
  EXPECT_TRUE(table.indexes.at(0).unique);
  EXPECT_EQ(table.checks.at(0).expression, "a > 0");
}

TEST(ProbeLine, AModelHasFieldsFunctionsAndATable) {
  const auto model = Parsed<ProbeModel>(
      R"({"k":"model","id":"m:A","module":"m","qualname":"A","kind":"model","bases":["m:B"],)"
      R"("fields":[{"name":"a","type":"int","required":true,"nullable":null,"default":"1",)"
      R"("constraints":{"gt":"0"},"references":["m:C"]}],"config":{"extra":"\"forbid\""},)"
      R"("functions":[{"kind":"field_validator","name":"f","mode":"after","fields":["a"]}],)"
      R"("table":{"schema":"","name":"as"},"doc":"An A.","file":"m.py","line":4,"schema":"{}",)"
      R"("schema_error":{"type":"ValueError","text":"odd"}})");
  ASSERT_EQ(model.fields.size(), 1u);
  EXPECT_EQ(model.fields[0].required, true);
  EXPECT_EQ(model.fields[0].nullable, std::nullopt);
  EXPECT_EQ(model.fields[0].default_json, "1");
  EXPECT_EQ(model.fields[0].default_factory, std::nullopt);
  EXPECT_THAT(model.fields[0].constraints, ElementsAre(Pair("gt", "0")));
  ASSERT_EQ(model.functions.size(), 1u);
  EXPECT_EQ(model.functions[0].mode, "after");
  ASSERT_TRUE(model.table.has_value());
  EXPECT_EQ(model.table->name, "as");
  EXPECT_EQ(model.schema_error, "ValueError: odd");
  EXPECT_FALSE(model.is_static);
}

TEST(ProbeLine, WhatIsLeftOutIsNotKnown) {
  const auto model =
      Parsed<ProbeModel>(R"({"k":"model","id":"m:A","module":"m","qualname":"A","kind":"model"})");
  EXPECT_FALSE(model.table.has_value());
  EXPECT_FALSE(model.schema.has_value());
  EXPECT_FALSE(model.schema_error.has_value());
  EXPECT_TRUE(model.fields.empty());
}

struct BadCase {
  const char* name;
  std::string line;
  const char* words;
};
class BadProbeLine : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadProbeLine, IsRefusedAndNotQuoted) {
  EXPECT_THAT(ParseProbeLine(GetParam().line),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr(GetParam().words), Not(HasSubstr("hunter2")))));
}

const char kModel[] = R"({"k":"model","id":"m:A","module":"m","qualname":"A","kind":"model",)";

INSTANTIATE_TEST_SUITE_P(
    All, BadProbeLine,
    ::testing::Values(
        BadCase{"NoJson", "hunter2", "not JSON"}, BadCase{"NoObject", "[\"hunter2\"]", "an object"},
        BadCase{"NoKind", R"({"module":"hunter2"})", "no known kind"},
        BadCase{"UnknownKind", R"({"k":"hunter2"})", "no known kind"},
        BadCase{"KindThatIsNoText", R"({"k":7})", "k is not text"},
        BadCase{"NoModule", R"({"k":"import"})", "module is not there"},
        BadCase{"NullModule", R"({"k":"import","module":null})", "module is not text"},
        BadCase{"LineThatIsNoNumber",
                R"({"k":"error","stage":"import","module":"m","line":"hunter2"})",
                "line is not a whole number"},
        BadCase{"FractionOfALine", R"({"k":"error","stage":"import","module":"m","line":1.5})",
                "line is not a whole number"},
        BadCase{"VersionThatIsNoText", R"({"k":"library","versions":{"pydantic":2}})",
                "versions is not an object of text"},
        BadCase{"FieldsThatAreNoList", absl::StrCat(kModel, R"("fields":{"a":"hunter2"}})"),
                "fields is not a list"},
        BadCase{"FieldThatIsNoObject", absl::StrCat(kModel, R"("fields":["hunter2"]})"),
                "it is not an object"},
        BadCase{"FieldWithoutName", absl::StrCat(kModel, R"("fields":[{"type":"hunter2"}]})"),
                "name is not there"},
        BadCase{"RequiredThatIsNoTruth",
                absl::StrCat(kModel, R"("fields":[{"name":"a","required":"hunter2"}]})"),
                "required is not true or false"},
        BadCase{"TableThatIsNoObject", absl::StrCat(kModel, R"("table":"hunter2"})"),
                "it is not an object"},
        BadCase{"BaseThatIsNoText", absl::StrCat(kModel, R"("bases":[1]})"),
                "bases is not a list of text"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
