// Of every rule of PostgreSQL: what it needs and was not captured gives no all-clear.
#include <algorithm>
#include <cctype>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/unit/snapshot/rules/rule_cases.h"

namespace varve {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::StartsWith;

struct NeedCase {
  absl::string_view rule;
  Need need;
};

std::vector<NeedCase> AllNeeds() {
  std::vector<NeedCase> cases;
  for (const Rule& rule : Rules()) {
    if (!absl::StartsWith(rule.id, "pg/")) continue;
    for (const Need& need : rule.needs) cases.push_back({rule.id, need});
  }
  return cases;
}

CheckResult CheckedBy(absl::string_view rule, Section section) {
  const auto result =
      Check(testing::Assemble({std::move(section)}), std::vector<std::string>{std::string(rule)});
  EXPECT_THAT(result, IsOk());
  return result.ok() ? *result : CheckResult();
}

bool IsFacet(const Need& need) { return need.measure.empty(); }

EntityKey Something(absl::string_view kind) { return {std::string(kind), {"public", "thing"}}; }

class Needs : public ::testing::TestWithParam<NeedCase> {
 protected:
  // A database in which every kind was looked at but for one facet.
  static SectionBuilder AllBut(const Need& left_out) {
    SectionBuilder builder("postgres", "postgres", 1);
    for (const Kind& kind : Kinds()) {
      if (kind.source_kind != "postgres" || !IsInSection(kind, KindScope::kDatabase)) continue;
      for (const KindFacet& facet : kind.facets) {
        const bool is_left_out =
            IsFacet(left_out) && kind.name == left_out.kind && facet.facet == left_out.facet;
        if (!is_left_out) builder.Cover(kind.name, facet.facet, v1::SIGHT_CAPTURED);
      }
    }
    return builder;
  }
};

TEST_P(Needs, AreFacetsThatTheKindHas) {
  const Need& need = GetParam().need;
  ASSERT_NE(FindKind(need.kind), nullptr);
  EXPECT_TRUE(!IsFacet(need) || HasFacet(need.kind, need.facet));
}

TEST_P(Needs, ThatAreMetGiveAnAnswer) {
  SectionBuilder builder = AllBut({"", v1::FACET_UNSPECIFIED, "nothing"});
  const CheckResult result = CheckedBy(GetParam().rule, builder.Finish());
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_THAT(testing::Unsaid(result, GetParam().rule), IsEmpty());
}

TEST_P(Needs, ThatWereNotCapturedGiveNone) {
  const Need& need = GetParam().need;
  SectionBuilder builder = AllBut(need);
  if (IsFacet(need)) {
    EXPECT_THAT(testing::Unsaid(CheckedBy(GetParam().rule, builder.Finish()), GetParam().rule),
                Contains(AllOf(HasSubstr(std::string(need.kind)), HasSubstr("not captured"))));
    return;
  }
  builder.AddUnseen(Something(need.kind), FirstFacet(need.kind), v1::SIGHT_LOCKED);
  EXPECT_THAT(testing::Unsaid(CheckedBy(GetParam().rule, builder.Finish()), GetParam().rule),
              Contains(AllOf(HasSubstr(std::string(need.measure)), HasSubstr("measured"))));
}

class FacetNeeds : public Needs {};

// One thing that is there, and of which the facet could not be looked at.
TEST_P(FacetNeeds, OfOneThingThatWereNotSeenGiveNoneOfIt) {
  const Need& need = GetParam().need;
  SectionBuilder builder = AllBut({"", v1::FACET_UNSPECIFIED, "nothing"});
  const EntityKey thing = Something(need.kind);
  builder.AddUnseen(thing, need.facet, v1::SIGHT_LOCKED);
  if (need.facet != FirstFacet(need.kind)) {
    builder.AddUnseen(thing, FirstFacet(need.kind), v1::SIGHT_LOCKED);
  }
  const CheckResult result = CheckedBy(GetParam().rule, builder.Finish());
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_THAT(testing::Unsaid(result, GetParam().rule), Contains(StartsWith(DisplayName(thing))));
}

std::string NameOf(const ::testing::TestParamInfo<NeedCase>& info) {
  std::string name = absl::StrCat(info.param.rule, "_", info.param.need.kind, "_",
                                  IsFacet(info.param.need) ? FacetName(info.param.need.facet)
                                                           : std::string(info.param.need.measure));
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) == 0 ? '_' : c;
  return name;
}

std::vector<NeedCase> FacetsOf(std::vector<NeedCase> cases) {
  cases.erase(std::remove_if(cases.begin(), cases.end(),
                             [](const NeedCase& each) { return !IsFacet(each.need); }),
              cases.end());
  return cases;
}

INSTANTIATE_TEST_SUITE_P(All, Needs, ::testing::ValuesIn(AllNeeds()), NameOf);
INSTANTIATE_TEST_SUITE_P(All, FacetNeeds, ::testing::ValuesIn(FacetsOf(AllNeeds())), NameOf);

}  // namespace
}  // namespace varve
