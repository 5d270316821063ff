// What an agent keeps on disk: the snapshots that wait, those that were acknowledged, those that
// were refused.
//
//   STATE/lock                 held as long as the agent runs, so that two cannot share the folder
//   STATE/state.textproto      v1::AgentState: last acknowledgement, bases of deltas
//   STATE/outbox/NUMBER-ID.snapshot    waits to be sent; numbers sort in order
//   STATE/sent/…               acknowledged; kept whole for 24 h, and while deltas are made from it
//   STATE/rejected/…           refused for good, or damaged; beside each a FILE.reason
//
// Thread-safe. Everything is on disk when a method returns OK. Errors of the disk:
// kPermissionDenied, kResourceExhausted (full), kUnavailable; what was there before stays.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "varve/v1/agent_state.pb.h"
#include "varve/v1/ingest.pb.h"

namespace varve {

// Makes `folder` where it is missing (0700). Errors: those of the disk, with what to do.
absl::Status MakeStateFolder(const std::string& folder);

class Outbox {
 public:
  // A snapshot that waits.
  struct Entry {
    std::string file;  // its name in outbox/
    v1::OutboxSnapshot snapshot;
  };

  // How long acknowledged snapshots are kept: a store that was restored asks for what it lacks of
  // that time.
  static constexpr absl::Duration kKeepSent = absl::Hours(24);

  // Opens `folder`, which is made where it is missing. Errors: kFailedPrecondition (another agent
  // uses it).
  static absl::StatusOr<std::unique_ptr<Outbox>> Open(const std::string& folder);
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  absl::Status Add(const v1::OutboxSnapshot& snapshot);

  // The oldest that waits; nothing when none does. What turns out damaged on the way is moved to
  // rejected/.
  absl::StatusOr<std::optional<Entry>> Oldest();
  size_t waiting() const;
  // Waits until a snapshot is there, or Wake was called.
  void AwaitWork() const;
  // Ends every AwaitWork, now and from now on.
  void Wake();

  // The store has it: remembered, and moved to sent/. `now` is when its 24 hours begin.
  absl::Status Acknowledge(const Entry& entry, const v1::Acknowledged& by, absl::Time now);
  // No retry can change the answer: moved to rejected/ with `reason`.
  absl::Status Reject(const std::string& file, const absl::Status& reason);

  v1::AgentState state() const;
  // The canonical lines of the section's last acknowledged manifest; nothing where that is not
  // `manifest_hash` or not there any more.
  std::optional<std::vector<std::string>> SentLines(absl::string_view section,
                                                    absl::string_view manifest_hash) const;

  // Ids of the snapshots acknowledged in the 24 h before `now`, oldest first.
  std::vector<std::string> SentIds(absl::Time now) const;
  // A store of another incarnation lacks these: they wait again, before anything newer. From now on
  // that store is taken to have the rest.
  absl::Status SendAgain(absl::Span<const std::string> ids, absl::string_view incarnation);
  // Drops from sent/ what is kept no longer.
  absl::Status Prune(absl::Time now);

 private:
  Outbox(std::string folder, int lock_fd) : folder_(std::move(folder)), lock_fd_(lock_fd) {}

  std::string Path(absl::string_view subfolder, absl::string_view file = "") const;
  absl::Status Prepare();
  absl::Status WriteState() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status MoveToRejected(const std::string& file, const absl::Status& reason)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status MoveFromWaiting(const std::string& file, absl::string_view to)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string folder_;
  const int lock_fd_;
  // Held while files are moved; never while the network is touched.
  mutable absl::Mutex mutex_;
  v1::AgentState state_ ABSL_GUARDED_BY(mutex_);
  uint64_t next_number_ ABSL_GUARDED_BY(mutex_) = 1;
  size_t waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace varve
