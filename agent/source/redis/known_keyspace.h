// What Redis sources knew of their keyspaces after the last read.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "varve/v1/redis.pb.h"
#include "varve/v1/snapshot.pb.h"

namespace varve::redis {

// Words, each with for how long whole reads have met no key that it is said of.
using MissingFor = std::map<std::string, absl::Duration>;

// A pattern that some read met.
struct KnownPattern {
  v1::KeyPatternStructure structure;  // as it was seen last
  v1::Way way = v1::WAY_RUN;          // how
  bool was_seen = false;              // false: only its name is known, as of depth names
  absl::Duration empty_for;           // so long whole reads have found no key of it
  MissingFor types;                   // that its keys have, or had of late
  MissingFor ttls;                    // "expires", "stays": likewise
};

// A numbered database that some read found keys in.
struct KnownDatabase {
  absl::Time read_at = absl::InfinitePast();  // whole, the last time
  absl::Duration empty_for;                   // so long whole reads have found no key in it
  std::map<std::string, KnownPattern> patterns;
};

// Of one server; by the database's number.
using KnownKeyspace = std::map<int, KnownDatabase>;

// The names of all patterns of a database; none where it is not known.
std::vector<std::string> PatternNames(const KnownKeyspace& known, int database);

// What is known of each source's keyspace: what was generalised stays so, and an empty queue is no
// change. Thread-safe.
class KnownKeyspaces {
 public:
  using BySource = std::map<std::string, KnownKeyspace>;
  // Keeps what is known, beyond the life of the process.
  using Save = std::function<void(const BySource& known)>;

  // Begins with `known`; `save` is told of each read, by one thread at a time. Null: it is
  // remembered as long as this lives.
  explicit KnownKeyspaces(BySource known = {}, Save save = nullptr)
      : save_(std::move(save)), known_(std::move(known)) {}

  // Of that source; empty where it never read anything.
  KnownKeyspace Of(absl::string_view source) const;
  void Set(absl::string_view source, KnownKeyspace keyspace);

 private:
  const Save save_;
  mutable absl::Mutex mutex_;  // held while it is saved: sources seldom end together
  BySource known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace varve::redis
