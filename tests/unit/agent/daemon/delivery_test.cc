// Delivery to a real collector: its server on a socket, its SQLite store in a temporary folder.
#include "agent/daemon/delivery.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "agent/daemon/outbox_file.h"
#include "collector/server.h"
#include "collector/token.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/support/matchers.h"
#include "tests/unit/agent/daemon/snapshots.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::StatusIs;
using testing::TemporaryFolder;
using testing::TestId;
using testing::TestSnapshot;

using Tables = std::map<std::string, std::string>;

class DeliveryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteToken(token_);
    auto outbox = Outbox::Open(folder_.Path("state"));
    VARVE_ASSERT_OK(outbox);
    outbox_ = *std::move(outbox);
    access_ = {absl::StrCat("unix:", folder_.Path("collector.sock")), folder_.Path("token"), ""};
    StartCollector("varve.db");
  }
  void TearDown() override { StopCollector(); }

  // The same address whichever store is behind it.
  void StartCollector(const std::string& database) {
    auto store = OpenSqliteStore(folder_.Path(database));
    VARVE_ASSERT_OK(store);
    store_ = *std::move(store);
    v1::CollectorConfig config;
    config.set_listen(access_.address);
    auto server = CollectorServer::Start(config, *store_, token_);
    VARVE_ASSERT_OK(server);
    server_ = *std::move(server);
  }
  void StopCollector() {
    server_.reset();
    store_.reset();
  }

  void WriteToken(const std::string& token) {
    std::ofstream(folder_.Path("token"), std::ios::trunc) << token << "\n";
    std::filesystem::permissions(folder_.Path("token"), std::filesystem::perms::owner_read |
                                                            std::filesystem::perms::owner_write);
  }

  void Add(int number, const Tables& tables) {
    VARVE_ASSERT_OK(outbox_->Add(ToOutbox(TestSnapshot(number, tables))));
  }

  // One round; what became of each snapshot is in fates_.
  absl::Status SendAll() {
    fates_.clear();
    Delivery delivery({"prod", access_, Backoff(), absl::Now}, *outbox_, stop_);
    return delivery.SendAll([this](const Fate& fate) { fates_.push_back(fate); });
  }

  // The numbers that snapshots got, in the order in which they were sent.
  std::vector<int64_t> Seqs() const {
    std::vector<int64_t> seqs;
    for (const Fate& fate : fates_) seqs.push_back(fate.seq);
    return seqs;
  }

  // Names of tables in a stored snapshot, each with its column.
  Tables Stored(int64_t seq) {
    Tables tables;
    const auto snapshot = LoadSnapshot(*store_, "prod", seq);
    EXPECT_THAT(snapshot, testing::IsOk());
    if (!snapshot.ok()) return tables;
    for (const ReadLine& line : snapshot->sections[0].lines) {
      if (!line.line.seen.has_value()) continue;
      const auto shape = DecodeShape(snapshot->sections[0], line.line.seen->shape);
      EXPECT_THAT(shape, testing::IsOk());
      tables[line.line.key.entity.names[1]] = shape->table().columns(0).name();
    }
    return tables;
  }

  TemporaryFolder folder_;
  const std::string token_ = *MakeToken("adm");
  CollectorAccess access_;
  std::unique_ptr<SnapshotStore> store_;
  std::unique_ptr<CollectorServer> server_;
  std::unique_ptr<Outbox> outbox_;
  StopSignal stop_;
  std::vector<Fate> fates_;
};

TEST_F(DeliveryTest, SendsAllThatWaitsInOrder) {
  Add(1, {{"orders", "id"}});
  Add(2, {{"orders", "id"}, {"refunds", "id"}});
  Add(3, {{"refunds", "id"}});
  VARVE_ASSERT_OK(SendAll());
  EXPECT_THAT(Seqs(), ElementsAre(1, 2, 3));
  EXPECT_EQ(fates_[0].header.snapshot_id(), TestId(1));
  EXPECT_EQ(outbox_->waiting(), 0u);
  EXPECT_EQ(Stored(1), (Tables{{"orders", "id"}}));
  EXPECT_EQ(Stored(2), (Tables{{"orders", "id"}, {"refunds", "id"}}));
  EXPECT_EQ(Stored(3), (Tables{{"refunds", "id"}}));
}

