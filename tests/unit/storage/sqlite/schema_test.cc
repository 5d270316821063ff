#include "storage/sqlite/schema.h"

#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/unit/storage/sqlite/sqlite_kind.h"

namespace varve::sqlite {
namespace {

using testing::AskSql;
using ::testing::HasSubstr;
using testing::ReadFile;
using testing::RunSql;
using testing::StatusIs;
using testing::TemporaryFolder;

constexpr auto kFailedPrecondition = absl::StatusCode::kFailedPrecondition;

class SchemaTest : public ::testing::Test {
 protected:
  absl::Status OpenAndClose() { return OpenSqliteStore(path()).status(); }
  std::string path() const { return folder_.Path("varve.db"); }
  // What a person would see who asks the file.
  std::string Ask(const std::string& sql) const {
    const auto answer = AskSql(path(), sql);
    VARVE_EXPECT_OK(answer);
    return answer.ok() ? *answer : "";
  }

  TemporaryFolder folder_;
};

TEST_F(SchemaTest, ANewFileGetsTheNewestSchemaUnderOurName) {
  VARVE_ASSERT_OK(OpenAndClose());
  EXPECT_EQ(Ask("PRAGMA user_version"), absl::StrCat(SchemaVersion()));
  EXPECT_EQ(Ask("PRAGMA application_id"), absl::StrCat(0x76617276));  // "varv"
  EXPECT_EQ(Ask("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(Ask("PRAGMA auto_vacuum"), "2");  // incremental: it cannot be had later
  EXPECT_EQ(Ask("SELECT count(*) FROM store"), "1");
}

TEST_F(SchemaTest, AfterAStopTheFileHoldsAllWithoutItsLog) {
  {
    const auto store = OpenSqliteStore(path());
    VARVE_ASSERT_OK(store);
    VARVE_ASSERT_OK((*store)->Environments());  // a reader is open when the store closes
  }
  EXPECT_NE(access((path() + "-wal").c_str(), F_OK), 0);
}

TEST_F(SchemaTest, ANewFileIsForItsOwnerAlone) {
  VARVE_ASSERT_OK(OpenAndClose());
  for (const char* const suffix : {"", ".lock"}) {
    struct stat facts {};
    ASSERT_EQ(stat((path() + suffix).c_str(), &facts), 0) << suffix;
    EXPECT_EQ(facts.st_mode & 0777, 0600u) << suffix;
  }
}

TEST_F(SchemaTest, AFileThatIsUpToDateIsLeftAsItIs) {
  VARVE_ASSERT_OK(OpenAndClose());
  const std::string before = ReadFile(path());
  VARVE_ASSERT_OK(OpenAndClose());
  EXPECT_TRUE(ReadFile(path()) == before);
}

TEST_F(SchemaTest, AFileOfTheFirstSchemaIsBroughtUpToDate) {
  VARVE_ASSERT_OK(OpenAndClose());
  VARVE_ASSERT_OK(
      RunSql(path(),
             "DROP INDEX version_by_begin; DROP INDEX version_by_end; DROP INDEX version_uncommon;"
             "PRAGMA user_version = 1"));
  VARVE_ASSERT_OK(OpenAndClose());
  EXPECT_EQ(Ask("PRAGMA user_version"), absl::StrCat(SchemaVersion()));
  EXPECT_EQ(Ask("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'version_by_%'"), "2");
}

TEST_F(SchemaTest, AFileOfANewerProgramIsRefusedAndLeftAsItIs) {
  VARVE_ASSERT_OK(OpenAndClose());
  const int newer = SchemaVersion() + 1;
  VARVE_ASSERT_OK(RunSql(path(), absl::StrCat("PRAGMA user_version = ", newer)));
  const std::string before = ReadFile(path());
  EXPECT_THAT(OpenAndClose(),
              StatusIs(kFailedPrecondition,
                       HasSubstr(absl::StrCat("its schema is number ", newer,
                                              ", and this program knows 1 to ", SchemaVersion(),
                                              "; run the newer varve-collector"))));
  EXPECT_TRUE(ReadFile(path()) == before);
}

TEST_F(SchemaTest, AnotherProgramsFileIsRefusedAndLeftAsItIs) {
  const char* const kOthers[] = {
      "CREATE TABLE notes(text TEXT)",
      "PRAGMA user_version = 3",
      "PRAGMA application_id = 1234; CREATE TABLE notes(text TEXT)",
  };
  for (const char* const sql : kOthers) {
    SCOPED_TRACE(sql);
    const std::string other = folder_.Path(absl::StrCat("other-", std::string(sql).size(), ".db"));
    VARVE_ASSERT_OK(RunSql(other, sql));
    const std::string before = ReadFile(other);
    EXPECT_THAT(OpenSqliteStore(other),
                StatusIs(kFailedPrecondition,
                         HasSubstr("it belongs to another program; name another file")));
    EXPECT_TRUE(ReadFile(other) == before);
  }
}

TEST_F(SchemaTest, WhatIsNoDatabaseIsRefusedAndLeftAsItIs) {
  const std::string text(2000, 'n');
  testing::WriteFile(path(), text);
  EXPECT_THAT(OpenAndClose(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("file is not a database")));
  EXPECT_TRUE(ReadFile(path()) == text);
}

TEST_F(SchemaTest, AFolderThatIsNotThereIsTold) {
  EXPECT_THAT(OpenSqliteStore(folder_.Path("nowhere/varve.db")),
              StatusIs(kFailedPrecondition, HasSubstr("its folder must exist")));
}

TEST_F(SchemaTest, AMigrationThatFailsLeavesTheFileNew) {
  // A table that the first migration makes is there already, under our name but without a number.
  VARVE_ASSERT_OK(RunSql(
      path(), absl::StrCat("PRAGMA application_id = ", 0x76617276, "; CREATE TABLE tag(x)")));
  EXPECT_THAT(OpenAndClose(), StatusIs(absl::StatusCode::kInternal,
                                       HasSubstr("bringing the schema to number 1: database ")));
  EXPECT_EQ(Ask("PRAGMA user_version"), "0");
  EXPECT_EQ(Ask("SELECT count(*) FROM sqlite_schema"), "1");
}

TEST_F(SchemaTest, AFileWithoutItsIncarnationIsDamaged) {
  VARVE_ASSERT_OK(OpenAndClose());
  VARVE_ASSERT_OK(RunSql(path(), "DELETE FROM store"));
  EXPECT_THAT(OpenAndClose(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no incarnation")));
}

}  // namespace
}  // namespace varve::sqlite
