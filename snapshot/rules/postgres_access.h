// What rules of PostgreSQL ask of owners, privileges and options.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "snapshot/rules/rule_run.h"
#include "varve/v1/common_shapes.pb.h"

namespace varve {

// The name of everyone among the roles of grants and policies.
inline constexpr absl::string_view kEveryone = "public";

using Grants = google::protobuf::RepeatedPtrField<v1::Grant>;
using Options = google::protobuf::RepeatedPtrField<v1::Option>;

// Empty where it was not seen.
const v1::Access& AccessOf(const EntityView& entity);

// What everyone was granted, sorted, each once: {"INSERT", "SELECT"}.
std::vector<std::string> PrivilegesOfEveryone(const Grants& grants);

// Whether REVOKE, which takes back what `owner` gave, takes all from everyone.
bool OnlyOwnerGave(const Grants& grants, absl::string_view owner);

// Whether everyone may use the schema of an object: else a grant on the object gives nobody
// anything. False where the privileges on the schema were not seen.
bool EveryoneReaches(const RuleInput& input, const EntityKey& object);

// Null where there is none of that name.
const v1::Option* OptionNamed(const Options& options, absl::string_view name);
// Whether PostgreSQL reads an option's value as true: "on", "true", "1".
bool IsOn(absl::string_view value);

}  // namespace varve
