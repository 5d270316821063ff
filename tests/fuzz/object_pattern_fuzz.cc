// Patterns of a configuration, and of a coverage that a newer agent wrote: what is taken has one
// normal form, which says the same; what says of a kind that all match holds for each name.
#include <string>

#include "absl/strings/match.h"
#include "snapshot/object_pattern.h"
#include "tests/fuzz/property.h"

namespace {

using varve::ObjectPattern;

const varve::EntityKey kEntities[] = {{"table", {"public", "orders"}},
                                      {"function", {"audit", "f", "integer"}},
                                      {"schema", {"audit"}},
                                      {"extension", {"hstore"}},
                                      {"view", {"", "\xff\xc3"}}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = varve::testing::AsText(data, size);
  const auto known = ObjectPattern::Parse(text, ObjectPattern::Kinds::kKnown);
  const auto pattern = ObjectPattern::Parse(text, ObjectPattern::Kinds::kAny);
  VARVE_HOLDS(pattern.ok() || !known.ok());
  if (!pattern.ok()) {
    VARVE_HOLDS(absl::IsInvalidArgument(pattern.status()));
    VARVE_HOLDS(absl::StartsWith(pattern.status().message(), "pattern '"));
    return 0;
  }
  const auto again = ObjectPattern::Parse(pattern->Text(), ObjectPattern::Kinds::kAny);
  VARVE_HOLDS(again.ok());
  VARVE_HOLDS(again->Text() == pattern->Text());
  VARVE_HOLDS(again->takes_back() == pattern->takes_back());
  for (const varve::EntityKey& entity : kEntities) {
    const bool matches = pattern->Matches(entity);
    VARVE_HOLDS(matches == again->Matches(entity));
    VARVE_HOLDS(!matches || pattern->MayMatch(entity.kind));
    VARVE_HOLDS(matches || !pattern->MatchesAll(entity.kind));
  }
  return 0;
}
