#include "snapshot/rules/postgres_access.h"

#include <algorithm>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace varve {

const v1::Access& AccessOf(const EntityView& entity) {
  return entity.Shape(v1::FACET_ACCESS).access();
}

std::vector<std::string> PrivilegesOfEveryone(const Grants& grants) {
  std::set<std::string> privileges;
  for (const v1::Grant& grant : grants) {
    if (grant.grantee() != kEveryone) continue;
    privileges.insert(grant.privileges().begin(), grant.privileges().end());
  }
  return {privileges.begin(), privileges.end()};
}

bool OnlyOwnerGave(const Grants& grants, absl::string_view owner) {
  return std::all_of(grants.begin(), grants.end(), [owner](const v1::Grant& grant) {
    return grant.grantee() != kEveryone || grant.grantor() == owner;
  });
}

bool EveryoneReaches(const RuleInput& input, const EntityKey& object) {
  const EntityView* const schema = input.section.Find({"schema", {object.names[0]}});
  return schema != nullptr &&
         absl::c_linear_search(PrivilegesOfEveryone(AccessOf(*schema).grants()), "USAGE");
}

const v1::Option* OptionNamed(const Options& options, absl::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [name](const auto& option) { return option.name() == name; });
  return found == options.end() ? nullptr : &*found;
}

// The server takes any beginning of "true" and "yes", too.
bool IsOn(absl::string_view value) {
  const std::string word = absl::AsciiStrToLower(value);
  return word == "on" || (!word.empty() && absl::StrContains("ty1", word.substr(0, 1)));
}

}  // namespace varve
