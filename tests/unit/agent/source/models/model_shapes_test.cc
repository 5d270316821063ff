#include "agent/source/models/model_shapes.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

const Redactor& TestRedactor() {
  static const Redactor* const redactor = new Redactor(MaskKey{"test", std::string(32, 'k')});
  return *redactor;
}

ProbeModel Order() {
  ProbeModel model;
  model.id = "shop.models:Order";
  model.module = "shop.models";
  model.qualname = "Order";
  model.kind = "model";
  model.bases = {"shop.models:Base", "pydantic:BaseModel"};
  return model;
}

ProbeField Named(const std::string& name, const std::string& type) {
  ProbeField field;
  field.name = name;
  field.type = type;
  return field;
}

ModelShapes Shapes(const ProbeModel& model) { return ShapesOf(model, TestRedactor(), {}); }

v1::ModelField OnlyField(ProbeField field, const std::string& kind = "model") {
  ProbeModel model = Order();
  model.kind = kind;
  model.fields = {std::move(field)};
  return Shapes(model).structure.shape.model().fields(0);
}

TEST(ModelShapes, AModelIsNamedByModuleAndClass) {
  EXPECT_EQ(ModelKey(Order()), (EntityKey{"model", {"shop.models", "Order"}}));
}

TEST(ModelShapes, FieldsAndBasesKeepTheirOrder) {
  ProbeModel model = Order();
  model.fields = {Named("z", "int"), Named("a", "str")};
  const v1::ModelStructure structure = Shapes(model).structure.shape.model();
  ASSERT_EQ(structure.fields_size(), 2);
  EXPECT_EQ(structure.fields(0).name(), "z");
  EXPECT_THAT(structure.bases(), ElementsAre("shop.models:Base", "pydantic:BaseModel"));
}

TEST(ModelShapes, NotKnownIsNeitherYesNorNo) {
  ProbeField field = Named("a", "int");
  EXPECT_EQ(OnlyField(field).required(), v1::KNOWN_UNSPECIFIED);
  field.required = true;
  field.nullable = false;
  EXPECT_EQ(OnlyField(field).required(), v1::KNOWN_YES);
  EXPECT_EQ(OnlyField(field).nullable(), v1::KNOWN_NO);
}

TEST(ModelShapes, NoDefaultAndAnEmptyOneDiffer) {
  ProbeField field = Named("a", "str");
  EXPECT_EQ(OnlyField(field).default_case(), v1::ModelField::DEFAULT_NOT_SET);
  field.default_json = "\"\"";
  EXPECT_EQ(OnlyField(field).default_json(), "\"\"");
}

TEST(ModelShapes, AFactoryIsNamed) {
  ProbeField field = Named("a", "UUID");
  field.default_factory = "uuid.uuid4";
  EXPECT_EQ(OnlyField(field).default_factory(), "uuid.uuid4");
}

TEST(ModelShapes, ADefaultThatWasReadAsTextIsMaskedWholeUnderASecretName) {
  ProbeField field = Named("a", "str");
  field.default_text = "os.environ.get('X', 'hunter2')";
  EXPECT_EQ(OnlyField(field).default_text(), "os.environ.get('X', 'hunter2')");
  field.name = "password";
  EXPECT_EQ(OnlyField(field).default_text(), kMasked);
}

TEST(ModelShapes, EveryDefaultOfASettingsClassIsMasked) {
  ProbeField field = Named("host", "str");
  field.default_json = "\"db\"";
  EXPECT_EQ(OnlyField(field).default_json(), "\"db\"");
  EXPECT_EQ(OnlyField(field, "settings").default_json(), "\"‹masked›\"");
}

TEST(ModelShapes, ReferencesNameModels) {
  ProbeField field = Named("a", "Tag");
  field.references = {"shop.models:Tag"};
  const v1::ModelField told = OnlyField(field);
  ASSERT_EQ(told.type_references_size(), 1);
  EXPECT_EQ(told.type_references(0).kind(), "model");
  EXPECT_THAT(told.type_references(0).names(), ElementsAre("shop.models", "Tag"));
}

