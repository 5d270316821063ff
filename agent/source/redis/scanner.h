// Reads the keys of one database: SCAN, and probes of each key, pipelined and paced.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/key_choice.h"
#include "agent/source/redis/pacer.h"
#include "agent/source/redis/pattern_table.h"
#include "agent/source/redis/probes.h"
#include "agent/source/redis/server_load.h"

namespace varve::redis {

// How reading a database ended.
struct ScanEnd {
  enum class Kind {
    kWhole,
    kRefused,       // the server refuses SCAN: `refusal`, in words `status`
    kPastDeadline,  // the read's deadline came: ask nothing more
    kFailed,        // the connection is of no further use: `status`
  };
  Kind kind = Kind::kWhole;
  Refusal refusal = Refusal::kOther;
  absl::Status status;
  uint64_t keys = 0;       // visited
  uint64_t probed = 0;     // of them
  uint64_t gone = 0;       // were there for SCAN, and not any more for the probes
  uint64_t elsewhere = 0;  // moved to another node of a cluster meanwhile
};

// A key as SCAN gives it. `name` may be the beginning of a very long one, which cannot be probed.
struct MetKey {
  absl::string_view name;
  bool is_name_whole = true;
  uint64_t hash = 0;  // key_hash.h
};

// Visits each key with what the probes said of it.
using KeyVisitor = absl::FunctionRef<void(const MetKey& key, const KeyFacts& facts)>;

// What a scan is held to.
struct ScanTerms {
  int database = 0;
  double share = 1;  // of the keys is probed (key_choice.h)
  absl::Time deadline = absl::InfiniteFuture();
  // Keys it does not take are another server's: neither probed nor visited. Empty takes all.
  std::function<bool(const MetKey& key)> takes;
};

// Not thread-safe. All are borrowed.
class Scanner {
 public:
  // `watch` may be null: the server does not say how it fares.
  Scanner(Connection& connection, Probes& probes, Pacer& pacer, LoadWatch* watch, ScanTerms terms);

  // Reads the database that is selected. SCAN gives every key that is there from beginning to end
  // at least once.
  ScanEnd Scan(KeyVisitor visit);

 private:
  struct Name {
    size_t begin;  // in the page's bytes
    size_t size;
    uint64_t hash;
    bool is_whole;
    bool is_probed;
  };
  // The names of one answer to SCAN, without a string for each.
  struct Page {
    std::string bytes;
    std::vector<Name> names;

    absl::string_view TextOf(const Name& name) const {
      return absl::string_view(bytes).substr(name.begin, name.size);
    }
    MetKey KeyOf(const Name& name) const { return {TextOf(name), name.is_whole, name.hash}; }
    void Clear();
  };
  // Some of a page, whose probes go out together.
  struct Chunk {
    size_t first = 0;
    size_t end = 0;
    size_t probed = 0;
  };

  size_t ScanCount() const;
  void AppendScan();
  void AppendProbesOf(absl::string_view name);
  Chunk AppendChunk(size_t first);
  bool AppendInfo(absl::Time now);
  absl::Status ReceiveInfo();
  void TakeName(const Value& value);
  absl::Status ReceivePage();
  void VisitUnprobed(const Chunk& chunk, KeyVisitor visit);
  absl::Status ReceiveFacts(const Chunk& chunk, KeyVisitor visit);
  absl::Status ReceiveKey(const Name& name, KeyVisitor visit);
  absl::Status TakeFact(Probe probe, const Value& value, KeyFacts& facts);
  absl::Status TakeError(Probe probe, absl::string_view error, KeyFacts& facts);
  absl::Status RoundTrip(size_t& first, bool with_scan, KeyVisitor visit);
  absl::Time Begin();
  void Pause(absl::Time begin, double keys);

  Connection& connection_;
  Probes& probes_;
  Pacer& pacer_;
  LoadWatch* watch_;
  ScanTerms terms_;
  KeyChoice choice_;
  ScanEnd end_;
  std::string cursor_ = "0";
  Page page_;                 // whose probes are under way
  Page next_;                 // the one after it
  std::vector<Probe> asked_;  // of each key of the round trip
  std::string type_;
  std::string encoding_;
  absl::Time due_ = absl::InfiniteFuture();  // of the next round trip, by the pacer; at first none
  bool is_gone_ = false;                     // the key whose facts are taken
  bool has_moved_ = false;                   // the same, to another node
};

}  // namespace varve::redis
