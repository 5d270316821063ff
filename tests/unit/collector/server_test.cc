// The server over a real port: the in-process channel passes by the guard.
#include "collector/server.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <sys/stat.h>

#include <map>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "collector/guard.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/support/matchers.h"
#include "varve/v1/ingest.grpc.pb.h"
#include "varve/v1/query.grpc.pb.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using testing::TemporaryFolder;

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = OpenSqliteStore(folder_.Path("varve.db"));
    VARVE_ASSERT_OK(store);
    store_ = *std::move(store);
    config_.set_listen("127.0.0.1:0");
    auto server = CollectorServer::Start(config_, *store_, token_);
    VARVE_ASSERT_OK(server);
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials());
  }

  // The status of calling `method` with an empty message and `token`.
  grpc::Status Call(const std::string& method, const std::string& token) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    if (!token.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
    grpc::CompletionQueue queue;
    const auto call = stub.PrepareCall(&context, method, &queue);
    void* tag = nullptr;
    bool ok = false;
    call->StartCall(this);
    queue.Next(&tag, &ok);
    const grpc::Slice empty_message;  // a buffer without a slice is no message at all
    call->Write(grpc::ByteBuffer(&empty_message, 1), this);
    queue.Next(&tag, &ok);
    call->WritesDone(this);
    queue.Next(&tag, &ok);
    grpc::ByteBuffer answer;  // the status of a call comes behind its messages
    call->Read(&answer, this);
    queue.Next(&tag, &ok);
    grpc::Status status;
    call->Finish(&status, this);
    queue.Next(&tag, &ok);
    return status;
  }

  TemporaryFolder folder_;
  const std::string token_ = *MakeToken("adm");
  std::unique_ptr<SnapshotStore> store_;
  v1::CollectorConfig config_;
  std::unique_ptr<CollectorServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(ServerTest, ASocketWhereAnotherAnswersIsNotTaken) {
  v1::CollectorConfig config;
  config.set_listen(absl::StrCat("unix:", folder_.Path("s.sock")));
  const auto first = CollectorServer::Start(config, *store_, token_);
  VARVE_ASSERT_OK(first);
  EXPECT_THAT(
      CollectorServer::Start(config, *store_, token_).status(),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another process answers there")));
}

TEST_F(ServerTest, ASocketThatCannotBeMadeSaysWhy) {
  v1::CollectorConfig config;
  config.set_listen("unix:/nowhere/s.sock");
  EXPECT_THAT(
      CollectorServer::Start(config, *store_, token_).status(),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("its folder is not there")));
  config.set_listen(absl::StrCat("unix:/tmp/", std::string(200, 's')));
  EXPECT_THAT(CollectorServer::Start(config, *store_, token_).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("at most 107 bytes")));
}

TEST_F(ServerTest, AKeyOfAnotherCertificateIsRefusedBeforeListening) {
  const std::string script = absl::StrCat(
      "cd '", folder_.path(),
      "' && for n in a b; do openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
      "-days 1 -subj /CN=localhost -keyout $n.key -out $n.pem 2>/dev/null || exit 1; done");
  ASSERT_EQ(std::system(script.c_str()), 0);
  v1::CollectorConfig config;
  config.set_listen("127.0.0.1:0");
  config.mutable_tls()->set_certificate(folder_.Path("a.pem"));
  config.mutable_tls()->set_key(folder_.Path("b.key"));
  EXPECT_THAT(CollectorServer::Start(config, *store_, token_).status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("it is not the key of the certificate")));
  config.mutable_tls()->set_key(folder_.Path("a.pem"));
  EXPECT_THAT(CollectorServer::Start(config, *store_, token_).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no PEM private key")));
  config.mutable_tls()->set_key(folder_.Path("a.key"));
  VARVE_EXPECT_OK(CollectorServer::Start(config, *store_, token_).status());
}

TEST_F(ServerTest, NoMethodPassesWithoutATokenOrWithAnother) {
  const auto roles = ReadRoleTable();
  VARVE_ASSERT_OK(roles);
  for (const auto& [method, role] : *roles) {
    if (role == v1::ROLE_PUBLIC) continue;
    EXPECT_EQ(Call(method, "").error_code(), grpc::StatusCode::UNAUTHENTICATED) << method;
    EXPECT_EQ(Call(method, *MakeToken("adm")).error_code(), grpc::StatusCode::UNAUTHENTICATED)
        << method;
  }
}

