#include "snapshot/rules/model_map.h"

#include <map>
#include <utility>

#include "base/status.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/model_mapping.h"
#include "snapshot/rules/opened_snapshot.h"
#include "snapshot/rules/rules_file.h"

namespace varve {
namespace {

MapReason ReasonOf(const EntityView& model, bool is_declared, const v1::CheckConfig& file) {
  const v1::ModelSetting* const setting = SettingOf(file, model);
  if (setting != nullptr && !setting->table().empty()) return MapReason::kRulesFile;
  if (!is_declared) return MapReason::kName;
  return model.Shape(v1::FACET_STRUCTURE).model().has_table() ? MapReason::kMapper
                                                              : MapReason::kHint;
}

ModelTrace& TraceOf(const EntityView& model, std::map<std::string, ModelTrace>& traces) {
  const std::string name = DisplayName(model.key());
  ModelTrace& trace = traces[name];
  trace.model = name;
  return trace;
}

}  // namespace

absl::StatusOr<ModelTraces> TraceModels(const Snapshot& snapshot, const v1::CheckConfig& file) {
  VARVE_RETURN_IF_ERROR(RulesFile::Of(file).status());
  VARVE_ASSIGN_OR_RETURN(const OpenedSnapshot opened, OpenedSnapshot::Of(snapshot));
  ModelTables tables(opened.databases, opened.are_all_databases, file);
  ModelTraces result;
  std::map<std::string, ModelTrace> traces;
  for (const SectionView* const section : opened.models) {
    for (const EntityView& model : section->OfKind("model")) result.models += model.IsThere();
    const MappedModels& found = tables.Of(*section);
    for (const MappedModel& each : found.mapped) {
      ModelTrace& trace = TraceOf(*each.model, traces);
      trace.table = DisplayName(each.table->key());
      trace.reason = ReasonOf(*each.model, each.is_declared, file);
    }
    for (const LostModel& each : found.lost) {
      ModelTrace& trace = TraceOf(*each.model, traces);
      trace.reason = ReasonOf(*each.model, true, file);
      if (each.is_ambiguous) {
        trace.candidates = each.others;
      } else {
        trace.table = each.table;
        trace.is_there = false;
      }
    }
    for (const std::vector<UnmappedModel>* const unsure : {&found.torn, &found.unmapped}) {
      for (const UnmappedModel& each : *unsure) {
        if (!each.tables.empty()) TraceOf(*each.model, traces).candidates = each.tables;
      }
    }
  }
  for (const v1::DeclaredKeys& keys : file.redis_keys()) {
    if (keys.model().empty()) continue;
    ModelTrace& trace = traces[keys.model()];
    trace.model = keys.model();
    trace.keys.push_back(keys.pattern());
  }
  for (auto& [name, trace] : traces) result.traces.push_back(std::move(trace));
  return result;
}

}  // namespace varve
