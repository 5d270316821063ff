#include "collector/query.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "collector/answer_stream.h"
#include "collector/snapshot_parts.h"
#include "snapshot/changes/change_rules.h"
#include "snapshot/changes/diff_filter.h"
#include "snapshot/diff.h"
#include "snapshot/rules/check_proto.h"
#include "storage/known_before.h"
#include "storage/resolve.h"

namespace varve {
namespace {

absl::StatusOr<std::vector<v1::Environment>> ListAll(const SnapshotStore& store) {
  VARVE_ASSIGN_OR_RETURN(const std::vector<std::string> names, store.Environments());
  std::vector<v1::Environment> environments;
  for (const std::string& name : names) {
    VARVE_ASSIGN_OR_RETURN(const std::vector<SnapshotRow> rows, store.Snapshots(name, 0));
    v1::Environment& environment = environments.emplace_back();
    environment.set_name(name);
    environment.set_snapshot_count(rows.size());
    if (!rows.empty()) *environment.mutable_last() = ToProto(rows.front());
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

absl::StatusOr<std::vector<v1::DiffResult>> Compare(const SnapshotStore& store,
                                                    const v1::DiffRequest& request) {
  VARVE_RETURN_IF_ERROR(CheckDiffFilter(request.filter()));
  VARVE_ASSIGN_OR_RETURN(const Resolved before_at, Resolve(store, request.before()));
  VARVE_ASSIGN_OR_RETURN(const Resolved after_at, Resolve(store, request.after()));
  VARVE_ASSIGN_OR_RETURN(const SnapshotPair pair,
                         LoadForDiff(store, {before_at.environment, before_at.seq},
                                     {after_at.environment, after_at.seq}));
  VARVE_ASSIGN_OR_RETURN(v1::DiffResult result,
                         Diff(pair.before, pair.after, KnownBeforeIn(store)));
  FilterDiff(request.filter(), pair.before, pair.after, result);
  Classify(result);
  result.set_before(absl::StrCat(before_at.environment, "@", before_at.seq));
  result.set_after(absl::StrCat(after_at.environment, "@", after_at.seq));
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

grpc::ServerWriteReactor<v1::CheckResult>* QueryService::Check(grpc::CallbackServerContext* context,
                                                               const v1::CheckRequest* request) {
  return new AnswerStream<v1::CheckResult>(
      context, workers_, streams_, [this, request] { return CheckStored(store_, *request); });
}

}  // namespace varve