TEST(ModelShapes, WhatWasMaskedLeavesADigestAndNothingElse) {
  ProbeModel model = Order();
  ProbeField field = Named("password", "str");
  field.default_json = "\"hunter2\"";
  model.fields = {field};
  const ModelFacet first = Shapes(model).structure;
  EXPECT_EQ(first.facts.masked.digest.size(), 32u);
  EXPECT_EQ(first.facts.masked.key_id, "test");
  EXPECT_THAT(first.shape.SerializeAsString(), Not(HasSubstr("hunter2")));

  model.fields[0].default_json = "\"hunter3\"";
  const ModelFacet second = Shapes(model).structure;
  EXPECT_EQ(first.shape.SerializeAsString(), second.shape.SerializeAsString());
  EXPECT_NE(first.facts.masked.digest, second.facts.masked.digest);
}

TEST(ModelShapes, WhereNothingWasMaskedThereIsNoDigest) {
  EXPECT_EQ(Shapes(Order()).structure.facts.masked.digest, "");
  EXPECT_EQ(Shapes(Order()).structure.facts.masked.key_id, "");
}

TEST(ModelShapes, AStaticReadSaysSoOfEveryFacet) {
  ProbeModel model = Order();
  model.is_static = true;
  model.doc = "An order.";
  const ModelShapes shapes = Shapes(model);
  EXPECT_EQ(shapes.structure.facts.way, v1::WAY_STATIC);
  EXPECT_EQ(shapes.behaviour.facts.way, v1::WAY_STATIC);
  ASSERT_TRUE(shapes.docs.has_value());
  EXPECT_EQ(shapes.docs->facts.way, v1::WAY_STATIC);
}

TEST(ModelShapes, DocsAreThereOnlyWhereSomebodyWroteSome) {
  EXPECT_FALSE(Shapes(Order()).docs.has_value());
  ProbeModel model = Order();
  ProbeField field = Named("a", "int");
  field.description = "How many; ask jane.doe@example.org";
  model.fields = {field, Named("b", "int")};
  const ModelShapes shapes = Shapes(model);
  ASSERT_TRUE(shapes.docs.has_value());
  ASSERT_EQ(shapes.docs->shape.docs().elements_size(), 1);
  EXPECT_EQ(shapes.docs->shape.docs().elements(0).part(), "field");
  EXPECT_EQ(shapes.docs->shape.docs().elements(0).comment(), "How many; ask ‹masked›");
}

TEST(ModelShapes, ASchemaIsThereOnlyWhereOneWasTold) {
  EXPECT_FALSE(Shapes(Order()).representation.has_value());
  ProbeModel model = Order();
  model.schema = "no schema";
  EXPECT_FALSE(Shapes(model).representation.has_value());
  model.schema = R"({"type":"object"})";
  ASSERT_TRUE(Shapes(model).representation.has_value());
  EXPECT_EQ(Shapes(model).representation->shape.model_representation().json_schema(),
            R"({"type":"object"})");
}

TEST(ModelShapes, BehaviourHoldsConfigAndFunctions) {
  ProbeModel model = Order();
  model.config = {{"extra", "\"forbid\""}, {"api_key", "\"hunter2\""}};
  model.functions = {{"field_validator", "check", "after", {"a", "b"}}};
  const v1::ModelBehaviour behaviour = Shapes(model).behaviour.shape.model_behaviour();
  ASSERT_EQ(behaviour.config_size(), 2);
  EXPECT_EQ(behaviour.config(0).value(), "\"‹masked›\"");
  EXPECT_EQ(behaviour.config(1).value(), "\"forbid\"");
  EXPECT_THAT(behaviour.functions(0).fields(), ElementsAre("a", "b"));
}

TEST(ModelShapes, ATableIsThereWhereAMapperSaysOne) {
  EXPECT_FALSE(Shapes(Order()).structure.shape.model().has_table());
  ProbeModel model = Order();
  model.table = ProbeTable{"sales", "orders"};
  EXPECT_EQ(Shapes(model).structure.shape.model().table().name(), "orders");
}

TEST(ModelShapes, WhatIsNotKnownOfATableIsNamedAndHasNoValue) {
  ProbeModel model = Order();
  ProbeTable table = {"", "orders"};
  ProbeColumn column;
  column.name = "a";
  column.unknown = {"nullable", "type"};
  table.columns = {column};
  table.unknown = {"indexes"};
  model.table = table;
  const v1::ModelTable told = Shapes(model).structure.shape.model().table();
  EXPECT_EQ(told.columns(0).nullable(), v1::KNOWN_UNSPECIFIED);
  EXPECT_THAT(told.columns(0).unknown(), ElementsAre("nullable", "type"));
  EXPECT_THAT(told.unknown(), ElementsAre("indexes"));
}

