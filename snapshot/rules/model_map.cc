#include "snapshot/rules/model_map.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "base/glob.h"
#include "base/status.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/model_mapping.h"
#include "snapshot/section_name.h"
#include "snapshot/section_view.h"

namespace varve {
namespace {

bool IsRead(const SectionView& section) {
  const v1::SectionStatus status = section.header().status();
  return status == v1::SECTION_STATUS_COMPLETE || status == v1::SECTION_STATUS_PARTIAL;
}

MapReason ReasonOf(const EntityView& model, bool is_declared, const v1::CheckConfig& file) {
  const std::string name = DisplayName(model.key());
  const bool is_in_file =
      std::any_of(file.models().begin(), file.models().end(), [&name](const auto& setting) {
        return setting.value() != "none" && GlobMatches(setting.name(), name);
      });
  if (is_in_file) return MapReason::kRulesFile;
  if (!is_declared) return MapReason::kName;
  return model.Shape(v1::FACET_STRUCTURE).model().has_table() ? MapReason::kMapper
                                                              : MapReason::kHint;
}

}  // namespace

absl::StatusOr<ModelTraces> TraceModels(const Snapshot& snapshot, const v1::CheckConfig& file) {
  std::deque<SectionView> sections;
  std::vector<const SectionView*> databases;
  for (const Section& section : snapshot.sections) {
    absl::StatusOr<SectionView> view = SectionView::Of(section);
    if (!view.ok()) return Annotate(view.status(), section.header.name());
    sections.push_back(*std::move(view));
    const bool is_database = section.header.source_kind() == "postgres" &&
                             !IsCluster(section.header.name()) && IsRead(sections.back());
    if (is_database) databases.push_back(&sections.back());
  }
  ModelTables tables(std::move(databases), true, file);
  ModelTraces result;
  std::map<std::string, ModelTrace> traces;
  for (const SectionView& section : sections) {
    if (section.header().source_kind() != "models" || !IsRead(section)) continue;
    for (const EntityView& model : section.OfKind("model")) result.models += model.IsThere();
    const MappedModels& found = tables.Of(section);
    for (const MappedModel& each : found.mapped) {
      const std::string name = DisplayName(each.model->key());
      traces[name] = {name,
                      DisplayName(each.table->key()),
                      ReasonOf(*each.model, each.is_declared, file),
                      true,
                      {}};
    }
    for (const LostModel& each : found.lost) {
      const std::string name = DisplayName(each.model->key());
      traces[name] = {name, each.table, ReasonOf(*each.model, true, file), false, {}};
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