TEST_F(ServerTest, EveryMethodAnswersTheAdminToken) {
  const auto roles = ReadRoleTable();
  VARVE_ASSERT_OK(roles);
  for (const auto& [method, role] : *roles) {
    const grpc::StatusCode code = Call(method, token_).error_code();
    EXPECT_NE(code, grpc::StatusCode::UNAUTHENTICATED) << method;
    EXPECT_NE(code, grpc::StatusCode::PERMISSION_DENIED) << method;
    EXPECT_NE(code, grpc::StatusCode::UNIMPLEMENTED) << method;
  }
}

TEST_F(ServerTest, HealthIsServedWithoutAToken) {
  const grpc::Status status = Call("/grpc.health.v1.Health/Check", "");
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST_F(ServerTest, ASecondServerOnThePortIsRefused) {
  v1::CollectorConfig config;
  config.set_listen(server_->address());
  EXPECT_THAT(CollectorServer::Start(config, *store_, token_),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("the address is taken")));
}

TEST_F(ServerTest, StopsWhileAStreamIsOpenAndIdle) {
  const auto stub = v1::Ingest::NewStub(channel_);
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", token_));
  const auto stream = stub->Publish(&context);
  v1::PublishRequest request;
  request.mutable_header()->set_environment("prod");
  request.mutable_header()->set_snapshot_id("00000000-0000-4000-8000-000000000001");
  ASSERT_TRUE(stream->Write(request));
  v1::PublishResponse response;
  ASSERT_TRUE(stream->Read(&response));
  ASSERT_TRUE(stream->Read(&response));  // plan, missing; from here the stream waits for us
  server_->Stop();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_FALSE(stream->Finish().ok());
}

// The last answer and the status of publishing a snapshot of one section that was not to be had.
struct Published {
  v1::PublishResponse last;
  grpc::Status status;
};
Published PublishUnavailable(v1::Ingest::Stub& stub, const std::string& token,
                             const v1::SnapshotHeader& header) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
  const auto stream = stub.Publish(&context);
  v1::PublishRequest request;
  *request.mutable_header() = header;
  stream->Write(request);
  request.mutable_commit();
  stream->Write(request);
  Published published;
  while (stream->Read(&published.last)) {
  }
  published.status = stream->Finish();
  return published;
}

