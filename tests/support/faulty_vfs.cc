#include "tests/support/faulty_vfs.h"

#include <atomic>
#include <map>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace varve::testing {
namespace {

using Operation = FaultyVfs::Operation;

// What the operations of all files go by.
class Faults {
 public:
  // SQLITE_OK: it is to be done.
  int Next(Operation operation) {
    absl::MutexLock lock(&mutex_);
    if (code_ == SQLITE_OK || operation != operation_) return SQLITE_OK;
    if (passing_ > 0) {
      --passing_;
      return SQLITE_OK;
    }
    ++failures_;
    return code_;
  }
  void Set(Operation operation, int64_t passing, int code) {
    absl::MutexLock lock(&mutex_);
    operation_ = operation;
    passing_ = passing;
    code_ = code;
  }
  int64_t failures() const {
    absl::MutexLock lock(&mutex_);
    return failures_;
  }

  void NoteWrite(const void* file, const std::string& path) {
    absl::MutexLock lock(&mutex_);
    unsynced_[file] = path;
  }
  void NoteSync(const void* file) {
    absl::MutexLock lock(&mutex_);
    unsynced_.erase(file);
  }
  std::vector<std::string> Unsynced() const {
    absl::MutexLock lock(&mutex_);
    std::vector<std::string> paths;
    for (const auto& [file, path] : unsynced_) paths.push_back(path);
    return paths;
  }

 private:
  mutable absl::Mutex mutex_;
  Operation operation_ ABSL_GUARDED_BY(mutex_) = Operation::kWrite;
  int64_t passing_ ABSL_GUARDED_BY(mutex_) = 0;
  int code_ ABSL_GUARDED_BY(mutex_) = SQLITE_OK;
  int64_t failures_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<const void*, std::string> unsynced_ ABSL_GUARDED_BY(mutex_);
};

// An open file. The system's own lies behind it in the memory that SQLite gave for both.
struct File {
  sqlite3_file base;
  Faults* faults;
  const char* path;  // SQLite's, as long as the file is open; null of a temporary one
};

File* AsFile(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* Real(sqlite3_file* file) { return reinterpret_cast<sqlite3_file*>(AsFile(file) + 1); }

int Close(sqlite3_file* file) {
  AsFile(file)->faults->NoteSync(file);  // it has no path to be told by any more
  return Real(file)->pMethods->xClose(Real(file));
}

int Read(sqlite3_file* file, void* data, int size, sqlite3_int64 offset) {
  const int fault = AsFile(file)->faults->Next(Operation::kRead);
  if (fault != SQLITE_OK) return fault;
  return Real(file)->pMethods->xRead(Real(file), data, size, offset);
}

int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  const int fault = AsFile(file)->faults->Next(Operation::kWrite);
  if (fault != SQLITE_OK) return fault;
  const char* const path = AsFile(file)->path;
  AsFile(file)->faults->NoteWrite(file, path == nullptr ? "" : path);
  return Real(file)->pMethods->xWrite(Real(file), data, size, offset);
}

int Sync(sqlite3_file* file, int flags) {
  const int fault = AsFile(file)->faults->Next(Operation::kSync);
  if (fault != SQLITE_OK) return fault;
  const int code = Real(file)->pMethods->xSync(Real(file), flags);
  if (code == SQLITE_OK) AsFile(file)->faults->NoteSync(file);
  return code;
}

// What is passed on as it is.
int Truncate(sqlite3_file* f, sqlite3_int64 size) {
  return Real(f)->pMethods->xTruncate(Real(f), size);
}
int FileSize(sqlite3_file* f, sqlite3_int64* size) {
  return Real(f)->pMethods->xFileSize(Real(f), size);
}
int Lock(sqlite3_file* f, int level) { return Real(f)->pMethods->xLock(Real(f), level); }
int Unlock(sqlite3_file* f, int level) { return Real(f)->pMethods->xUnlock(Real(f), level); }
int CheckReservedLock(sqlite3_file* f, int* result) {
  return Real(f)->pMethods->xCheckReservedLock(Real(f), result);
}
int FileControl(sqlite3_file* f, int op, void* argument) {
  return Real(f)->pMethods->xFileControl(Real(f), op, argument);
}
int SectorSize(sqlite3_file* f) { return Real(f)->pMethods->xSectorSize(Real(f)); }
int DeviceCharacteristics(sqlite3_file* f) {
  return Real(f)->pMethods->xDeviceCharacteristics(Real(f));
}
int ShmMap(sqlite3_file* f, int page, int size, int extend, void volatile** memory) {
  return Real(f)->pMethods->xShmMap(Real(f), page, size, extend, memory);
}
int ShmLock(sqlite3_file* f, int offset, int count, int flags) {
  return Real(f)->pMethods->xShmLock(Real(f), offset, count, flags);
}
void ShmBarrier(sqlite3_file* f) { Real(f)->pMethods->xShmBarrier(Real(f)); }
int ShmUnmap(sqlite3_file* f, int remove) { return Real(f)->pMethods->xShmUnmap(Real(f), remove); }

// Version 2: without memory-mapped reads, which would pass by Read.
constexpr sqlite3_io_methods kMethods = {2,
                                         Close,
                                         Read,
                                         Write,
                                         Truncate,
                                         Sync,
                                         FileSize,
                                         Lock,
                                         Unlock,
                                         CheckReservedLock,
                                         FileControl,
                                         SectorSize,
                                         DeviceCharacteristics,
                                         ShmMap,
                                         ShmLock,
                                         ShmBarrier,
                                         ShmUnmap,
                                         nullptr,
                                         nullptr};

std::string NextName() {
  static std::atomic<int> count{0};
  return absl::StrCat("faulty-", ++count);
}

}  // namespace

