#include "agent/source/redis/endpoint.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"

namespace varve::redis {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::varve::testing::StatusIs;

// "host:port tls user=… password=… db=… ca=… cert=… key=…", what is empty left out.
std::string Shown(const Endpoint& endpoint) {
  std::string text = endpoint.Address();
  if (endpoint.tls) absl::StrAppend(&text, " tls");
  if (!endpoint.user.empty()) absl::StrAppend(&text, " user=", endpoint.user);
  if (!endpoint.password.empty()) absl::StrAppend(&text, " password=", endpoint.password);
  if (endpoint.database != 0) absl::StrAppend(&text, " db=", endpoint.database);
  if (!endpoint.tls_ca.empty()) absl::StrAppend(&text, " ca=", endpoint.tls_ca);
  if (!endpoint.tls_certificate.empty()) absl::StrAppend(&text, " cert=", endpoint.tls_certificate);
  if (!endpoint.tls_key.empty()) absl::StrAppend(&text, " key=", endpoint.tls_key);
  return text;
}

absl::StatusOr<Endpoint> FromUrl(const std::string& url) {
  RedisConfig config;
  config.url = url;
  return EndpointOf(config);
}

struct UrlCase {
  const char* name;
  const char* url;
  const char* shown;
};

class RedisUrlTest : public ::testing::TestWithParam<UrlCase> {};

TEST_P(RedisUrlTest, IsRead) {
  const absl::StatusOr<Endpoint> endpoint = FromUrl(GetParam().url);
  VARVE_ASSERT_OK(endpoint);
  EXPECT_EQ(Shown(*endpoint), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    All, RedisUrlTest,
    ::testing::Values(
        UrlCase{"Plain", "redis://cache.example:6380/2", "cache.example:6380 db=2"},
        UrlCase{"HostAlone", "redis://cache.example", "cache.example:6379"},
        UrlCase{"NoHost", "redis://", "localhost:6379"},
        UrlCase{"NoHostButPort", "redis://:7000", "localhost:7000"},
        UrlCase{"Tls", "rediss://cache.example", "cache.example:6379 tls"},
        UrlCase{"Valkey", "valkey://cache.example", "cache.example:6379"},
        UrlCase{"ValkeyTls", "valkeys://cache.example", "cache.example:6379 tls"},
        UrlCase{"Sentinel", "redis+sentinel://app:pw@a,b:7000/shop/2?sentinel_password=x",
                "shop of sentinel a:26379 user=app password=pw db=2"},
        UrlCase{"SentinelTls", "rediss+sentinel://a/shop", "shop of sentinel a:26379 tls"},
        UrlCase{"User", "redis://varve@h", "h:6379 user=varve"},
        UrlCase{"UserAndPassword", "redis://varve:pw@h", "h:6379 user=varve password=pw"},
        UrlCase{"PasswordAlone", "redis://:pw@h:1/3", "h:1 password=pw db=3"},
        UrlCase{"EscapedPassword", "redis://:p%40w%2f@h", "h:6379 password=p@w/"},
        UrlCase{"PercentThatEscapesNothing", "redis://:100%@h", "h:6379 password=100%"},
        UrlCase{"RawSlashInPassword", "redis://:a/b@h:1", "h:1 password=a/b"},
        UrlCase{"RawAtInPassword", "redis://:a@b@h:1", "h:1 password=a@b"},
        UrlCase{"RawQuestionMarkInPassword", "redis://u:a?b@h:1", "h:1 user=u password=a?b"},
        UrlCase{"AtInAParameter", "redis://h:1?password=a@b", "h:1 password=a@b"},
        UrlCase{"Parameters", "redis://h?username=u&password=p&db=4&timeout=3",
                "h:6379 user=u password=p db=4"},
        UrlCase{"TlsFiles", "rediss://h?ssl_ca_certs=/ca&ssl_certfile=/c&ssl_keyfile=/k",
                "h:6379 tls ca=/ca cert=/c key=/k"},
        UrlCase{"V6", "redis://[::1]:7000", "[::1]:7000"},
        UrlCase{"V6WithoutPort", "redis://[fe80::2]", "[fe80::2]:6379"},
        UrlCase{"UnixSocket", "unix:///run/redis.sock", "unix:/run/redis.sock"},
        UrlCase{"UnixSocketWithAll", "unix://u:p@/run/redis.sock?db=3",
                "unix:/run/redis.sock user=u password=p db=3"}),
    [](const auto& info) { return info.param.name; });

struct RefusalCase {
  const char* name;
  const char* url;
  const char* why;
};

class RedisUrlRefusalTest : public ::testing::TestWithParam<RefusalCase> {};

TEST_P(RedisUrlRefusalTest, SaysWhyAndQuotesNoSecret) {
  EXPECT_THAT(FromUrl(GetParam().url),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr(GetParam().why), HasSubstr("write for example"),
                             Not(HasSubstr("hunter2")))));
}

INSTANTIATE_TEST_SUITE_P(
    All, RedisUrlRefusalTest,
    ::testing::Values(RefusalCase{"NoScheme", "hunter2@h", "no scheme"},
                      RefusalCase{"OtherScheme", "http://:hunter2@h", "scheme is none of"},
                      RefusalCase{"PortOfLetters", "redis://:hunter2@h:abc", "port"},
                      RefusalCase{"PortTooLarge", "redis://:hunter2@h:65536", "port"},
                      RefusalCase{"PortZero", "redis://:hunter2@h:0", "port"},
                      RefusalCase{"DatabaseOfLetters", "redis://:hunter2@h/x", "database"},
                      RefusalCase{"NegativeDatabase", "redis://:hunter2@h/-1", "database"},
                      RefusalCase{"V6WithoutEnd", "redis://:hunter2@[::1", "']'"},
                      RefusalCase{"V6WithoutColon", "redis://:hunter2@[::1]6379", "':'"},
                      RefusalCase{"SocketWithoutPath", "unix://:hunter2@", "path"}),
    [](const auto& info) { return info.param.name; });

TEST(EndpointOf, TakesUserAndPasswordOfTheSettingsWhereTheUrlSaysNeither) {
  RedisConfig config;
  config.user = "varve";
  config.password = "pw";
  config.tls_ca = "/ca";
  config.url = "redis://h";
  EXPECT_EQ(Shown(*EndpointOf(config)), "h:6379 user=varve password=pw ca=/ca");
  config.url = "redis://other:theirs@h?ssl_ca_certs=/their-ca";
  EXPECT_EQ(Shown(*EndpointOf(config)), "h:6379 user=other password=theirs ca=/their-ca");
}

TEST(EndpointOf, TakesHostAndPortWithoutAUrl) {
  RedisConfig config;
  config.host = "cache.example";
  config.port = 7001;
  EXPECT_EQ(Shown(*EndpointOf(config)), "cache.example:7001");
}

TEST(EndpointOf, AsksForAUrlOrAHost) {
  EXPECT_THAT(EndpointOf(RedisConfig()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("neither url nor host")));
}

TEST(EndpointAddress, HoldsNoUserAndNoPassword) {
  EXPECT_EQ(FromUrl("redis://varve:hunter2@h:1")->Address(), "h:1");
  EXPECT_EQ(FromUrl("unix://varve:hunter2@/s")->Address(), "unix:/s");
}

}  // namespace
}  // namespace varve::redis
