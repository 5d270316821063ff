// What objects need of one another, with the program as it is typed: `varve deps` of files that
// `varve snapshot` wrote of a real database.
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::json;

constexpr Exit kDone{0, 0};
constexpr Exit kTrouble{2, 0};
constexpr Exit kCannotSay{3, 0};

constexpr char kSchema[] =
    "create type mood as enum ('fine');"
    "create table customers(id bigint primary key, mood mood, email text);"
    "create table orders(id bigint primary key, customer bigint references customers,"
    "  total numeric, check (total > 0));"
    "create index on customers(lower(email));"
    "create view totals as select customer, sum(total) as total from orders group by customer;"
    "create view report as select c.mood, t.total from totals t join customers c on c.id = "
    "customer;"
    "create function untold() returns void language plpgsql as 'begin delete from orders; end';";

class DepsProgram : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto server = PostgresServer::Start({});
    ASSERT_THAT(server, IsOk());
    server_ = server->release();
    ASSERT_THAT(server_->Run("postgres", kSchema), IsOk());
    folder_ = new TemporaryFolder();
    const Finished taken = Varve({"snapshot", "-o", "base"});
    ASSERT_EQ(taken.exit, kDone) << taken.err;
  }
  static void TearDownTestSuite() {
    delete folder_;
    delete server_;
  }

  static Finished Varve(const std::vector<std::string>& arguments) {
    const auto finished = RunToEnd({ProgramPath("varve"),
                                    arguments,
                                    {{"DATABASE_URL", server_->Url("postgres")},
                                     {"XDG_STATE_HOME", folder_->Path("state")},
                                     {"LC_ALL", "C.UTF-8"}},
                                    folder_->path()},
                                   absl::Seconds(60));
    EXPECT_THAT(finished, IsOk());
    return finished.ok() ? *finished : Finished();
  }
  static PostgresServer& server() { return *server_; }
  static Json Asked(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"deps", "file:base"});
    arguments.insert(arguments.end(), {"--format", "json"});
    const Finished done = Varve(arguments);
    EXPECT_EQ(done.exit, kDone) << done.err;
    Json json = Json::parse(done.out, nullptr, /*allow_exceptions=*/false);
    EXPECT_FALSE(json.is_discarded()) << done.out;
    return json;
  }
  static std::set<std::string> Objects(const Json& answer) {
    std::set<std::string> names;
    for (const Json& one : answer["objects"]) names.insert(one["object"]);
    return names;
  }

 private:
  static PostgresServer* server_;
  static TemporaryFolder* folder_;
};
PostgresServer* DepsProgram::server_ = nullptr;
TemporaryFolder* DepsProgram::folder_ = nullptr;

using Names = std::set<std::string>;

TEST_F(DepsProgram, TellsWhatAViewNeeds) {
  const Json answer = Asked({"public.report"});
  EXPECT_EQ(answer["format"], "varve.deps.v1");
  EXPECT_EQ(Objects(answer), (Names{"public.customers", "public.mood", "public.orders",
                                    "public.totals", "schema:public"}));
  EXPECT_EQ(Objects(Asked({"public.report", "--depth", "1"})),
            (Names{"public.customers", "public.mood", "public.totals", "schema:public"}));
  const Finished table = Varve({"deps", "file:base", "public.report"});
  EXPECT_EQ(table.exit, kDone) << table.err;
  EXPECT_THAT(table.out, StartsWith("public.report needs 5 objects\n\nOBJECT "));
}

TEST_F(DepsProgram, TellsWhatBreaksWithoutAColumn) {
  const Json answer = Asked({"public.orders.total", "--reverse"});
  EXPECT_EQ(Objects(answer), (Names{"public.orders", "public.report", "public.totals"}));
  EXPECT_EQ(answer["part"]["kind"], "column");
  const Finished email = Varve({"deps", "file:base", "public.customers.email", "--reverse"});
  EXPECT_THAT(email.out, AllOf(HasSubstr("index customers_lower_idx"), HasSubstr("by its text")));
}

// A key of which a foreign key of another table is made.
TEST_F(DepsProgram, AForeignKeyNeedsTheKeyOfTheOtherTable) {
  EXPECT_EQ(Objects(Asked({"public.customers.customers_pkey", "--reverse"})),
            (Names{"public.customers", "public.orders"}));
}

TEST_F(DepsProgram, WhatATextNamesIsSaidNotToBeFollowed) {
  const Finished done = Varve({"deps", "file:base", "public.orders", "--reverse"});
  EXPECT_EQ(done.exit, kDone) << done.err;
  EXPECT_THAT(done.out, HasSubstr("not followed: what the text of 1 routine names"));
}

TEST_F(DepsProgram, DrawsAFlowChart) {
  const Finished done = Varve({"deps", "file:base", "public.totals", "--format", "mermaid"});
  EXPECT_EQ(done.exit, kDone) << done.err;
  EXPECT_THAT(done.out, StartsWith("flowchart LR\n  n"));
  EXPECT_THAT(done.out, HasSubstr("[\"public.totals\"]\n"));
  EXPECT_THAT(done.out, HasSubstr(" --> "));
}

TEST_F(DepsProgram, WhatIsNotThereIsNamedNearest) {
  const Finished none = Varve({"deps", "file:base", "public.order"});
  EXPECT_EQ(none.exit, kTrouble);
  EXPECT_THAT(none.err, HasSubstr("nearest"));
}

TEST_F(DepsProgram, WhatWasLockedMayNeedAnything) {
  auto session = PostgresSession::Open(server().Url("postgres"));
  VARVE_ASSERT_OK(session);
  VARVE_ASSERT_OK((*session)->Run("begin; lock table customers in access exclusive mode"));
  Varve({"snapshot", "-o", "locked"});
  const Finished done = Varve({"deps", "file:locked", "public.orders", "--reverse"});
  EXPECT_EQ(done.exit, kCannotSay) << done.err;
  EXPECT_THAT(done.out, HasSubstr("cannot say: table public.customers expressions: locked"));
}

}  // namespace
}  // namespace varve::testing
