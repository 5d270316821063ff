// A PostgresCase with a role of its own to own things, hold privileges, or log in and do no more:
// roles are the whole server's.
#pragma once

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {

class RoleCase : public PostgresCase {
 protected:
  std::string Role() const { return absl::StrCat("role_of_", database()); }
  void SetUp() override {
    PostgresCase::SetUp();
    Run(absl::StrCat("CREATE ROLE ", Role(), " LOGIN PASSWORD '", PostgresServer::password(), "'"));
  }
  void TearDown() override {
    Run(absl::StrCat("REASSIGN OWNED BY ", Role(), " TO postgres; DROP OWNED BY ", Role(),
                     "; DROP ROLE ", Role()));
    PostgresCase::TearDown();
  }
};

}  // namespace varve::testing
