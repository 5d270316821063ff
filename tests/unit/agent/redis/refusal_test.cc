#include "agent/source/redis/refusal.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct ErrorCase {
  const char* name;
  const char* error;
  Refusal refusal;
  const char* text;
};

class RefusalTest : public ::testing::TestWithParam<ErrorCase> {};

TEST_P(RefusalTest, IsToldByTheServersText) {
  EXPECT_EQ(RefusalOf(GetParam().error), GetParam().refusal);
}

TEST_P(RefusalTest, IsSaidInOurWords) {
  EXPECT_THAT(RefusalText(GetParam().error), HasSubstr(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusalTest,
    ::testing::Values(
        ErrorCase{"Command6",
                  "NOPERM this user has no permissions to run the 'scan' command or its subcommand",
                  Refusal::kCommandNotPermitted, "(NOPERM)"},
        ErrorCase{"Command7", "NOPERM User varve has no permissions to run the 'scan' command",
                  Refusal::kCommandNotPermitted, "(NOPERM)"},
        ErrorCase{"Key6",
                  "NOPERM this user has no permissions to access one of the keys used as arguments",
                  Refusal::kKeyNotPermitted, "the key (NOPERM)"},
        ErrorCase{"Key7", "NOPERM No permissions to access a key", Refusal::kKeyNotPermitted,
                  "the key (NOPERM)"},
        ErrorCase{"Unknown", "ERR unknown command 'INFO', with args beginning with: ",
                  Refusal::kUnknownCommand, "no such command"},
        ErrorCase{"UnknownSubcommand",
                  "ERR Unknown subcommand or wrong number of arguments for 'X'",
                  Refusal::kUnknownCommand, "no such command"},
        ErrorCase{"Moved", "MOVED 3999 10.0.0.7:6381", Refusal::kMoved, "(MOVED)"},
        ErrorCase{"Ask", "ASK 3999 10.0.0.7:6381", Refusal::kMoved, "(ASK)"},
        ErrorCase{"ClusterDown", "CLUSTERDOWN The cluster is down", Refusal::kClusterDown,
                  "(CLUSTERDOWN)"},
        ErrorCase{"Loading", "LOADING Redis is loading the dataset in memory", Refusal::kLoading,
                  "(LOADING)"},
        ErrorCase{"MasterDown", "MASTERDOWN Link with MASTER is down", Refusal::kLoading,
                  "(MASTERDOWN)"},
        ErrorCase{"NoAuth", "NOAUTH Authentication required.", Refusal::kNotAuthenticated,
                  "a password is needed"},
        ErrorCase{"WrongPass", "WRONGPASS invalid username-password pair or user is disabled.",
                  Refusal::kWrongPassword, "the user or the password is wrong"},
        ErrorCase{"WrongPass5", "ERR invalid password", Refusal::kWrongPassword,
                  "the user or the password is wrong"},
        ErrorCase{
            "NoPassword",
            "ERR AUTH <password> called without any password configured for the default user.",
            Refusal::kNoPasswordSet, "no password"},
        ErrorCase{"NoPassword5", "ERR Client sent AUTH, but no password is set",
                  Refusal::kNoPasswordSet, "no password"},
        ErrorCase{"Protected", "DENIED Redis is running in protected mode because",
                  Refusal::kNoClients, "protected mode"},
        ErrorCase{"TooManyClients", "ERR max number of clients reached", Refusal::kNoClients,
                  "maxclients"},
        ErrorCase{"Other", "ERR DB index is out of range", Refusal::kOther, "refused (ERR)"},
        ErrorCase{"WithoutCode", "something", Refusal::kOther, "refused (ERR)"},
        ErrorCase{"Empty", "", Refusal::kOther, "refused (ERR)"}),
    [](const auto& info) { return info.param.name; });

TEST(RefusalText, QuotesNothingOfTheServersTextButItsCode) {
  for (const char* const error :
       {"NOPERM User hunter2 has no permissions", "ERR unknown command 'hunter2'",
        "hunter2 is no code", "HUNTER2 neither", "WRONGPASS hunter2", "MOVED 1 hunter2:1"}) {
    EXPECT_THAT(RefusalText(error), Not(::testing::ContainsRegex("[hH][uU][nN][tT][eE][rR]2")));
  }
}

}  // namespace
}  // namespace varve::redis
