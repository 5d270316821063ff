#include "collector/history.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "collector/history_sources.h"
#include "snapshot/changes/change_rules.h"
#include "snapshot/history.h"
#include "snapshot/object_history.h"
#include "snapshot/object_name.h"
#include "snapshot/trend.h"
#include "storage/resolve.h"

namespace varve {
namespace {

absl::StatusOr<ObjectFound> FindIn(const SnapshotStore& store, const Resolved& at,
                                   const ObjectName& name) {
  VARVE_ASSIGN_OR_RETURN(const SnapshotRow row, store.FindSnapshot(at.environment, at.seq));
  std::vector<Section> sections;
  for (const v1::SectionHeader& header : row.header.sections()) {
    VARVE_ASSIGN_OR_RETURN(const auto lines, LinesOf(store, at.environment, at.seq, header.name()));
    sections.push_back(*lines);
  }
  const auto shape_of = [&](const Section&, const Seen& seen) -> absl::StatusOr<v1::Shape> {
    VARVE_ASSIGN_OR_RETURN(const BlobHash hash, BlobHash::FromBytes(seen.shape.bytes()));
    VARVE_ASSIGN_OR_RETURN(const std::string bytes, store.ReadBlob(hash));
    v1::Shape shape;
    if (shape.ParseFromString(bytes)) return shape;
    return absl::DataLossError(absl::StrCat("shape ", hash.Short(), " does not parse"));
  };
  absl::StatusOr<ObjectFound> found = FindObject(name, sections, shape_of);
  if (found.ok()) return found;
  return Annotate(found.status(), absl::StrCat(at.environment, "@", at.seq));
}

// The object that is asked for, and all that the store has of it.
struct Asked {
  Resolved at;
  ObjectFound object;
  ObjectLife life;
};

absl::StatusOr<Asked> Find(const SnapshotStore& store, const std::string& reference,
                           const std::string& object) {
  Asked asked;
  VARVE_ASSIGN_OR_RETURN(const ObjectName name, ObjectName::Parse(object));
  VARVE_ASSIGN_OR_RETURN(asked.at, Resolve(store, reference));
  VARVE_ASSIGN_OR_RETURN(asked.object, FindIn(store, asked.at, name));
  VARVE_ASSIGN_OR_RETURN(asked.life, store.ReadLife(asked.at.environment, asked.object.section,
                                                    asked.object.entity, asked.at.seq));
  return asked;
}

// What each change of one version, or of one snapshot, may do.
void ClassifyEach(google::protobuf::RepeatedPtrField<v1::Difference>& changes) {
  v1::DiffResult together;
  together.mutable_differences()->Swap(&changes);
  Classify(together);
  together.mutable_differences()->Swap(&changes);
}

template <typename Answer>
Answer Named(Answer answer, const Asked& asked) {
  answer.set_environment(asked.at.environment);
  answer.set_section(asked.object.section);
  answer.set_name(asked.object.name);
  return answer;
}

}  // namespace

absl::StatusOr<v1::ObjectHistory> HistoryIn(const SnapshotStore& store,
                                            const v1::HistoryRequest& request) {
  VARVE_ASSIGN_OR_RETURN(const Asked asked, Find(store, request.reference(), request.object()));
  VARVE_ASSIGN_OR_RETURN(v1::ObjectHistory history,
                         TellHistory(asked.life, asked.object.element,
                                     SourcesIn(store, asked.at.environment, asked.object.section)));
  for (v1::ObjectVersion& version : *history.mutable_versions()) {
    for (v1::Difference& change : *version.mutable_changes()) {
      change.set_section(asked.object.section);
    }
    ClassifyEach(*version.mutable_changes());
  }
  return Named(std::move(history), asked);
}

absl::StatusOr<v1::BlameResult> BlameIn(const SnapshotStore& store,
                                        const v1::HistoryRequest& request) {
  VARVE_ASSIGN_OR_RETURN(const Asked asked, Find(store, request.reference(), request.object()));
  if (!asked.object.element.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "object '", request.object(), "' is a part; name the whole object, or run: varve history ",
        asked.at.environment, " ", asked.object.name));
  }
  VARVE_ASSIGN_OR_RETURN(
      v1::BlameResult result,
      TellBlame(asked.life, SourcesIn(store, asked.at.environment, asked.object.section)));
  return Named(std::move(result), asked);
}

absl::StatusOr<v1::TrendResult> TrendIn(const SnapshotStore& store,
                                        const v1::TrendRequest& request) {
  VARVE_ASSIGN_OR_RETURN(const Asked asked, Find(store, request.reference(), request.object()));
  const std::string& environment = asked.at.environment;
  const auto measures_at = [&](int64_t seq) -> absl::StatusOr<v1::Measures> {
    Section section;
    section.header.set_name(asked.object.section);
    VARVE_RETURN_IF_ERROR(LoadMeasures(store, environment, seq, section));
    return std::move(section.measures.Edit());
  };
  absl::StatusOr<v1::TrendResult> result =
      TellTrend(asked.life,
                {asked.object.element, request.measure(), request.since_us(), request.until_us(),
                 request.limit()},
                SourcesIn(store, environment, asked.object.section), measures_at);
  if (!result.ok()) return Annotate(result.status(), environment);
  return Named(*std::move(result), asked);
}

}  // namespace varve
