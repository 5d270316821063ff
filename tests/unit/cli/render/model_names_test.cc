#include "cli/render/model_names.h"

#include <deque>

#include "tests/support/matchers.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using ::testing::ElementsAre;

// What models of these modules and names are called in an export.
std::vector<std::string> NamesOf(const std::vector<std::pair<std::string, std::string>>& models) {
  SectionBuilder builder("models", "models", 1);
  for (const auto& [module, name] : models) {
    testing::AddModel(builder, {"model", {module, name}}, {});
  }
  const Section section = builder.Finish();
  const absl::StatusOr<SectionView> view = SectionView::Of(section);
  if (!view.ok()) return {view.status().ToString()};
  const std::vector<const EntityView*> found = ModelsOf(*view);
  return ExportNames(found);
}

TEST(ExportNames, AreBareWhereThatIsUnique) {
  EXPECT_THAT(NamesOf({{"shop.a", "Order"}, {"shop.b", "Item"}}), ElementsAre("Order", "Item"));
}

TEST(ExportNames, CarryTheModuleOfEveryOneThatSharesAName) {
  EXPECT_THAT(NamesOf({{"shop.a", "Order"}, {"shop.b", "Order"}, {"shop.c", "Item"}}),
              ElementsAre("shop.a.Order", "shop.b.Order", "Item"));
}

TEST(ExportNames, OfAnInnerClassAreItsOwnName) {
  EXPECT_THAT(NamesOf({{"shop", "Order.Line"}}), ElementsAre("Line"));
}

TEST(ExportNames, NeverCollide) {
  EXPECT_THAT(NamesOf({{"a", "b.C"}, {"a.b", "C"}}), ElementsAre("a.b.C", "a.b:C"));
}

struct BareCase {
  const char* name;
  const char* base;
  const char* bare;
};
class BareBases : public ::testing::TestWithParam<BareCase> {};

TEST_P(BareBases, AreTheClassAlone) { EXPECT_EQ(BareBase(GetParam().base), GetParam().bare); }

INSTANTIATE_TEST_SUITE_P(
    All, BareBases,
    ::testing::Values(BareCase{"Library", "pydantic.main:BaseModel", "BaseModel"},
                      BareCase{"Inner", "shop:Order.Line", "Line"},
                      BareCase{"NoModule", "BaseModel", "BaseModel"},
                      BareCase{"Generic", "shop:Page[shop.Tag]", "Page[shop.Tag]"},
                      BareCase{"Empty", "", ""}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
