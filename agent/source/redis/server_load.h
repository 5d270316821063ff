// What a server shows of its own trouble, and how much of its time reading may take then.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "agent/source/redis/info.h"

namespace varve::redis {

// Of one INFO.
struct ServerLoad {
  absl::Time at;
  std::optional<int64_t> commands;         // that it ran since its start
  std::optional<absl::Duration> main_cpu;  // of its main thread since its start; 6.2 and later
  int64_t commands_per_s = 0;              // of late, as the server says
  int64_t blocked_clients = 0;             // they wait in BLPOP and its like
  bool is_busy_with_itself = false;  // it forks, rewrites or loads its data, or has no primary
};

ServerLoad LoadOf(const Info& info, absl::Time at);

// Judges from one INFO to the next, about a second apart: reading yields at once, by half, and
// comes back slowly. A pure function of what it is told.
class LoadWatch {
 public:
  // `most` is the share of the server's time that reading may take while all is well. `before` was
  // read when `own_commands` had been sent.
  LoadWatch(double most, const ServerLoad& before, int64_t own_commands)
      : most_(most), limit_(most), last_(before), last_own_(own_commands) {}

  // Whether to ask again.
  bool IsDue(absl::Time now) const { return now - last_.at >= absl::Seconds(1); }

  // Hardly anybody else asks the server: what a round trip takes longer than others is then no
  // other client's wait.
  bool is_alone() const;

  // The share that reading may take from now on; `own_commands` is how many we have sent by now.
  double Judge(const ServerLoad& now, int64_t own_commands);

 private:
  bool ShowsTrouble(const ServerLoad& now, int64_t own_commands);

  double most_;
  double limit_;
  ServerLoad last_;
  int64_t last_own_;
  double usual_per_s_ = -1;  // commands of others; -1 is not known yet
  double usual_blocked_ = -1;
};

}  // namespace varve::redis