struct FaultyVfs::State {
  std::string name;
  sqlite3_vfs* system = nullptr;
  sqlite3_vfs vfs = {};
  Faults faults;

  static State* Of(sqlite3_vfs* vfs) { return static_cast<State*>(vfs->pAppData); }

  static int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
                  int* out_flags) {
    State* const state = Of(vfs);
    AsFile(file)->base.pMethods = nullptr;
    AsFile(file)->faults = &state->faults;
    AsFile(file)->path = path;
    const int code = state->system->xOpen(state->system, path, Real(file), flags, out_flags);
    if (Real(file)->pMethods != nullptr) AsFile(file)->base.pMethods = &kMethods;
    return code;
  }
  static int Delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
    sqlite3_vfs* const system = Of(vfs)->system;
    return system->xDelete(system, path, sync_folder);
  }
  static int Access(sqlite3_vfs* vfs, const char* path, int flags, int* result) {
    sqlite3_vfs* const system = Of(vfs)->system;
    return system->xAccess(system, path, flags, result);
  }
};

FaultyVfs::FaultyVfs() : state_(std::make_unique<State>()) {
  state_->name = NextName();
  state_->system = sqlite3_vfs_find(nullptr);
  state_->vfs = *state_->system;  // clocks and paths are the system's
  state_->vfs.pNext = nullptr;
  state_->vfs.zName = state_->name.c_str();
  state_->vfs.pAppData = state_.get();
  state_->vfs.szOsFile = static_cast<int>(sizeof(File)) + state_->system->szOsFile;
  state_->vfs.xOpen = State::Open;
  state_->vfs.xDelete = State::Delete;
  state_->vfs.xAccess = State::Access;
  sqlite3_vfs_register(&state_->vfs, /*makeDflt=*/0);
}

FaultyVfs::~FaultyVfs() { sqlite3_vfs_unregister(&state_->vfs); }

const std::string& FaultyVfs::name() const { return state_->name; }

void FaultyVfs::Fail(Operation operation, int64_t passing, int code) {
  state_->faults.Set(operation, passing, code);
}

void FaultyVfs::Mend() { state_->faults.Set(Operation::kWrite, 0, SQLITE_OK); }

int64_t FaultyVfs::failures() const { return state_->faults.failures(); }

std::vector<std::string> FaultyVfs::Unsynced() const { return state_->faults.Unsynced(); }

}  // namespace varve::testing
