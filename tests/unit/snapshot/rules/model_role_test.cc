#include "snapshot/rules/model_role.h"

#include "gtest/gtest.h"

namespace varve {
namespace {

struct RoleCase {
  const char* class_name;
  ModelRole role;
};
class Roles : public ::testing::TestWithParam<RoleCase> {};

TEST_P(Roles, AreByTheWordsOfTheName) {
  EXPECT_EQ(RoleOf(GetParam().class_name, false, false), GetParam().role);
}

INSTANTIATE_TEST_SUITE_P(
    All, Roles,
    ::testing::Values(
        RoleCase{"OrderCreate", ModelRole::kCreate}, RoleCase{"CreateOrder", ModelRole::kCreate},
        RoleCase{"OrderIn", ModelRole::kCreate}, RoleCase{"OrderRequest", ModelRole::kCreate},
        RoleCase{"NewOrder", ModelRole::kCreate}, RoleCase{"OrderUpdate", ModelRole::kUpdate},
        RoleCase{"OrderPatch", ModelRole::kUpdate},
        RoleCase{"OrderUpdateRequest", ModelRole::kUpdate},
        RoleCase{"OrderCreateUpdate", ModelRole::kUpdate}, RoleCase{"OrderRead", ModelRole::kRead},
        RoleCase{"OrderOut", ModelRole::kRead}, RoleCase{"OrderPublic", ModelRole::kRead},
        RoleCase{"OrderResponse", ModelRole::kRead},
        RoleCase{"CreateOrderResponse", ModelRole::kRead},
        RoleCase{"OrderMinimal", ModelRole::kRead}, RoleCase{"OrderSummary", ModelRole::kRead},
        RoleCase{"OrderBase", ModelRole::kBase}, RoleCase{"UserInDBBase", ModelRole::kBase},
        RoleCase{"Login", ModelRole::kRows}, RoleCase{"Order", ModelRole::kRows}),
    [](const auto& info) { return info.param.class_name; });

TEST(Roles, WhatNamesItsTableIsOne) {
  EXPECT_EQ(RoleOf("OrderCreate", true, false), ModelRole::kTable);
}

TEST(Roles, WhatIsMadeOfObjectsIsRead) {
  EXPECT_EQ(RoleOf("Order", false, true), ModelRole::kRead);
  EXPECT_EQ(RoleOf("OrderCreate", false, true), ModelRole::kCreate);
}

}  // namespace
}  // namespace varve
