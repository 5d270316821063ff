// A models source as JSON.
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "cli/render/json_model_tables.h"
#include "cli/render/json_parts.h"
#include "cli/render/json_sources.h"
#include "cli/render/model_names.h"
#include "cli/render/words.h"

namespace varve {
namespace {

void WriteKnown(JsonWriter& out, absl::string_view key, v1::Known known) {
  switch (known) {
    case v1::KNOWN_YES:
      return out.Flag(key, true);
    case v1::KNOWN_NO:
      return out.Flag(key, false);
    default:
      return out.Null(key);
  }
}

void WriteDefault(JsonWriter& out, const v1::ModelField& field) {
  if (field.default_case() == v1::ModelField::kDefaultJson) {
    out.Json("default", field.default_json());
  } else {
    out.Null("default");
  }
}

// False, true, or why.
void WriteDeprecated(JsonWriter& out, absl::string_view why) {
  if (why.empty() || why == "true") return out.Flag("deprecated", !why.empty());
  out.Text("deprecated", why);
}

void WriteField(JsonWriter& out, const v1::ModelField& field, const PartComments& comments) {
  out.BeginObject(field.name());
  out.TextOrNull("type", field.type());
  WriteKnown(out, "required", field.required());
  WriteDefault(out, field);
  out.TextOrNull("description", comments.Of("field", field.name()));
  WriteKnown(out, "nullable", field.nullable());
  const bool has_default = field.default_case() != v1::ModelField::DEFAULT_NOT_SET;
  if (field.required() == v1::KNOWN_UNSPECIFIED &&
      absl::c_linear_search(field.unknown(), "default")) {
    out.Null("has_default");
  } else {
    out.Flag("has_default", has_default);
  }
  out.TextOrNull("default_factory", field.default_factory());
  if (!field.default_text().empty()) out.Text("default_text", field.default_text());
  out.TextOrNull("alias", field.alias());
  out.TextOrNull("title", comments.Of("title", field.name()));
  const absl::string_view examples = comments.Of("examples", field.name());
  if (examples.empty()) {
    out.Null("examples");
  } else {
    out.Json("examples", examples);
  }
  WriteDeprecated(out, field.deprecated());
  out.BeginObject("constraints");
  for (const v1::Option& constraint : field.constraints()) {
    out.Json(constraint.name(), constraint.value());
  }
  out.EndObject();
  if (!field.unknown().empty()) out.Texts("unknown", field.unknown());
  out.EndObject();
}

void WriteFunctions(JsonWriter& out, const v1::ModelBehaviour& behaviour) {
  out.BeginArray("functions");
  for (const v1::ModelFunction& function : behaviour.functions()) {
    out.BeginObject();
    out.Text("kind", function.kind());
    out.Text("name", function.name());
    out.Texts("fields", function.fields());
    out.TextOrNull("mode", function.mode());
    if (!function.type().empty()) out.Text("type", function.type());
    if (!function.alias().empty()) out.Text("alias", function.alias());
    if (!function.deprecated().empty()) WriteDeprecated(out, function.deprecated());
    out.EndObject();
  }
  out.EndArray();
}

absl::string_view Origin(const EntityView& entity) {
  const v1::Shape& shape = entity.Shape(v1::FACET_STRUCTURE);
  const std::string& document =
      shape.has_model_enum() ? shape.model_enum().document() : shape.model().document();
  if (!document.empty()) return document;
  const FacetView* const structure = entity.Find(v1::FACET_STRUCTURE);
  const Seen* const seen = structure == nullptr ? nullptr : structure->line->Current();
  if (seen == nullptr) return "";
  return seen->way == v1::WAY_STATIC ? "static" : "run";
}

void WriteSchema(JsonWriter& out, const EntityView& entity) {
  const std::string& schema =
      entity.Shape(v1::FACET_REPRESENTATION).model_representation().json_schema();
  if (schema.empty()) return out.Null("schema");
  out.Json("schema", schema);
}

void WriteId(JsonWriter& out, const EntityView& entity) {
  const ModelName name = NameOfModel(entity.key());
  out.Text("id", absl::StrCat(name.module, ":", name.qualname));
  out.Text("module", name.module);
  out.Text("qualname", name.qualname);
}

void WriteOrigin(JsonWriter& out, const EntityView& entity) {
  out.TextOrNull("origin", Origin(entity));
  out.TextOrNull("docstring", entity.Shape(v1::FACET_DOCS).docs().comment());
  out.TextOrNull("file", entity.Text("file"));
  out.NumberOrNull("line", entity.Number("line"));
}

void WriteModel(JsonWriter& out, const EntityView& entity) {
  const v1::ModelStructure& model = entity.Shape(v1::FACET_STRUCTURE).model();
  const v1::ModelBehaviour& behaviour = entity.Shape(v1::FACET_BEHAVIOUR).model_behaviour();
  const PartComments comments(entity.Shape(v1::FACET_DOCS).docs());
  WriteSchema(out, entity);
  out.BeginObject("fields");
  for (const v1::ModelField& field : model.fields()) {
    WriteField(out, field, comments);
  }
  out.EndObject();
  out.Number("field_count", model.fields_size());
  out.BeginArray("base_classes");
  for (const std::string& base : model.bases()) out.Text(BareBase(base));
  out.EndArray();
  out.BeginObject("model_config");
  for (const v1::Option& option : behaviour.config()) out.Json(option.name(), option.value());
  out.EndObject();
  out.Texts("bases", model.bases());
  out.Texts("mro", model.ancestors().empty() ? model.bases() : model.ancestors());
  WriteFunctions(out, behaviour);
  WriteId(out, entity);
  out.TextOrNull("kind", model.kind());
  WriteDeprecated(out, model.deprecated());
  WriteTableOf(out, model);
  if (!model.unknown().empty() || !behaviour.unknown().empty()) {
    out.BeginArray("unknown");
    for (const std::string& part : model.unknown()) out.Text(part);
    for (const std::string& part : behaviour.unknown()) {
      out.Text(part == "config" ? "model_config" : part);
    }
    out.EndArray();
  }
  WriteOrigin(out, entity);
  WriteMeasures(out, entity);
  WriteMasked(out, entity);
  WriteUnseen(out, entity);
}

void WriteEnum(JsonWriter& out, const EntityView& entity) {
  const v1::ModelEnumStructure& found = entity.Shape(v1::FACET_STRUCTURE).model_enum();
  out.BeginObject("members");
  for (const v1::ModelEnumMember& member : found.members()) {
    if (member.has_value_json()) {
      out.Json(member.name(), member.value_json());
    } else {
      out.BeginObject(member.name());
      out.Text("$text", member.value_text());
      out.EndObject();
    }
  }
  out.EndObject();
  out.BeginArray("base_classes");
  for (const std::string& base : found.bases()) out.Text(BareBase(base));
  out.EndArray();
  out.Texts("bases", found.bases());
  WriteId(out, entity);
  WriteOrigin(out, entity);
  WriteMasked(out, entity);
  WriteUnseen(out, entity);
}

void WriteEnums(JsonWriter& out, absl::Span<const EntityView* const> enums) {
  const std::vector<std::string> names = ExportNames(enums);
  out.BeginObject("enums");
  for (size_t at = 0; at < enums.size(); ++at) {
    out.BeginObject(names[at]);
    WriteEnum(out, *enums[at]);
    out.EndObject();
  }
  out.EndObject();
}

void WriteSummary(JsonWriter& out, absl::Span<const EntityView* const> models, size_t enums) {
  int64_t fields = 0, read_as_source = 0;
  for (const EntityView* const model : models) {
    fields += model->Shape(v1::FACET_STRUCTURE).model().fields_size();
    read_as_source += Origin(*model) == "static" ? 1 : 0;
  }
  const auto total_enums = static_cast<int64_t>(enums);
  out.BeginObject("summary");
  out.Number("total_models", static_cast<int64_t>(models.size()));
  out.Number("total_fields", fields);
  out.Number("total_enums", total_enums);
  out.Number("read_as_source", read_as_source);
  out.EndObject();
}

}  // namespace

void WriteModels(JsonWriter& out, const RenderView& view, const SectionView& section) {
  WriteMetadata(out, view, section, {{"interpreter", section.header().address()}});
  const std::vector<const EntityView*> models = ModelsOf(section);
  const std::vector<std::string> names = ExportNames(models);
  out.BeginObject("models");
  for (size_t at = 0; at < models.size(); ++at) {
    out.BeginObject(names[at]);
    WriteModel(out, *models[at]);
    out.EndObject();
  }
  out.EndObject();
  const std::vector<const EntityView*> enums = EnumsOf(section);
  WriteEnums(out, enums);
  WriteSummary(out, models, enums.size());
  WriteNotSeen(out, {&section});
  WriteErrors(out, {&section});
}

}  // namespace varve