v1::SnapshotHeader HeaderOf(const std::string& environment, int n) {
  v1::SnapshotHeader header;
  header.set_environment(environment);
  header.set_snapshot_id(absl::StrCat("00000000-0000-4000-8000-", 100'000'000'000 + n));
  v1::SectionHeader& section = *header.add_sections();
  section.set_name("postgres");
  section.set_status(v1::SECTION_STATUS_UNAVAILABLE);
  return header;
}

TEST_F(ServerTest, TheSameSnapshotTwiceIsAnsweredWithItsFirstNumberAndOk) {
  const auto stub = v1::Ingest::NewStub(channel_);
  const Published first = PublishUnavailable(*stub, token_, HeaderOf("prod", 1));
  ASSERT_TRUE(first.status.ok()) << first.status.error_message();
  EXPECT_EQ(first.last.committed().seq(), 1);
  EXPECT_EQ(first.last.committed().incarnation(), store_->incarnation());
  const Published second = PublishUnavailable(*stub, token_, HeaderOf("prod", 1));
  EXPECT_TRUE(second.status.ok()) << second.status.error_message();
  EXPECT_EQ(second.last.plan().already_seq(), 1);
}

TEST_F(ServerTest, ARefusedPublishEndsWithTheCodeThatSaysWhatARetryCanChange) {
  const auto stub = v1::Ingest::NewStub(channel_);
  v1::SnapshotHeader header = HeaderOf("prod", 1);
  header.mutable_sections(0)->set_status(v1::SECTION_STATUS_COMPLETE);
  const Published refused = PublishUnavailable(*stub, token_, header);
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(refused.status.error_message(), HasSubstr("section postgres has no manifest"));
}

TEST_F(ServerTest, HeadTellsWhatTheStoreHoldsAndWhichIdsItLacksInTheOrderGiven) {
  const auto stub = v1::Ingest::NewStub(channel_);
  for (int n = 1; n <= 2; ++n) {
    ASSERT_TRUE(PublishUnavailable(*stub, token_, HeaderOf("prod", n)).status.ok());
  }
  v1::HeadRequest request;
  request.set_environment("prod");
  for (const int n : {9, 1, 8, 2}) request.add_sent_ids(HeaderOf("prod", n).snapshot_id());
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", token_));
  v1::HeadResponse response;
  const grpc::Status status = stub->Head(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.incarnation(), store_->incarnation());
  EXPECT_EQ(response.last_seq(), 2);
  EXPECT_EQ(response.sections_size(), 0);  // it was never to be had
  EXPECT_THAT(response.lacking_ids(), ::testing::ElementsAre(HeaderOf("prod", 9).snapshot_id(),
                                                             HeaderOf("prod", 8).snapshot_id()));
}

TEST_F(ServerTest, HeadOfAnEnvironmentThatNobodyPublishedToIsEmpty) {
  const auto stub = v1::Ingest::NewStub(channel_);
  v1::HeadRequest request;
  request.set_environment("prod");
  request.add_sent_ids("an id");
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", token_));
  v1::HeadResponse response;
  ASSERT_TRUE(stub->Head(&context, request, &response).ok());
  EXPECT_EQ(response.last_seq(), 0);
  EXPECT_THAT(response.lacking_ids(), ::testing::ElementsAre("an id"));
}

TEST_F(ServerTest, PublishesFromManyStreamsAtOnce) {
  const auto stub = v1::Ingest::NewStub(channel_);
  std::vector<std::thread> agents;
  for (int agent = 0; agent < 8; ++agent) {
    agents.emplace_back([&, agent] {
      for (int n = 0; n < 5; ++n) {
        grpc::ClientContext context;
        context.AddMetadata("authorization", absl::StrCat("Bearer ", token_));
        const auto stream = stub->Publish(&context);
        v1::PublishRequest request;
        request.mutable_header()->set_environment(absl::StrCat("env-", agent));
        request.mutable_header()->set_snapshot_id(
            absl::StrCat("00000000-0000-4000-8000-", 100'000'000'000 + agent * 100 + n));
        ASSERT_TRUE(stream->Write(request));
        request.mutable_commit();
        ASSERT_TRUE(stream->Write(request));
        v1::PublishResponse response;
        while (stream->Read(&response)) {
        }
        ASSERT_TRUE(stream->Finish().ok());
        EXPECT_EQ(response.committed().seq(), n + 1);
      }
    });
  }
  for (std::thread& agent : agents) agent.join();
  EXPECT_EQ((*store_->Environments()).size(), 8u);
}

TEST(Listen, BeyondLoopbackWithoutTlsIsRefused) {
  const TemporaryFolder folder;
  auto store = OpenSqliteStore(folder.Path("varve.db"));
  VARVE_ASSERT_OK(store);
  v1::CollectorConfig config;
  config.set_listen("0.0.0.0:0");
  EXPECT_THAT(CollectorServer::Start(config, **store, "token"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("without TLS")));
}

TEST(Listen, AUnixSocketIsForUsAlone) {
  const TemporaryFolder folder;
  auto store = OpenSqliteStore(folder.Path("varve.db"));
  VARVE_ASSERT_OK(store);
  v1::CollectorConfig config;
  config.set_listen(absl::StrCat("unix:", folder.Path("sock")));
  const auto server = CollectorServer::Start(config, **store, "token");
  VARVE_ASSERT_OK(server);
  struct stat facts {};
  ASSERT_EQ(stat(folder.Path("sock").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0077, 0u);
}

struct AddressCase {
  const char* name;
  const char* address;
  bool local;
};
class LocalAddress : public ::testing::TestWithParam<AddressCase> {};

TEST_P(LocalAddress, IsKnown) {
  const auto local = IsLocalAddress(GetParam().address);
  VARVE_ASSERT_OK(local);
  EXPECT_EQ(*local, GetParam().local);
}

INSTANTIATE_TEST_SUITE_P(All, LocalAddress,
                         ::testing::Values(AddressCase{"V4", "127.0.0.1:7447", true},
                                           AddressCase{"V4Other", "127.8.8.8:1", true},
                                           AddressCase{"Name", "localhost:7447", true},
                                           AddressCase{"V6", "[::1]:7447", true},
                                           AddressCase{"Unix", "unix:/run/x", true},
                                           AddressCase{"All", "0.0.0.0:7447", false},
                                           AddressCase{"AllV6", "[::]:7447", false},
                                           AddressCase{"Private", "10.0.0.7:7447", false}),
                         [](const auto& info) { return info.param.name; });

TEST(LocalAddressForm, WhatIsNoAddressIsRefused) {
  for (const char* const text : {"", "7447", "host", "host:port", "::1:7447", "host:70000"}) {
    EXPECT_THAT(IsLocalAddress(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(text)));
  }
}

}  // namespace
}  // namespace varve
