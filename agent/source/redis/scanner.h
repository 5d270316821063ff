// Reads the keys of one database: SCAN, and probes of each key, pipelined and paced.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/pacer.h"
#include "agent/source/redis/pattern_table.h"
#include "agent/source/redis/probes.h"

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
  uint64_t gone = 0;       // were there for SCAN, and not any more for the probes
  uint64_t elsewhere = 0;  // moved to another node of a cluster meanwhile
};

// Visits each key with what the probes said of it. `name` may be the beginning of a very long one
// (`is_name_whole`), which cannot be probed.
using KeyVisitor =
    absl::FunctionRef<void(absl::string_view name, bool is_name_whole, const KeyFacts& facts)>;

// Not thread-safe. All are borrowed.
class Scanner {
 public:
  Scanner(Connection& connection, Probes& probes, Pacer& pacer, absl::Time deadline)
      : connection_(connection), probes_(probes), pacer_(pacer), deadline_(deadline) {}

  // Reads the database that is selected. SCAN gives every key that is there from beginning to end
  // at least once.
  ScanEnd Scan(KeyVisitor visit);

 private:
  struct Name {
    std::string bytes;
    bool is_whole;
  };

  void AppendScan();
  size_t AppendProbes(size_t first);
  absl::Status ReceivePage();
  absl::Status ReceiveFacts(size_t first, size_t count, KeyVisitor visit);
  absl::Status ReceiveKey(const Name& name, KeyVisitor visit);
  absl::Status TakeFact(Probe probe, const Value& value, KeyFacts& facts, bool& is_gone);
  absl::Status RoundTrip(size_t& first, bool with_scan, KeyVisitor visit);
  void Pause(absl::Duration round_trip, size_t keys);

  Connection& connection_;
  Probes& probes_;
  Pacer& pacer_;
  absl::Time deadline_;
  ScanEnd end_;
  std::string cursor_ = "0";
  std::vector<Name> page_;    // names whose probes are under way
  std::vector<Name> next_;    // of the page after it
  std::vector<Probe> asked_;  // of each key of the round trip
  std::string type_;
  std::string encoding_;
};

}  // namespace varve::redis