TEST(ModelShapes, TitlesAndExamplesAreDocsAndSecretOnesAreMasked) {
  ProbeModel model = Order();
  ProbeField code = Named("code", "str"), token = Named("token", "str");
  code.title = "Code";
  code.examples = R"(["x-1"])";
  token.examples = R"(["hunter2"])";
  model.fields = {code, token};
  const ModelShapes shapes = Shapes(model);
  std::vector<std::string> lines;
  for (const v1::ElementDoc& element : shapes.docs->shape.docs().elements()) {
    lines.push_back(absl::StrCat(element.part(), " ", element.name(), ": ", element.comment()));
  }
  EXPECT_THAT(lines, UnorderedElementsAre("title code: Code", "examples code: [\"x-1\"]",
                                          "examples token: [\"‹masked›\"]"));
  EXPECT_EQ(shapes.docs->facts.masked.digest.size(), 32u);
  EXPECT_EQ(shapes.structure.facts.masked.digest.size(), 0u);
}

TEST(ModelShapes, SecretsInATableAreMasked) {
  ProbeModel model = Order();
  ProbeTable table = {"sales", "orders"};
  ProbeColumn token;
  token.name = "api_token";
  token.type = "text";
  token.server_default = "'hunter2'";
  token.client_default = "\"hunter3\"";
  table.columns = {token};
  table.checks = {{"is_url", "url <> 'postgresql://app:hunter4@db/shop'"}};
  model.table = table;
  const std::string text = Shapes(model).structure.shape.DebugString();
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("hunter")));
  EXPECT_FALSE(Shapes(model).structure.facts.masked.digest.empty());
}

TEST(EnumShapes, AMembersNameMakesNoSecretAndItsLookDoes) {
  ProbeEnum found;
  found.module = "m";
  found.qualname = "Kind";
  found.members = {{"PASSWORD", "\"password\"", std::nullopt},
                   {"URL", "\"postgresql://app:hunter2@db/shop\"", std::nullopt},
                   {"ODD", std::nullopt, "os.getenv('ODD')"}};
  const v1::ModelEnumStructure shape = ShapesOf(found, TestRedactor()).structure.shape.model_enum();
  EXPECT_EQ(shape.members(0).value_json(), "\"password\"");
  EXPECT_EQ(shape.members(1).value_json(), "\"postgresql://app:‹masked›@db/shop\"");
  EXPECT_EQ(shape.members(2).value_text(), "os.getenv('ODD')");
}

TEST(ModelShapes, ASecretInAFactorysTextIsMasked) {
  ProbeField field = Named("a", "str");
  field.default_factory = "connect('postgresql://app:hunter2@db/shop')";
  EXPECT_EQ(OnlyField(field).default_factory(), "connect('postgresql://app:‹masked›@db/shop')");
}

TEST(SecretsOf, ASchemaElsewhereRepeatsWhatWasMaskedHere) {
  ProbeModel settings = Order();
  settings.qualname = "Outer.Settings";
  settings.kind = "settings";
  ProbeField field = Named("host", "str");
  field.default_json = "\"db.internal\"";
  field.alias = "server";
  field.constraints = {{"validation_alias", R"({"choices":["a",{"path":["b",0]}]})"}};
  settings.fields = {field};
  const SchemaSecrets secrets = SecretsOf(TestRedactor(), {settings});
  EXPECT_THAT(secrets.settings, ElementsAre("Settings"));
  const std::set<std::string> text = {"db.internal"};
  const MaskedDefaults expected = {{"host", text}, {"server", text}, {"a", text}, {"b", text}};
  EXPECT_THAT(secrets.defaults, ElementsAre(Pair("Settings", expected)));
}

TEST(SecretsOf, AClassIsNamedAsSchemasNameIt) {
  ProbeModel page = Order();
  page.qualname = "Outer.Page[shop.Tag]#2";
  page.kind = "root";
  ProbeField field = Named("root", "str");
  field.default_json = R"({"$secret":"hunter2"})";
  page.fields = {field};
  const std::set<std::string> text = {"hunter2"};
  const MaskedDefaults expected = {{"", text}, {"root", text}};
  EXPECT_THAT(SecretsOf(TestRedactor(), {page}).defaults,
              ElementsAre(Pair("Page[shop.Tag]", expected), Pair("Page_shop.Tag_", expected)));
}

}  // namespace
}  // namespace varve
