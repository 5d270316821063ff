#include "snapshot/coverage_index.h"

#include "tests/support/matchers.h"

namespace varve {
namespace {

constexpr v1::Facet kDocs = v1::FACET_DOCS;

v1::CoverageEntry& Add(v1::Coverage& coverage, v1::Sight state,
                       std::initializer_list<const char*> scope = {}) {
  v1::CoverageEntry& entry = *coverage.add_entries();
  entry.set_kind("table");
  entry.set_facet(kDocs);
  entry.set_state(state);
  for (const char* const name : scope) entry.add_scope(name);
  return entry;
}

void Exclude(v1::CoverageEntry& entry, const char* pattern) {
  v1::ScopePattern& added = *entry.add_patterns();
  added.set_list(v1::ScopePattern::LIST_EXCLUDE);
  added.set_pattern(pattern);
}

struct CoveredCase {
  const char* name;
  EntityKey entity;
  v1::Sight state;
};
class Covered : public ::testing::TestWithParam<CoveredCase> {};

TEST_P(Covered, ByTheLongestScopeThenByPatternsThenByTheRest) {
  v1::Coverage coverage;
  Add(coverage, v1::SIGHT_CAPTURED);
  Add(coverage, v1::SIGHT_LOCKED, {"app", "tmp_locked"});
  v1::CoverageEntry& excluded = Add(coverage, v1::SIGHT_EXCLUDED);
  Exclude(excluded, "*.tmp_*");
  Exclude(excluded, "!*.tmp_keep");
  EXPECT_EQ(CoverageIndex(coverage).StateOf(GetParam().entity, kDocs), GetParam().state);
  EXPECT_EQ(CoveredAs(coverage, GetParam().entity.kind, kDocs, GetParam().entity.names),
            GetParam().state);
}

INSTANTIATE_TEST_SUITE_P(
    All, Covered,
    ::testing::Values(CoveredCase{"ByPattern", {"table", {"app", "tmp_1"}}, v1::SIGHT_EXCLUDED},
                      CoveredCase{"TakenBack", {"table", {"app", "tmp_keep"}}, v1::SIGHT_CAPTURED},
                      CoveredCase{"NoPattern", {"table", {"app", "t"}}, v1::SIGHT_CAPTURED},
                      CoveredCase{
                          "LongerScope", {"table", {"app", "tmp_locked"}}, v1::SIGHT_LOCKED},
                      CoveredCase{"OtherKind", {"view", {"app", "tmp_1"}}, v1::SIGHT_UNSPECIFIED}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
