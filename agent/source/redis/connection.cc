#include "agent/source/redis/connection.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/source/redis/command.h"
#include "agent/source/redis/refusal.h"
#include "base/status.h"

namespace varve::redis {
namespace {

constexpr size_t kReceiveBytes = 64 << 10;

}  // namespace

absl::Time Patience::Next() const { return std::min(deadline, absl::Now() + stall_limit); }

Connection::Connection(std::unique_ptr<Transport> transport, const Patience& patience)
    : transport_(std::move(transport)), patience_(patience), received_(kReceiveBytes) {}

absl::StatusOr<Connection> Connection::Open(const Endpoint& endpoint, const Patience& patience) {
  VARVE_ASSIGN_OR_RETURN(std::unique_ptr<Transport> transport, Connect(endpoint, patience.Next()));
  Connection connection(std::move(transport), patience);
  if (!endpoint.password.empty()) VARVE_RETURN_IF_ERROR(connection.Authenticate(endpoint));
  return connection;
}

absl::Status Connection::Authenticate(const Endpoint& endpoint) {
  // The form with a user is as old as ACLs (6.0); without a user the older form says the same.
  if (endpoint.user.empty()) {
    Append({"AUTH", endpoint.password});
  } else {
    Append({"AUTH", endpoint.user, endpoint.password});
  }
  VARVE_RETURN_IF_ERROR(Flush());
  VARVE_ASSIGN_OR_RETURN(const Reply reply, Receive());
  if (reply[0].type != ReplyType::kError) return absl::OkStatus();
  if (RefusalOf(reply[0].text) == Refusal::kNoPasswordSet) {
    password_not_needed_ = true;
    return absl::OkStatus();
  }
  return absl::UnauthenticatedError(RefusalText(reply[0].text));
}

void Connection::Append(absl::Span<const absl::string_view> arguments) {
  ++commands_;
  AppendCommand(arguments, unsent_);
}

void Connection::Append(std::initializer_list<absl::string_view> arguments) {
  Append(absl::MakeConstSpan(arguments.begin(), arguments.size()));
}

absl::Status Connection::Flush() {
  const absl::Status sent = transport_->Send(unsent_, patience_.Next());
  unsent_.clear();
  return sent;
}

absl::StatusOr<Reply> Connection::Receive() {
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const std::optional<Reply> reply, reader_.Next());
    if (reply.has_value()) return *reply;
    absl::StatusOr<size_t> size = transport_->Receive(absl::MakeSpan(received_), patience_.Next());
    if (absl::IsDeadlineExceeded(size.status()) && !is_past_deadline()) {
      return absl::DeadlineExceededError(
          absl::StrCat("no answer for ", absl::FormatDuration(patience_.stall_limit)));
    }
    VARVE_RETURN_IF_ERROR(size.status());
    received_at_ = absl::Now();
    reader_.Feed(absl::string_view(received_.data(), *size));
  }
}

absl::StatusOr<Reply> Connection::Command(std::initializer_list<absl::string_view> arguments) {
  Append(arguments);
  VARVE_RETURN_IF_ERROR(Flush());
  return Receive();
}

absl::StatusOr<std::string> Connection::Select(int database) {
  if (database == selected_) return std::string();
  VARVE_ASSIGN_OR_RETURN(const Reply reply, Command({"SELECT", absl::StrCat(database)}));
  if (reply[0].type == ReplyType::kError) return std::string(reply[0].text);
  selected_ = database;
  return std::string();
}

bool Connection::is_past_deadline() const { return absl::Now() >= patience_.deadline; }

}  // namespace varve::redis
