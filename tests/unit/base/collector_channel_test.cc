#include "base/collector_channel.h"

#include <sys/stat.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;
using testing::TemporaryFolder;

struct AddressCase {
  const char* name;
  const char* address;
};

class LocalAddress : public ::testing::TestWithParam<AddressCase> {};
TEST_P(LocalAddress, IsSpokenToInPlaintext) {
  EXPECT_TRUE(IsLoopback(GetParam().address));
  const absl::StatusOr<CollectorChannel> collector =
      CollectorChannel::Open({GetParam().address, "", ""});
  VARVE_ASSERT_OK(collector);
  EXPECT_FALSE(collector->encrypted());
  EXPECT_EQ(collector->address(), GetParam().address);
  EXPECT_NE(collector->channel(), nullptr);
}
INSTANTIATE_TEST_SUITE_P(All, LocalAddress,
                         ::testing::Values(AddressCase{"Loopback", "127.0.0.1:7447"},
                                           AddressCase{"AllOfTheNet", "127.9.8.7:7447"},
                                           AddressCase{"V6", "[::1]:7447"},
                                           AddressCase{"Name", "localhost:7447"},
                                           AddressCase{"Socket", "unix:/run/varve.sock"}),
                         [](const auto& info) { return info.param.name; });

class FarAddress : public ::testing::TestWithParam<AddressCase> {};
TEST_P(FarAddress, IsNotSpokenToWithoutACa) {
  EXPECT_FALSE(IsLoopback(GetParam().address));
  EXPECT_THAT(
      CollectorChannel::Open({GetParam().address, "", ""}),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("plaintext goes to this machine only"), HasSubstr("VARVE_CA"))));
}
INSTANTIATE_TEST_SUITE_P(
    All, FarAddress,
    ::testing::Values(AddressCase{"Host", "collector.internal:7447"},
                      AddressCase{"PrivateNet", "10.0.0.1:7447"},
                      AddressCase{"Everywhere", "0.0.0.0:7447"},
                      AddressCase{"V6", "[fd00::1]:7447"},
                      // Names that only look like this machine: a resolver may send them anywhere.
                      AddressCase{"NameLikeLoopback", "127.0.0.1.example.org:7447"},
                      AddressCase{"ShortLoopback", "127.1:7447"},
                      AddressCase{"NameLikeLocalhost", "localhost.example.org:7447"},
                      AddressCase{"TooBigANumber", "127.0.0.256:7447"}),
    [](const auto& info) { return info.param.name; });

class NoAddress : public ::testing::TestWithParam<AddressCase> {};
TEST_P(NoAddress, IsRefusedWithExamples) {
  EXPECT_FALSE(IsLoopback(GetParam().address));
  EXPECT_THAT(
      CollectorChannel::Open({GetParam().address, "", ""}),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("not an address; write for example"), Not(HasSubstr("\n")))));
}
INSTANTIATE_TEST_SUITE_P(
    All, NoAddress,
    ::testing::Values(
        AddressCase{"Empty", ""}, AddressCase{"NoPort", "localhost"},
        AddressCase{"EmptyPort", "localhost:"}, AddressCase{"ZeroPort", "localhost:0"},
        AddressCase{"BigPort", "localhost:65536"}, AddressCase{"NamedPort", "localhost:grpc"},
        AddressCase{"SpacedPort", "localhost: 7447"}, AddressCase{"SignedPort", "localhost:+7447"},
        AddressCase{"NoHost", ":7447"}, AddressCase{"BareV6", "::1:7447"},
        AddressCase{"OpenBracket", "[::1:7447"}, AddressCase{"Url", "http://localhost:7447"},
        AddressCase{"User", "me@localhost:7447"}, AddressCase{"Newline", "local\nhost:7447"},
        AddressCase{"SocketWithoutPath", "unix:"}),
    [](const auto& info) { return info.param.name; });

class TokenFile : public ::testing::Test {
 protected:
  std::string Write(const std::string& content, mode_t mode = 0600) const {
    const std::string path = folder_.Path("token");
    std::ofstream(path) << content;
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return path;
  }
  static absl::Status Open(const std::string& token_file) {
    return CollectorChannel::Open({"127.0.0.1:7447", token_file, ""}).status();
  }
  TemporaryFolder folder_;
};

TEST_F(TokenFile, IsReadWithoutItsNewline) { VARVE_EXPECT_OK(Open(Write("abc.def-123\n"))); }

TEST_F(TokenFile, ThatTheGroupMayReadIsRefused) {
  EXPECT_THAT(Open(Write("hunter2", 0640)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("chmod 600"), Not(HasSubstr("hunter2")))));
}

TEST_F(TokenFile, ThatIsNotThereIsNamed) {
  EXPECT_THAT(Open(folder_.Path("none")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/none")));
}

// Going on without a token would be refused by the collector, in words that name no file.
TEST_F(TokenFile, WithoutATokenIsRefused) {
  EXPECT_THAT(Open(Write("")), StatusIs(absl::StatusCode::kNotFound, HasSubstr("it is empty")));
  EXPECT_THAT(Open(Write(" \n")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("one token")));
  EXPECT_THAT(Open(folder_.path()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("it is a folder")));
}

TEST_F(TokenFile, WithMoreThanATokenIsRefusedAndNotShown) {
  for (const char* const content :
       {"hunter2\nsecond", "hunter2 x", "hunter2\x01", "hunt\xC3\xBCr"}) {
    EXPECT_THAT(Open(Write(content)),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr("one token"), Not(HasSubstr("hunt")))));
  }
}

TEST(CollectorCa, IsReadAndMakesTheChannelEncrypted) {
  TemporaryFolder folder;
  std::ofstream(folder.Path("ca.pem")) << "-----BEGIN CERTIFICATE-----\n";
  const absl::StatusOr<CollectorChannel> collector =
      CollectorChannel::Open({"collector.internal:7447", "", folder.Path("ca.pem")});
  VARVE_ASSERT_OK(collector);
  EXPECT_TRUE(collector->encrypted());
}

TEST(CollectorCa, ThatIsNotThereIsNamed) {
  EXPECT_THAT(CollectorChannel::Open({"collector.internal:7447", "", "/nonexistent/ca.pem"}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("CA file /nonexistent/ca.pem")));
}

struct GrpcCase {
  const char* name;
  grpc::Status status;
  absl::StatusCode code;
  const char* message;
};
class GrpcStatus : public ::testing::TestWithParam<GrpcCase> {};
TEST_P(GrpcStatus, KeepsItsCodeAndTheReasonAlone) {
  EXPECT_THAT(FromGrpcStatus(GetParam().status), StatusIs(GetParam().code, GetParam().message));
}
INSTANTIATE_TEST_SUITE_P(
    All, GrpcStatus,
    ::testing::Values(
        GrpcCase{"Plain",
                 {grpc::StatusCode::NOT_FOUND, "no such environment"},
                 absl::StatusCode::kNotFound,
                 "no such environment"},
        GrpcCase{"NobodyThere",
                 {grpc::StatusCode::UNAVAILABLE,
                  "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:1: "
                  "Failed to connect to remote host: Connection refused"},
                 absl::StatusCode::kUnavailable,
                 "ipv4:127.0.0.1:1: Failed to connect to remote host: Connection refused"}),
    [](const auto& info) { return info.param.name; });

TEST(GrpcStatus, OkIsOk) { VARVE_EXPECT_OK(FromGrpcStatus(grpc::Status::OK)); }

}  // namespace
}  // namespace varve
