// What is asked of each key, and what of it the server has refused so far.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "agent/source/redis/redis_source.h"
#include "agent/source/redis/refusal.h"

namespace varve::redis {

enum class Probe { kType, kPttl, kMemory, kEncoding };
inline constexpr size_t kProbes = 4;
inline constexpr std::array<Probe, kProbes> kAllProbes = {Probe::kType, Probe::kPttl,
                                                          Probe::kMemory, Probe::kEncoding};

// "MEMORY USAGE".
absl::string_view ProbeCommand(Probe probe);
// What of an ACL grants it: "+memory|usage".
absl::string_view ProbeRule(Probe probe);

// A refusal is learned once: the command is not sent again.
class Probes {
 public:
  explicit Probes(RedisDepth depth);

  // Whether to ask it of the next key.
  bool Asks(Probe probe) const;
  // The server refused the command itself; `error` is the text of its reply.
  void Refused(Probe probe, absl::string_view error);
  // What `other` was refused, and this was not.
  void TakeRefusals(const Probes& other);
  // Why it is not asked though the depth wants it.
  std::optional<Refusal> refusal(Probe probe) const { return refused_[static_cast<size_t>(probe)]; }
  // The same in words.
  const std::string& refusal_text(Probe probe) const { return texts_[static_cast<size_t>(probe)]; }

 private:
  RedisDepth depth_;
  std::array<std::optional<Refusal>, kProbes> refused_;
  std::array<std::string, kProbes> texts_;
};

}  // namespace varve::redis
