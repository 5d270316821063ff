// Models of JSON Schema files and of an OpenAPI document: what the same models say when they are
// run, as far as a document can know it.
#include "absl/strings/str_cat.h"
#include "tests/integration/models/http_document.h"
#include "tests/integration/models/models_project.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kSchema[] = R"js({
  "$defs": {
    "Mood": {"enum": ["good", "bad"], "title": "Mood", "type": "string", "description": "How it feels."},
    "Tag": {"properties": {"name": {"type": "string", "maxLength": 9}}, "required": ["name"], "type": "object"}
  },
  "title": "Order", "type": "object", "description": "An order.", "additionalProperties": false,
  "properties": {
    "id": {"type": "string", "format": "uuid"},
    "count": {"type": "integer", "default": 3, "exclusiveMinimum": 0},
    "mood": {"$ref": "#/$defs/Mood", "default": "good"},
    "tags": {"type": "array", "items": {"$ref": "#/$defs/Tag"}, "description": "Its tags"},
    "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "deprecated": true},
    "sums": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "number"}}}
  },
  "required": ["id", "tags"]
})js";

// "name: type required? nullable? default".
std::vector<std::string> FieldLines(const v1::ModelStructure& model) {
  std::vector<std::string> lines;
  for (const v1::ModelField& field : model.fields()) {
    std::string line = absl::StrCat(field.name(), ": ", field.type());
    absl::StrAppend(&line, " ", v1::Known_Name(field.required()).substr(6), " ",
                    v1::Known_Name(field.nullable()).substr(6));
    if (field.has_default_json()) absl::StrAppend(&line, " = ", field.default_json());
    for (const v1::Option& option : field.constraints()) {
      absl::StrAppend(&line, " ", option.name(), ":", option.value());
    }
    if (!field.deprecated().empty()) line += " deprecated";
    lines.push_back(line);
  }
  return lines;
}

TEST(JsonSchema, AFileIsReadAsModels) {
  ModelsProject project;
  project.Write("schemas/order.json", kSchema);
  ModelsConfig config = project.Config("", {});
  config.json_schemas = {"schemas/order.json"};
  const Section section = Gather(config);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  const std::string module = "schemas/order.json";
  EXPECT_THAT(ModelsOf(section), ElementsAre(module + ":Order", module + ":Tag", module + ":Mood"));
  const v1::ModelStructure order = StructureOf(section, module, "Order");
  EXPECT_EQ(order.document(), "json_schema");
  EXPECT_THAT(
      FieldLines(order),
      ElementsAre("id: UUID YES NO", "count: int NO NO = 3 gt:0", "mood: Mood NO NO = \"good\"",
                  "tags: list[Tag] YES NO", "note: Optional[str] NO YES deprecated",
                  "sums: dict[str, list[float]] NO NO"));
  EXPECT_THAT(FieldLines(StructureOf(section, module, "Tag")),
              ElementsAre("name: str YES NO max_length:9"));
  EXPECT_EQ(FieldOf(order, "mood").type_references(0).kind(), "model_enum");
  EXPECT_EQ(LineOf(section, module, "Order")->line.seen->way, v1::WAY_STATIC);
  EXPECT_EQ(
      ShapeOf(section, module, "Order", v1::FACET_BEHAVIOUR).model_behaviour().config(0).value(),
      "\"forbid\"");
  EXPECT_EQ(ShapeOf(section, module, "Order", v1::FACET_DOCS).docs().comment(), "An order.");
  EXPECT_THAT(SchemaOf(section, module, "Order"), HasSubstr("exclusiveMinimum"));
}

// The document that the library prints of the shop is the shop, but for what it does not say.
class ShopAsSchema : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Pydantic, ShopAsSchema, ::testing::Values(1, 2),
                         [](const auto& info) { return absl::StrCat(info.param); });

TEST_P(ShopAsSchema, HasTheFieldsThatARunTells) {
  const bool is_new = GetParam() == 2;
  const std::string python = is_new ? PythonWithPydantic2() : PythonWithPydantic1();
  const std::string shop = absl::StrCat("shop.v", GetParam());
  ModelsProject project;
  project.Write(
      "order.json",
      PythonSays(python, FixtureFolder(),
                 absl::StrCat("import json, ", shop, "\nprint(json.dumps(", shop, ".Order.",
                              is_new ? "model_json_schema" : "schema", "()))")));
  ModelsConfig config = project.Config("", {});
  config.json_schemas = {"order.json"};
  const Section section = Gather(config);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  const v1::ModelStructure order = StructureOf(section, "order.json", "Order");
  const v1::ModelField wait = FieldOf(order, "wait");
  EXPECT_EQ(wait.required(), v1::KNOWN_NO);
  EXPECT_EQ(FieldOf(order, "tags").type(), "dict[str, Tag]");
  EXPECT_EQ(FieldOf(order, "id").type(), "UUID");
  // Pydantic 1 says of no field that it takes null: that is not known, and not "no".
  EXPECT_EQ(FieldOf(order, "code").nullable(), is_new ? v1::KNOWN_YES : v1::KNOWN_UNSPECIFIED);
  EXPECT_FALSE(FieldOf(order, "created").has_default_factory());
}

