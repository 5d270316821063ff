// The databases that sources had when they were last asked.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace varve {

// A server that does not answer cannot list its databases, and a section that is absent was dropped
// or taken out of the configuration: so what was there last is remembered, and each of them is
// unavailable then. Thread-safe.
class KnownDatabases {
 public:
  // Names of databases, by name of the source.
  using BySource = std::map<std::string, std::vector<std::string>>;
  // Keeps what is known, beyond the life of the process.
  using Save = std::function<void(const BySource& known)>;

  // Begins with `known`; `save` is told whenever that changes, by one thread at a time. Null: it is
  // remembered as long as this lives.
  explicit KnownDatabases(BySource known = {}, Save save = nullptr)
      : save_(std::move(save)), known_(std::move(known)) {}

  // Of that source, in their order; empty where it never answered.
  std::vector<std::string> Of(absl::string_view source) const;
  void Set(absl::string_view source, std::vector<std::string> databases);

 private:
  const Save save_;
  mutable absl::Mutex mutex_;  // held while it is saved, which is rare and small
  BySource known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace varve
