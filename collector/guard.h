// The one guard before every handler, on every transport: which method needs which role, and who
// holds it.
#pragma once

#include <grpcpp/security/auth_metadata_processor.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "collector/token.h"
#include "varve/v1/options.pb.h"

namespace varve {

// The role that each method needs, by its path ("/varve.v1.Ingest/Publish"). What is not in it is
// refused.
using RoleTable = absl::flat_hash_map<std::string, v1::Role>;

// Reads the `role` option of every method of our services, and adds the health check, which is
// public. Errors: kInternal (a method without a role: the collector does not start).
absl::StatusOr<RoleTable> ReadRoleTable();

// A token the collector knows: its hash and the roles it holds. Roles are a set, not a ladder.
struct KnownToken {
  TokenHash hash;
  std::set<v1::Role> roles;
};

// What the guard says of one call.
enum class Verdict { kPass, kNoToken, kWrongRole, kUnknownMethod };

// Decides. Immutable, so thread-safe.
class Guard {
 public:
  Guard(RoleTable roles, std::vector<KnownToken> tokens);

  // `authorization` is the header as received ("Bearer varve_adm_…"), or empty.
  Verdict Judge(absl::string_view path, absl::string_view authorization) const;

 private:
  RoleTable roles_;
  std::vector<KnownToken> tokens_;
};

// Every role there is: what an admin token holds.
std::set<v1::Role> AllRoles();

// Puts the guard before the handlers of a listener: TLS and local server credentials take it.
std::shared_ptr<grpc::AuthMetadataProcessor> MakeAuthProcessor(std::shared_ptr<const Guard> guard);

}  // namespace varve