TEST_F(DeliveryTest, NothingWaitingIsOk) {
  VARVE_EXPECT_OK(SendAll());
  EXPECT_THAT(fates_, IsEmpty());
}

TEST_F(DeliveryTest, AnUnchangedStructureNeedsNoManifestAndNoShapes) {
  const Tables tables = {{"orders", "id"}, {"refunds", "id"}};
  Add(1, tables);
  VARVE_ASSERT_OK(SendAll());
  v1::OutboxSnapshot same = ToOutbox(TestSnapshot(2, tables));
  same.mutable_sections(0)->clear_lines();  // what is not there cannot be sent
  same.mutable_sections(0)->clear_shapes();
  same.mutable_sections(0)->clear_coverage();
  VARVE_ASSERT_OK(outbox_->Add(same));
  VARVE_ASSERT_OK(SendAll());
  EXPECT_THAT(Seqs(), ElementsAre(2));
  EXPECT_EQ(Stored(2), tables);
}

TEST_F(DeliveryTest, AChangeNeedsNoShapesButItsOwn) {
  Add(1, {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}});
  VARVE_ASSERT_OK(SendAll());
  const Tables changed = {{"a", "1"}, {"b", "new"}, {"d", "4"}, {"e", "5"}};
  v1::OutboxSnapshot next = ToOutbox(TestSnapshot(2, changed));
  const v1::OutboxSnapshot news = ToOutbox(TestSnapshot(2, {{"b", "new"}, {"e", "5"}}));
  *next.mutable_sections(0)->mutable_shapes() = news.sections(0).shapes();
  VARVE_ASSERT_OK(outbox_->Add(next));
  VARVE_ASSERT_OK(SendAll());
  EXPECT_THAT(Seqs(), ElementsAre(2));
  EXPECT_EQ(Stored(2), changed);
}

TEST_F(DeliveryTest, ShapesLargerThanAMessageArriveWhole) {
  const Tables huge = {{"wide", std::string(3 << 20, 'w')}, {"narrow", "id"}};
  Add(1, huge);
  VARVE_ASSERT_OK(SendAll());
  EXPECT_EQ(Stored(1), huge);
}

TEST_F(DeliveryTest, AnIdThatIsKnownKeepsItsNumber) {
  Add(1, {{"orders", "id"}});
  Add(2, {{"orders", "total"}});
  Add(1, {{"orders", "id"}});
  VARVE_ASSERT_OK(SendAll());
  EXPECT_THAT(Seqs(), ElementsAre(1, 2, 1));
  EXPECT_FALSE(fates_[1].already_known);
  EXPECT_TRUE(fates_[2].already_known);
  EXPECT_THAT(*store_->Snapshots("prod", 0), SizeIs(2));
}

TEST_F(DeliveryTest, AnotherStoreIsSentWhatItLacksFirst) {
  Add(1, {{"orders", "id"}});
  Add(2, {{"orders", "total"}});
  VARVE_ASSERT_OK(SendAll());
  StopCollector();
  StartCollector("empty.db");
  Add(3, {{"orders", "total"}, {"refunds", "id"}});
  VARVE_ASSERT_OK(SendAll());
  ASSERT_THAT(fates_, SizeIs(3));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(fates_[static_cast<size_t>(i)].header.snapshot_id(), TestId(i + 1));
  }
  EXPECT_EQ(Stored(fates_[0].seq), (Tables{{"orders", "id"}}));
  EXPECT_EQ(Stored(fates_[2].seq), (Tables{{"orders", "total"}, {"refunds", "id"}}));
  EXPECT_EQ(outbox_->state().incarnation(), store_->incarnation());
}

