// TLS: the server's certificate is checked, and each trouble says what to do.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/redis/redis_gathering.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RedisTlsTest : public RedisServerTest {
 protected:
  void SetUp() override {
    RedisServerOptions options;
    options.tls = true;
    Start(options);
    Run({{"SET", "doc:1", "v"}});
  }
  RedisConfig Config(const std::string& url) {
    RedisConfig config;
    config.url = url;
    config.tls_ca = server().ca_file();
    return config;
  }
  std::string Url(const std::string& host) {
    return absl::StrCat("rediss://", host, ":", server().port());
  }
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisTlsTest, ::testing::ValuesIn(RedisPrograms()), ProgramName);

TEST_P(RedisTlsTest, ReadsByAddressAndByName) {
  for (const char* const host : {"127.0.0.1", "localhost"}) {
    const Section section = Gather(Config(Url(host)));
    EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE) << host;
    EXPECT_EQ(section.measures->redis().total_keys(), 1u) << host;
  }
}

TEST_P(RedisTlsTest, ReadsManyKeys) {
  std::vector<std::vector<std::string>> commands;
  for (int i = 0; i < 5000; ++i) {
    commands.push_back({"SET", absl::StrCat("k:", i), std::string(300, ' ')});
  }
  Run(commands);
  const Section section = Gather(Config(Url("127.0.0.1")));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_EQ(section.measures->redis().total_keys(), 5001u);
}

TEST_P(RedisTlsTest, AnUnknownCaIsRefused) {
  RedisConfig config;
  config.url = Url("127.0.0.1");
  const Section section = Gather(config);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(Troubles(section),
              ElementsAre(AllOf(HasSubstr("the server's certificate"), HasSubstr("ssl_ca_certs"))));
}

TEST_P(RedisTlsTest, AnAddressThatTheCertificateDoesNotNameIsRefused) {
  RedisServerOptions options;
  options.tls = true;
  options.config = {"bind 127.0.0.1 127.0.0.2"};
  Start(options);
  const Section section = Gather(Config(Url("127.0.0.2")));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(Troubles(section), ElementsAre(AllOf(HasSubstr("the server's certificate"),
                                                   HasSubstr("the host as the certificate"))));
}

TEST_P(RedisTlsTest, ACaFileThatIsNotThereIsNamed) {
  RedisConfig config = Config(absl::StrCat(Url("127.0.0.1"), "?ssl_ca_certs=/nowhere/ca.pem"));
  const Section section = Gather(config);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(Troubles(section), ElementsAre(HasSubstr("/nowhere/ca.pem")));
}

TEST_P(RedisTlsTest, WithoutTlsThePortIsUnavailableAndTheRemedyNamesTls) {
  const Section section = Gather(Config(absl::StrCat("redis://127.0.0.1:", server().port())));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(Troubles(section), ElementsAre(HasSubstr("rediss://")));
}

TEST_P(RedisTlsTest, TlsToAPortThatSpeaksNoneIsUnavailable) {
  Start({});
  const Section section = Gather(Config(Url("127.0.0.1")));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(Troubles(section), ElementsAre(HasSubstr("TLS")));
}

TEST_P(RedisTlsTest, AClientCertificateIsShownWhereTheServerWantsOne) {
  RedisServerOptions options;
  options.tls = true;
  options.tls_client_certificate = true;
  Start(options);
  const Section without = Gather(Config(Url("127.0.0.1")));
  EXPECT_EQ(without.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(Troubles(without), ElementsAre(HasSubstr("ssl_certfile")));
  const Section with =
      Gather(Config(absl::StrCat(Url("127.0.0.1"), "?ssl_certfile=", server().client_certificate(),
                                 "&ssl_keyfile=", server().client_key())));
  EXPECT_EQ(with.header.status(), v1::SECTION_STATUS_COMPLETE);
}

}  // namespace
}  // namespace varve::testing
