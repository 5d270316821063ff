#include "tests/integration/postgres/cluster_case.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace varve::testing {

void ClusterCase::TearDown() {
  std::reverse(undo_.begin(), undo_.end());
  for (const std::string& sql : undo_) Run(sql);
  PostgresCase::TearDown();
}

void ClusterCase::CreateRole(const std::string& name, const std::string& options) {
  Run(absl::StrCat("CREATE ROLE ", name, " ", options));
  Undo(absl::StrCat("DROP ROLE IF EXISTS ", name));
}

PostgresConfig ClusterCase::ClusterConfig(const std::string& user) const {
  PostgresConfig config = Config(user);
  config.cluster = true;
  return config;
}

Gathered ClusterCase::GatherCluster(const std::string& user) const {
  std::vector<Section> sections = GatherSections(ClusterConfig(user));
  EXPECT_EQ(sections.back().header.name(), "postgres/");
  Gathered gathered(std::move(sections.back()));
  EXPECT_NE(gathered.section().header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  return gathered;
}

void ClusterCase::Reload() const {
  const std::string before = Ask("SELECT pg_conf_load_time()").front();
  Run("SELECT pg_reload_conf()");
  const absl::Time end = absl::Now() + absl::Seconds(30);
  // The postmaster gets its signal in its own time; sessions begin as it is then.
  while (Ask("SELECT pg_conf_load_time()").front() == before && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(5));
  }
}

}  // namespace varve::testing
