#include "agent/source/redis/probes.h"

namespace varve::redis {

absl::string_view ProbeCommand(Probe probe) {
  switch (probe) {
    case Probe::kType:
      return "TYPE";
    case Probe::kPttl:
      return "PTTL";
    case Probe::kMemory:
      return "MEMORY USAGE";
    case Probe::kEncoding:
      return "OBJECT ENCODING";
  }
  return "";
}

absl::string_view ProbeRule(Probe probe) {
  switch (probe) {
    case Probe::kType:
      return "+type";
    case Probe::kPttl:
      return "+pttl";
    case Probe::kMemory:
      return "+memory|usage";
    case Probe::kEncoding:
      return "+object|encoding";
  }
  return "";
}

Probes::Probes(RedisDepth depth) : depth_(depth) {}

bool Probes::Asks(Probe probe) const {
  if (refusal(probe).has_value()) return false;
  return depth_ != RedisDepth::kNames;
}

void Probes::Refused(Probe probe, absl::string_view error) {
  refused_[static_cast<size_t>(probe)] = RefusalOf(error);
  texts_[static_cast<size_t>(probe)] = RefusalText(error);
}

void Probes::TakeRefusals(const Probes& other) {
  for (size_t i = 0; i < kProbes; ++i) {
    if (refused_[i].has_value() || !other.refused_[i].has_value()) continue;
    refused_[i] = other.refused_[i];
    texts_[i] = other.texts_[i];
  }
}

}  // namespace varve::redis
