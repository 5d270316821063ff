#include "agent/daemon/outbox.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "agent/daemon/durable_file.h"
#include "agent/daemon/outbox_file.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "google/protobuf/text_format.h"

namespace varve {
namespace {

constexpr absl::string_view kWaiting = "outbox";
constexpr absl::string_view kSent = "sent";
constexpr absl::string_view kRejected = "rejected";
constexpr absl::string_view kStateFile = "state.textproto";
constexpr absl::string_view kSuffix = ".snapshot";
constexpr size_t kNumberDigits = 10;  // a snapshot a second for 300 years

absl::StatusOr<int> TakeLock(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/lock");
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return SystemError(absl::StrCat("opening ", path), errno);
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  close(fd);
  return absl::FailedPreconditionError(
      absl::StrCat("state folder ", folder,
                   " is in use by another agent; stop it, or give this one a folder of its own"));
}

// Names of the snapshots in a folder, in order.
absl::StatusOr<std::vector<std::string>> SnapshotFiles(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (absl::EndsWith(name, kSuffix)) files.push_back(name);
  }
  if (error == std::errc::no_such_file_or_directory) return files;  // people may remove it
  if (error) return SystemError(absl::StrCat("listing folder ", folder), error.value());
  std::sort(files.begin(), files.end());
  return files;
}

uint64_t NumberOf(absl::string_view file) {
  uint64_t number = 0;
  // A file that people put there by hand has no number; it sorts where its name does.
  return absl::SimpleAtoi(file.substr(0, kNumberDigits), &number) ? number : 0;
}

// "0000000042-ID.snapshot" names the snapshot ID.
std::string IdOf(absl::string_view file) {
  absl::ConsumeSuffix(&file, kSuffix);
  return file.size() > kNumberDigits + 1 ? std::string(file.substr(kNumberDigits + 1)) : "";
}

void RemoveUnfinished(const std::string& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() == ".part") std::filesystem::remove(at->path(), error);
  }
}

void Touch(const std::string& path, absl::Time time) {
  const std::array<timespec, 2> times = {absl::ToTimespec(time), absl::ToTimespec(time)};
  if (utimensat(AT_FDCWD, path.c_str(), times.data(), 0) != 0) {
    // Kept from when it was written, then: a little less than 24 h.
    log::Debug("time of a file not set", {{"file", path}});
  }
}

absl::Time TouchedAt(const std::string& path) {
  struct stat facts {};
  return stat(path.c_str(), &facts) == 0 ? absl::TimeFromTimespec(facts.st_mtim)
                                         : absl::InfinitePast();
}

// People named the folder; they can name another.
absl::Status WithRemedy(const absl::Status& status) {
  if (!absl::IsPermissionDenied(status) && !absl::IsNotFound(status)) return status;
  return absl::Status(
      status.code(),
      absl::StrCat(status.message(), "; give --state a folder that the agent's user may write"));
}

}  // namespace

absl::Status MakeStateFolder(const std::string& folder) { return WithRemedy(MakeFolder(folder)); }

absl::StatusOr<std::unique_ptr<Outbox>> Outbox::Open(const std::string& folder) {
  VARVE_RETURN_IF_ERROR(MakeStateFolder(folder));
  const absl::StatusOr<int> lock_fd = TakeLock(folder);
  if (!lock_fd.ok()) return WithRemedy(lock_fd.status());
  std::unique_ptr<Outbox> outbox(new Outbox(folder, *lock_fd));
  const absl::Status prepared = outbox->Prepare();
  if (!prepared.ok()) return WithRemedy(prepared);
  return outbox;
}

Outbox::~Outbox() { close(lock_fd_); }

std::string Outbox::Path(absl::string_view subfolder, absl::string_view file) const {
  return absl::StrCat(folder_, "/", subfolder, file.empty() ? "" : "/", file);
}

