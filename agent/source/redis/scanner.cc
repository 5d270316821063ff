#include "agent/source/redis/scanner.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"

namespace varve::redis {
namespace {

// The server runs at most so much of one client's commands before it serves the next.
constexpr size_t kMostSentAtOnce = 16 << 10;
constexpr size_t kLongestCursor = 20;

absl::Status Unexpected(absl::string_view command) {
  return absl::DataLossError(
      absl::StrCat("the server's answer to ", command, " has not the form of one"));
}

bool IsCursor(absl::string_view text) {
  return !text.empty() && text.size() <= kLongestCursor &&
         text.find_first_not_of("0123456789") == absl::string_view::npos;
}

}  // namespace

void Scanner::AppendScan() {
  connection_.Append({"SCAN", cursor_, "COUNT", absl::StrCat(pacer_.keys_at_once())});
}

// Adds the probes of keys of the page from `first` on: of how many.
size_t Scanner::AppendProbes(size_t first) {
  size_t count = 0;
  while (
      first + count < page_.size() && count < pacer_.keys_at_once() &&
      (count == 0 || connection_.unsent_bytes() < kMostSentAtOnce || pacer_.keys_at_once() > 50)) {
    const Name& name = page_[first + count];
    ++count;
    if (!name.is_whole) continue;
    for (const Probe probe : asked_) {
      switch (probe) {
        case Probe::kType:
          connection_.Append({"TYPE", name.bytes});
          break;
        case Probe::kPttl:
          connection_.Append({"PTTL", name.bytes});
          break;
        case Probe::kMemory:
          // Five elements are looked at; without SAMPLES that is the default, with 0 all are,
          // however many.
          connection_.Append({"MEMORY", "USAGE", name.bytes, "SAMPLES", "5"});
          break;
        case Probe::kEncoding:
          connection_.Append({"OBJECT", "ENCODING", name.bytes});
          break;
      }
    }
  }
  return count;
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
  next_.clear();
  for (const Value& name : reply.subspan(3)) {
    if (name.type != ReplyType::kBulk) return Unexpected("SCAN");
    next_.push_back({std::string(name.text), !name.is_cut});
  }
  return absl::OkStatus();
}

absl::Status Scanner::TakeFact(Probe probe, const Value& value, KeyFacts& facts, bool& is_gone) {
  if (value.type == ReplyType::kError) {
    const Refusal refusal = RefusalOf(value.text);
    if (refusal == Refusal::kCommandNotPermitted || refusal == Refusal::kUnknownCommand) {
      probes_.Refused(probe, value.text);
    } else if (refusal == Refusal::kKeyNotPermitted) {
      facts.not_permitted = true;
    } else if (refusal == Refusal::kMoved) {
      if (probe == asked_.front()) ++end_.elsewhere;
    } else if (refusal == Refusal::kLoading || refusal == Refusal::kNotAuthenticated) {
      return absl::UnavailableError(RefusalText(value.text));
    } else if (probe != Probe::kEncoding) {
      // OBJECT ENCODING says "ERR no such key" of a key that is gone; the others have no such
      // error.
      probes_.Refused(probe, value.text);
    }
    return absl::OkStatus();
  }
  switch (probe) {
    case Probe::kType:
      if (value.type != ReplyType::kStatus) return Unexpected("TYPE");
      type_ = std::string(value.text);
      is_gone |= type_ == "none";
      facts.type = type_;
      return absl::OkStatus();
    case Probe::kPttl:
      if (value.type != ReplyType::kInteger) return Unexpected("PTTL");
      is_gone |= value.number == -2;
      facts.ttl_ms = value.number;
      return absl::OkStatus();
    case Probe::kMemory:
      is_gone |= value.type == ReplyType::kNull;
      if (value.type == ReplyType::kInteger && value.number >= 0) {
        facts.size_bytes = static_cast<uint64_t>(value.number);
      } else if (value.type != ReplyType::kNull) {
        return Unexpected("MEMORY USAGE");
      }
      return absl::OkStatus();
    case Probe::kEncoding:
      is_gone |= value.type == ReplyType::kNull;
      if (value.type == ReplyType::kBulk) {
        encoding_ = std::string(value.text.substr(0, 32));
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
  bool is_gone = false;
  if (name.is_whole) {
    for (const Probe probe : asked_) {
      VARVE_ASSIGN_OR_RETURN(const Reply reply, connection_.Receive());
      VARVE_RETURN_IF_ERROR(TakeFact(probe, reply[0], facts, is_gone));
    }
  }
  if (is_gone) {
    ++end_.gone;
    return absl::OkStatus();
  }
  ++end_.keys;
  visit(name.bytes, name.is_whole, facts);
  return absl::OkStatus();
}

absl::Status Scanner::ReceiveFacts(size_t first, size_t count, KeyVisitor visit) {
  for (size_t i = 0; i < count; ++i) {
    VARVE_RETURN_IF_ERROR(ReceiveKey(page_[first + i], visit));
  }
  return absl::OkStatus();
}

void Scanner::Pause(absl::Duration round_trip, size_t keys) {
  const absl::Duration pause = pacer_.PauseAfter(round_trip, keys);
  if (pause <= absl::ZeroDuration()) return;
  absl::SleepFor(std::min(pause, std::max(deadline_ - absl::Now(), absl::ZeroDuration())));
}

// SCAN for the next page and probes of this one go out together: server and reader work at the same
// time.
absl::Status Scanner::RoundTrip(size_t& first, bool with_scan, KeyVisitor visit) {
  asked_.clear();
  for (const Probe probe : kAllProbes) {
    if (probes_.Asks(probe)) asked_.push_back(probe);
  }
  const absl::Time begin = absl::Now();
  if (with_scan) AppendScan();
  const size_t count = AppendProbes(first);
  VARVE_RETURN_IF_ERROR(connection_.Flush());
  if (with_scan) VARVE_RETURN_IF_ERROR(ReceivePage());
  VARVE_RETURN_IF_ERROR(ReceiveFacts(first, count, visit));
  first += count;
  // Only now: what was asked together with SCAN must be taken, or the next to ask would get it.
  if (end_.kind == ScanEnd::Kind::kRefused) return end_.status;
  Pause(absl::Now() - begin, std::max(count, with_scan ? pacer_.keys_at_once() : 0));
  return absl::OkStatus();
}

ScanEnd Scanner::Scan(KeyVisitor visit) {
  end_ = {};
  cursor_.assign(1, '0');
  page_.clear();
  bool is_first = true;
  bool is_last_page = false;
  while (!is_last_page) {
    is_last_page = !is_first && cursor_ == "0";
    size_t first = 0;
    bool wants_scan = !is_last_page;
    next_.clear();
    do {
      if (absl::Now() >= deadline_) {
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
    } while (first < page_.size());
    is_first = false;
    std::swap(page_, next_);
  }
  return std::move(end_);
}

}  // namespace varve::redis
