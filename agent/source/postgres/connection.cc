#include "agent/source/postgres/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <pqxx/pqxx>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "agent/redaction/text.h"
#include "base/status.h"

namespace varve::postgres {
namespace {

constexpr absl::string_view kStateUrl = "varve.dev/sqlstate";
constexpr absl::string_view kLostUrl = "varve.dev/connection-lost";
constexpr absl::string_view kUsedUp = "the time for this read was used up";

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, FreeResult>;

struct FreeCopyBuffer {
  void operator()(char* buffer) const { PQfreemem(buffer); }
};
using CopyBuffer = std::unique_ptr<char, FreeCopyBuffer>;

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using OptionsPtr = std::unique_ptr<PQconninfoOption, FreeOptions>;

// A connection policy of libpqxx that shows the handle it opened.
class KeepHandle : public pqxx::connect_direct {
 public:
  using pqxx::connect_direct::connect_direct;
  handle do_startconnect(handle orig) override {
    handle_ = static_cast<PGconn*>(connect_direct::do_startconnect(orig));
    return handle_;
  }
  PGconn* get() const { return handle_; }

 private:
  PGconn* handle_ = nullptr;
};

class PqxxConnection : public pqxx::connection_base {
 public:
  explicit PqxxConnection(KeepHandle& policy) : connection_base(policy) { init(); }
  ~PqxxConnection() noexcept { close(); }
};

// Holds a mutex, if there is one, from Hold to Release: taken for each row it would cost as much as
// the row.
class BusyLock {
 public:
  explicit BusyLock(absl::Mutex* mutex) : mutex_(mutex) {}
  ~BusyLock() { Release(); }
  BusyLock(const BusyLock&) = delete;
  BusyLock& operator=(const BusyLock&) = delete;
  void Hold() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (held_ || mutex_ == nullptr) return;
    mutex_->Lock();
    held_ = true;
  }
  void Release() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (held_) mutex_->Unlock();
    held_ = false;
  }

 private:
  absl::Mutex* const mutex_;
  bool held_ = false;
};

// One line of a message of several.
std::string OneLine(absl::string_view text) {
  return absl::StrJoin(absl::StrSplit(ToUtf8(text), '\n', absl::SkipWhitespace()), "; ");
}

absl::StatusCode CodeOf(absl::string_view state) {
  if (state == "42501") return absl::StatusCode::kPermissionDenied;
  if (state == "55P03") return absl::StatusCode::kAborted;
  if (state == "57014" || state == "25P03") return absl::StatusCode::kDeadlineExceeded;
  if (absl::StartsWith(state, "08") || state == "57P01" || state == "57P02" || state == "57P03") {
    return absl::StatusCode::kUnavailable;
  }
  return absl::StatusCode::kFailedPrecondition;
}

absl::Status LostStatus(absl::string_view why) {
  absl::Status status = absl::UnavailableError(why);
  status.SetPayload(kLostUrl, absl::Cord("1"));
  return status;
}

// The message's own words only: detail and context may hold rows.
absl::Status StatusOf(const PGresult& result, PGconn* connection) {
  const char* const state = PQresultErrorField(&result, PG_DIAG_SQLSTATE);
  const char* const message = PQresultErrorField(&result, PG_DIAG_MESSAGE_PRIMARY);
  if (state == nullptr) {
    return LostStatus(OneLine(message == nullptr ? PQresultErrorMessage(&result) : message));
  }
  const std::string words =
      absl::StrCat(OneLine(message == nullptr ? "" : message), " (", state, ")");
  const absl::StatusCode code = CodeOf(state);
  // The server says that it ends the session before it does.
  const char* const severity = PQresultErrorField(&result, PG_DIAG_SEVERITY_NONLOCALIZED);
  const bool is_fatal = severity != nullptr && absl::string_view(severity) != "ERROR";
  const bool is_lost =
      is_fatal || code == absl::StatusCode::kUnavailable || PQstatus(connection) == CONNECTION_BAD;
  absl::Status status = is_lost ? LostStatus(words) : absl::Status(code, words);
  status.SetPayload(kStateUrl, absl::Cord(state));
  return status;
}

