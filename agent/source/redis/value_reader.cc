#include "agent/source/redis/value_reader.h"

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "agent/source/redis/key_details.h"
#include "base/status.h"

namespace varve::redis {
namespace {

constexpr absl::string_view kRest = "<rest>";
constexpr size_t kMostOfDatabase = 2000;
constexpr uint64_t kMostOfPatternBytes = 256 << 10;
// One round trip: so many keys, so much memory of theirs.
constexpr size_t kBatch = 20;
constexpr uint64_t kMostBatchBytes = 256 << 10;
// A value of that size is returned whole at worst.
constexpr uint64_t kSmallBytes = 64 << 10;
constexpr uint64_t kMostFields = 100;
constexpr uint64_t kMostElements = 10;

bool HasForm(absl::string_view type) { return !LengthCommand(type).empty(); }

bool IsOneBlock(absl::string_view encoding) {
  return encoding == "listpack" || encoding == "ziplist" || encoding == "intset" ||
         encoding == "zipmap";
}

// What looking at a value may cost in bytes.
uint64_t CostOf(const SampleKey& key) { return std::min(key.size_bytes.value_or(0), kSmallBytes); }

// The samples of one pattern in the order in which they are wanted: of each type the first, then of
// each the second.
std::vector<SampleKey> InTurns(const RedisConfig& config, const PatternCounts& counts) {
  std::vector<std::pair<size_t, SampleKey>> turns;
  std::map<std::string, size_t> of_type;
  for (SampleKey& key : counts.samples->Sorted()) {
    if (!HasForm(key.type) || SampleModeOf(config, key.name) == SampleMode::kOff) continue;
    const size_t turn = of_type[key.type]++;
    turns.emplace_back(turn, std::move(key));
  }
  std::stable_sort(turns.begin(), turns.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<SampleKey> keys;
  uint64_t cost = 0;
  for (auto& [turn, key] : turns) {
    cost += CostOf(key);
    if (turn > 0 && cost > kMostOfPatternBytes) break;
    keys.push_back(std::move(key));
  }
  return keys;
}

void ChooseOfDatabase(const RedisConfig& config, const DatabaseReading& database, size_t most,
                      std::vector<WantedValue>& wanted) {
  std::vector<std::pair<const std::string*, std::vector<SampleKey>>> patterns;
  for (const auto& [pattern, counts] : database.patterns) {
    const bool is_rest = database.is_capped && pattern == kRest;
    if (counts.samples == nullptr || counts.not_permitted > 0 || is_rest) continue;
    patterns.emplace_back(&pattern, InTurns(config, counts));
  }
  const size_t end = wanted.size() + std::min(most, kMostOfDatabase);
  bool has_more = true;
  for (size_t turn = 0; has_more && wanted.size() < end; ++turn) {
    has_more = false;
    for (auto& [pattern, keys] : patterns) {
      if (turn >= keys.size() || wanted.size() >= end) continue;
      has_more = true;
      wanted.push_back({database.number, *pattern, std::move(keys[turn])});
    }
  }
}

// What a cursor's reply holds behind the cursor; empty where it has not that form.
Reply Scanned(const Reply& reply) {
  const bool has_form = reply.size() >= 3 && reply[0].type == ReplyType::kArray &&
                        reply[0].number == 2 && reply[2].type == ReplyType::kArray &&
                        static_cast<size_t>(reply[2].number) == reply.size() - 3;
  return has_form ? reply.subspan(3) : Reply();
}

// Calls `visit` with the fields of each entry of a stream: [[id, [field, value, …]], …].
template <typename Visit>
void VisitEntries(const Reply& reply, Visit visit) {
  size_t at = 1;
  while (at + 2 < reply.size() && reply[at].type == ReplyType::kArray && reply[at].number == 2 &&
         reply[at + 2].type == ReplyType::kArray) {
    const auto fields = static_cast<size_t>(reply[at + 2].number);
    if (fields > reply.size() - at - 3) return;
    visit(reply.subspan(at + 3, fields));
    at += 3 + fields;
  }
}

// Of one pattern: `types` are those of its keys.
void LearnPattern(const std::pair<int, std::string>& key, const std::vector<std::string>& types,
                  ValueMemory& memory, absl::Time now, PatternValues& values) {
  std::vector<SeenValues> seen;
  for (auto& [type, shape] : values.shapes) {
    if (shape.values() == 0 && type != "stream") continue;  // all were gone
    SeenValues one;
    one.shape = shape.Finish(one.rare);
    values.rare.insert(values.rare.end(), one.rare.begin(), one.rare.end());
    seen.push_back(std::move(one));
  }
  std::set<std::string> wanted;
  for (const std::string& type : types) {
    if (HasForm(type)) wanted.insert(type);
  }
  values.learnt = memory.Learn(key, wanted, seen, now);
  if (values.learnt.size() < wanted.size()) values.learnt.clear();
}

}  // namespace

std::vector<WantedValue> ChooseValues(const RedisConfig& config, const KeyspaceReading& keyspace,
                                      size_t most) {
  std::vector<WantedValue> wanted;
  for (const DatabaseReading& database : keyspace.databases) {
    ChooseOfDatabase(config, database, most - std::min(most, wanted.size()), wanted);
  }
  return wanted;
}

void LearnValues(const KeyspaceReading& keyspace, ValueMemory& memory, absl::Time now,
                 ValuesByPattern& values) {
  for (const DatabaseReading& database : keyspace.databases) {
    for (const auto& [pattern, counts] : database.patterns) {
      const auto at = values.find({database.number, pattern});
      if (at == values.end()) continue;
      const KeyTraits traits = database.TraitsOf(pattern, counts);
      LearnPattern(at->first, traits.types, memory, now, at->second);
    }
  }
  memory.Forget(now);
}

bool ValueReader::IsRefused(absl::string_view command) const {
  return std::any_of(end_.refused.begin(), end_.refused.end(),
                     [&](const SamplingEnd::Refused& known) { return known.command == command; });
}

// What concerns one key alone (it changed its type, it is gone) is no refusal.
void ValueReader::TakeRefusal(absl::string_view command, absl::string_view error) {
  const Refusal refusal = RefusalOf(error);
  const bool is_of_command =
      refusal == Refusal::kCommandNotPermitted || refusal == Refusal::kUnknownCommand;
  if (!is_of_command || IsRefused(command)) return;
  const std::vector<std::string> words = absl::StrSplit(absl::AsciiStrToLower(command), ' ');
  end_.refused.push_back({std::string(command), absl::StrCat("+", absl::StrJoin(words, "|")),
                          refusal, RefusalText(error)});
}

// By key of the batch; nothing for strings, whose bytes are their length, and what is not known.
absl::StatusOr<std::vector<std::optional<uint64_t>>> ValueReader::AskLengths(
    absl::Span<const WantedValue> batch) {
  const auto asks = [this](const WantedValue& wanted) {
    return wanted.key.type != "string" &&
           refused_lengths_.count(std::string(LengthCommand(wanted.key.type))) == 0;
  };
  std::vector<bool> asked;
  for (const WantedValue& wanted : batch) {
    asked.push_back(asks(wanted));
    if (asked.back()) connection_.Append({LengthCommand(wanted.key.type), wanted.key.name});
  }
  VARVE_RETURN_IF_ERROR(connection_.Flush());
  std::vector<std::optional<uint64_t>> lengths(batch.size());
  for (size_t i = 0; i < batch.size(); ++i) {
    if (!asked[i]) continue;
    VARVE_ASSIGN_OR_RETURN(const Reply reply, connection_.Receive());
    const Value& length = reply[0];
    const Refusal refusal =
        length.type == ReplyType::kError ? RefusalOf(length.text) : Refusal::kOther;
    if (refusal == Refusal::kCommandNotPermitted || refusal == Refusal::kUnknownCommand) {
      refused_lengths_.emplace(LengthCommand(batch[i].key.type));
    } else if (length.type == ReplyType::kInteger && length.number > 0) {
      lengths[i] = static_cast<uint64_t>(length.number);
    }
  }
  return lengths;
}

void ValueReader::Ask(const WantedValue& wanted, Part part,
                      absl::Span<const absl::string_view> arguments) {
  const std::string command = part == Part::kGroups ? absl::StrCat(arguments[0], " ", arguments[1])
                                                    : std::string(arguments[0]);
  if (IsRefused(command)) return;
  connection_.Append(arguments);
  asked_.push_back({&wanted, part});
}

// Asks for a part of the value that is small whatever the value is.
void ValueReader::AskValue(const WantedValue& wanted, std::optional<uint64_t> length) {
  const SampleKey& key = wanted.key;
  const absl::string_view name = key.name;
  if (key.type == "string") {
    // One that is gone reads like an empty one.
    Ask(wanted, Part::kStillThere, {"TYPE", name});
    Ask(wanted, Part::kText, {"GETRANGE", name, "0", absl::StrCat(kLookedAtBytes)});
    return;
  }
  const bool is_small = key.size_bytes.has_value() && *key.size_bytes <= kSmallBytes;
  const bool is_length_refused = refused_lengths_.count(std::string(LengthCommand(key.type))) > 0;
  if (!length.has_value() && !is_length_refused) return;  // it is gone, or of another type now
  const bool is_whole_block = (key.type == "hash" || key.type == "set") && IsOneBlock(key.encoding);
  // Of a small value an element may be as large as all of it.
  const uint64_t mean =
      key.size_bytes.has_value() ? *key.size_bytes / length.value_or(1) + 1 : kSmallBytes + 1;
  if (!is_small && (mean > kSmallBytes || is_whole_block)) {
    ++end_.unsafe;
    return;
  }
  const std::string fields = absl::StrCat(std::clamp<uint64_t>(kSmallBytes / mean, 1, kMostFields));
  const uint64_t elements = std::clamp<uint64_t>(kSmallBytes / mean, 2, kMostElements);
  if (key.type == "hash") {
    Ask(wanted, Part::kFields, {"HSCAN", name, "0", "COUNT", fields});
  } else if (key.type == "set") {
    Ask(wanted, Part::kMembers, {"SSCAN", name, "0", "COUNT", absl::StrCat(elements)});
  } else if (key.type == "list") {
    // New elements come at either end.
    Ask(wanted, Part::kElements, {"LRANGE", name, "0", absl::StrCat(elements / 2 - 1)});
    Ask(wanted, Part::kMoreElements, {"LRANGE", name, absl::StrCat("-", elements / 2), "-1"});
  } else if (key.type == "zset") {
    Ask(wanted, Part::kElements, {"ZRANGE", name, "0", absl::StrCat(elements - 1)});
  } else {
    // The newest entries are as they are written now.
    Ask(wanted, Part::kEntries, {"XREVRANGE", name, "+", "-", "COUNT", absl::StrCat(elements / 2)});
    Ask(wanted, Part::kGroups, {"XINFO", "GROUPS", name});
  }
}

// A list of groups, each a flat list of names and values.
void ValueReader::TakeGroups(const Reply& reply, PatternValues& pattern, ValueSampleShape& shape) {
  size_t at = 1;
  while (at < reply.size() && reply[at].type == ReplyType::kArray) {
    const auto fields = static_cast<size_t>(reply[at].number);
    if (fields > reply.size() - at - 1) return;
    const Reply group = reply.subspan(at + 1, fields);
    std::string name;
    PatternValues::Group found;
    for (size_t i = 0; i + 1 < group.size(); i += 2) {
      const Value& value = group[i + 1];
      const bool is_number = value.type == ReplyType::kInteger;
      if (group[i].text == "name") name = std::string(value.text);
      if (group[i].text == "consumers" && is_number) found.consumers = value.number;
      if (group[i].text == "pending" && is_number) found.pending = value.number;
      if (group[i].text == "lag" && is_number) found.lag = value.number;
    }
    PatternValues::Group& all = pattern.groups[shape.AddGroup(name)];
    all.consumers += found.consumers;
    all.pending += found.pending;
    if (found.lag.has_value()) all.lag = all.lag.value_or(0) + *found.lag;
    at += 1 + fields;
  }
}

void ValueReader::Take(const Asked& asked, const Reply& reply, ValuesByPattern& values) {
  const WantedValue& wanted = *asked.wanted;
  constexpr std::array<absl::string_view, 8> kCommands = {
      "TYPE", "GETRANGE", "HSCAN", "SSCAN", "LRANGE", "LRANGE", "XREVRANGE", "XINFO GROUPS"};
  if (reply[0].type == ReplyType::kError) {
    const bool is_zset = wanted.key.type == "zset";
    TakeRefusal(is_zset ? "ZRANGE" : kCommands[static_cast<size_t>(asked.part)], reply[0].text);
    return;
  }
  PatternValues& pattern = values[{wanted.database, wanted.pattern}];
  ValueSampleShape& shape =
      pattern.shapes.try_emplace(wanted.key.type, wanted.key.type, redactor_).first->second;
  switch (asked.part) {
    case Part::kStillThere:
      is_there_ = reply[0].text == "string";
      return;
    case Part::kText:
      if (!is_there_ || reply[0].type != ReplyType::kBulk) return;
      ++pattern.looked_at;
      shape.AddText(reply[0]);
      return;
    case Part::kFields:
      if (Scanned(reply).empty()) return;
      ++pattern.looked_at;
      shape.AddFields(Scanned(reply));
      return;
    case Part::kMembers:
    case Part::kElements: {
      const Reply elements = asked.part == Part::kMembers         ? Scanned(reply)
                             : reply[0].type == ReplyType::kArray ? reply.subspan(1)
                                                                  : Reply();
      if (elements.empty()) return;
      ++pattern.looked_at;
      shape.AddElements(elements);
      return;
    }
    case Part::kMoreElements:
      if (reply[0].type == ReplyType::kArray) shape.AddMoreElements(reply.subspan(1));
      return;
    case Part::kEntries:
      ++pattern.looked_at;
      VisitEntries(reply, [&](const Reply& fields) { shape.AddFields(fields); });
      return;
    case Part::kGroups:
      TakeGroups(reply, pattern, shape);
      return;
  }
}

absl::Status ValueReader::ReadBatch(absl::Span<const WantedValue> batch, ValuesByPattern& values) {
  const absl::Time begin = absl::Now();
  VARVE_ASSIGN_OR_RETURN(const std::vector<std::optional<uint64_t>> lengths, AskLengths(batch));
  asked_.clear();
  for (size_t i = 0; i < batch.size(); ++i) {
    AskValue(batch[i], lengths[i]);
    if (lengths[i].has_value()) {
      values[{batch[i].database, batch[i].pattern}].lengths.push_back(*lengths[i]);
    }
  }
  VARVE_RETURN_IF_ERROR(connection_.Flush());
  for (const Asked& asked : asked_) {
    VARVE_ASSIGN_OR_RETURN(const Reply reply, connection_.Receive());
    Take(asked, reply, values);
  }
  const absl::Duration pause = pacer_.PauseAfter(absl::Now() - begin, batch.size());
  absl::SleepFor(std::min(pause, std::max(deadline_ - absl::Now(), absl::ZeroDuration())));
  return absl::OkStatus();
}

SamplingEnd ValueReader::Read(absl::Span<const WantedValue> wanted, ValuesByPattern& values) {
  end_ = {};
  for (size_t first = 0; first < wanted.size();) {
    const int database = wanted[first].database;
    uint64_t bytes = 0;
    size_t last = first;
    while (last < wanted.size() && last - first < kBatch && wanted[last].database == database &&
           (last == first || bytes <= kMostBatchBytes)) {
      bytes += CostOf(wanted[last++].key);
    }
    const absl::StatusOr<std::string> refusal = connection_.Select(database);
    absl::Status status = refusal.status();
    if (status.ok() && refusal->empty()) {
      status = absl::Now() < deadline_
                   ? ReadBatch(wanted.subspan(first, last - first), values)
                   : absl::DeadlineExceededError("the time that reading may take is over");
    }
    if (!status.ok()) {
      end_.failed = std::move(status);
      break;
    }
    first = last;
  }
  return std::move(end_);
}

}  // namespace varve::redis