TEST_F(DeliveryTest, ACollectorThatIsAwayCostsNothing) {
  StopCollector();
  Add(1, {{"orders", "id"}});
  Add(2, {{"orders", "total"}});
  EXPECT_EQ(SendAll().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(outbox_->waiting(), 2u);
  StartCollector("varve.db");
  VARVE_ASSERT_OK(SendAll());
  EXPECT_THAT(Seqs(), ElementsAre(1, 2));
}

TEST_F(DeliveryTest, AWrongTokenWaitsForItsMending) {
  WriteToken(*MakeToken("adm"));
  Add(1, {{"orders", "id"}});
  const absl::Status refused = SendAll();
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(AfterFailure(refused.code()), NextTry::kSlowly);
  EXPECT_EQ(outbox_->waiting(), 1u);
  WriteToken(token_);
  VARVE_EXPECT_OK(SendAll());
}

TEST_F(DeliveryTest, ATokenFileThatIsGoneIsNamed) {
  std::filesystem::remove(folder_.Path("token"));
  Add(1, {{"orders", "id"}});
  EXPECT_THAT(SendAll(), StatusIs(absl::StatusCode::kNotFound, HasSubstr(folder_.Path("token"))));
  EXPECT_EQ(outbox_->waiting(), 1u);
}

TEST_F(DeliveryTest, OneThatIsRefusedForGoodIsSetAsideAndTheNextGoesOn) {
  v1::OutboxSnapshot refused = ToOutbox(TestSnapshot(1, {{"orders", "id"}}));
  refused.mutable_header()->set_snapshot_id("no-uuid");
  VARVE_ASSERT_OK(outbox_->Add(refused));
  Add(2, {{"orders", "id"}});
  VARVE_ASSERT_OK(SendAll());
  ASSERT_THAT(fates_, SizeIs(2));
  EXPECT_THAT(fates_[0].rejected, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("UUID")));
  VARVE_EXPECT_OK(fates_[1].rejected);
  EXPECT_EQ(fates_[1].seq, 1);
  const std::string set_aside = folder_.Path(absl::StrCat("state/rejected/", fates_[0].file));
  EXPECT_TRUE(std::filesystem::exists(set_aside));
  std::stringstream reason;
  reason << std::ifstream(set_aside + ".reason").rdbuf();
  EXPECT_THAT(reason.str(), HasSubstr("UUID"));
}

TEST_F(DeliveryTest, LinesThatDoNotHashToTheirManifestAreRefusedForGood) {
  v1::OutboxSnapshot forged = ToOutbox(TestSnapshot(1, {{"orders", "id"}}));
  *forged.mutable_sections(0) = ToOutbox(TestSnapshot(1, {{"refunds", "id"}})).sections(0);
  VARVE_ASSERT_OK(outbox_->Add(forged));
  VARVE_ASSERT_OK(SendAll());
  ASSERT_THAT(fates_, SizeIs(1));
  EXPECT_EQ(fates_[0].rejected.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(*store_->Environments(), IsEmpty());
}

TEST_F(DeliveryTest, AfterAStopNothingIsSent) {
  Add(1, {{"orders", "id"}});
  stop_.Request();
  EXPECT_EQ(SendAll().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(outbox_->waiting(), 1u);
}

// Takes a connection and never answers: a wire that was cut.
class SilentServer {
 public:
  SilentServer() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof any;
    if (bind(fd_, reinterpret_cast<sockaddr*>(&any), size) != 0 || listen(fd_, 1) != 0 ||
        getsockname(fd_, reinterpret_cast<sockaddr*>(&any), &size) != 0) {
      ADD_FAILURE() << "no socket to be silent on";
    }
    address_ = absl::StrCat("127.0.0.1:", ntohs(any.sin_port));
  }
  ~SilentServer() {
    if (connection_ >= 0) close(connection_);
    close(fd_);
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  const std::string& address() const { return address_; }
  // Blocks until somebody has connected.
  void Accept() { connection_ = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC); }

 private:
  int fd_;
  int connection_ = -1;
  std::string address_;
};

TEST_F(DeliveryTest, AStopEndsACallThatNobodyAnswers) {
  SilentServer silent;
  access_.address = silent.address();
  Add(1, {{"orders", "id"}});
  absl::Status status;
  std::thread sender([&] { status = SendAll(); });
  silent.Accept();
  stop_.Request();
  sender.join();
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(outbox_->waiting(), 1u);
}

TEST_F(DeliveryTest, RunsUntilTheStop) {
  Delivery delivery({"prod", access_, Backoff(), absl::Now}, *outbox_, stop_);
  std::thread runner([&delivery] { delivery.Run(); });
  Add(1, {{"orders", "id"}});
  stop_.Request();
  runner.join();
  EXPECT_THAT(outbox_->waiting() + outbox_->SentIds(absl::Now()).size(), 1u);
}

}  // namespace
}  // namespace varve
