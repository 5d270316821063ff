// A PostgresCase whose subject is the cluster's section. What a test makes outside its database it
// names in `Undo`.
#pragma once

#include <string>
#include <vector>

#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {

class ClusterCase : public PostgresCase {
 protected:
  void TearDown() override;

  // Statements to run when the test ends, each by itself, the last given first.
  void Undo(const std::string& sql) { undo_.push_back(sql); }
  // CREATE ROLE, and its end.
  void CreateRole(const std::string& name, const std::string& options = "");

  PostgresConfig ClusterConfig(const std::string& user = "postgres") const;
  Gathered GatherCluster(const std::string& user = "postgres") const;
  // The server reads its files again; new sessions have what they say when this returns.
  void Reload() const;

  void ExpectClusterChanges(const std::vector<Change>& changes) const {
    ExpectChanges(changes, [this] { return GatherCluster(); });
  }

 private:
  std::vector<std::string> undo_;
};

}  // namespace varve::testing