// A value in a libpq keyword string.
std::string Quoted(absl::string_view value) {
  return absl::StrCat("'", absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

// `conninfo` with what every session of ours has. Nothing that a pooler refuses: no `options`.
absl::StatusOr<std::string> WithOurSettings(const std::string& conninfo, absl::Duration timeout) {
  char* complaint = nullptr;
  const OptionsPtr options(PQconninfoParse(conninfo.c_str(), &complaint));
  if (options == nullptr) {
    PQfreemem(complaint);  // it may quote a password
    return absl::InvalidArgumentError("the connection string is no libpq keyword string or URL");
  }
  std::string ours = absl::StrCat(
      "application_name=varve-agent connect_timeout=",
      std::max<int64_t>(2, absl::ToInt64Seconds(timeout)),
      " keepalives_idle=30 keepalives_interval=10 keepalives_count=3 tcp_user_timeout=60000");
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    if (absl::string_view(option->keyword) == "application_name") continue;
    absl::StrAppend(&ours, " ", option->keyword, "=", Quoted(option->val));
  }
  return ours;
}

// What a refused connection is, by the words of libpq and the server: there is no SQLSTATE to be
// had.
struct Refusal {
  absl::string_view words;
  absl::StatusCode code;
  absl::string_view remedy;
};
constexpr Refusal kRefusals[] = {
    {"password authentication failed", absl::StatusCode::kPermissionDenied,
     "mend the user name or the password of this source"},
    {"no password supplied", absl::StatusCode::kPermissionDenied,
     "give a password: in a password file, PGPASSWORD, or the source's password_file"},
    {"authentication failed", absl::StatusCode::kPermissionDenied,
     "use a user that the server's pg_hba.conf lets in by this method"},
    {"no pg_hba.conf entry", absl::StatusCode::kPermissionDenied,
     "add a line for this user, database and address to the server's pg_hba.conf"},
    {"pg_hba.conf rejects", absl::StatusCode::kPermissionDenied,
     "let this user, database and address in by the server's pg_hba.conf"},
    {"permission denied for database", absl::StatusCode::kPermissionDenied,
     "GRANT CONNECT on the database to this user"},
    {"is not permitted to log in", absl::StatusCode::kPermissionDenied,
     "ALTER ROLE … LOGIN, or use another user"},
    {"role \"", absl::StatusCode::kPermissionDenied, "mend the user name of this source"},
    {"database \"", absl::StatusCode::kNotFound, "mend the database name of this source"},
    {"does not support SSL", absl::StatusCode::kUnavailable,
     "turn on ssl on the server, or ask for less with sslmode"},
    {"certificate", absl::StatusCode::kUnavailable,
     "name the server's CA with sslrootcert, and its host as in its certificate"},
    {"SSL", absl::StatusCode::kUnavailable, "check sslmode and the server's TLS settings"},
    {"could not translate host name", absl::StatusCode::kUnavailable, "mend the host name"},
    {"Connection refused", absl::StatusCode::kUnavailable,
     "start PostgreSQL there, or mend host and port"},
    {"No such file or directory", absl::StatusCode::kUnavailable,
     "start PostgreSQL there, or mend the socket's folder and port"},
    {"timeout expired", absl::StatusCode::kUnavailable,
     "check host, port and firewall; connect_timeout allows more time"},
    {"too many", absl::StatusCode::kUnavailable, "raise max_connections, or try later"},
    {"remaining connection slots", absl::StatusCode::kUnavailable,
     "raise max_connections, or try later"},
    {"starting up", absl::StatusCode::kUnavailable, "try again when the server is up"},
    {"shutting down", absl::StatusCode::kUnavailable, "try again when the server is up"},
};

const Refusal* FindRefusal(absl::string_view message) {
  for (const Refusal& refusal : kRefusals) {
    if (absl::StrContains(message, refusal.words)) return &refusal;
  }
  return nullptr;
}

absl::Status RefusedStatus(absl::string_view message) {
  const std::string words = OneLine(message);
  const Refusal* const refusal = FindRefusal(words);
  return absl::Status(refusal == nullptr ? absl::StatusCode::kUnavailable : refusal->code, words);
}

std::string Text(const char* text) { return text == nullptr ? "" : ToUtf8(text); }

}  // namespace

struct Connection::Session {
  explicit Session(const std::string& conninfo) : policy(conninfo), connection(policy) {}
  PGconn* get() const { return policy.get(); }
  KeepHandle policy;
  PqxxConnection connection;
};

std::string SqlState(const absl::Status& status) {
  const absl::optional<absl::Cord> state = status.GetPayload(kStateUrl);
  return state.has_value() ? std::string(*state) : "";
}

bool IsConnectionLost(const absl::Status& status) {
  return status.GetPayload(kLostUrl).has_value();
}

std::string ConnectionRemedy(const absl::Status& status) {
  const Refusal* const refusal = FindRefusal(status.message());
  return std::string(refusal == nullptr ? "check the connection settings of this source"
                                        : refusal->remedy);
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& conninfo,
                                                             absl::Duration timeout) {
  VARVE_ASSIGN_OR_RETURN(const std::string ours, WithOurSettings(conninfo, timeout));
  VARVE_ASSIGN_OR_RETURN(std::unique_ptr<Session> session, OpenSession(ours));
  return std::unique_ptr<Connection>(new Connection(std::move(session)));
}

absl::StatusOr<std::unique_ptr<Connection::Session>> Connection::OpenSession(
    const std::string& conninfo) {
  try {
    return std::make_unique<Session>(conninfo);
  } catch (const std::exception& e) {
    return RefusedStatus(e.what());
  }
}

Connection::Connection(std::unique_ptr<Session> session) { Use(std::move(session)); }

absl::Status Connection::Reopen() {
  VARVE_ASSIGN_OR_RETURN(std::unique_ptr<Session> session, OpenSession(session_->policy.options()));
  Use(std::move(session));
  return absl::OkStatus();
}

