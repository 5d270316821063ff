#include "agent/source/redis/scanner.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/source/redis/info.h"
#include "agent/source/redis/key_hash.h"
#include "base/status.h"

namespace varve::redis {
namespace {

// The server runs 16 KiB of one client's commands before it serves the next, whatever was sent.
// Chunks of the usual pace are of that size or little more, those of the fast one some times that,
// so that we read answers while it works; of long names fewer are asked for at once.
constexpr size_t kMostSentAtOnce = 128 << 10;
// What a key that is only named costs the server, beside one that is probed.
constexpr double kNameCost = 0.2;
constexpr size_t kLongestCursor = 20;
// Pages with names of a few bytes are far smaller; what one with long names took is given back.
constexpr size_t kUsualPageBytes = 1 << 20;

absl::Status Unexpected(absl::string_view command) {
  return absl::DataLossError(
      absl::StrCat("the server's answer to ", command, " has not the form of one"));
}

bool IsCursor(absl::string_view text) {
  return !text.empty() && text.size() <= kLongestCursor &&
         text.find_first_not_of("0123456789") == absl::string_view::npos;
}

}  // namespace

Scanner::Scanner(Connection& connection, Probes& probes, Pacer& pacer, LoadWatch* watch,
                 ScanTerms terms)
    : connection_(connection),
      probes_(probes),
      pacer_(pacer),
      watch_(watch),
      terms_(std::move(terms)),
      choice_(terms_.share) {}

void Scanner::Page::Clear() {
  names.clear();
  if (bytes.capacity() > kUsualPageBytes) bytes = std::string();
  bytes.clear();
}

// As many names as cost the server what a chunk of probed keys does.
size_t Scanner::ScanCount() const {
  const double probed = asked_.empty() ? 0 : terms_.share;
  return static_cast<size_t>(static_cast<double>(pacer_.keys_at_once()) /
                             (kNameCost + (1 - kNameCost) * probed));
}

void Scanner::AppendScan() {
  connection_.Append({"SCAN", cursor_, "COUNT", absl::StrCat(ScanCount())});
}

void Scanner::AppendProbesOf(absl::string_view name) {
  for (const Probe probe : asked_) {
    switch (probe) {
      case Probe::kType:
        connection_.Append({"TYPE", name});
        break;
      case Probe::kPttl:
        connection_.Append({"PTTL", name});
        break;
      case Probe::kMemory:
        // Without SAMPLES five elements are looked at, in every version there is. To say so would
        // cost the server a tenth of the command.
        connection_.Append({"MEMORY", "USAGE", name});
        break;
      case Probe::kEncoding:
        connection_.Append({"OBJECT", "ENCODING", name});
        break;
    }
  }
}

// Adds the probes of keys of the page from `first` on. A page is little longer than it was asked
// to be: its last keys go along, which would cost a round trip of their own.
Scanner::Chunk Scanner::AppendChunk(size_t first) {
  Chunk chunk = {first, first, 0};
  const size_t most = pacer_.keys_at_once() * 5 / 4;
  while (chunk.end < page_.names.size() && chunk.probed < most &&
         (chunk.probed == 0 || connection_.unsent_bytes() < kMostSentAtOnce)) {
    const Name& name = page_.names[chunk.end++];
    if (!name.is_probed || asked_.empty()) continue;
    ++chunk.probed;
    AppendProbesOf(page_.TextOf(name));
  }
  return chunk;
}

bool Scanner::AppendInfo(absl::Time now) {
  if (watch_ == nullptr || !watch_->IsDue(now)) return false;
  connection_.Append({"INFO"});
  return true;
}

absl::Status Scanner::ReceiveInfo() {
  const int64_t own = connection_.commands();
  VARVE_ASSIGN_OR_RETURN(const Reply reply, connection_.Receive());
  if (reply[0].type != ReplyType::kBulk) {
    watch_ = nullptr;  // it says no more
    return absl::OkStatus();
  }
  pacer_.Limit(watch_->Judge(LoadOf(Info::Parse(reply[0].text), absl::Now()), own));
  pacer_.SetAlone(watch_->is_alone());
  return absl::OkStatus();
}

// Takes the answer to SCAN: the next cursor, and names into `next_`.
absl::Status Scanner::ReceivePage() {
  VARVE_ASSIGN_OR_RETURN(const Reply reply, connection_.Receive());
  if (reply[0].type == ReplyType::kError) {
    end_.kind = ScanEnd::Kind::kRefused;
    end_.refusal = RefusalOf(reply[0].text);
    end_.status = absl::PermissionDeniedError(RefusalText(reply[0].text));
    return absl::OkStatus();
  }
  const bool has_form = reply.size() >= 3 && reply[0].type == ReplyType::kArray &&
                        reply[0].number == 2 && reply[1].type == ReplyType::kBulk &&
                        IsCursor(reply[1].text) && reply[2].type == ReplyType::kArray &&
                        reply.size() == 3 + static_cast<size_t>(reply[2].number);
  if (!has_form) return Unexpected("SCAN");
  if (reply[1].text == cursor_ && cursor_ != "0") return Unexpected("SCAN (the same cursor again)");
  cursor_ = std::string(reply[1].text);
  next_.Clear();
  for (const Value& name : reply.subspan(3)) {
    if (name.type != ReplyType::kBulk) return Unexpected("SCAN");
    TakeName(name);
  }
  return absl::OkStatus();
}

void Scanner::TakeName(const Value& value) {
  const MetKey key = {value.text, !value.is_cut, KeyHash(terms_.database, value.text)};
  if (terms_.takes != nullptr && !terms_.takes(key)) return;
  const bool is_probed = key.is_name_whole && choice_.Chooses(key.name, key.hash);
  next_.names.push_back(
      {next_.bytes.size(), key.name.size(), key.hash, key.is_name_whole, is_probed});
  next_.bytes.append(key.name.data(), key.name.size());
}

absl::Status Scanner::TakeError(Probe probe, absl::string_view error, KeyFacts& facts) {
  const Refusal refusal = RefusalOf(error);
  switch (refusal) {
    case Refusal::kKeyNotPermitted:
      facts.not_permitted = true;
      return absl::OkStatus();
    case Refusal::kMoved:
      has_moved_ = true;
      return absl::OkStatus();
    case Refusal::kLoading:
    case Refusal::kNotAuthenticated:
      return absl::UnavailableError(RefusalText(error));
    default:
      break;
  }
  const bool is_of_command =
      refusal == Refusal::kCommandNotPermitted || refusal == Refusal::kUnknownCommand;
  // OBJECT ENCODING says "ERR no such key" of a key that is gone; the others have no such error.
  if (is_of_command || probe != Probe::kEncoding) probes_.Refused(probe, error);
  return absl::OkStatus();
}

absl::Status Scanner::TakeFact(Probe probe, const Value& value, KeyFacts& facts) {
  if (value.type == ReplyType::kError) return TakeError(probe, value.text, facts);
  switch (probe) {
    case Probe::kType:
      if (value.type != ReplyType::kStatus) return Unexpected("TYPE");
      type_.assign(value.text.data(), value.text.size());
      is_gone_ |= type_ == "none";
      facts.type = type_;
      return absl::OkStatus();
    case Probe::kPttl:
      if (value.type != ReplyType::kInteger) return Unexpected("PTTL");
      is_gone_ |= value.number == -2;
      facts.ttl_ms = value.number;
      return absl::OkStatus();
    case Probe::kMemory:
      is_gone_ |= value.type == ReplyType::kNull;
      if (value.type == ReplyType::kInteger && value.number >= 0) {
        facts.size_bytes = static_cast<uint64_t>(value.number);
      } else if (value.type != ReplyType::kNull) {
        return Unexpected("MEMORY USAGE");
      }
      return absl::OkStatus();
    case Probe::kEncoding:
      is_gone_ |= value.type == ReplyType::kNull;
      if (value.type == ReplyType::kBulk) {
        encoding_.assign(value.text.data(), std::min<size_t>(value.text.size(), 32));
        facts.encoding = encoding_;
      } else if (value.type != ReplyType::kNull) {
        return Unexpected("OBJECT ENCODING");
      }
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status Scanner::ReceiveKey(const Name& name, KeyVisitor visit) {
  KeyFacts facts;
  is_gone_ = false;
  has_moved_ = false;
  for (const Probe probe : asked_) {
    VARVE_ASSIGN_OR_RETURN(const Reply reply, connection_.Receive());
    VARVE_RETURN_IF_ERROR(TakeFact(probe, reply[0], facts));
  }
  if (has_moved_) {
    ++end_.elsewhere;
    return absl::OkStatus();
  }
  if (is_gone_) {
    ++end_.gone;
    return absl::OkStatus();
  }
  ++end_.keys;
  ++end_.probed;
  facts.is_probed = true;
  visit(page_.KeyOf(name), facts);
  return absl::OkStatus();
}

void Scanner::VisitUnprobed(const Chunk& chunk, KeyVisitor visit) {
  for (size_t i = chunk.first; i < chunk.end; ++i) {
    const Name& name = page_.names[i];
    if (name.is_probed && !asked_.empty()) continue;
    ++end_.keys;
    visit(page_.KeyOf(name), KeyFacts());
  }
}

absl::Status Scanner::ReceiveFacts(const Chunk& chunk, KeyVisitor visit) {
  if (chunk.probed == 0) return absl::OkStatus();
  for (size_t i = chunk.first; i < chunk.end; ++i) {
    const Name& name = page_.names[i];
    if (name.is_probed) VARVE_RETURN_IF_ERROR(ReceiveKey(name, visit));
  }
  return absl::OkStatus();
}

// When the round trip begins whose commands are sent now. What we did ourselves since the pause was
// over is idle time of the server as well.
absl::Time Scanner::Begin() {
  const absl::Time begin = absl::Now();
  pacer_.Overslept(std::max(begin - due_, absl::ZeroDuration()));
  return begin;
}

// The server has nothing of ours to do from its last answer on: the pause begins there.
void Scanner::Pause(absl::Time begin, double keys) {
  const absl::Time end = std::max(connection_.received_at(), begin);
  due_ = end + pacer_.PauseAfter(end - begin, static_cast<size_t>(std::max(keys, 1.0)));
  const absl::Duration pause = std::min(due_, terms_.deadline) - absl::Now();
  if (pause > absl::ZeroDuration()) absl::SleepFor(pause);
}

// SCAN for the next page and probes of this one go out together, and what needs no answer is done
// while the server works.
absl::Status Scanner::RoundTrip(size_t& first, bool with_scan, KeyVisitor visit) {
  asked_.clear();
  for (const Probe probe : kAllProbes) {
    if (probes_.Asks(probe)) asked_.push_back(probe);
  }
  const size_t named = with_scan ? ScanCount() : 0;
  if (with_scan) AppendScan();
  const Chunk chunk = AppendChunk(first);
  const bool with_info = AppendInfo(absl::Now());
  const absl::Time begin = Begin();
  VARVE_RETURN_IF_ERROR(connection_.Flush());
  VisitUnprobed(chunk, visit);
  if (with_scan) VARVE_RETURN_IF_ERROR(ReceivePage());
  VARVE_RETURN_IF_ERROR(ReceiveFacts(chunk, visit));
  if (with_info) VARVE_RETURN_IF_ERROR(ReceiveInfo());
  first = chunk.end;
  // Only now: what was asked together with SCAN must be taken, or the next to ask would get it.
  if (end_.kind == ScanEnd::Kind::kRefused) return end_.status;
  const double cost =
      kNameCost * static_cast<double>(named) + (1 - kNameCost) * static_cast<double>(chunk.probed);
  Pause(begin, cost);
  return absl::OkStatus();
}

ScanEnd Scanner::Scan(KeyVisitor visit) {
  end_ = {};
  cursor_.assign(1, '0');
  page_.Clear();
  due_ = absl::InfiniteFuture();
  bool is_first = true;
  bool is_last_page = false;
  while (!is_last_page) {
    is_last_page = !is_first && cursor_ == "0";
    size_t first = 0;
    bool wants_scan = !is_last_page;
    next_.Clear();
    do {
      if (absl::Now() >= terms_.deadline) {
        end_.kind = ScanEnd::Kind::kPastDeadline;
        return std::move(end_);
      }
      absl::Status status = RoundTrip(first, wants_scan, visit);
      if (!status.ok()) {
        if (end_.kind != ScanEnd::Kind::kRefused) {
          end_.kind = connection_.is_past_deadline() && absl::IsDeadlineExceeded(status)
                          ? ScanEnd::Kind::kPastDeadline
                          : ScanEnd::Kind::kFailed;
        }
        end_.status = std::move(status);
        return std::move(end_);
      }
      wants_scan = false;
    } while (first < page_.names.size());
    is_first = false;
    std::swap(page_, next_);
  }
  return std::move(end_);
}

}  // namespace varve::redis
