#include "agent/source/postgres/acl.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/matchers.h"

namespace varve::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::varve::testing::StatusIs;

// "grantor to grantee: PRIVILEGE PRIVILEGE*".
std::string Words(const v1::Grant& grant) {
  std::string words = absl::StrCat(grant.grantor(), " to ", grant.grantee(), ":");
  for (const std::string& privilege : grant.privileges()) {
    bool grantable = false;
    for (const std::string& held : grant.grantable()) grantable |= held == privilege;
    absl::StrAppend(&words, " ", privilege, grantable ? "*" : "");
  }
  return words;
}

struct ItemCase {
  const char* name;
  const char* item;
  const char* words;
};
class AclItem : public ::testing::TestWithParam<ItemCase> {};

TEST_P(AclItem, SaysWhoMayDoWhat) {
  const auto grant = ParseAclItem(GetParam().item, TextForm::kUtf8);
  VARVE_ASSERT_OK(grant);
  EXPECT_EQ(Words(*grant), GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    All, AclItem,
    ::testing::Values(
        ItemCase{
            "Table", "app=arwdDxtm/postgres",
            "postgres to app: INSERT SELECT UPDATE DELETE TRUNCATE REFERENCES TRIGGER MAINTAIN"},
        ItemCase{"GrantOption", "app=ar*/postgres", "postgres to app: INSERT SELECT*"},
        ItemCase{"Public", "=X/postgres", "postgres to public: EXECUTE"},
        ItemCase{"Database", "app=CTc/postgres", "postgres to app: CREATE TEMPORARY CONNECT"},
        ItemCase{"Parameter", "app=sA/postgres", "postgres to app: SET ALTER SYSTEM"},
        ItemCase{"Nothing", "app=/postgres", "postgres to app:"},
        ItemCase{"Unknown", "app=z*/postgres", "postgres to app: z*"},
        ItemCase{"QuotedNames", R"("a=b/c"=r/"say ""x""")", "say \"x\" to a=b/c: SELECT"},
        ItemCase{"BytesThatAreNoText", "caf\xE9=U/p", "p to caf\\xE9: USAGE"}),
    [](const auto& info) { return info.param.name; });

TEST(AclItemRefusal, NamesWhatIsNoItem) {
  for (const char* const item : {"", "app", "app=r", "\"app=r/postgres"}) {
    EXPECT_THAT(ParseAclItem(item, TextForm::kUtf8),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is no privilege item")))
        << item;
  }
}

TEST(Acl, LeavesOutWhatIsNotUnderstoodAndNamesIt) {
  std::vector<std::string> unknown;
  const auto grants = ParseAcl(R"({a=r/p,nonsense,"\"b c\"=w/p"})", TextForm::kUtf8, unknown);
  ASSERT_EQ(grants.size(), 2u);
  EXPECT_EQ(Words(grants[1]), "p to b c: UPDATE");
  EXPECT_THAT(unknown, ElementsAre("nonsense"));
}

}  // namespace
}  // namespace varve::postgres
