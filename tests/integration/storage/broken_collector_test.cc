// A collector whose database turns out to be damaged ends, and says why.
#include <grpcpp/grpcpp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/unit/storage/pending_builder.h"
#include "tests/unit/storage/sqlite/sqlite_kind.h"
#include "varve/v1/ingest.grpc.pb.h"

namespace varve::testing {
namespace {

using ::testing::HasSubstr;

// A varve-collector of its own on a free port; killed where it has not ended by itself.
class Collector {
 public:
  explicit Collector(const std::string& database) {
    const char* const folder = std::getenv("VARVE_BIN_DIR");
    const std::string program =
        absl::StrCat(folder == nullptr ? "bin" : folder, "/varve-collector");
    int ends[2];
    if (pipe(ends) != 0) return;
    process_ = fork();
    if (process_ == 0) {
      dup2(ends[1], STDERR_FILENO);
      close(ends[0]);
      close(ends[1]);
      execl(program.c_str(), "varve-collector", "--listen", "127.0.0.1:0", "--database",
            database.c_str(), nullptr);
      _exit(127);
    }
    close(ends[1]);
    messages_ = fdopen(ends[0], "r");
    std::string line = NextLine();
    while (!line.empty() && line.find("collector ready") == std::string::npos) line = NextLine();
    for (const absl::string_view fact : absl::StrSplit(line, ' ')) {
      absl::string_view value = fact;
      if (absl::ConsumePrefix(&value, "listen=")) address_ = std::string(value);
    }
  }
  ~Collector() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
    if (messages_ != nullptr) std::fclose(messages_);
  }
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  const std::string& address() const { return address_; }

  // Waits until it ends by itself; its exit code, and all that it still said.
  std::pair<int, std::string> End() {
    std::string said;
    for (std::string line = NextLine(); !line.empty(); line = NextLine()) said += line;
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = 0;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, said};
  }

 private:
  // Empty: it has closed its end.
  std::string NextLine() {
    char* text = nullptr;
    size_t capacity = 0;
    const ssize_t size = getline(&text, &capacity, messages_);
    std::string line = size < 0 ? "" : std::string(text, static_cast<size_t>(size));
    std::free(text);
    return line;
  }

  pid_t process_ = 0;
  FILE* messages_ = nullptr;
  std::string address_;
};

// A database with one snapshot, and a page that is no page any more.
void MakeDamaged(const std::string& path) {
  {
    const auto store = OpenSqliteStore(path);
    VARVE_ASSERT_OK(store);
    VARVE_ASSERT_OK((*store)->Commit(
        Publish("prod", "first").Whole(TestSection("postgres").See(Table("orders"), "a"))));
  }
  VARVE_ASSERT_OK(DamageTable(path, "line"));  // which only a commit reads
}

grpc::Status PublishTo(const std::string& address, const std::string& token) {
  const auto stub =
      v1::Ingest::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
  const auto stream = stub->Publish(&context);
  v1::PublishRequest request;
  request.mutable_header()->set_environment("prod");
  request.mutable_header()->set_snapshot_id("00000000-0000-4000-8000-000000000001");
  stream->Write(request);
  request.mutable_commit();
  stream->Write(request);
  v1::PublishResponse response;
  while (stream->Read(&response)) {
  }
  return stream->Finish();
}

TEST(BrokenCollector, EndsAndSaysWhy) {
  const TemporaryFolder folder;
  const std::string path = DatabaseIn(folder.path());
  ASSERT_NO_FATAL_FAILURE(MakeDamaged(path));
  Collector collector(path);
  ASSERT_FALSE(collector.address().empty());
  const std::string token = ReadFile(path + ".token");
  EXPECT_FALSE(PublishTo(collector.address(), std::string(absl::StripSuffix(token, "\n"))).ok());
  const auto [code, said] = collector.End();
  EXPECT_EQ(code, 2);
  EXPECT_THAT(said, HasSubstr("varve-collector: database "));
  EXPECT_THAT(said, HasSubstr("stop the collector and restore from a backup"));
}

}  // namespace
}  // namespace varve::testing