absl::Status Outbox::Prepare() {
  absl::MutexLock lock(&mutex_);
  for (const absl::string_view subfolder : {kWaiting, kSent, kRejected}) {
    VARVE_RETURN_IF_ERROR(MakeFolder(Path(subfolder)));
    RemoveUnfinished(Path(subfolder));
    VARVE_ASSIGN_OR_RETURN(const std::vector<std::string> files, SnapshotFiles(Path(subfolder)));
    for (const std::string& file : files) {
      next_number_ = std::max(next_number_, NumberOf(file) + 1);
      if (subfolder == kWaiting) ++waiting_;
    }
  }
  const absl::StatusOr<std::string> text = ReadWhole(Path(kStateFile));
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  VARVE_RETURN_IF_ERROR(text.status());
  if (!google::protobuf::TextFormat::ParseFromString(*text, &state_)) {
    // Nothing is lost by it but the bases of deltas: manifests go whole once.
    log::Warning("state file does not parse; beginning anew", {{"file", Path(kStateFile)}});
    state_.Clear();
  }
  return absl::OkStatus();
}

absl::Status Outbox::WriteState() {
  std::string text;
  google::protobuf::TextFormat::PrintToString(state_, &text);
  return WriteDurably(Path(kStateFile), text);
}

absl::Status Outbox::Add(const v1::OutboxSnapshot& snapshot) {
  absl::MutexLock lock(&mutex_);
  const std::string file = absl::StrCat(absl::StrFormat("%0*d", kNumberDigits, next_number_), "-",
                                        snapshot.header().snapshot_id(), kSuffix);
  VARVE_RETURN_IF_ERROR(WriteDurably(Path(kWaiting, file), EncodeOutboxFile(snapshot)));
  ++next_number_;
  ++waiting_;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Outbox::Entry>> Outbox::Oldest() {
  absl::MutexLock lock(&mutex_);
  VARVE_ASSIGN_OR_RETURN(const std::vector<std::string> files, SnapshotFiles(Path(kWaiting)));
  for (const std::string& file : files) {
    VARVE_ASSIGN_OR_RETURN(const std::string bytes, ReadWhole(Path(kWaiting, file)));
    absl::StatusOr<v1::OutboxSnapshot> snapshot = DecodeOutboxFile(bytes);
    if (snapshot.ok()) return Entry{file, *std::move(snapshot)};
    log::Error("snapshot cannot be read and will not be sent",
               {{"file", Path(kRejected, file)}, {"error", snapshot.status().message()}});
    VARVE_RETURN_IF_ERROR(MoveToRejected(file, snapshot.status()));
  }
  waiting_ = 0;  // people may have removed files
  return std::nullopt;
}

size_t Outbox::waiting() const {
  absl::MutexLock lock(&mutex_);
  return waiting_;
}

void Outbox::AwaitWork() const {
  absl::MutexLock lock(&mutex_);
  const auto ready = [this]()
                         ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return waiting_ > 0 || woken_; };
  mutex_.Await(absl::Condition(&ready));
}

void Outbox::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

absl::Status Outbox::Acknowledge(const Entry& entry, const v1::Acknowledged& by, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  v1::AgentState state = state_;
  *state.mutable_acknowledged() = by;
  state.set_incarnation(by.incarnation());
  state.clear_manifests();
  for (const v1::SectionHeader& section : entry.snapshot.header().sections()) {
    v1::SentManifest manifest;
    if (!section.manifest_hash().empty()) {
      manifest.set_section(section.name());
      manifest.set_manifest_hash(section.manifest_hash());
      manifest.set_file(entry.file);
    } else {  // unavailable: its head stays what it was
      for (const v1::SentManifest& known : state_.manifests()) {
        if (known.section() == section.name()) manifest = known;
      }
    }
    if (!manifest.section().empty()) *state.add_manifests() = std::move(manifest);
  }
  state_ = std::move(state);
  // State first: after a crash between the two the snapshot is sent once more, and the store knows
  // its id.
  VARVE_RETURN_IF_ERROR(WriteState());
  Touch(Path(kWaiting, entry.file), now);
  return MoveFromWaiting(entry.file, kSent);
}

