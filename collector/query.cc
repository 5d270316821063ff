#include "collector/query.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "collector/answer_stream.h"
#include "collector/drift_since.h"
#include "collector/history.h"
#include "collector/snapshot_parts.h"
#include "snapshot/changes/change_rules.h"
#include "snapshot/changes/diff_filter.h"
#include "snapshot/changes/growth.h"
#include "snapshot/diff.h"
#include "snapshot/drift.h"
#include "snapshot/rules/check_proto.h"
#include "snapshot/selector.h"
#include "storage/diff_pair.h"
#include "storage/fleet.h"
#include "storage/known_before.h"
#include "storage/resolve.h"
#include "storage/rollout.h"

namespace varve {
namespace {

absl::StatusOr<std::vector<v1::Environment>> ListAll(const SnapshotStore& store) {
  VARVE_ASSIGN_OR_RETURN(const std::vector<std::string> names, store.Environments());
  std::vector<v1::Environment> environments;
  for (const std::string& name : names) {
    v1::Environment& environment = environments.emplace_back();
    environment.set_name(name);
    VARVE_ASSIGN_OR_RETURN(const uint64_t count, store.CountSnapshots(name));
    environment.set_snapshot_count(count);
    if (count == 0) continue;
    VARVE_ASSIGN_OR_RETURN(const SnapshotRow newest, store.NewestSnapshot(name));
    *environment.mutable_last() = ToProto(newest);
  }
  return environments;
}

absl::StatusOr<std::vector<v1::StoredSnapshot>> ListOf(const SnapshotStore& store,
                                                       const std::string& environment,
                                                       uint32_t limit) {
  VARVE_ASSIGN_OR_RETURN(const std::vector<SnapshotRow> rows, store.Snapshots(environment, limit));
  std::vector<v1::StoredSnapshot> snapshots;
  for (const SnapshotRow& row : rows) snapshots.push_back(ToProto(row));
  return snapshots;
}

absl::StatusOr<std::vector<v1::SnapshotPart>> ReadParts(const SnapshotStore& store,
                                                        const std::string& reference) {
  VARVE_ASSIGN_OR_RETURN(const Resolved at, Resolve(store, reference));
  VARVE_ASSIGN_OR_RETURN(const SnapshotRow row, store.FindSnapshot(at.environment, at.seq));
  VARVE_ASSIGN_OR_RETURN(const Snapshot snapshot, LoadSnapshot(store, at.environment, at.seq));
  std::vector<std::string> measures;
  for (const Section& section : snapshot.sections) {
    VARVE_ASSIGN_OR_RETURN(measures.emplace_back(),
                           store.ReadMeasures(at.environment, at.seq, section.header.name()));
  }
  return CutSnapshot(row, snapshot, measures);
}

absl::Status LoadAllMeasures(const SnapshotStore& store, const Resolved& at, Snapshot& snapshot) {
  for (Section& section : snapshot.sections) {
    VARVE_RETURN_IF_ERROR(LoadMeasures(store, at.environment, at.seq, section));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::DiffResult>> Compare(const SnapshotStore& store,
                                                    const v1::DiffRequest& request) {
  VARVE_RETURN_IF_ERROR(CheckDiffFilter(request.filter()));
  VARVE_ASSIGN_OR_RETURN(const Resolved before_at, Resolve(store, request.before()));
  VARVE_ASSIGN_OR_RETURN(const Resolved after_at, Resolve(store, request.after()));
  VARVE_ASSIGN_OR_RETURN(
      SnapshotPair pair,
      LoadForDiff(store, {before_at.environment, before_at.seq},
                  {after_at.environment, after_at.seq},
                  HasFilter(request.filter()) ? PairLines::kAll : PairLines::kApart));
  VARVE_ASSIGN_OR_RETURN(v1::DiffResult result,
                         Diff(pair.before, pair.after, KnownBeforeIn(store)));
  result.set_entities_compared(result.entities_compared() + pair.entities_alike);
  if (request.measures()) {
    VARVE_RETURN_IF_ERROR(LoadAllMeasures(store, before_at, pair.before));
    VARVE_RETURN_IF_ERROR(LoadAllMeasures(store, after_at, pair.after));
    AddGrowth(pair.before, pair.after, result);
  }
  FilterDiff(request.filter(), pair.before, pair.after, result);
  Classify(result);
  result.set_before(absl::StrCat(before_at.environment, "@", before_at.seq));
  result.set_after(absl::StrCat(after_at.environment, "@", after_at.seq));
  return CutAnswer(std::move(result));
}

absl::StatusOr<std::vector<v1::DriftResult>> CompareFleet(const SnapshotStore& store,
                                                          const v1::DriftRequest& request) {
  VARVE_ASSIGN_OR_RETURN(const Selector selector, Selector::Parse(request.selector()));
  VARVE_ASSIGN_OR_RETURN(std::vector<SnapshotRow> rows, NewestOf(store, selector));
  DriftQuestion question = {request.all_facets(), request.grouping(), std::nullopt};
  if (question.grouping == v1::DRIFT_GROUPING_UNSPECIFIED) {
    question.grouping = v1::DRIFT_GROUPING_WHOLE;
  }
  if (!request.baseline().empty()) {
    VARVE_ASSIGN_OR_RETURN(const Resolved at, Resolve(store, request.baseline()));
    VARVE_ASSIGN_OR_RETURN(question.baseline, PlaceOf(store, at, rows));
  }
  VARVE_ASSIGN_OR_RETURN(const Fleet fleet, LoadFleet(store, rows, question.all_facets));
  VARVE_ASSIGN_OR_RETURN(v1::DriftResult result, Drift(fleet, question, ShapesOf(store)));
  VARVE_RETURN_IF_ERROR(AddSince(store, result));
  return CutAnswer(std::move(result));
}

absl::StatusOr<std::vector<v1::RolloutResult>> FollowRollout(const SnapshotStore& store,
                                                             const v1::RolloutRequest& request) {
  VARVE_ASSIGN_OR_RETURN(const ObjectName object, ObjectName::Parse(request.object()));
  VARVE_ASSIGN_OR_RETURN(const Selector selector, Selector::Parse(request.selector()));
  VARVE_ASSIGN_OR_RETURN(const std::vector<SnapshotRow> rows, NewestOf(store, selector));
  VARVE_ASSIGN_OR_RETURN(v1::RolloutResult result, Rollout(store, rows, object, request.form()));
  return CutAnswer(std::move(result));
}

absl::StatusOr<std::vector<v1::CheckResult>> CheckStored(const SnapshotStore& store,
                                                         const v1::CheckRequest& request) {
  VARVE_ASSIGN_OR_RETURN(const Resolved at, Resolve(store, request.reference()));
  VARVE_ASSIGN_OR_RETURN(const Snapshot snapshot, LoadSnapshot(store, at.environment, at.seq));
  const RulesAsked asked = {
      {request.rules().begin(), request.rules().end()}, request.config(), absl::Now()};
  VARVE_ASSIGN_OR_RETURN(v1::CheckResult result, Checked(snapshot, asked));
  result.set_reference(absl::StrCat(at.environment, "@", at.seq));
  return CutAnswer(std::move(result));
}

// An answer in pieces; `made` is what makes it.
template <typename Answer>
absl::StatusOr<std::vector<Answer>> InPieces(absl::StatusOr<Answer> made) {
  if (!made.ok()) return made.status();
  return CutAnswer(*std::move(made));
}

}  // namespace

QueryService::QueryService(const SnapshotStore& store, Workers& workers, StreamRegistry& streams)
    : store_(store), workers_(workers), streams_(streams) {}

grpc::ServerWriteReactor<v1::Environment>* QueryService::ListEnvironments(
    grpc::CallbackServerContext* context, const v1::ListEnvironmentsRequest*) {
  return new AnswerStream<v1::Environment>(context, workers_, streams_,
                                           [this] { return ListAll(store_); });
}

grpc::ServerWriteReactor<v1::StoredSnapshot>* QueryService::ListSnapshots(
    grpc::CallbackServerContext* context, const v1::ListSnapshotsRequest* request) {
  return new AnswerStream<v1::StoredSnapshot>(context, workers_, streams_, [this, request] {
    return ListOf(store_, request->environment(), request->limit());
  });
}

grpc::ServerWriteReactor<v1::SnapshotPart>* QueryService::ReadSnapshot(
    grpc::CallbackServerContext* context, const v1::ReadSnapshotRequest* request) {
  return new AnswerStream<v1::SnapshotPart>(context, workers_, streams_, [this, request] {
    return ReadParts(store_, request->reference());
  });
}

grpc::ServerWriteReactor<v1::DiffResult>* QueryService::Diff(grpc::CallbackServerContext* context,
                                                             const v1::DiffRequest* request) {
  return new AnswerStream<v1::DiffResult>(context, workers_, streams_,
                                          [this, request] { return Compare(store_, *request); });
}

grpc::ServerWriteReactor<v1::DriftResult>* QueryService::Drift(grpc::CallbackServerContext* context,
                                                               const v1::DriftRequest* request) {
  return new AnswerStream<v1::DriftResult>(
      context, workers_, streams_, [this, request] { return CompareFleet(store_, *request); });
}

grpc::ServerWriteReactor<v1::RolloutResult>* QueryService::Rollout(
    grpc::CallbackServerContext* context, const v1::RolloutRequest* request) {
  return new AnswerStream<v1::RolloutResult>(
      context, workers_, streams_, [this, request] { return FollowRollout(store_, *request); });
}

grpc::ServerWriteReactor<v1::CheckResult>* QueryService::Check(grpc::CallbackServerContext* context,
                                                               const v1::CheckRequest* request) {
  return new AnswerStream<v1::CheckResult>(
      context, workers_, streams_, [this, request] { return CheckStored(store_, *request); });
}

grpc::ServerWriteReactor<v1::ObjectHistory>* QueryService::History(
    grpc::CallbackServerContext* context, const v1::HistoryRequest* request) {
  return new AnswerStream<v1::ObjectHistory>(context, workers_, streams_, [this, request] {
    return InPieces(HistoryIn(store_, *request));
  });
}

grpc::ServerWriteReactor<v1::BlameResult>* QueryService::Blame(grpc::CallbackServerContext* context,
                                                               const v1::HistoryRequest* request) {
  return new AnswerStream<v1::BlameResult>(
      context, workers_, streams_, [this, request] { return InPieces(BlameIn(store_, *request)); });
}

grpc::ServerWriteReactor<v1::LogResult>* QueryService::Log(grpc::CallbackServerContext* context,
                                                           const v1::LogRequest* request) {
  return new AnswerStream<v1::LogResult>(
      context, workers_, streams_, [this, request] { return InPieces(LogOf(store_, *request)); });
}

grpc::ServerWriteReactor<v1::TrendResult>* QueryService::Trend(grpc::CallbackServerContext* context,
                                                               const v1::TrendRequest* request) {
  return new AnswerStream<v1::TrendResult>(
      context, workers_, streams_, [this, request] { return InPieces(TrendIn(store_, *request)); });
}

}  // namespace varve
