// What the commands ask of a collector.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/collector_channel.h"
#include "snapshot/rules/check_proto.h"
#include "snapshot/section.h"
#include "varve/v1/control.pb.h"
#include "varve/v1/diff.pb.h"
#include "varve/v1/drift.pb.h"
#include "varve/v1/query.pb.h"
#include "varve/v1/rollout.pb.h"

namespace varve {

// A connection to a collector, for one command.
//
// A call that finds nobody there waits two seconds for a collector that is just starting, and says
// then why it could not be reached. Not thread-safe. Errors, on every method: kUnavailable (nobody
// answers), kUnauthenticated or kPermissionDenied (the token), kNotFound and kInvalidArgument (as
// the collector says), kDataLoss. The message says what to do.
class CollectorClient {
 public:
  // Reads the token and the CA; does not connect. Errors: kInvalidArgument (the address, no token),
  // kNotFound, kPermissionDenied, kFailedPrecondition (others may read the token's file).
  static absl::StatusOr<CollectorClient> Open(const CollectorAccess& access);

  // All environments, by name.
  absl::StatusOr<std::vector<v1::Environment>> Environments() const;

  // The snapshots of an environment, newest first; at most `limit` (0: all).
  absl::StatusOr<std::vector<v1::StoredSnapshot>> Snapshots(absl::string_view environment,
                                                            uint32_t limit) const;

  // The snapshot that `reference` means, whole and verified.
  absl::StatusOr<Snapshot> LoadRemoteSnapshot(absl::string_view reference) const;

  // What differs between two stored snapshots.
  absl::StatusOr<v1::DiffResult> Diff(const v1::DiffRequest& request) const;

  // Which environments are alike, and in what the others differ.
  absl::StatusOr<v1::DriftResult> Drift(const v1::DriftRequest& request) const;

  // Since when each environment has an object.
  absl::StatusOr<v1::RolloutResult> Rollout(const v1::RolloutRequest& request) const;

  // Gives the snapshot that `reference` means a tag.
  absl::StatusOr<v1::TagResponse> Tag(absl::string_view reference, absl::string_view tag) const;
  // Takes a tag away; the number that it named.
  absl::StatusOr<int64_t> Untag(absl::string_view environment, absl::string_view tag) const;

  // What the snapshots up to `reference` tell of `object`, as people type it; which of them brought
  // each part of it.
  absl::StatusOr<v1::ObjectHistory> History(absl::string_view reference,
                                            absl::string_view object) const;
  absl::StatusOr<v1::BlameResult> Blame(absl::string_view reference,
                                        absl::string_view object) const;

  // The snapshots that changed something.
  absl::StatusOr<v1::LogResult> Log(const v1::LogRequest& request) const;

  // How one figure of an object moved.
  absl::StatusOr<v1::TrendResult> Trend(const v1::TrendRequest& request) const;

  // What the rules say of a stored snapshot; the collector knows what time it is.
  absl::StatusOr<v1::CheckResult> Check(absl::string_view reference, const RulesAsked& asked) const;

 private:
  CollectorClient(CollectorAccess access, CollectorChannel channel)
      : access_(std::move(access)), channel_(std::move(channel)) {}

  // Reads a stream of answers with `start`, which begins the call; hands each to `take`.
  template <typename Answer, typename Start, typename Take>
  absl::Status ReadAll(const Start& start, const Take& take) const;
  // Calls until it is answered, as above. `call` makes one attempt; it may be made twice.
  absl::Status Attempted(absl::FunctionRef<absl::Status()> call) const;
  absl::Status Explained(const absl::Status& status) const;

  CollectorAccess access_;
  CollectorChannel channel_;
};

}  // namespace varve
