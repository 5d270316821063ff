#include "agent/source/models/model_shapes.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "agent/source/models/json_text.h"
#include "agent/source/models/table_shape.h"

namespace varve {
namespace {

v1::Known ToKnown(const std::optional<bool>& value) {
  if (!value.has_value()) return v1::KNOWN_UNSPECIFIED;
  return *value ? v1::KNOWN_YES : v1::KNOWN_NO;
}

bool IsSettings(const ProbeModel& model) { return model.kind == "settings"; }

// Of "Outer.Page[shop.Tag]#2" "Page[shop.Tag]": as titles in schemas have it.
std::string ClassName(const ProbeModel& model) {
  const std::string whole = model.qualname.substr(0, model.qualname.find('#'));
  const size_t dot = whole.rfind('.', whole.find('['));
  return dot == std::string::npos ? whole : whole.substr(dot + 1);
}

// The same as a name of $defs: "Page_shop.Tag_".
std::string DefinitionName(std::string name) {
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return !absl::ascii_isalnum(c) && c != '.' && c != '-' && c != '_'; }, '_');
  return name;
}

void AddTexts(const Json& value, std::set<std::string>& texts) {
  if (value.is_string()) texts.insert(value.get<std::string>());
  if (!value.is_structured()) return;
  for (const Json& item : value) AddTexts(item, texts);
}

// All names that a schema may give a field's property.
std::set<std::string> PropertiesOf(const ProbeModel& model, const ProbeField& field) {
  std::set<std::string> names = {field.name};
  if (!field.alias.empty()) names.insert(field.alias);
  if (model.kind == "root") names.insert("");
  const auto taken = field.constraints.find("validation_alias");  // a name, a path, or choices
  if (taken == field.constraints.end()) return names;
  const absl::StatusOr<Json> value = ParseJson(taken->second);
  if (value.ok()) AddTexts(*value, names);
  return names;
}

void SetDefault(const ProbeField& field, bool is_settings, const Redactor& redactor, Masked& masked,
                v1::ModelField& to) {
  if (field.default_json.has_value()) {
    to.set_default_json(
        JsonMask(redactor, masked).Value(*field.default_json, field.name, is_settings));
  } else if (field.default_factory.has_value()) {
    to.set_default_factory(redactor.MaskText(*field.default_factory, masked));
  } else if (field.default_text.has_value()) {
    // An expression that nobody evaluated: os.environ.get("X", "the secret itself").
    if (is_settings || Redactor::IsSecretName(field.name)) {
      masked.parts.push_back(*field.default_text);
      to.set_default_text(std::string(kMasked));
    } else {
      to.set_default_text(redactor.MaskText(*field.default_text, masked));
    }
  }
}

void SetOptions(const std::map<std::string, std::string>& values, const Redactor& redactor,
                Masked& masked, google::protobuf::RepeatedPtrField<v1::Option>& to) {
  for (const auto& [name, value] : values) {
    v1::Option& option = *to.Add();
    option.set_name(name);
    option.set_value(JsonMask(redactor, masked).Value(value, "", false));
  }
}

void SetReference(absl::string_view kind, const std::string& id, v1::Identity& to) {
  const size_t colon = id.find(':');
  to.set_kind(std::string(kind));
  to.add_names(id.substr(0, colon));
  if (colon != std::string::npos) to.add_names(id.substr(colon + 1));
}

v1::ModelField FieldOf(const ProbeField& field, bool is_settings, const Redactor& redactor,
                       Masked& masked) {
  v1::ModelField to;
  to.set_name(field.name);
  to.set_type(redactor.MaskText(field.type, masked));
  to.set_required(ToKnown(field.required));
  to.set_nullable(ToKnown(field.nullable));
  SetDefault(field, is_settings, redactor, masked, to);
  to.set_alias(field.alias);
  SetOptions(field.constraints, redactor, masked, *to.mutable_constraints());
  for (const std::string& id : field.references) {
    SetReference("model", id, *to.add_type_references());
  }
  for (const std::string& id : field.enums) {
    SetReference("model_enum", id, *to.add_type_references());
  }
  to.set_deprecated(redactor.MaskText(field.deprecated, masked));
  for (const std::string& name : field.unknown) to.add_unknown(name);
  return to;
}

ModelFacet Finished(v1::Shape shape, bool is_static, const Redactor& redactor,
                    const Masked& masked) {
  ModelFacet facet;
  facet.shape = std::move(shape);
  facet.facts.way = is_static ? v1::WAY_STATIC : v1::WAY_RUN;
  facet.facts.masked = redactor.Digest(masked);
  return facet;
}

ModelFacet StructureOf(const ProbeModel& model, const Redactor& redactor) {
  v1::Shape shape;
  Masked masked;
  v1::ModelStructure& to = *shape.mutable_model();
  to.set_kind(model.kind);
  for (const ProbeField& field : model.fields) {
    *to.add_fields() = FieldOf(field, IsSettings(model), redactor, masked);
  }
  for (const std::string& base : model.bases) to.add_bases(base);
  if (model.table.has_value()) {
    *to.mutable_table() = TableShape(*model.table, redactor, masked);
  }
  for (const std::string& base : model.ancestors) to.add_ancestors(base);
  to.set_document(model.document);
  to.set_deprecated(redactor.MaskText(model.deprecated, masked));
  for (const std::string& part : model.unknown) {
    if (part == "fields") to.add_unknown(part);
  }
  return Finished(std::move(shape), model.is_static, redactor, masked);
}

