#include "agent/source/redis/remedy.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Endpoint CacheAs(const char* user) {
  Endpoint endpoint;
  endpoint.host = "cache.example";
  endpoint.user = user;
  endpoint.password = "hunter2";
  return endpoint;
}

TEST(GrantRemedy, NamesTheUserWhoAsks) {
  EXPECT_EQ(GrantRemedy(CacheAs("varve"), "+scan"), "ACL SETUSER varve +scan");
  EXPECT_EQ(GrantRemedy(CacheAs(""), "+scan"), "ACL SETUSER default +scan");
}

TEST(RefusalRemedy, GrantsTheCommandOrTheKeys) {
  EXPECT_EQ(RefusalRemedy(CacheAs("varve"), Refusal::kCommandNotPermitted, "+pttl"),
            "ACL SETUSER varve +pttl");
  EXPECT_EQ(RefusalRemedy(CacheAs("varve"), Refusal::kKeyNotPermitted, "+pttl"),
            "ACL SETUSER varve ~*");
}

TEST(RefusalRemedy, OfACommandThatIsNotThereGrantsNothing) {
  EXPECT_THAT(RefusalRemedy(CacheAs("varve"), Refusal::kUnknownCommand, "+pttl"),
              Not(HasSubstr("ACL")));
}

struct FailureCase {
  const char* name;
  absl::Status status;
  bool tls;
  const char* remedy;
};

class ConnectionRemedyTest : public ::testing::TestWithParam<FailureCase> {};

TEST_P(ConnectionRemedyTest, SaysWhatToDoAndNoPassword) {
  Endpoint endpoint = CacheAs("varve");
  endpoint.tls = GetParam().tls;
  const std::string remedy = ConnectionRemedy(endpoint, GetParam().status);
  EXPECT_THAT(remedy, HasSubstr(GetParam().remedy));
  EXPECT_THAT(remedy, Not(HasSubstr("hunter2")));
}

INSTANTIATE_TEST_SUITE_P(
    All, ConnectionRemedyTest,
    ::testing::Values(
        FailureCase{"Nobody", absl::UnavailableError("Connection refused"), false,
                    "cache.example:6379"},
        FailureCase{"HungUp", absl::UnavailableError("the server closed the connection"), false,
                    "rediss://"},
        FailureCase{"HungUpOverTls", absl::UnavailableError("the server closed the connection"),
                    true, "ssl_certfile"},
        FailureCase{"NoPassword", absl::UnauthenticatedError("a password is needed (NOAUTH)"),
                    false, "REDIS_PASSWORD"},
        FailureCase{"WrongPassword",
                    absl::UnauthenticatedError("the password is wrong (WRONGPASS)"), false,
                    "redis://user@host"},
        FailureCase{"Certificate",
                    absl::UnauthenticatedError("TLS: the server's certificate: hostname mismatch"),
                    true, "ssl_ca_certs"},
        FailureCase{"ClientCertificate",
                    absl::UnavailableError("TLS: tlsv13 alert certificate required"), true,
                    "ssl_certfile"},
        FailureCase{"NoTlsThere", absl::UnavailableError("TLS: wrong version number"), true,
                    "redis://"},
        FailureCase{"CaFile",
                    absl::FailedPreconditionError("TLS: reading the CA /ca: no such file"), true,
                    "may be read"},
        FailureCase{"Stalled", absl::DeadlineExceededError("no answer for 10s"), false, "PING"},
        FailureCase{"NotRedis", absl::DataLossError("the answer is not Redis protocol"), false,
                    "no Redis server"},
        FailureCase{"Protected",
                    absl::UnavailableError("it takes no clients from other hosts (protected mode)"),
                    false, "set a password"},
        FailureCase{"TooManyClients",
                    absl::UnavailableError("it has as many clients as it may have (maxclients)"),
                    false, "raise maxclients"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve::redis
