#include "storage/sqlite/statement.h"

#include "storage/sqlite/connection.h"
#include "tests/support/matchers.h"

namespace varve::sqlite {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using testing::TemporaryFolder;

class StatementTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = Connection::Open(folder_.Path("t.db"), Connection::Access::kWrite, "");
    VARVE_ASSERT_OK(opened);
    connection_ = *std::move(opened);
    VARVE_ASSERT_OK(connection_->Execute("CREATE TABLE t(n INTEGER, s TEXT, b BLOB) STRICT"));
  }

  Statement Prepare(absl::string_view sql) {
    auto statement = Statement::Prepare(connection_->db(), sql);
    VARVE_EXPECT_OK(statement);
    return *std::move(statement);
  }

  TemporaryFolder folder_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(StatementTest, WhatIsBoundReadsBackByteForByte) {
  const std::string text = "naïve";
  const std::string blob("\0\xff\x01", 3);
  Statement insert = Prepare("INSERT INTO t VALUES (?1, ?2, ?3)");
  insert.BindInt64(0, -9'000'000'000);
  insert.BindText(1, text);
  insert.BindBlob(2, blob);
  VARVE_ASSERT_OK(insert.Run());
  Statement row = Prepare("SELECT n, s, b FROM t");
  EXPECT_TRUE(row.Step().value());
  EXPECT_EQ(row.Int64(0), -9'000'000'000);
  EXPECT_EQ(row.Text(1), text);
  EXPECT_EQ(row.Blob(2), blob);
  EXPECT_FALSE(row.Step().value());
}

TEST_F(StatementTest, AnEmptyViewIsEmptyAndNotNull) {
  Statement insert = Prepare("INSERT INTO t VALUES (1, ?1, ?2)");
  insert.BindText(0, absl::string_view());
  insert.BindBlob(1, absl::string_view());
  VARVE_ASSERT_OK(insert.Run());
  Statement row = Prepare("SELECT s, b FROM t");
  ASSERT_TRUE(row.Step().value());
  EXPECT_FALSE(row.IsNull(0));
  EXPECT_FALSE(row.IsNull(1));
  EXPECT_EQ(row.Text(0), "");
  EXPECT_EQ(row.Blob(1), "");
}

TEST_F(StatementTest, ResetForgetsWhatWasBound) {
  Statement insert = Prepare("INSERT INTO t VALUES (?1, ?2, NULL)");
  insert.BindInt64(0, 1);
  insert.BindText(1, "a");
  VARVE_ASSERT_OK(insert.Run());
  insert.BindInt64(0, 2);
  VARVE_ASSERT_OK(insert.Run());
  Statement row = Prepare("SELECT s FROM t ORDER BY n DESC");
  ASSERT_TRUE(row.Step().value());
  EXPECT_TRUE(row.IsNull(0));
  EXPECT_EQ(row.Text(0), "");
}

TEST_F(StatementTest, AParameterThatIsNotThereIsToldByTheNextStepAndForgottenByReset) {
  Statement insert = Prepare("INSERT INTO t VALUES (?1, NULL, NULL)");
  insert.BindInt64(5, 1);
  EXPECT_THAT(insert.Step(), StatusIs(absl::StatusCode::kInternal, HasSubstr("SQLite 25")));
  insert.Reset();
  insert.BindInt64(0, 1);
  VARVE_EXPECT_OK(insert.Run());
}

TEST_F(StatementTest, SqlThatIsWrongIsOurBug) {
  EXPECT_THAT(Statement::Prepare(connection_->db(), "SELECT n FROM nowhere"),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("no such table: nowhere")));
}

TEST_F(StatementTest, AConstraintThatIsBrokenIsAnError) {
  Statement insert = Prepare("INSERT INTO t VALUES (?1, NULL, NULL)");
  insert.BindText(0, "no number");
  EXPECT_THAT(insert.Run(), StatusIs(absl::StatusCode::kInternal, HasSubstr("t.db")));
}

TEST_F(StatementTest, AConnectionLendsAPreparedStatementAgainReset) {
  constexpr char kInsert[] = "INSERT INTO t VALUES (?1, NULL, NULL) RETURNING n";
  sqlite3_stmt* first = nullptr;
  for (const int64_t number : {1, 2}) {
    auto lease = connection_->Prepare(kInsert);
    VARVE_ASSERT_OK(lease);
    (*lease)->BindInt64(0, number);
    ASSERT_TRUE((*lease)->Step().value());
    EXPECT_EQ((*lease)->Int64(0), number);
    sqlite3_stmt* const there = sqlite3_next_stmt(connection_->db(), nullptr);
    if (first == nullptr) first = there;
    EXPECT_EQ(there, first);
  }
}

TEST_F(StatementTest, OneSqlLentTwiceAtOnceIsTwoStatements) {
  constexpr char kCount[] = "SELECT count(*) FROM t";
  auto outer = connection_->Prepare(kCount);
  VARVE_ASSERT_OK(outer);
  ASSERT_TRUE((*outer)->Step().value());
  auto inner = connection_->Prepare(kCount);
  VARVE_ASSERT_OK(inner);
  ASSERT_TRUE((*inner)->Step().value());
  EXPECT_EQ((*outer)->Int64(0), 0);
  EXPECT_FALSE((*outer)->Step().value());
}

TEST_F(StatementTest, AReaderCannotWrite) {
  auto reader = Connection::Open(folder_.Path("t.db"), Connection::Access::kRead, "");
  VARVE_ASSERT_OK(reader);
  EXPECT_THAT((*reader)->Execute("INSERT INTO t VALUES (1, NULL, NULL)"),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("readonly")));
}

}  // namespace
}  // namespace varve::sqlite