TEST(OpenApi, AFileIsReadAsModelsBesideThoseOfTheModules) {
  ModelsProject project;
  project.Write("api.json", R"js({"openapi": "3.1.0", "components": {"schemas": {
      "Base": {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]},
      "Order": {"allOf": [{"$ref": "#/components/schemas/Base"},
                          {"type": "object", "properties": {"name": {"type": ["string", "null"]}}}]}}}})js");
  project.Write("m.py", "from pydantic import BaseModel\nclass Order(BaseModel):\n    x: int\n");
  ModelsConfig config = project.Config(PythonWithPydantic2(), {"m"});
  config.openapi = "api.json";
  const Section section = Gather(config);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_THAT(ModelsOf(section), ElementsAre("m:Order", "openapi:Base", "openapi:Order"));
  EXPECT_THAT(FieldLines(StructureOf(section, "openapi", "Order")),
              ElementsAre("id: int YES NO", "name: Optional[str] NO YES"));
  EXPECT_THAT(StructureOf(section, "openapi", "Order").bases(), ElementsAre("openapi:Base"));
  EXPECT_EQ(LineOf(section, "m", "Order")->line.seen->way, v1::WAY_RUN);
  EXPECT_EQ(LineOf(section, "openapi", "Order")->line.seen->way, v1::WAY_STATIC);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST(OpenApi, AnOlderOneDoesNotSayWhatTakesNull) {
  ModelsProject project;
  project.Write("api.json", R"js({"openapi": "3.0.2", "components": {"schemas": {
      "A": {"properties": {"x": {"type": "string"}}}}}})js");
  ModelsConfig config = project.Config("", {});
  config.openapi = project.folder() + "/api.json";
  EXPECT_THAT(FieldLines(StructureOf(Gather(config), "openapi", "A")),
              ElementsAre("x: str NO UNSPECIFIED"));
}

TEST(OpenApi, IsReadFromAnAddressAndTheAddressStaysHere) {
  HttpDocument server("200 OK", R"js({"openapi": "3.1.0", "components": {"schemas": {
      "A": {"properties": {"x": {"type": "string"}}}}}})js");
  ModelsProject project;
  ModelsConfig config = project.Config("", {});
  config.openapi =
      absl::StrCat("http://reader:hunter2@127.0.0.1:", server.port(), "/openapi.json?key=hunter3");
  const Section section = Gather(config);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_THAT(ModelsOf(section), ElementsAre("openapi:A"));
  EXPECT_THAT(server.request(),
              AllOf(HasSubstr("GET /openapi.json?key=hunter3"),
                    HasSubstr("Basic cmVhZGVyOmh1bnRlcjI="), Not(HasSubstr("hunter2"))));
  EXPECT_THAT(AllBytes(section), AllOf(Not(HasSubstr("hunter2")), Not(HasSubstr("hunter3"))));
}

struct BadDocument {
  const char* name;
  const char* status;
  std::string body;
  const char* why;
};

void PrintTo(const BadDocument& document, std::ostream* out) { *out << document.name; }

class BadOpenApi : public ::testing::TestWithParam<BadDocument> {};
INSTANTIATE_TEST_SUITE_P(
    All, BadOpenApi,
    ::testing::Values(
        BadDocument{"Refused", "404 Not Found", "{}", "the server answered 404"},
        BadDocument{"NoJson", "200 OK", "openapi: 3.1.0", "it is no JSON in UTF-8"},
        BadDocument{"AList", "200 OK", "[]", "it is no JSON object"},
        BadDocument{"Nothing", "200 OK", "{}", "there is no schema in it"},
        BadDocument{"TooDeep", "200 OK", std::string(100000, '[') + std::string(100000, ']'),
                    "it is no JSON in UTF-8"},
        BadDocument{"TooLarge", "200 OK", std::string(size_t{33} << 20, ' '), "it is over 32 MiB"},
        BadDocument{"SentOnToAFile", "302 Found\r\nLocation: file:///etc/passwd", "",
                    "the server answered 302"}),
    [](const auto& info) { return info.param.name; });

TEST_P(BadOpenApi, CostsItselfAndClosesNothing) {
  HttpDocument server(GetParam().status, GetParam().body);
  ModelsProject project;
  project.Write("m.py", "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int\n");
  ModelsConfig config = project.Config(PythonWithPydantic2(), {"m"});
  config.openapi = absl::StrCat("http://user:hunter2@127.0.0.1:", server.port(), "/");
  const Section section = Gather(config);
  EXPECT_THAT(
      ErrorsOf(section),
      ElementsAre(AllOf(HasSubstr("reading the OpenAPI document"), HasSubstr(GetParam().why),
                        HasSubstr("`openapi` of the models source"), Not(HasSubstr("hunter2")))));
  EXPECT_THAT(ModelsOf(section), ElementsAre("m:A"));
  EXPECT_EQ(CoverageOf(section, "openapi", "A"), v1::SIGHT_FAILED);
  EXPECT_EQ(CoverageOf(section, "m", "Gone"), v1::SIGHT_CAPTURED);
}

TEST(JsonSchema, AFileThatIsNotThereIsNamed) {
  ModelsProject project;
  ModelsConfig config = project.Config("", {});
  config.json_schemas = {"gone.json"};
  EXPECT_THAT(
      ErrorsOf(Gather(config)),
      ElementsAre(AllOf(HasSubstr("reading JSON Schema gone.json"), HasSubstr("No such file"))));
}

TEST(JsonSchema, NothingOfTheApplicationRuns) {
  ModelsProject project;
  project.Write("json.py", "open('ran', 'w').write('it ran')\n");
  project.Write("order.json", kSchema);
  ModelsConfig config = project.Config(PythonWithPydantic2(), {});
  config.json_schemas = {"order.json"};
  EXPECT_THAT(ErrorsOf(Gather(config)), IsEmpty());
  EXPECT_EQ(PythonSays(PythonWithPydantic2(), "/",
                       "import os; print(os.path.exists('" + project.folder() + "/ran'))"),
            "False");
}

}  // namespace
}  // namespace varve::testing
