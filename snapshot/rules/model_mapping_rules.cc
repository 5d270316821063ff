// Rules about which models stand for which tables, and how well models were read.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/model_walk.h"
#include "snapshot/rules/postgres_walk.h"

namespace varve {
namespace {

// Classes that models rest on, as `module:qualname`.
absl::flat_hash_set<std::string> BasesOf(const SectionView& models) {
  absl::flat_hash_set<std::string> bases;
  for (const EntityView& each : models.OfKind("model")) {
    const v1::ModelStructure& model = each.Shape(v1::FACET_STRUCTURE).model();
    bases.insert(model.bases().begin(), model.bases().end());
    bases.insert(model.ancestors().begin(), model.ancestors().end());
  }
  return bases;
}

void Unmapped(const RuleInput& input, RuleOutput& output) {
  if (input.databases.empty()) return output.CannotSay("", kNoDatabase);
  const MappedModels& models = input.models.Of(input.section);
  if (!models.torn.empty()) output.CannotSay("", WhyTorn(models));
  const bool saw_all = SawAllTables(input);
  const absl::flat_hash_set<std::string> bases = BasesOf(input.section);
  for (const UnmappedModel& unmapped : models.unmapped) {
    const std::vector<std::string>& names = unmapped.model->key().names;
    // It stands for whatever its heirs do.
    if (bases.contains(absl::StrCat(names.front(), ":", names.back()))) continue;
    const std::string object = ObjectOfModel(*unmapped.model);
    if (!unmapped.tables.empty()) {
      output.Find(object, absl::StrCat("may stand for ", absl::StrJoin(unmapped.tables, " or ")),
                  "name its table in the rules file");
    } else if (!saw_all) {
      output.CannotSay(object, "no table seen is called like it; not all were seen");
    } else {
      output.Find(object, "no table is called like it and has its fields",
                  "name its table in the rules file, or say that it stands for none");
    }
  }
}

// Tables that tools keep for themselves.
bool IsOfATool(absl::string_view name) {
  static constexpr absl::string_view kNames[] = {
      "alembic_version",       "ar_internal_metadata", "databasechangelog", "databasechangeloglock",
      "flyway_schema_history", "goose_db_version",     "schema_migrations", "spatial_ref_sys"};
  return absl::StartsWith(name, "django_") ||
         std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// Tables that a model stands for, or may.
absl::flat_hash_set<std::string> TablesOfModels(const RuleInput& input, RuleOutput& output) {
  absl::flat_hash_set<std::string> names;
  const std::string of_here = absl::StrCat(input.section.header().name(), ": ");
  for (const SectionView* const section : input.model_sections) {
    const MappedModels& models = input.models.Of(*section);
    if (!models.torn.empty()) output.CannotSay("", WhyTorn(models));
    for (const MappedModel& each : models.mapped) {
      if (each.database == &input.section) names.insert(NameOfTable(each));
    }
    for (const LostModel& each : models.lost) names.insert(each.others.begin(), each.others.end());
    for (const UnmappedModel& each : models.unmapped) {
      names.insert(each.tables.begin(), each.tables.end());
    }
    for (const UnmappedModel& each : models.torn) {
      for (const std::string& table : each.tables) {
        if (absl::StartsWith(table, of_here)) names.insert(table.substr(of_here.size()));
      }
    }
  }
  return names;
}

void TableWithoutModel(const RuleInput& input, RuleOutput& output) {
  if (input.model_sections.empty()) return output.CannotSay("", "no models were read");
  const absl::flat_hash_set<std::string> of_models = TablesOfModels(input, output);
  std::vector<std::string> without;
  ForEachTable(input, [&](const EntityView& table, const v1::TableStructure&) {
    const std::string object = DisplayName(table.key());
    if (!of_models.contains(object) && !IsOfATool(table.key().names.back())) {
      without.push_back(object);
    }
  });
  if (!without.empty() && !SawAllModels(input)) {
    return output.CannotSay("", "not all models were seen: a table without one may have one");
  }
  for (std::string& object : without) {
    output.Find(std::move(object), "no model stands for it",
                "write a model, name it in the rules file where its name does not tell, or drop "
                "the table");
  }
}

// What two mappers say otherwise of one column; empty where nothing.
std::string DifferenceOf(const v1::ModelColumn& ours, const v1::ModelColumn& theirs) {
  const bool knows_types = !ours.type().empty() && !theirs.type().empty() &&
                           !IsUnknown(ours, "type") && !IsUnknown(theirs, "type");
  if (knows_types && ours.type() != theirs.type()) {
    return absl::StrCat("is ", ours.type(), " here and ", theirs.type());
  }
  const bool knows_null =
      ours.nullable() != v1::KNOWN_UNSPECIFIED && theirs.nullable() != v1::KNOWN_UNSPECIFIED;
  if (!knows_null || ours.nullable() == theirs.nullable()) return "";
  return ours.nullable() == v1::KNOWN_YES ? "may be NULL here and is NOT NULL"
                                          : "is NOT NULL here and may be NULL";
}

void CompareMappers(const MappedModel& ours, const MappedModel& theirs, RuleOutput& output) {
  const v1::ModelTable& our_table = StructureOf(ours).table();
  const v1::ModelTable& their_table = StructureOf(theirs).table();
  constexpr char kRemedy[] = "declare the same in both, or leave the table to one";
  const std::string other = ObjectOfModel(*theirs.model);
  for (const v1::ModelColumn& column : our_table.columns()) {
    for (const v1::ModelColumn& their_column : their_table.columns()) {
      if (column.name() != their_column.name()) continue;
      const std::string difference = DifferenceOf(column, their_column);
      if (difference.empty()) continue;
      output.Find(ObjectOfField(ours, column.name()),
                  absl::StrCat(difference, " to ", other, ", which is of the same table ",
                               NameOfTable(ours)),
                  kRemedy);
    }
  }
  if (IsUnknown(our_table, "primary_key") || IsUnknown(their_table, "primary_key")) {
    return output.CannotSay(
        ObjectOfModel(*ours.model),
        absl::StrCat("whether its primary key is that of ", other, " is not known"));
  }
  const std::set<std::string> our_key(our_table.primary_key().begin(),
                                      our_table.primary_key().end());
  const std::set<std::string> their_key(their_table.primary_key().begin(),
                                        their_table.primary_key().end());
  if (our_key == their_key) return;
  output.Find(ObjectOfModel(*ours.model),
              absl::StrCat("has another primary key than ", other, ", which is of the same table ",
                           NameOfTable(ours)),
              kRemedy);
}

// Each model is held against the first of its table, wherever that one is.
void ConflictingModels(const RuleInput& input, RuleOutput& output) {
  if (input.databases.empty()) return output.CannotSay("", kNoDatabase);
  const MappedModels& models = input.models.Of(input.section);
  if (!models.torn.empty()) output.CannotSay("", WhyTorn(models));
  std::map<const EntityView*, const MappedModel*> first;
  for (const SectionView* const section : input.model_sections) {
    for (const MappedModel& mapped : input.models.Of(*section).mapped) {
      if (mapped.role == ModelRole::kBase || !HasOrmColumns(mapped)) continue;
      const auto [entry, is_first] = first.try_emplace(mapped.table, &mapped);
      if (!is_first && section == &input.section) CompareMappers(mapped, *entry->second, output);
    }
  }
}

// What was being read where something went wrong: "shop.config" of "importing shop.config and 2
// modules that import it"; of the source as a whole its section. No counts: a finding keeps its
// object while what it is of stays the same.
std::string WhatFailed(const v1::SectionError& error, absl::string_view section) {
  if (error.has_entity()) return DisplayName(KeyOf(error.entity()));
  absl::string_view doing = error.doing();
  for (const absl::string_view verb : {"importing ", "describing ", "reading the source of "}) {
    if (absl::ConsumePrefix(&doing, verb)) return std::string(doing.substr(0, doing.find(' ')));
  }
  return std::string(section);
}

void SourceDegraded(const RuleInput& input, RuleOutput& output) {
  const v1::SectionHeader& header = input.section.header();
  for (const v1::SectionError& error : header.errors()) {
    if (error.severity() != v1::SectionError::SEVERITY_ERROR) continue;
    output.Find(WhatFailed(error, header.name()), absl::StrCat(error.doing(), ": ", error.why()),
                error.remedy());
  }
}

constexpr RuleRun kRuns[] = {
    {{"model/conflicting-models", Severity::kWarning, "correctness", kModels,
      "Two mappers that declare one table otherwise write and read it otherwise; at most one of "
      "them is right.",
      "Declare the same in both, or leave the table to one."},
     "models",
     ConflictingModels},
    {{"model/source-degraded",
      Severity::kWarning,
      "correctness",
      {},
      "Where a module was not imported its models are as its source tells them, or not there at "
      "all: rules say less than they could.",
      "Mend what the finding names."},
     "models",
     SourceDegraded},
    {{"model/table-without-model", Severity::kInfo, "policy", kTables,
      "A table that no model stands for is written by something else, or by nothing any more.",
      "Write a model, name it in the rules file, or drop the table.", kOnlyIfNamed},
     "postgres",
     TableWithoutModel},
    {{"model/unmapped", Severity::kInfo, "policy", kModels,
      "A model that stands for no table is held against none.",
      "Name its table in the rules file, or say there that it stands for none.", kOnlyIfNamed},
     "models",
     Unmapped},
};

}  // namespace

absl::Span<const RuleRun> ModelMappingRules() { return kRuns; }

}  // namespace varve