ModelFacet BehaviourOf(const ProbeModel& model, const Redactor& redactor) {
  v1::Shape shape;
  Masked masked;
  v1::ModelBehaviour& to = *shape.mutable_model_behaviour();
  for (const auto& [name, value] : model.config) {
    v1::Option& option = *to.add_config();
    option.set_name(name);
    option.set_value(JsonMask(redactor, masked).Value(value, name, false));
  }
  for (const ProbeFunction& function : model.functions) {
    v1::ModelFunction& added = *to.add_functions();
    added.set_kind(function.kind);
    added.set_name(function.name);
    for (const std::string& field : function.fields) added.add_fields(field);
    added.set_mode(function.mode);
    added.set_type(redactor.MaskText(function.type, masked));
    added.set_alias(function.alias);
    added.set_deprecated(redactor.MaskText(function.deprecated, masked));
  }
  for (const std::string& part : model.unknown) {
    if (part == "config" || part == "functions") to.add_unknown(part);
  }
  return Finished(std::move(shape), model.is_static, redactor, masked);
}

std::optional<ModelFacet> DocsOf(const ProbeModel& model, const Redactor& redactor) {
  v1::Shape shape;
  Masked masked;
  v1::Docs& to = *shape.mutable_docs();
  to.set_comment(redactor.MaskText(model.doc, masked));
  const auto add = [&](absl::string_view part, const std::string& name, const std::string& text) {
    if (text.empty()) return;
    v1::ElementDoc& element = *to.add_elements();
    element.set_part(std::string(part));
    element.set_name(name);
    element.set_comment(redactor.MaskText(text, masked));
  };
  for (const ProbeField& field : model.fields) {
    add("field", field.name, field.description);
    add("title", field.name, field.title);
    if (field.examples.empty()) continue;
    // Of a field that is named like a secret they may be real ones.
    v1::ElementDoc& examples = *to.add_elements();
    examples.set_part("examples");
    examples.set_name(field.name);
    examples.set_comment(
        JsonMask(redactor, masked).Value(field.examples, field.name, IsSettings(model)));
  }
  for (const ProbeFunction& function : model.functions) {
    add(function.kind, function.name, function.description);
    add("title", function.name, function.title);
  }
  if (model.table.has_value()) {
    add("table", model.table->name, model.table->comment);
    for (const ProbeColumn& column : model.table->columns) {
      add("column", column.name, column.comment);
    }
  }
  for (const std::string& part : model.unknown) {
    if (part == "docs") to.add_unknown("elements");
  }
  if (to.comment().empty() && to.elements().empty() && to.unknown().empty()) return std::nullopt;
  return Finished(std::move(shape), model.is_static, redactor, masked);
}

std::optional<ModelFacet> RepresentationOf(const ProbeModel& model, const Redactor& redactor,
                                           const SchemaSecrets& secrets) {
  if (!model.schema.has_value()) return std::nullopt;
  v1::Shape shape;
  Masked masked;
  std::string schema =
      MaskSchema(redactor, masked, *model.schema, secrets, ClassName(model), IsSettings(model));
  if (schema.empty()) return std::nullopt;
  shape.mutable_model_representation()->set_json_schema(std::move(schema));
  return Finished(std::move(shape), model.is_static, redactor, masked);
}

}  // namespace

EntityKey ModelKey(const ProbeModel& model) { return {"model", {model.module, model.qualname}}; }

EntityKey EnumKey(const ProbeEnum& found) { return {"model_enum", {found.module, found.qualname}}; }

SchemaSecrets SecretsOf(const Redactor& redactor, const std::vector<ProbeModel>& models) {
  SchemaSecrets secrets;
  for (const ProbeModel& model : models) {
    const std::string name = ClassName(model);
    if (IsSettings(model)) secrets.settings.insert(name);
    for (const ProbeField& field : model.fields) {
      Masked masked;
      v1::ModelField unused;
      SetDefault(field, IsSettings(model), redactor, masked, unused);
      if (masked.empty()) continue;
      for (const std::string& of : {name, DefinitionName(name)}) {
        for (const std::string& property : PropertiesOf(model, field)) {
          secrets.defaults[of][property].insert(masked.parts.begin(), masked.parts.end());
        }
      }
    }
  }
  return secrets;
}

EnumShapes ShapesOf(const ProbeEnum& found, const Redactor& redactor) {
  v1::Shape shape;
  Masked masked;
  v1::ModelEnumStructure& to = *shape.mutable_model_enum();
  for (const ProbeEnumMember& member : found.members) {
    v1::ModelEnumMember& added = *to.add_members();
    added.set_name(member.name);
    if (member.value_json.has_value()) {
      added.set_value_json(JsonMask(redactor, masked).Value(*member.value_json, "", false));
    } else if (member.value_text.has_value()) {
      added.set_value_text(redactor.MaskText(*member.value_text, masked));
    }
  }
  for (const std::string& base : found.bases) to.add_bases(base);
  to.set_document(found.document);
  EnumShapes shapes = {Finished(std::move(shape), found.is_static, redactor, masked), {}};
  if (found.doc.empty()) return shapes;
  v1::Shape docs;
  Masked masked_docs;
  docs.mutable_docs()->set_comment(redactor.MaskText(found.doc, masked_docs));
  shapes.docs = Finished(std::move(docs), found.is_static, redactor, masked_docs);
  return shapes;
}

ModelShapes ShapesOf(const ProbeModel& model, const Redactor& redactor,
                     const SchemaSecrets& secrets) {
  return {StructureOf(model, redactor), BehaviourOf(model, redactor), DocsOf(model, redactor),
          RepresentationOf(model, redactor, secrets)};
}

}  // namespace varve
