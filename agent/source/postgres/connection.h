// One session with a PostgreSQL server: opened and owned by libpqxx, read by COPY over libpq's own
// handle, since libpqxx 6.4 can stream a table but not a query, and waits for an answer without a
// deadline.
//
// Not thread-safe. Nothing throws. Messages never hold the connection string or a password.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "agent/source/postgres/copy_text.h"

namespace varve::postgres {

// The SQLSTATE that a status of this file carries ("42501"); empty where the server gave none.
std::string SqlState(const absl::Status& status);

// Whether `status` says that the session is gone: nothing more can be asked on it.
bool IsConnectionLost(const absl::Status& status);

// Where a session ended up.
struct ServerFacts {
  int version = 0;           // 150018: PQserverVersion
  std::string version_text;  // "15.18 (Debian 15.18-0+deb12u1)"
  std::string encoding;      // of the database: "UTF8", "SQL_ASCII"
  std::string address;       // "db.internal:5432/shop", without user and password
  std::string user;
};

class Connection {
 public:
  // Connects with `conninfo`, a libpq keyword string. `timeout` holds for each host of it that does
  // not say its own. Errors: kUnavailable (not there, not answering), kPermissionDenied (it refuses
  // the user), kNotFound (no such database), kInvalidArgument (`conninfo` cannot be read; its text
  // is not quoted).
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& conninfo,
                                                          absl::Duration timeout);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The same session anew, for one that is lost; the deadline stays. Errors: as of Open; then the
  // old session is kept.
  absl::Status Reopen();

  // Whether it was seen that the session is gone, by whichever call.
  bool is_lost() const { return is_lost_; }

  const ServerFacts& server() const { return server_; }

  // What is asked after this time, or not answered by then, is cancelled: kDeadlineExceeded.
  void SetDeadline(absl::Time deadline) { deadline_ = deadline; }
  absl::Time deadline() const { return deadline_; }

  // Runs statements that return no rows, in one round trip; the first error ends them. Errors: as
  // the server says (SqlState), kPermissionDenied for 42501, kAborted for a lock that was not to be
  // had (55P03), kDeadlineExceeded for a time limit, kUnavailable when the session is lost,
  // kFailedPrecondition for all else.
  absl::Status Execute(const std::string& sql);

  using RowVisitor = absl::FunctionRef<void(absl::Span<const CopyField>)>;
  // The same where statements among them are `COPY (…) TO STDOUT`: `visit` sees each row, which is
  // valid during the call. Rows that came before an error were visited.
  absl::Status Copy(const std::string& sql, RowVisitor visit) { return Copy(sql, visit, nullptr); }
  // The same; `visiting` is held during each call, and from one to the next where the row is there
  // already.
  absl::Status Copy(const std::string& sql, RowVisitor visit, absl::Mutex& visiting) {
    return Copy(sql, visit, &visiting);
  }

 private:
  struct Session;
  explicit Connection(std::unique_ptr<Session> session);
  static absl::StatusOr<std::unique_ptr<Session>> OpenSession(const std::string& conninfo);
  void Use(std::unique_ptr<Session> session);
  absl::Status Copy(const std::string& sql, RowVisitor visit, absl::Mutex* visiting);
  absl::Status Ask(const std::string& sql, RowVisitor visit, absl::Mutex* visiting);
  absl::Status WaitForInput();
  absl::Status ReadCopy(RowVisitor visit, absl::Mutex* visiting);
  void Cancel();

  std::unique_ptr<Session> session_;
  ServerFacts server_;
  absl::Time deadline_ = absl::InfiniteFuture();
  bool cancelled_ = false;  // what is being asked was told to stop
  bool is_lost_ = false;
  std::string end_of_input_;       // why nothing more will come
  std::vector<CopyField> fields_;  // kept, so that a row needs no allocation
};

// What to do about a connection that could not be had, by what `status` of Connection::Open says.
std::string ConnectionRemedy(const absl::Status& status);

}  // namespace varve::postgres
