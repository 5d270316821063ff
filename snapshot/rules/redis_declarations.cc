#include "snapshot/rules/redis_declarations.h"

#include <algorithm>

#include "base/glob.h"

namespace varve {

const v1::DeclaredKeys* DeclarationOf(const RuleInput& input, const EntityView& pattern) {
  const auto& declared = input.file.redis_keys();
  const auto found =
      std::find_if(declared.begin(), declared.end(), [&pattern](const v1::DeclaredKeys& keys) {
        return GlobMatches(keys.pattern(), pattern.key().names[1]);
      });
  return found == declared.end() ? nullptr : &*found;
}

}  // namespace varve
