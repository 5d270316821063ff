#include "storage/sqlite/error.h"

#include "base/status.h"
#include "storage/sqlite/connection.h"
#include "tests/support/matchers.h"
#include "tests/unit/storage/sqlite/sqlite_kind.h"

namespace varve::sqlite {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::StatusIs;
using testing::TemporaryFolder;

struct ErrorCase {
  const char* name;  // becomes the test's name
  int code;
  absl::StatusCode status;
  const char* remedy;
  bool fatal;
};
class SqliteError : public ::testing::TestWithParam<ErrorCase> {};

TEST_P(SqliteError, SaysWhatTheCallerShouldDo) {
  const ErrorCase& wanted = GetParam();
  const absl::Status status = OpenErrorOf(nullptr, wanted.code, "/tmp/varve.db");
  EXPECT_THAT(status, StatusIs(wanted.status, AllOf(HasSubstr("database /tmp/varve.db: "),
                                                    HasSubstr(wanted.remedy))));
  EXPECT_EQ(IsFatal(status), wanted.fatal);
  EXPECT_EQ(IsFatal(Annotate(status, "section postgres")), wanted.fatal);
}

INSTANTIATE_TEST_SUITE_P(
    All, SqliteError,
    ::testing::Values(
        ErrorCase{"Full", SQLITE_FULL, absl::StatusCode::kResourceExhausted,
                  "database or disk is full (SQLite 13); free disk space", false},
        ErrorCase{"Memory", SQLITE_NOMEM, absl::StatusCode::kResourceExhausted,
                  "give the process more memory", false},
        ErrorCase{"Write", SQLITE_IOERR_WRITE, absl::StatusCode::kUnavailable,
                  "(SQLite 778); look at the disk and the kernel's log", true},
        ErrorCase{"Sync", SQLITE_IOERR_FSYNC, absl::StatusCode::kUnavailable,
                  "(SQLite 1034); look at the disk and the kernel's log", true},
        ErrorCase{"Busy", SQLITE_BUSY, absl::StatusCode::kUnavailable, "another process holds it",
                  false},
        ErrorCase{"Interrupted", SQLITE_INTERRUPT, absl::StatusCode::kCancelled, "retry", false},
        ErrorCase{"Corrupt", SQLITE_CORRUPT_INDEX, absl::StatusCode::kDataLoss,
                  "restore from a backup", true},
        ErrorCase{"NoDatabase", SQLITE_NOTADB, absl::StatusCode::kDataLoss, "restore from a backup",
                  true},
        ErrorCase{"ReadOnly", SQLITE_READONLY_DIRECTORY, absl::StatusCode::kPermissionDenied,
                  "write access", false},
        ErrorCase{"CannotOpen", SQLITE_CANTOPEN, absl::StatusCode::kFailedPrecondition,
                  "its folder must exist", false},
        ErrorCase{"Misuse", SQLITE_MISUSE, absl::StatusCode::kInternal, "please report it", false}),
    [](const auto& info) { return info.param.name; });

TEST(SqliteErrorOf, WhatIsNoErrorIsOk) {
  for (const int code : {SQLITE_OK, SQLITE_ROW, SQLITE_DONE}) {
    VARVE_EXPECT_OK(ErrorOf(nullptr, code));
  }
}

TEST(SqliteErrorOf, NamesTheFileAndWhatSqliteSaidLast) {
  const TemporaryFolder folder;
  const auto connection = Connection::Open(folder.Path("named.db"), Connection::Access::kWrite, "");
  VARVE_ASSERT_OK(connection);
  EXPECT_THAT((*connection)->Execute("SELECT * FROM nowhere"),
              StatusIs(absl::StatusCode::kInternal,
                       HasSubstr(folder.Path("named.db") + ": no such table: nowhere")));
}

TEST(SqliteErrorOf, AFileThatIsNoDatabaseIsToldAndLeftAsItIs) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("notes.txt");
  const std::string text(2000, 'n');
  testing::WriteFile(path, text);
  auto connection = Connection::Open(path, Connection::Access::kWrite, "");
  VARVE_ASSERT_OK(connection);
  const absl::Status status = (*connection)->PrepareToWrite();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("not a database")));
  connection->reset();
  EXPECT_TRUE(testing::ReadFile(path) == text);
}

}  // namespace
}  // namespace varve::sqlite
