// Rules about what fields are called and documented as beside their columns.
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "snapshot/rules/model_walk.h"
#include "snapshot/rules/table_names.h"
#include "snapshot/rules/walk.h"

namespace varve {
namespace {

void MatchedByAlias(const RuleInput& input, RuleOutput& output) {
  ForEachField(
      input, output,
      [&output](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        const bool is_by_name =
            column.name() == field.name() || column.name() == SnakeCase(field.name());
        if (is_by_name || !ColumnOf(mapped.setting, field.name()).empty()) return;
        output.Find(ObjectOfField(mapped, field.name()),
                    absl::StrCat("is column ", NameOfColumn(mapped, column), " by its alias alone"),
                    "give both one name where the alias is for something else");
      });
}

// Whether a field is stored in the column.
bool HasFieldOf(const MappedModel& mapped, const v1::Column& column) {
  for (const v1::ModelField& field : StructureOf(mapped).fields()) {
    if (FindColumn(mapped, field) == &column) return true;
  }
  return false;
}

void LookAtComputed(const MappedModel& mapped, const v1::ModelFunction& function,
                    RuleOutput& output) {
  if (function.kind() != "computed_field" || Ignores(mapped.setting, function.name())) return;
  const v1::Column* column = ColumnCalled(TableOf(mapped), function.name());
  if (column == nullptr) column = ColumnCalled(TableOf(mapped), function.alias());
  if (column == nullptr || HasFieldOf(mapped, *column)) return;
  output.Find(ObjectOfField(mapped, function.name()),
              absl::StrCat("is computed, and ", NameAndType(mapped, *column),
                           " is stored: the two may differ"),
              "read the column, or call the computed field otherwise");
}

void ComputedFieldOfColumn(const RuleInput& input, RuleOutput& output) {
  ForEachMapped(input, output, [&output](const MappedModel& mapped) {
    const v1::ModelBehaviour& behaviour =
        mapped.model->Shape(v1::FACET_BEHAVIOUR).model_behaviour();
    for (const v1::ModelFunction& function : behaviour.functions()) {
      LookAtComputed(mapped, function, output);
    }
    if (IsUnknown(behaviour, "functions")) {
      output.CannotSay(ObjectOfModel(*mapped.model), "its computed fields are not all known");
    }
  });
}

void DeprecatedField(const RuleInput& input, RuleOutput& output) {
  ForEachMapped(input, output, [&output](const MappedModel& mapped) {
    for (const v1::ModelField& field : StructureOf(mapped).fields()) {
      const v1::Column* const column = FindColumn(mapped, field);
      if (column == nullptr || Ignores(mapped.setting, field.name())) continue;
      if (field.deprecated().empty()) continue;
      output.Find(
          ObjectOfField(mapped, field.name()),
          absl::StrCat("is deprecated, and ", NameOfColumn(mapped, *column), " is still there"),
          "drop the column when nothing reads it any more");
    }
  });
}

// A comment of a part of a table or a model; empty where there is none.
absl::string_view CommentOf(const EntityView& entity, absl::string_view part,
                            absl::string_view name) {
  for (const v1::ElementDoc& element : entity.Shape(v1::FACET_DOCS).docs().elements()) {
    if (element.part() == part && element.name() == name) {
      return absl::StripAsciiWhitespace(element.comment());
    }
  }
  return "";
}

// Whether what people say of it was read; nothing is kept where they say nothing.
bool SawDocs(const EntityView& entity) {
  return entity.Find(v1::FACET_DOCS) == nullptr || entity.Saw(v1::FACET_DOCS);
}

void CompareComments(const MappedModel& mapped, absl::string_view part, absl::string_view name,
                     const v1::Column& column, RuleOutput& output) {
  const std::string object = ObjectOfField(mapped, name);
  if (!SawDocs(*mapped.model) || !SawDocs(*mapped.table)) {
    return output.CannotSay(object, "what is said of it was not seen on both sides");
  }
  const absl::string_view ours = CommentOf(*mapped.model, part, name);
  const absl::string_view theirs = CommentOf(*mapped.table, "column", column.name());
  if (ours.empty() && IsUnknown(mapped.model->Shape(v1::FACET_DOCS).docs(), "elements")) {
    return output.CannotSay(object, "its description is not known");
  }
  if (ours.empty() || theirs.empty() || ours == theirs) return;
  output.Find(object,
              absl::StrCat("is described otherwise than ", NameOfColumn(mapped, column), " is"),
              "say the same on both sides");
}

void CommentDiffers(const RuleInput& input, RuleOutput& output) {
  ForEachField(
      input, output,
      [&output](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        CompareComments(mapped, "field", field.name(), column, output);
      });
  if (input.databases.empty()) return;
  ForEachOrmColumn(input, output,
                   [&output](const MappedModel& mapped, const v1::ModelColumn& declared,
                             const v1::Column& column) {
                     CompareComments(mapped, "column", declared.name(), column, output);
                   });
}

constexpr RuleRun kRuns[] = {
    {{"model/comment-differs", Severity::kInfo, "naming", kModels,
      "Who reads the one description and who reads the other believe different things.",
      "Say the same on both sides.", kOnlyIfNamed},
     "models",
     CommentDiffers},
    {{"model/computed-field-of-column", Severity::kInfo, "naming", kModelsWithBehaviour,
      "A computed field that is called like a stored column hides it: the two may differ.",
      "Read the column, or call the computed field otherwise.", kOnlyIfNamed},
     "models",
     ComputedFieldOfColumn},
    {{"model/deprecated-field", Severity::kInfo, "policy", kModels,
      "What the application no longer wants is still kept and written.",
      "Drop the column when nothing reads it any more.", kOnlyIfNamed},
     "models",
     DeprecatedField},
    {{"model/matched-by-alias", Severity::kInfo, "naming", kModels,
      "An alias is a name for the wire: a change of it there changes what is stored here.",
      "Give both one name where the alias is for something else.", kOnlyIfNamed},
     "models",
     MatchedByAlias},
};

}  // namespace

absl::Span<const RuleRun> ModelNameRules() { return kRuns; }

}  // namespace varve