absl::Status Outbox::Reject(const std::string& file, const absl::Status& reason) {
  absl::MutexLock lock(&mutex_);
  return MoveToRejected(file, reason);
}

absl::Status Outbox::MoveToRejected(const std::string& file, const absl::Status& reason) {
  VARVE_RETURN_IF_ERROR(MakeFolder(Path(kRejected)));  // people may remove it
  VARVE_RETURN_IF_ERROR(
      WriteDurably(Path(kRejected, absl::StrCat(file, ".reason")),
                   absl::StrCat(CodeWord(reason.code()), ": ", reason.message(), "\n")));
  return MoveFromWaiting(file, kRejected);
}

absl::Status Outbox::MoveFromWaiting(const std::string& file, absl::string_view to) {
  VARVE_RETURN_IF_ERROR(MakeFolder(Path(to)));  // people may remove it
  const std::string from = Path(kWaiting, file);
  absl::Status moved = MoveDurably(from, Path(to, file));
  // Where people removed it meanwhile there is nothing left to move.
  if (!moved.ok() && access(from.c_str(), F_OK) == 0) return moved;
  if (waiting_ > 0) --waiting_;
  return absl::OkStatus();
}

v1::AgentState Outbox::state() const {
  absl::MutexLock lock(&mutex_);
  return state_;
}

std::optional<std::vector<std::string>> Outbox::SentLines(absl::string_view section,
                                                          absl::string_view manifest_hash) const {
  absl::MutexLock lock(&mutex_);
  for (const v1::SentManifest& manifest : state_.manifests()) {
    if (manifest.section() != section || manifest.manifest_hash() != manifest_hash) continue;
    const absl::StatusOr<std::string> bytes = ReadWhole(Path(kSent, manifest.file()));
    if (!bytes.ok()) return std::nullopt;
    const absl::StatusOr<v1::OutboxSnapshot> sent = DecodeOutboxFile(*bytes);
    if (!sent.ok()) return std::nullopt;
    for (int i = 0; i < sent->sections_size(); ++i) {
      if (sent->header().sections(i).name() != section) continue;
      return std::vector<std::string>(sent->sections(i).lines().begin(),
                                      sent->sections(i).lines().end());
    }
  }
  return std::nullopt;
}

std::vector<std::string> Outbox::SentIds(absl::Time now) const {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> ids;
  const absl::StatusOr<std::vector<std::string>> files = SnapshotFiles(Path(kSent));
  if (!files.ok()) return ids;  // what cannot be read could not be sent again
  for (const std::string& file : *files) {
    if (TouchedAt(Path(kSent, file)) > now - kKeepSent) ids.push_back(IdOf(file));
  }
  return ids;
}

absl::Status Outbox::SendAgain(absl::Span<const std::string> ids, absl::string_view incarnation) {
  absl::MutexLock lock(&mutex_);
  const std::set<std::string> wanted(ids.begin(), ids.end());
  VARVE_ASSIGN_OR_RETURN(const std::vector<std::string> files, SnapshotFiles(Path(kSent)));
  for (const std::string& file : files) {
    if (!wanted.contains(IdOf(file))) continue;
    VARVE_RETURN_IF_ERROR(MoveDurably(Path(kSent, file), Path(kWaiting, file)));
    ++waiting_;
  }
  state_.set_incarnation(std::string(incarnation));
  return WriteState();
}

absl::Status Outbox::Prune(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  std::set<std::string> bases;
  for (const v1::SentManifest& manifest : state_.manifests()) bases.insert(manifest.file());
  VARVE_ASSIGN_OR_RETURN(const std::vector<std::string> files, SnapshotFiles(Path(kSent)));
  for (const std::string& file : files) {
    const std::string path = Path(kSent, file);
    if (bases.contains(file) || TouchedAt(path) > now - kKeepSent) continue;
    if (unlink(path.c_str()) != 0) return SystemError(absl::StrCat("removing ", path), errno);
  }
  return absl::OkStatus();
}

}  // namespace varve
