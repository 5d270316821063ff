// A PostgresCase with roles of its own: roles are the whole server's, and each test's database has
// a name that no other has.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {

class OwnedCase : public PostgresCase {
 protected:
  // A superuser, since only one may own a subscription, an event trigger or a foreign data wrapper.
  std::string Owner() const { return absl::StrCat("owner_of_", database()); }
  // It may connect and no more.
  std::string Guest() const { return absl::StrCat("guest_of_", database()); }

  void SetUp() override {
    PostgresCase::SetUp();
    Run(absl::StrCat("CREATE ROLE ", Owner(), " SUPERUSER; CREATE ROLE ", Guest(),
                     " LOGIN PASSWORD '", PostgresServer::password(), "'"));
  }
  void TearDown() override {
    Run(absl::StrCat("REASSIGN OWNED BY ", Owner(), ", ", Guest(), " TO postgres; DROP OWNED BY ",
                     Owner(), ", ", Guest(), "; DROP ROLE ", Owner(), ", ", Guest()));
    PostgresCase::TearDown();
  }
};

}  // namespace varve::testing
