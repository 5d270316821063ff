// A database that is altered while it is read: what stays is read as it is, and what comes and goes
// is told without a false word.
#include <atomic>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::AnyOf;
using ::testing::Each;
using ::testing::HasSubstr;

class Migration : public PostgresCase {
 protected:
  // Runs the statements over and over, each in a transaction of its own, until the destructor.
  class Loop {
   public:
    Loop(std::unique_ptr<PostgresSession> session, std::vector<std::string> statements)
        : session_(std::move(session)), thread_([this, statements = std::move(statements)] {
            while (!stopped_) {
              for (const std::string& statement : statements) {
                VARVE_EXPECT_OK(session_->Run(statement));
              }
              ++rounds_;
            }
          }) {}
    ~Loop() {
      stopped_ = true;
      thread_.join();
    }
    int rounds() const { return rounds_; }

   private:
    const std::unique_ptr<PostgresSession> session_;
    std::atomic<bool> stopped_ = false;
    std::atomic<int> rounds_ = 0;
    std::thread thread_;  // last: it uses the others
  };
};
VARVE_ON_EVERY_POSTGRES(Migration);

TEST_P(Migration, LeavesWhatItDoesNotTouchAsItIs) {
  Run("CREATE TABLE stays (id int CHECK (id > 0), b int GENERATED ALWAYS AS (id * 2) STORED);"
      "CREATE VIEW over_stays AS SELECT id FROM stays;"
      "CREATE FUNCTION stays_too() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  const Gathered before = Gather();
  const Loop loop(
      Open(),
      {"CREATE TABLE moves (id int CHECK (id > 0), b int GENERATED ALWAYS AS (id * 2) STORED)",
       "CREATE VIEW over_moves AS SELECT id FROM moves",
       "CREATE INDEX moves_i ON moves ((b + 1)) WHERE id > 7",
       "CREATE FUNCTION moves_too(moves) RETURNS int LANGUAGE sql AS 'SELECT 1'",
       "ALTER TABLE moves ADD c int DEFAULT 4, ALTER id SET NOT NULL",
       "CREATE TYPE moves_mood AS ENUM ('good')", "ALTER TABLE moves ADD m moves_mood",
       "ALTER TABLE moves DROP b", "ALTER TABLE moves RENAME TO moves_on",
       "DROP TABLE moves_on CASCADE", "DROP TYPE moves_mood"});
  for (int reads = 0; reads < 20 || loop.rounds() < 3; ++reads) {
    const Gathered after = Gather();
    EXPECT_THAT(Differences(before, after), Each(HasSubstr("moves")));
    EXPECT_THAT(after.Errors(),
                Each(AnyOf(HasSubstr("locked by another session"), HasSubstr("moves"))));
  }
}

}  // namespace
}  // namespace varve::testing
