#include "agent/daemon/known_databases_file.h"

#include "agent/daemon/durable_file.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(KnownDatabasesFile, KeepsWhatWasThereLastBeyondTheProcess) {
  const testing::TemporaryFolder folder;
  OpenKnownDatabases(folder.path())->Set("orders", {"shop", "stock"});
  OpenKnownDatabases(folder.path())->Set("other", {"a"});
  const auto known = OpenKnownDatabases(folder.path());
  EXPECT_THAT(known->Of("orders"), ElementsAre("shop", "stock"));
  EXPECT_THAT(known->Of("other"), ElementsAre("a"));
}

TEST(KnownDatabasesFile, OneThatIsMissingOrDamagedIsNone) {
  const testing::TemporaryFolder folder;
  EXPECT_THAT(OpenKnownDatabases(folder.path())->Of("orders"), IsEmpty());
  VARVE_ASSERT_OK(WriteDurably(folder.Path("databases.textproto"), "sources {"));
  const auto known = OpenKnownDatabases(folder.path());
  EXPECT_THAT(known->Of("orders"), IsEmpty());
  known->Set("orders", {"shop"});
  EXPECT_THAT(OpenKnownDatabases(folder.path())->Of("orders"), ElementsAre("shop"));
}

}  // namespace
}  // namespace varve
