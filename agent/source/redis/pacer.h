// How fast to read, so that the server's other clients do not notice.
#pragma once

#include <array>
#include <cstddef>

#include "absl/time/time.h"
#include "agent/source/redis/redis_source.h"

namespace varve::redis {

// Decides on pauses by what each round trip took: a share of the server's time (duty) that grows
// slowly while nobody waits, and shrinks at once when our own commands queue behind others'. A pure
// function of what it is told.
class Pacer {
 public:
  explicit Pacer(RedisPace pace);

  // After a round trip over `keys` keys that took `round_trip`: how long to pause before the next.
  absl::Duration PauseAfter(absl::Duration round_trip, size_t keys);

  // How many keys to ask for at once: 50, since the server runs what it has read of one client
  // before it serves the next; more at the fast pace, and where the network's latency, and not the
  // server's work, is the limit.
  size_t keys_at_once() const;

  // A pause took so much longer than it should: the next ones are shorter for it.
  void Overslept(absl::Duration time);

  // Nobody else asks the server, or somebody does again: while nobody does, delays of our own
  // commands are no sign of others that wait.
  void SetAlone(bool is_alone) { is_alone_ = is_alone; }

  // The share may grow no further than to `most` from now on; the pace's own stays a bound.
  void Limit(double most);
  // The most that the pace allows.
  double most() const { return pace_most_; }

  double duty() const { return duty_; }

 private:
  static constexpr size_t kWindow = 32;

  absl::Duration Queued(absl::Duration round_trip, size_t keys);

  RedisPace pace_;
  double pace_most_;
  double most_;
  double duty_;
  std::array<absl::Duration, kWindow> per_key_;  // of the last round trips
  std::array<absl::Duration, kWindow> queued_;
  std::array<absl::Duration, kWindow> round_trips_;
  size_t seen_ = 0;
  bool is_alone_ = false;
  absl::Duration owed_;  // pauses too short to take one by one
};

}  // namespace varve::redis