void Connection::Use(std::unique_ptr<Session> session) {
  session_ = std::move(session);
  is_lost_ = false;
  end_of_input_.clear();
  PGconn* const pg = session_->get();
  // Notices are for people at a prompt; libpq would print them on our stderr.
  PQsetNoticeReceiver(
      pg, [](void*, const PGresult*) {}, nullptr);
  server_.version = PQserverVersion(pg);
  server_.version_text = Text(PQparameterStatus(pg, "server_version"));
  server_.encoding = Text(PQparameterStatus(pg, "server_encoding"));
  server_.user = Text(PQuser(pg));
  server_.address = absl::StrCat(Text(PQhost(pg)), ":", Text(PQport(pg)), "/", Text(PQdb(pg)));
}

Connection::~Connection() = default;

absl::Status Connection::Execute(const std::string& sql) {
  return Copy(sql, [](absl::Span<const CopyField>) {});
}

absl::Status Connection::Copy(const std::string& sql, RowVisitor visit, absl::Mutex* visiting) {
  if (absl::Now() >= deadline_) return absl::DeadlineExceededError(kUsedUp);
  const absl::Status status = Ask(sql, visit, visiting);
  if (IsConnectionLost(status) || PQstatus(session_->get()) == CONNECTION_BAD) is_lost_ = true;
  return status;
}

absl::Status Connection::Ask(const std::string& sql, RowVisitor visit, absl::Mutex* visiting) {
  PGconn* const pg = session_->get();
  cancelled_ = false;
  if (PQsendQuery(pg, sql.c_str()) == 0) return LostStatus(OneLine(PQerrorMessage(pg)));
  absl::Status first;
  while (true) {
    while (PQisBusy(pg) != 0) {
      const absl::Status waited = WaitForInput();
      if (IsConnectionLost(waited)) return waited;
      if (first.ok()) first = waited;
    }
    const ResultPtr result(PQgetResult(pg));
    if (result == nullptr) return first;
    absl::Status status;
    switch (PQresultStatus(result.get())) {
      case PGRES_COPY_OUT:
        status = ReadCopy(visit, visiting);
        break;
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
      case PGRES_EMPTY_QUERY:
        break;
      default:
        status = StatusOf(*result, pg);
    }
    if (first.ok()) first = status;
    if (IsConnectionLost(status)) {
      is_lost_ = true;  // whatever came first
      return first;
    }
  }
}

absl::Status Connection::ReadCopy(RowVisitor visit, absl::Mutex* visiting) {
  PGconn* const pg = session_->get();
  BusyLock busy(visiting);
  absl::Status first;
  while (true) {
    char* raw = nullptr;
    const int size = PQgetCopyData(pg, &raw, /*async=*/1);
    const CopyBuffer row(raw);
    if (size > 0) {
      SplitCopyRow(absl::Span<char>(raw, static_cast<size_t>(size)), fields_);
      busy.Hold();
      visit(fields_);
    } else if (size == 0) {
      busy.Release();
      const absl::Status waited = WaitForInput();
      if (IsConnectionLost(waited)) return waited;
      if (first.ok()) first = waited;
    } else {
      return first;  // the end, or an error that PQgetResult gives next
    }
  }
}

// Waits until something came from the server. Past the deadline it cancels, once a statement, and
// waits a little on, so that the session ends in a known state.
absl::Status Connection::WaitForInput() {
  constexpr absl::Duration kGrace = absl::Seconds(5);
  constexpr absl::Duration kLongest = absl::Minutes(1);
  PGconn* const pg = session_->get();
  if (!end_of_input_.empty()) return LostStatus(end_of_input_);
  // A stream that never pauses must not get past this.
  if (!cancelled_ && absl::Now() >= deadline_) {
    Cancel();
    return absl::DeadlineExceededError(kUsedUp);
  }
  const absl::Duration wait =
      cancelled_ ? kGrace : std::clamp(deadline_ - absl::Now(), absl::ZeroDuration(), kLongest);
  pollfd socket = {PQsocket(pg), POLLIN, 0};
  const int ready = poll(&socket, 1, static_cast<int>(absl::ToInt64Milliseconds(wait)) + 1);
  // What came before the end is read first: the server may have said why.
  if (ready > 0 && PQconsumeInput(pg) == 0) end_of_input_ = OneLine(PQerrorMessage(pg));
  if (ready == 0 && cancelled_) {
    return LostStatus(absl::StrCat(kUsedUp, ", and the server did not stop when told to"));
  }
  return absl::OkStatus();
}

void Connection::Cancel() {
  cancelled_ = true;
  PGcancel* const cancel = PQgetCancel(session_->get());
  if (cancel == nullptr) return;
  char complaint[256];  // nothing can be done about it: the grace runs out
  PQcancel(cancel, complaint, sizeof(complaint));
  PQfreeCancel(cancel);
}

}  // namespace varve::postgres
