// Takes an excerpt of the value of each key that is listed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "agent/redaction/redaction.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/key_list.h"
#include "agent/source/redis/pacer.h"
#include "agent/source/redis/redis_source.h"
#include "agent/source/redis/refusal.h"
#include "agent/source/redis/server_reading.h"

namespace varve::redis {

// How sampling fared.
struct SamplingEnd {
  // A command that the server refused: keys of its type have no sample.
  struct Refused {
    std::string command;
    std::string rule;  // of an ACL that grants it
    Refusal refusal;
    std::string text;
  };
  std::vector<Refused> refused;
  uint64_t unsafe = 0;      // keys whose values are too big to be asked for, or of unknown size
  uint64_t left_alone = 0;  // keys that were not read, lest the server evicts others for them
  std::optional<absl::Status>
      failed;  // sampling ended early: the connection broke, or the time was up

  // With that of another node.
  void Add(SamplingEnd other);
};

// How much of the value of key `name` may leave: the first rule that matches decides.
SampleMode SampleModeOf(const RedisConfig& config, absl::string_view name);

// Not thread-safe. All are borrowed.
class Sampler {
 public:
  Sampler(Connection& connection, const RedisConfig& config, const Redactor& redactor, Pacer& pacer,
          absl::Time deadline)
      : connection_(connection),
        config_(config),
        redactor_(redactor),
        pacer_(pacer),
        deadline_(deadline) {}

  // Fills in the samples of `keys`, which are sorted by database. Values are asked for by commands
  // whose cost does not grow with the value; of a value whose elements may be large nothing is
  // read, nor of any key where its mode is off.
  SamplingEnd Sample(const ServerReading& server, absl::Span<ListedKey> keys);

 private:
  struct Form;
  struct Wanted {
    ListedKey* key;
    const Form* form;
    SampleMode mode;
  };

  static const Form* FormOf(absl::string_view type);
  SampleMode ModeOf(absl::string_view name) const;
  std::vector<Wanted> Choose(absl::Span<ListedKey> keys);
  absl::Status LeaveUsageAlone(const ServerReading& server, std::vector<Wanted>& wanted);
  absl::Status SampleBatch(absl::Span<const Wanted> batch);
  absl::StatusOr<std::vector<Wanted>> DropUnsafe(absl::Span<const Wanted> batch);
  void TakeRefusal(absl::string_view command, absl::string_view error);
  bool IsRefused(absl::string_view command) const;

  Connection& connection_;
  const RedisConfig& config_;
  const Redactor& redactor_;
  Pacer& pacer_;
  absl::Time deadline_;
  SamplingEnd end_;
};

}  // namespace varve::redis
