#include "agent/source/redis/pacer.h"

#include <algorithm>

namespace varve::redis {
namespace {

constexpr double kLeastDuty = 0.05;
constexpr double kFirstDuty = 0.2;
constexpr double kGrowth = 0.03;
constexpr double kShrink = 0.7;
// Less than that is noise of the machine (measured: p99 wanders by as much without us).
constexpr absl::Duration kNoticeable = absl::Microseconds(500);
// Four probes and their share of SCAN cost the server 4 to 5 µs a key; twice that covers slow
// machines, and what a round trip takes beyond it is the network's or another client's time, which
// we owe nobody.
constexpr absl::Duration kMostWorkPerKey = absl::Microseconds(10);
// Shorter sleeps take as long as this anyway.
constexpr absl::Duration kShortestPause = absl::Microseconds(100);
// Of a sleep that the machine made long no more is made up for: no burst follows a stall.
constexpr absl::Duration kMostCredit = absl::Milliseconds(5);

double MostDuty(RedisPace pace) {
  switch (pace) {
    case RedisPace::kGentle:
      return 0.1;
    case RedisPace::kDefault:
      return 0.5;
    case RedisPace::kFast:
      return 0.9;
  }
  return 0.5;
}

}  // namespace

Pacer::Pacer(RedisPace pace)
    : pace_(pace),
      pace_most_(MostDuty(pace)),
      most_(pace_most_),
      duty_(std::min(kFirstDuty, most_)) {}

void Pacer::Overslept(absl::Duration time) {
  owed_ = std::max(owed_ - std::min(time, kMostCredit), -kMostCredit);
}

void Pacer::Limit(double most) {
  most_ = std::max(std::min(most, pace_most_), kLeastDuty);
  duty_ = std::min(duty_, most_);
}

// Time that the round trip spent behind other clients: what it took beyond the quickest of late. Of
// the last of those a high percentile, never one value alone.
absl::Duration Pacer::Queued(absl::Duration round_trip, size_t keys) {
  const size_t at = seen_ % kWindow;
  per_key_[at] = round_trip / static_cast<int64_t>(std::max<size_t>(keys, 1));
  round_trips_[at] = round_trip;
  ++seen_;
  const size_t known = std::min(seen_, kWindow);
  const absl::Duration floor = *std::min_element(per_key_.begin(), per_key_.begin() + known);
  queued_[at] = round_trip - floor * static_cast<int64_t>(keys);
  std::array<absl::Duration, kWindow> sorted = queued_;
  const size_t rank = known * 65 / 100;
  std::nth_element(sorted.begin(), sorted.begin() + rank, sorted.begin() + known);
  return sorted[rank];
}

absl::Duration Pacer::PauseAfter(absl::Duration round_trip, size_t keys) {
  const bool others_wait = Queued(round_trip, keys) > kNoticeable && !is_alone_;
  duty_ = others_wait ? std::max(kLeastDuty, duty_ * kShrink) : std::min(most_, duty_ + kGrowth);
  const absl::Duration work =
      std::min(round_trip, kMostWorkPerKey * static_cast<int64_t>(std::max<size_t>(keys, 1)));
  owed_ += work * ((1 - duty_) / duty_);
  if (owed_ < kShortestPause) return absl::ZeroDuration();
  const absl::Duration pause = owed_;
  owed_ = absl::ZeroDuration();
  return pause;
}

size_t Pacer::keys_at_once() const {
  const size_t usual = pace_ == RedisPace::kFast ? 320 : 50;
  if (seen_ == 0) return usual;
  const size_t known = std::min(seen_, kWindow);
  const absl::Duration quickest =
      *std::min_element(round_trips_.begin(), round_trips_.begin() + known);
  if (quickest > absl::Milliseconds(5)) return 500;
  return quickest > absl::Milliseconds(2) ? 200 : usual;
}

}  // namespace varve::redis
