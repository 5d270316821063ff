// A models source in the analysis.
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/render/analysis_sources.h"
#include "cli/render/json_model_tables.h"
#include "cli/render/json_parts.h"
#include "cli/render/markdown.h"
#include "cli/render/model_names.h"

namespace varve {
namespace {

constexpr size_t kCell = 120;

absl::string_view KnownText(v1::Known known) {
  switch (known) {
    case v1::KNOWN_YES:
      return "yes";
    case v1::KNOWN_NO:
      return "no";
    default:
      return "unknown";
  }
}

std::string DefaultText(const v1::ModelField& field) {
  switch (field.default_case()) {
    case v1::ModelField::kDefaultJson:
      return MarkdownExcerpt(field.default_json(), kCell);
    case v1::ModelField::kDefaultFactory:
      return absl::StrCat(MarkdownText(field.default_factory()), "()");
    case v1::ModelField::kDefaultText:
      return MarkdownExcerpt(field.default_text(), kCell);
    case v1::ModelField::DEFAULT_NOT_SET:
      break;
  }
  return "";
}

std::string FieldTable(const v1::ModelStructure& model, const PartComments& comments) {
  MarkdownTable table({"Field", "Type", "Required", "Default", "Description"});
  for (const v1::ModelField& field : model.fields()) {
    table.Add({MarkdownText(field.name()),
               field.type().empty() ? "unknown" : MarkdownExcerpt(field.type(), kCell),
               std::string(KnownText(field.required())), DefaultText(field),
               MarkdownExcerpt(comments.Of("field", field.name()), kCell)});
  }
  return table.Text();
}

// What stands in a cell, or that it is not known.
std::string ColumnCell(const v1::ModelColumn& column, absl::string_view name,
                       const std::string& text) {
  return absl::c_linear_search(column.unknown(), name) ? "unknown" : MarkdownExcerpt(text, kCell);
}

std::string ColumnTable(const v1::ModelTable& mapped, const PartComments& comments) {
  MarkdownTable table({"Column", "Type", "Nullable", "Default", "Description"});
  for (const v1::ModelColumn& column : mapped.columns()) {
    table.Add({MarkdownText(column.name()), ColumnCell(column, "type", column.type()),
               std::string(KnownText(column.nullable())),
               ColumnCell(column, "server_default", column.server_default()),
               MarkdownExcerpt(comments.Of("column", column.name()), kCell)});
  }
  return table.Text();
}

// "columns, check constraints".
std::string UnknownParts(const v1::ModelTable& mapped) {
  return absl::StrJoin(mapped.unknown(), ", ", [](std::string* out, const std::string& part) {
    out->append(
        absl::StrReplaceAll(ExportedPart(part), {{"_", " "}, {".order", " (their order)"}}));
  });
}

std::string EnumPart(const EntityView& entity, absl::string_view name) {
  const v1::ModelEnumStructure& found = entity.Shape(v1::FACET_STRUCTURE).model_enum();
  std::string text = absl::StrCat("#### ", MarkdownText(name), "\n");
  absl::StrAppend(&text, Fact("Module", MarkdownText(NameOfModel(entity.key()).module)));
  MarkdownTable table({"Member", "Value"});
  for (const v1::ModelEnumMember& member : found.members()) {
    table.Add({MarkdownText(member.name()),
               MarkdownExcerpt(member.has_value_json() ? member.value_json() : member.value_text(),
                               kCell)});
  }
  return text + (table.empty() ? "\n" : table.Text());
}

std::string EnumsPart(const SectionView& section) {
  const std::vector<const EntityView*> enums = EnumsOf(section);
  if (enums.empty()) return "";
  const std::vector<std::string> names = ExportNames(enums);
  std::string text = "### Enums\n\n";
  for (size_t at = 0; at < enums.size(); ++at) {
    absl::StrAppend(&text, EnumPart(*enums[at], names[at]));
  }
  return text;
}

std::string Bases(const v1::ModelStructure& model) {
  if (model.bases().empty()) return "None";
  return absl::StrJoin(model.bases(), ", ", [](std::string* out, const std::string& base) {
    out->append(MarkdownText(BareBase(base)));
  });
}

std::string Functions(const v1::ModelBehaviour& behaviour) {
  return absl::StrJoin(behaviour.functions(), ", ",
                       [](std::string* out, const v1::ModelFunction& function) {
                         out->append(MarkdownText(function.name()));
                       });
}

std::string ModelPart(const EntityView& entity, absl::string_view name) {
  const v1::ModelStructure& model = entity.Shape(v1::FACET_STRUCTURE).model();
  const v1::ModelBehaviour& behaviour = entity.Shape(v1::FACET_BEHAVIOUR).model_behaviour();
  const v1::Docs& docs = entity.Shape(v1::FACET_DOCS).docs();
  std::string text =
      absl::StrCat("#### ", MarkdownText(name), "\n", Fact("Fields", model.fields_size()),
                   Fact("Base Classes", Bases(model)),
                   Fact("Module", MarkdownText(NameOfModel(entity.key()).module)));
  if (model.has_table()) {
    const std::string& schema = model.table().schema();
    absl::StrAppend(&text,
                    Fact("Table", MarkdownText(absl::StrCat(schema, schema.empty() ? "" : ".",
                                                            model.table().name()))));
    if (!model.table().unknown().empty()) {
      absl::StrAppend(&text, Fact("Not Known of the Table", UnknownParts(model.table())));
    }
  }
  if (!model.unknown().empty()) {
    absl::StrAppend(&text, Fact("Not Known", "whether it has more fields"));
  }
  if (behaviour.functions_size() > 0) {
    absl::StrAppend(&text, Fact("Validators and Serializers", Functions(behaviour)));
  }
  const FacetView* const structure = entity.Find(v1::FACET_STRUCTURE);
  const Seen* const seen = structure == nullptr ? nullptr : structure->line->Current();
  if (seen == nullptr) {
    absl::StrAppend(&text, Fact("Not Seen", "its module could not be read"));
  } else if (!model.document().empty()) {
    absl::StrAppend(&text, Fact("Read", model.document() == "openapi" ? "from the OpenAPI document"
                                                                      : "from its JSON Schema"));
  } else if (seen->way == v1::WAY_STATIC) {
    absl::StrAppend(&text, Fact("Read", "from its source, without running it"));
  }
  if (!docs.comment().empty()) {
    absl::StrAppend(&text, Fact("Description", MarkdownExcerpt(docs.comment(), 400)));
  }
  const bool has_columns = model.has_table() && !model.table().columns().empty();
  if (!model.fields().empty() || !has_columns) {
    absl::StrAppend(&text, FieldTable(model, PartComments(docs)));
    if (model.fields().empty()) text += '\n';
  }
  if (!has_columns) return text;
  const std::string columns = ColumnTable(model.table(), PartComments(docs));
  // Behind the empty line that ends another table.
  absl::StrAppend(&text, model.fields().empty() ? columns : columns.substr(1));
  return text;
}

}  // namespace

std::string ModelsAnalysis(const SectionView& section, absl::string_view title) {
  std::string text = SourceHeading("Application Models", title, section);
  const std::vector<const EntityView*> models = ModelsOf(section);
  const std::vector<std::string> names = ExportNames(models);
  const v1::SectionStatus status = section.header().status();
  const bool was_read =
      status == v1::SECTION_STATUS_COMPLETE || status == v1::SECTION_STATUS_PARTIAL;
  if (models.empty() && was_read) text += "None.\n\n";
  for (size_t at = 0; at < models.size(); ++at) {
    absl::StrAppend(&text, ModelPart(*models[at], names[at]));
  }
  return text + EnumsPart(section);
}

}  // namespace varve
