// Rules about which fields have a column, and which columns a field.
#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/nearest.h"
#include "snapshot/rules/column_family.h"
#include "snapshot/rules/model_walk.h"
#include "snapshot/rules/type_fit.h"

namespace varve {
namespace {

// Of a field that has no column.
struct Lone {
  std::string name;
  std::string unclear;  // why that may be as it should; empty where it may not
};

bool IsExcluded(const v1::ModelField& field) { return ConstraintOf(field, "exclude") == "true"; }

// Why it may be as it should that a field has no column; empty where it may not.
std::string WhyUnclear(const v1::ModelField& field) {
  if (IsUnknown(field, "alias")) return "its alias is not known";
  if (!field.type_references().empty() || HasOnlyKnownTypes(field.type())) return "";
  return absl::StrCat("nothing is known of type ", field.type(), ", it may be a relation");
}

std::vector<Lone> LoneFields(const MappedModel& mapped) {
  std::vector<Lone> lone;
  for (const v1::ModelField& field : StructureOf(mapped).fields()) {
    if (FindColumn(mapped, field) != nullptr || Ignores(mapped.setting, field.name())) continue;
    const bool is_said = !ColumnOf(mapped.setting, field.name()).empty();
    if (!is_said && (IsRelation(field) || IsExcluded(field))) continue;
    lone.push_back({field.name(), is_said ? "" : WhyUnclear(field)});
  }
  return lone;
}

// Where the mapper lists the columns it is they that must be there.
std::vector<Lone> LoneOf(const MappedModel& mapped) {
  if (!HasOrmColumns(mapped)) return LoneFields(mapped);
  std::vector<Lone> lone;
  for (const v1::ModelColumn& column : StructureOf(mapped).table().columns()) {
    if (Ignores(mapped.setting, column.name())) continue;
    if (ColumnCalled(TableOf(mapped), column.name()) != nullptr) continue;
    lone.push_back({column.name(), ""});
  }
  return lone;
}

std::vector<const v1::Column*> ColumnsWithoutField(const MappedModel& mapped) {
  absl::flat_hash_set<absl::string_view> claimed;
  for (const v1::ModelColumn& column : StructureOf(mapped).table().columns()) {
    claimed.insert(column.name());
  }
  if (!HasOrmColumns(mapped)) {
    for (const v1::ModelField& field : StructureOf(mapped).fields()) {
      const v1::Column* const column = FindColumn(mapped, field);
      if (column != nullptr) claimed.insert(column->name());
    }
  }
  std::vector<const v1::Column*> without;
  for (const v1::Column& column : TableOf(mapped).columns()) {
    if (Ignores(mapped.setting, column.name())) continue;
    if (!claimed.contains(column.name())) without.push_back(&column);
  }
  return without;
}

// What goes in and comes back need not be stored: a password that is hashed, a flag for the sender.
Severity WeighLone(const MappedModel& mapped) {
  const bool is_message = mapped.role == ModelRole::kCreate || mapped.role == ModelRole::kUpdate;
  return is_message ? Severity::kInfo : Weigh(mapped, Severity::kError);
}

void FieldWithoutColumn(const RuleInput& input, RuleOutput& output) {
  ForEachMapped(input, output, [&output](const MappedModel& mapped) {
    for (const Lone& lone : LoneOf(mapped)) {
      const std::string object = ObjectOfField(mapped, lone.name);
      if (!lone.unclear.empty()) {
        output.CannotSay(object, lone.unclear);
        continue;
      }
      const absl::string_view said = ColumnOf(mapped.setting, lone.name);
      output.FindAt(WeighLone(mapped), object,
                    absl::StrCat("no column of table ", NameOfTable(mapped), " is called ",
                                 said.empty() ? "so" : said,
                                 mapped.is_declared ? "" : " (matched by the model's name)"),
                    "add the column, rename the field, or give it the column's name as alias");
    }
  });
}

std::vector<std::string> NamesOf(const std::vector<const v1::Column*>& columns) {
  std::vector<std::string> names;
  for (const v1::Column* const column : columns) names.push_back(column->name());
  return names;
}

// A name without what people write otherwise: case and underscores.
std::string Folded(absl::string_view name) {
  std::string folded = absl::AsciiStrToLower(name);
  folded.erase(std::remove(folded.begin(), folded.end(), '_'), folded.end());
  return folded;
}

// A field without a column, with a column without a field.
using Pairs = std::vector<std::pair<std::string, std::string>>;

// Those that are called the same but for case and underscores.
Pairs CalledAlike(const MappedModel& mapped) {
  Pairs alike;
  const std::vector<std::string> columns = NamesOf(ColumnsWithoutField(mapped));
  for (const Lone& lone : LoneOf(mapped)) {
    const std::string folded = Folded(lone.name);
    for (const std::string& column : columns) {
      if (lone.unclear.empty() && Folded(column) == folded) alike.emplace_back(lone.name, column);
    }
  }
  return alike;
}

void FoldedName(const RuleInput& input, RuleOutput& output) {
  ForEachMapped(input, output, [&output](const MappedModel& mapped) {
    for (const auto& [field, column] : CalledAlike(mapped)) {
      output.FindAt(Weigh(mapped, Severity::kWarning), ObjectOfField(mapped, field),
                    absl::StrCat("is column ", NameOfTable(mapped), ".", column,
                                 " but for case or underscores"),
                    "give both one name, or the field the column's name as alias");
    }
  });
}

// Each field without a column with the column without a field that it probably means.
Pairs Renamed(const MappedModel& mapped) {
  Pairs renamed;
  const std::vector<std::string> columns = NamesOf(ColumnsWithoutField(mapped));
  for (const Lone& lone : LoneOf(mapped)) {
    const std::string likely = lone.unclear.empty() ? LikelyName(lone.name, columns) : "";
    if (!likely.empty() && Folded(likely) != Folded(lone.name))
      renamed.emplace_back(lone.name, likely);
  }
  return renamed;
}

void RenamedField(const RuleInput& input, RuleOutput& output) {
  ForEachMapped(input, output, [&output](const MappedModel& mapped) {
    for (const auto& [field, column] : Renamed(mapped)) {
      output.FindAt(Weigh(mapped, Severity::kWarning), ObjectOfField(mapped, field),
                    absl::StrCat("probably means column ", NameOfTable(mapped), ".", column,
                                 ", for which there is no field"),
                    "rename one of them");
    }
  });
}

bool IsFilledByServer(const MappedModel& mapped, const v1::Column& column) {
  return column.has_default() || column.generated() != v1::COLUMN_GENERATED_UNSPECIFIED ||
         column.identity() != v1::COLUMN_IDENTITY_UNSPECIFIED ||
         !IsNotNull(*mapped.database, column);
}

bool MayBeFilledByTrigger(const v1::TableStructure& table) {
  return std::any_of(
      table.triggers().begin(), table.triggers().end(), [](const v1::Trigger& trigger) {
        return trigger.timing() == "before" &&
               std::find(trigger.events().begin(), trigger.events().end(), "insert") !=
                   trigger.events().end();
      });
}

void LookAtColumnWithoutField(const MappedModel& mapped, const v1::Column& column,
                              RuleOutput& output) {
  const std::string object = ObjectOfField(mapped, column.name());
  if (!IsFilledByServer(mapped, column)) {
    if (MayBeFilledByTrigger(TableOf(mapped))) {
      return output.CannotSay(object, "there is no field for the column; a trigger may fill it");
    }
    // By name alone it may be given beside the model: who sends it, a hash of what was sent.
    return output.FindAt(mapped.is_declared ? Severity::kError : Severity::kInfo, object,
                         absl::StrCat("there is no field for column ", NameAndType(mapped, column),
                                      ", which takes no NULL and has no default: inserting fails"),
                         "add the field, or give the column a default");
  }
  if (!HasOrmColumns(mapped)) return;
  output.FindAt(Severity::kInfo, object,
                absl::StrCat("the mapper does not know column ", NameAndType(mapped, column)),
                "add it to the model, or drop it");
}

void ColumnWithoutField(const RuleInput& input, RuleOutput& output) {
  ForEachMapped(input, output, [&output](const MappedModel& mapped) {
    if (mapped.role != ModelRole::kTable && mapped.role != ModelRole::kCreate) return;
    const std::vector<const v1::Column*> columns = ColumnsWithoutField(mapped);
    // A mapped class without fields of its own has no more to say than its mapper's list.
    const bool is_by_mapper = HasOrmColumns(mapped) || StructureOf(mapped).fields().empty();
    const bool is_partly_known = is_by_mapper ? IsUnknown(StructureOf(mapped).table(), "columns")
                                              : IsUnknown(StructureOf(mapped), "fields");
    if (is_partly_known && !columns.empty()) {
      return output.CannotSay(ObjectOfModel(*mapped.model),
                              "it may have more fields than are seen");
    }
    for (const v1::Column* const column : columns) {
      LookAtColumnWithoutField(mapped, *column, output);
    }
  });
}

// Why a column cannot be written; empty where it can.
std::string WhyNotWritable(const v1::Column& column) {
  if (column.generated() != v1::COLUMN_GENERATED_UNSPECIFIED) return "is generated";
  return column.identity() == v1::COLUMN_IDENTITY_ALWAYS ? "is an identity column, always generated"
                                                         : "";
}

void FindWritten(const MappedModel& mapped, absl::string_view field, const v1::Column& column,
                 RuleOutput& output) {
  output.FindAt(Weigh(mapped, Severity::kError), ObjectOfField(mapped, field),
                absl::StrCat("is written, and ", NameOfColumn(mapped, column), " ",
                             WhyNotWritable(column), ": inserting fails"),
                "leave the value to the server");
}

void GeneratedColumnWritten(const RuleInput& input, RuleOutput& output) {
  ForEachField(
      input, output,
      [&output](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        if (mapped.role != ModelRole::kTable && mapped.role != ModelRole::kCreate) return;
        if (WhyNotWritable(column).empty()) return;
        if (field.required() == v1::KNOWN_YES) {
          FindWritten(mapped, field.name(), column, output);
        } else if (field.required() == v1::KNOWN_UNSPECIFIED) {
          output.CannotSay(ObjectOfField(mapped, field.name()),
                           "whether it must be given is not known");
        }
      });
  if (input.databases.empty()) return;
  // What a mapper has no reason to leave out it writes, if only as NULL.
  ForEachOrmColumn(
      input, output,
      [&output](const MappedModel& mapped, const v1::ModelColumn& declared,
                const v1::Column& column) {
        if (mapped.role == ModelRole::kRead || WhyNotWritable(column).empty()) return;
        const bool is_left_out = !declared.generated().empty() || !declared.identity().empty() ||
                                 !declared.server_default().empty() ||
                                 IsUnknown(declared, "generated");
        if (is_left_out) return;
        if (IsUnknown(declared, "identity") || IsUnknown(declared, "server_default")) {
          return output.CannotSay(ObjectOfField(mapped, declared.name()),
                                  "whether the mapper leaves it to the server is not known");
        }
        FindWritten(mapped, declared.name(), column, output);
      });
}

void TableMissing(const RuleInput& input, RuleOutput& output) {
  if (input.databases.empty()) return output.CannotSay("", kNoDatabase);
  const MappedModels& models = input.models.Of(input.section);
  if (!models.torn.empty()) output.CannotSay("", WhyTorn(models));
  const bool saw_all = SawAllTables(input);
  for (const LostModel& lost : models.lost) {
    const std::string object = ObjectOfModel(*lost.model);
    if (lost.is_ambiguous) {
      output.CannotSay(object, absl::StrCat("several tables are called ", lost.table, ": ",
                                            absl::StrJoin(lost.others, ", ")));
    } else if (!saw_all) {
      output.CannotSay(object, absl::StrCat("there is no table ", lost.table,
                                            " among those seen; not all were"));
    } else {
      output.Find(object,
                  absl::StrCat("there is no table ", lost.table,
                               lost.others.empty() ? "" : "; of that name there is ",
                               absl::StrJoin(lost.others, ", ")),
                  "create the table, or correct its name in the model");
    }
  }
}

constexpr RuleRun kRuns[] = {
    {{"model/column-without-field", Severity::kError, "correctness", kModels,
      "What writes rows through the model leaves such a column empty, and one that takes no NULL "
      "refuses the row.",
      "Add the field, or give the column a default."},
     "models",
     ColumnWithoutField},
    {{"model/field-without-column", Severity::kError, "correctness", kModels,
      "A field without a column in the model's table is lost on writing, or fails.",
      "Add the column, rename the field, or give it the column's name as alias."},
     "models",
     FieldWithoutColumn},
    {{"model/folded-name", Severity::kWarning, "naming", kModels,
      "PostgreSQL tells names apart by case and underscores: a field that is called like a column "
      "but for these is not stored in it.",
      "Give both one name, or the field the column's name as alias."},
     "models",
     FoldedName},
    {{"model/generated-column-written", Severity::kError, "correctness", kModels,
      "A value for a column that PostgreSQL always generates is refused.",
      "Leave the value to the server: declare the column as generated, or drop the field."},
     "models",
     GeneratedColumnWritten},
    {{"model/renamed-field", Severity::kWarning, "correctness", kModels,
      "A field without a column and a column without a field of nearly one name are probably one, "
      "renamed on one side only.",
      "Give both sides the same name."},
     "models",
     RenamedField},
    {{"model/table-missing", Severity::kError, "correctness", kModels,
      "A model whose table is not there fails at its first query.",
      "Create the table, or correct its name in the model."},
     "models",
     TableMissing},
};

}  // namespace

absl::Span<const RuleRun> ModelColumnRules() { return kRuns; }

}  // namespace varve
