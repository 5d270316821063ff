#include "agent/source/redis/sampler.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/source/redis/client_manners.h"
#include "agent/source/redis/value_sample.h"
#include "base/glob.h"
#include "base/status.h"

namespace varve::redis {

// How values of a type are read: a command whose cost does not grow with the value, and the one
// that tells how many elements there are.
struct Sampler::Form {
  absl::string_view type;
  absl::string_view command;
  std::vector<absl::string_view> arguments;  // behind the key
  absl::string_view length_command;          // empty: elements are bytes
  // A small value is kept as one block, of which this command returns all.
  bool returns_small_whole;
  SampleForm form;
};

namespace {

// One batch is one round trip: as many as the scanner asks for at once.
constexpr size_t kBatch = 50;
// A value of that size is returned whole at worst.
constexpr uint64_t kSmallBytes = 64 << 10;
// Of larger ones a few elements are asked for, where they are no larger than that on average.
constexpr uint64_t kMostElementBytes = 64 << 10;
// Where reading a value makes the server keep it longer than others, no more than so many are read.
constexpr size_t kMostTouched = 100;

// One block in memory, whatever its size.
bool IsOneBlock(absl::string_view encoding) {
  return encoding == "listpack" || encoding == "ziplist" || encoding == "intset" ||
         encoding == "zipmap";
}

}  // namespace

void SamplingEnd::Add(SamplingEnd other) {
  for (Refused& refused_there : other.refused) {
    const bool is_known = std::any_of(refused.begin(), refused.end(), [&](const Refused& known) {
      return known.command == refused_there.command;
    });
    if (!is_known) refused.push_back(std::move(refused_there));
  }
  unsafe += other.unsafe;
  left_alone += other.left_alone;
  if (!failed.has_value()) failed = std::move(other.failed);
}

const Sampler::Form* Sampler::FormOf(absl::string_view type) {
  static const std::vector<Form> kForms = {
      {"string", "GETRANGE", {"0", "256"}, "", false, SampleForm::kText},
      {"hash", "HSCAN", {"0", "COUNT", "3"}, "HLEN", true, SampleForm::kFields},
      {"set", "SSCAN", {"0", "COUNT", "3"}, "SCARD", true, SampleForm::kMembers},
      {"list", "LRANGE", {"0", "3"}, "LLEN", false, SampleForm::kList},
      {"zset", "ZRANGE", {"0", "3"}, "ZCARD", false, SampleForm::kList},
      {"stream", "XRANGE", {"-", "+", "COUNT", "2"}, "XLEN", false, SampleForm::kEntries},
  };
  for (const Form& form : kForms) {
    if (form.type == type) return &form;
  }
  return nullptr;
}

SampleMode SampleModeOf(const RedisConfig& config, absl::string_view name) {
  for (const RedisSampleRule& rule : config.sample_rules) {
    if (GlobMatches(rule.pattern, name)) return rule.mode;
  }
  return config.samples;
}

SampleMode Sampler::ModeOf(absl::string_view name) const { return SampleModeOf(config_, name); }

// Keys that can be sampled and may be.
std::vector<Sampler::Wanted> Sampler::Choose(absl::Span<ListedKey> keys) {
  std::vector<Wanted> wanted;
  for (ListedKey& key : keys) {
    const Form* const form = FormOf(key.type);
    if (form == nullptr || key.not_permitted || !key.is_name_whole) continue;
    const SampleMode mode = ModeOf(key.name);
    if (mode != SampleMode::kOff) wanted.push_back({&key, form, mode});
  }
  return wanted;
}

// A server that evicts what is used least must not take our reading for use. Where it cannot be
// told so (Redis before 7.2), few values are read.
absl::Status Sampler::LeaveUsageAlone(const ServerReading& server, std::vector<Wanted>& wanted) {
  if (IsAtLeast(server, 7, 2)) {
    VARVE_ASSIGN_OR_RETURN(const Reply reply, connection_.Command({"CLIENT", "NO-TOUCH", "ON"}));
    if (reply[0].type != ReplyType::kError) return absl::OkStatus();
  }
  const absl::string_view policy = server.info.Text("maxmemory_policy");
  const bool evicts_by_use = absl::StrContains(policy, "lru") || absl::StrContains(policy, "lfu");
  if (evicts_by_use && wanted.size() > kMostTouched) {
    end_.left_alone = wanted.size() - kMostTouched;
    std::nth_element(wanted.begin(), wanted.begin() + kMostTouched, wanted.end(),
                     [](const Wanted& a, const Wanted& b) { return a.key->hash < b.key->hash; });
    wanted.resize(kMostTouched);
    std::sort(wanted.begin(), wanted.end(),
              [](const Wanted& a, const Wanted& b) { return a.key < b.key; });
  }
  return absl::OkStatus();
}

bool Sampler::IsRefused(absl::string_view command) const {
  return std::any_of(end_.refused.begin(), end_.refused.end(),
                     [&](const SamplingEnd::Refused& known) { return known.command == command; });
}

// What concerns one key alone (it changed its type, it is gone) is no refusal.
void Sampler::TakeRefusal(absl::string_view command, absl::string_view error) {
  const Refusal refusal = RefusalOf(error);
  const bool is_of_command =
      refusal == Refusal::kCommandNotPermitted || refusal == Refusal::kUnknownCommand;
  if (!is_of_command || IsRefused(command)) return;
  end_.refused.push_back({std::string(command), absl::StrCat("+", absl::AsciiStrToLower(command)),
                          refusal, RefusalText(error)});
}

// Those of `batch` of which a few elements can be asked for without harm.
absl::StatusOr<std::vector<Sampler::Wanted>> Sampler::DropUnsafe(absl::Span<const Wanted> batch) {
  std::vector<Wanted> safe;
  std::vector<Wanted> large;
  for (const Wanted& wanted : batch) {
    const std::optional<uint64_t>& size = wanted.key->size_bytes;
    if (IsRefused(wanted.form->command)) continue;
    if (wanted.form->length_command.empty() || (size.has_value() && *size <= kSmallBytes)) {
      safe.push_back(wanted);
    } else if (!size.has_value() || IsRefused(wanted.form->length_command) ||
               (wanted.form->returns_small_whole && IsOneBlock(wanted.key->encoding))) {
      ++end_.unsafe;
    } else {
      connection_.Append({wanted.form->length_command, wanted.key->name});
      large.push_back(wanted);
    }
  }
  if (large.empty()) return safe;
  VARVE_RETURN_IF_ERROR(connection_.Flush());
  for (const Wanted& wanted : large) {
    VARVE_ASSIGN_OR_RETURN(const Reply reply, connection_.Receive());
    const Value& length = reply[0];
    if (length.type == ReplyType::kError) TakeRefusal(wanted.form->length_command, length.text);
    if (length.type == ReplyType::kInteger && length.number > 0 &&
        *wanted.key->size_bytes / static_cast<uint64_t>(length.number) <= kMostElementBytes) {
      safe.push_back(wanted);
    } else {
      ++end_.unsafe;
    }
  }
  return safe;
}

absl::Status Sampler::SampleBatch(absl::Span<const Wanted> batch) {
  const absl::Time begin = absl::Now();
  VARVE_ASSIGN_OR_RETURN(const std::vector<Wanted> safe, DropUnsafe(batch));
  std::vector<absl::string_view> arguments;
  for (const Wanted& wanted : safe) {
    arguments = {wanted.form->command, wanted.key->name};
    arguments.insert(arguments.end(), wanted.form->arguments.begin(), wanted.form->arguments.end());
    connection_.Append(arguments);
  }
  VARVE_RETURN_IF_ERROR(connection_.Flush());
  for (const Wanted& wanted : safe) {
    VARVE_ASSIGN_OR_RETURN(const Reply reply, connection_.Receive());
    if (reply[0].type == ReplyType::kError) {
      TakeRefusal(wanted.form->command, reply[0].text);
      continue;
    }
    ValueSample sample =
        SampleOfValue(redactor_, wanted.key->name, wanted.form->form, reply, wanted.mode);
    wanted.key->sample = std::move(sample.text);
    wanted.key->is_sample_masked = sample.masked;
  }
  const absl::Duration pause = pacer_.PauseAfter(absl::Now() - begin, batch.size());
  absl::SleepFor(std::min(pause, std::max(deadline_ - absl::Now(), absl::ZeroDuration())));
  return absl::OkStatus();
}

SamplingEnd Sampler::Sample(const ServerReading& server, absl::Span<ListedKey> keys) {
  end_ = {};
  std::vector<Wanted> wanted = Choose(keys);
  if (wanted.empty()) return std::move(end_);
  absl::Status status = LeaveUsageAlone(server, wanted);
  size_t first = 0;
  while (status.ok() && first < wanted.size()) {
    size_t last = first;
    const int database = wanted[first].key->database;
    while (last < wanted.size() && last - first < kBatch &&
           wanted[last].key->database == database) {
      ++last;
    }
    const absl::StatusOr<std::string> refusal = connection_.Select(database);
    status = refusal.status();
    if (status.ok() && refusal->empty()) {
      status = absl::Now() < deadline_
                   ? SampleBatch(absl::MakeConstSpan(wanted).subspan(first, last - first))
                   : absl::DeadlineExceededError("the time that reading may take is over");
    }
    first = last;
  }
  if (!status.ok()) end_.failed = std::move(status);
  return std::move(end_);
}

}  // namespace varve::redis
