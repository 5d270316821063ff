#include "storage/sqlite/file_lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/support/matchers.h"

namespace varve::sqlite {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::StatusIs;
using testing::TemporaryFolder;

// A process of its own that takes the lock, tells whether it has it, and holds it until it is
// killed.
class Holder {
 public:
  explicit Holder(const std::string& path) {
    int ends[2];
    if (pipe(ends) != 0) return;
    process_ = fork();
    if (process_ == 0) {
      const absl::StatusOr<FileLock> lock = FileLock::Acquire(path);
      const char answer = lock.ok() ? '1' : '0';
      if (write(ends[1], &answer, 1) == 1) pause();
      _exit(0);
    }
    char answer = '0';
    holds_ = read(ends[0], &answer, 1) == 1 && answer == '1';
    close(ends[0]);
    close(ends[1]);
  }
  ~Holder() { Kill(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  void Kill() {
    if (process_ <= 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = 0;
  }
  bool holds() const { return holds_; }
  pid_t process() const { return process_; }

 private:
  pid_t process_ = 0;
  bool holds_ = false;
};

TEST(FileLock, ASecondProcessIsRefusedAndToldWhoHasIt) {
  const TemporaryFolder folder;
  Holder holder(folder.Path("varve.db"));
  ASSERT_TRUE(holder.holds());
  EXPECT_THAT(
      OpenSqliteStore(folder.Path("varve.db")),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               AllOf(HasSubstr(absl::StrCat("is in use by process ", holder.process(), ";")),
                     HasSubstr("stop that collector, or name another file"))));
}

TEST(FileLock, AProcessThatWasKilledHoldsNothing) {
  const TemporaryFolder folder;
  Holder holder(folder.Path("varve.db"));
  ASSERT_TRUE(holder.holds());
  holder.Kill();
  VARVE_EXPECT_OK(OpenSqliteStore(folder.Path("varve.db")));
}

TEST(FileLock, OneProcessCannotHaveItTwice) {
  const TemporaryFolder folder;
  const auto first = OpenSqliteStore(folder.Path("varve.db"));
  VARVE_ASSERT_OK(first);
  EXPECT_THAT(OpenSqliteStore(folder.Path("varve.db")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr(absl::StrCat("in use by process ", getpid()))));
}

TEST(FileLock, ALinkToTheFileIsTheSameFile) {
  const TemporaryFolder folder;
  const auto first = OpenSqliteStore(folder.Path("varve.db"));
  VARVE_ASSERT_OK(first);
  ASSERT_EQ(symlink("varve.db", folder.Path("other.db").c_str()), 0);
  EXPECT_THAT(OpenSqliteStore(folder.Path("other.db")),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("is in use")));
}

TEST(FileLock, GoesToTheNextWhenItsHolderGoes) {
  const TemporaryFolder folder;
  VARVE_ASSERT_OK(OpenSqliteStore(folder.Path("varve.db")));
  VARVE_EXPECT_OK(OpenSqliteStore(folder.Path("varve.db")));
}

TEST(FileLock, AMovedLockIsHeldOnce) {
  const TemporaryFolder folder;
  auto lock = FileLock::Acquire(folder.Path("varve.db"));
  VARVE_ASSERT_OK(lock);
  {
    const FileLock moved = *std::move(lock);
    EXPECT_FALSE(FileLock::Acquire(folder.Path("varve.db")).ok());
  }
  VARVE_EXPECT_OK(FileLock::Acquire(folder.Path("varve.db")));
}

}  // namespace
}  // namespace varve::sqlite
