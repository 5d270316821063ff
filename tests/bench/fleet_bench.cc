// What a store of many environments with many snapshots costs and how long its answers take, beside
// the same history kept as the exported files in a packed git repository: a branch an environment,
// a commit a snapshot. Prints sizes and a table with the ratios; no assertion on time.
//
//   build/release/bench/fleet_bench [ENVIRONMENTS [TABLES [VARIANTS [SNAPSHOTS]]]]
//
// 10 environments of 200 tables in 5 structural variants, 50 snapshots each where nothing is named.
// Every tenth snapshot brings a migration. What is told of a snapshot in git includes its time and
// its number, as the files have them.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/render/files.h"
#include "collector/history.h"
#include "snapshot/diff.h"
#include "storage/diff_pair.h"
#include "storage/fleet.h"
#include "storage/known_before.h"
#include "storage/rollout.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/bench/contest.h"
#include "tests/bench/living_database.h"
#include "tests/support/matchers.h"

namespace varve::testing {
namespace {

struct Size {
  int environments = 10;
  int tables = 200;
  int variants = 5;
  int snapshots = 50;
};

LifePlan PlanOf(const Size& size) {
  LifePlan plan;
  plan.tables = size.tables;
  plan.variants = size.variants;
  plan.first_table_every = 25;
  plan.total_every = 40;
  return plan;
}

std::string Contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

uint64_t SizeOf(const std::string& path) {
  uint64_t bytes = 0;
  if (std::filesystem::is_regular_file(path)) return std::filesystem::file_size(path);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

bool Shell(const std::string& command) { return std::system(command.c_str()) == 0; }

// Commits to `git fast-import`, which packs what it gets.
class GitHistory {
 public:
  explicit GitHistory(const std::string& folder) : folder_(folder) {
    if (!Shell(absl::StrCat("git init -q --bare '", folder_, "'"))) return;
    import_ = popen(absl::StrCat("git --git-dir='", folder_, "' fast-import --quiet").c_str(), "w");
  }
  ~GitHistory() {
    if (import_ != nullptr) pclose(import_);
  }
  GitHistory(const GitHistory&) = delete;
  GitHistory& operator=(const GitHistory&) = delete;

  bool Commit(const std::string& branch, int number, const std::string& base) {
    if (import_ == nullptr) return false;
    std::string text = absl::StrCat("commit refs/heads/", branch, "\ncommitter bench <bench> ",
                                    number * 3600, " +0000\ndata 0\n");
    for (const char* const file : {"schema.json", "redis.json", "models.json", "analysis.md"}) {
      const std::string bytes = Contents(absl::StrCat(base, "_", file));
      absl::StrAppend(&text, "M 100644 inline ", file, "\ndata ", bytes.size(), "\n", bytes, "\n");
    }
    return std::fwrite(text.data(), 1, text.size(), import_) == text.size();
  }

  // Packs all anew, as a server's upkeep does.
  bool Pack() {
    const bool imported = import_ != nullptr && pclose(import_) == 0;
    import_ = nullptr;
    return imported && Shell(absl::StrCat("git --git-dir='", folder_, "' repack -adfq"));
  }

 private:
  const std::string folder_;
  FILE* import_ = nullptr;
};

absl::Status Export(const SnapshotStore& store, const std::string& environment, int64_t number,
                    const std::string& base) {
  const auto snapshot = LoadSnapshot(store, environment, number);
  if (!snapshot.ok()) return snapshot.status();
  return WriteFourFiles(*snapshot, base, {}).status();
}

// Lets `environments` live in the store, and the first `in_git` of them in git too.
bool Live(SnapshotStore& store, GitHistory& git, const LifePlan& plan, int environments, int in_git,
          int snapshots) {
  const TemporaryFolder folder;
  for (int each = 0; each < environments; ++each) {
    LivingDatabase database(plan, each);
    for (int number = 1; number <= snapshots; ++number) {
      if (!Committed(store, database.Next())) return false;
      if (each >= in_git) continue;
      const absl::Status exported = Export(store, database.name(), number, folder.Path("at"));
      if (exported.ok() && git.Commit(database.name(), number, folder.Path("at"))) continue;
      std::fprintf(stderr, "%s\n", std::string(exported.message()).c_str());
      return false;
    }
  }
  return git.Pack();
}

// Bytes of one environment with so many snapshots, closed: as a store, and as git.
double StoreOf(const LifePlan& plan, int snapshots) {
  const TemporaryFolder folder;
  const std::string file = folder.Path("one.db");
  auto store = OpenSqliteStore(file);
  GitHistory git(folder.Path("git"));
  if (!store.ok() || !Live(**store, git, plan, 1, 0, snapshots)) return 0;
  store->reset();
  return static_cast<double>(SizeOf(file));
}

double GitOf(const LifePlan& plan, int snapshots) {
  const TemporaryFolder folder;
  const auto store = OpenSqliteStore(folder.Path("one.db"));
  GitHistory git(folder.Path("git"));
  if (!store.ok() || !Live(**store, git, plan, 1, 1, snapshots)) return 0;
  return static_cast<double>(SizeOf(folder.Path("git/objects")));
}

// What one more snapshot costs on disk, as the mean of many: a store grows by whole pages.
void PrintGrowth(const char* what, const LifePlan& plan) {
  constexpr int kInStore = 400;
  constexpr int kInGit = 40;
  std::printf("%-36s store %6.0f bytes, git %6.0f bytes\n", what,
              (StoreOf(plan, 100 + kInStore) - StoreOf(plan, 100)) / kInStore,
              (GitOf(plan, 1 + kInGit) - GitOf(plan, 1)) / kInGit);
  std::fflush(stdout);
}

void PrintGrowthOf(const Size& size) {
  constexpr int kNever = 1 << 30;
  LifePlan plan = PlanOf(size);
  plan.first_table_every = plan.total_every = plan.down_every = kNever;
  plan.change_every = kNever;
  PrintGrowth("a snapshot of unchanged structure", plan);
  plan.change_every = 1;
  PrintGrowth("a snapshot that changes two tables", plan);
}

bool IsGrouped(const SnapshotStore& store, const Size& size) {
  const auto rows = NewestOf(store, *Selector::Parse(""));
  if (!rows.ok()) return false;
  const auto fleet = LoadFleet(store, *rows, false);
  if (!fleet.ok()) return false;
  const auto drift =
      Drift(*fleet, {false, v1::DRIFT_GROUPING_WHOLE, std::nullopt}, ShapesOf(store));
  return drift.ok() && drift->members_size() == size.environments;
}

bool IsRolledOut(const SnapshotStore& store, const Size& size) {
  const auto rows = NewestOf(store, *Selector::Parse(""));
  const auto name = ObjectName::Parse("public.table_0.added_0");
  if (!rows.ok() || !name.ok()) return false;
  const auto rollout = Rollout(store, *rows, *name, "");
  return rollout.ok() && rollout->entries_size() == size.environments;
}

bool Differ(const SnapshotStore& store, int64_t before, int64_t after) {
  const auto pair = LoadForDiff(store, {"environment-0", before}, {"environment-0", after});
  if (!pair.ok()) return false;
  const auto diff = Diff(pair->before, pair->after, KnownBeforeIn(store));
  return diff.ok() && diff->verdict() == v1::VERDICT_DIFFERENT;
}

bool HasHistory(const SnapshotStore& store) {
  v1::HistoryRequest request;
  request.set_reference("environment-0");
  request.set_object("public.table_0.total");
  const auto history = HistoryIn(store, request);
  return history.ok() && history->versions_size() > 0;
}

bool HasLog(const SnapshotStore& store) {
  v1::LogRequest request;
  request.set_environment("environment-0");
  const auto log = LogOf(store, request);
  return log.ok() && log->changed_count() > 0;
}

std::vector<Contender> ContendersOf(const std::string& file, const std::string& git,
                                    const TemporaryFolder& folder, const Size& size) {
  const auto ask = [&file](const std::function<bool(const SnapshotStore&)>& question) {
    return [&file, question] {
      const auto store = OpenSqliteStore(file);
      return store.ok() && question(**store) ? 0 : 1;
    };
  };
  const auto shell = [&git](const std::string& command) {
    return [&git, command] {
      return Shell(absl::StrCat("export GIT_DIR='", git, "'; ", command)) ? 0 : 1;
    };
  };
  const auto exported = [&folder, ask](int64_t number) {
    return ask([&folder, number](const SnapshotStore& store) {
      return Export(store, "environment-0", number, folder.Path("out")).ok();
    });
  };
  const std::string oldest = absl::StrCat("environment-0~", size.snapshots - 1);
  const std::string out = folder.Path("out.json");
  return {
      {"git: oldest to a file",
       shell(absl::StrCat("git show ", oldest, ":schema.json >'", out, "'")), "git show"},
      {"oldest to files", exported(1)},
      {"newest to files", exported(size.snapshots)},
      {"git: oldest to newest",
       shell(absl::StrCat("git diff ", oldest, " environment-0 >/dev/null"))},
      {"diff oldest to newest",
       ask([&size](const SnapshotStore& store) { return Differ(store, 1, size.snapshots); })},
      {"git: log -G of a column",
       shell("git log --format=%h -G'\"total\"' environment-0 -- schema.json >/dev/null")},
      {"history of a column", ask(HasHistory)},
      {"git: log --stat", shell("git log --stat environment-0 -- schema.json >/dev/null")},
      {"log of all", ask(HasLog)},
      {"git: who differs",
       shell("for each in $(git for-each-ref --format='%(refname)'); do git diff --shortstat "
             "environment-0 $each; done >/dev/null")},
      {"drift of all", ask([&size](const SnapshotStore& store) { return IsGrouped(store, size); })},
      {"rollout of a column",
       ask([&size](const SnapshotStore& store) { return IsRolledOut(store, size); })}};
}

int Main(const Size& size) {
  const TemporaryFolder folder;
  const std::string file = folder.Path("fleet.db");
  const std::string git = folder.Path("git");
  const int in_git = std::min(size.environments, 10);
  PrintGrowthOf(size);
  {
    auto store = OpenSqliteStore(file);
    GitHistory history(git);
    const bool lived = store.ok() && Live(**store, history, PlanOf(size), size.environments, in_git,
                                          size.snapshots);
    if (!lived) return 1;
  }
  std::printf("store of %d environments: %.1f MiB; git of %d of them: %.1f MiB\n",
              size.environments, static_cast<double>(SizeOf(file)) / 1048576, in_git,
              static_cast<double>(SizeOf(git)) / 1048576);
  return Compare(ContendersOf(file, git, folder, size), 5);
}

}  // namespace
}  // namespace varve::testing

int main(int argc, char** argv) {
  varve::testing::Size size;
  int* const numbers[] = {&size.environments, &size.tables, &size.variants, &size.snapshots};
  for (int i = 1; i < argc && i <= 4; ++i) *numbers[i - 1] = std::atoi(argv[i]);
  if (size.environments < 1 || size.tables < 1 || size.variants < 1 || size.snapshots < 40) {
    std::fprintf(
        stderr, "usage: fleet_bench [ENVIRONMENTS [TABLES [VARIANTS [SNAPSHOTS (40 or more)]]]]\n");
    return 2;
  }
  return varve::testing::Main(size);
}
