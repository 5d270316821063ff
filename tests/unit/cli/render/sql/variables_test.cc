#include "cli/render/sql/variables.h"

#include "tests/support/matchers.h"

namespace varve::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Variables, LeavesPlainTextsAlone) {
  Variables variables;
  EXPECT_EQ(variables.Literal("5s", "a timeout"), "'5s'");
  EXPECT_EQ(variables.Body("select 1", "f"), "$$select 1$$");
  EXPECT_EQ(variables.Expression("now() + '1 day'::interval", "x"), "now() + '1 day'::interval");
  EXPECT_THAT(variables.names(), IsEmpty());
  EXPECT_THAT(variables.settings(), IsEmpty());
}

TEST(Variables, StandForWhatWasMaskedWhole) {
  Variables variables;
  EXPECT_EQ(variables.Literal("‹masked›", "app SERVER far password"), ":'app_server_far_password'");
  EXPECT_THAT(variables.names(), ElementsAre("app_server_far_password"));
}

TEST(Variables, ArePutTogetherWhereAPartWasMasked) {
  Variables variables;
  EXPECT_EQ(variables.Literal("host=a password=‹masked›", "sub connection"), ":'sub_connection'");
  EXPECT_THAT(variables.names(), ElementsAre("sub_connection_secret"));
  EXPECT_THAT(variables.settings(),
              ElementsAre("\\set sub_connection 'host=a password=' :sub_connection_secret"));
}

TEST(Variables, EscapeWhatPsqlReadsInAnArgument) {
  Variables variables;
  variables.Body("it's\n\t\\ ‹masked›!", "f body");
  EXPECT_THAT(variables.settings(),
              ElementsAre("\\set f_body 'it\\'s\\n\\t\\\\ ' :f_body_secret '!'"));
}

TEST(Variables, HaveNamesOfTheirOwn) {
  Variables variables;
  variables.Literal("‹masked›", "a.key");
  EXPECT_EQ(variables.Literal("‹masked›", "A key"), ":'a_key_2'");
  EXPECT_EQ(variables.Literal("‹masked›", "…"), ":'masked'");
}

TEST(Variables, ReplaceTheLiteralsOfAnExpression) {
  Variables variables;
  EXPECT_EQ(variables.Expression("(key = '‹masked›'::text) AND (\"a'b\" = 'it''s')", "t key"),
            "(key = :'t_key'::text) AND (\"a'b\" = 'it''s')");
  EXPECT_EQ(variables.Expression("E'a\\\\b ‹masked›'::text", "t url"), ":'t_url'::text");
  EXPECT_THAT(variables.settings(), ElementsAre("\\set t_url 'a\\\\b ' :t_url_secret"));
}

}  // namespace
}  // namespace varve::sql
