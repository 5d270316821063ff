#include "collector/guard.h"

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

constexpr char kPublish[] = "/varve.v1.Ingest/Publish";
constexpr char kRead[] = "/varve.v1.Query/ReadSnapshot";
constexpr char kHealth[] = "/grpc.health.v1.Health/Check";

class GuardTest : public ::testing::Test {
 protected:
  const std::string agent_ = *MakeToken("agt");
  const std::string admin_ = *MakeToken("adm");
  const Guard guard_{*ReadRoleTable(),
                     {{HashToken(agent_), {v1::ROLE_AGENT}}, {HashToken(admin_), AllRoles()}}};

  static std::string Bearer(const std::string& token) { return absl::StrCat("Bearer ", token); }
};

TEST(RoleTable, EveryMethodOfTheContractHasARole) { VARVE_EXPECT_OK(ReadRoleTable()); }

TEST_F(GuardTest, TheRoleOfTheMethodPasses) {
  EXPECT_EQ(guard_.Judge(kPublish, Bearer(agent_)), Verdict::kPass);
}

TEST_F(GuardTest, AnotherRoleIsRefused) {
  EXPECT_EQ(guard_.Judge(kRead, Bearer(agent_)), Verdict::kWrongRole);
}

TEST_F(GuardTest, TaggingIsForOperatorsAndNotForReaders) {
  const std::string reader = *MakeToken("rdr");
  const std::string oper = *MakeToken("opr");
  const Guard guard(*ReadRoleTable(), {{HashToken(reader), {v1::ROLE_READER}},
                                       {HashToken(oper), {v1::ROLE_OPERATOR}}});
  for (const char* const path : {"/varve.v1.Control/Tag", "/varve.v1.Control/Untag"}) {
    EXPECT_EQ(guard.Judge(path, Bearer(reader)), Verdict::kWrongRole);
    EXPECT_EQ(guard.Judge(path, Bearer(oper)), Verdict::kPass);
  }
}

TEST_F(GuardTest, AnAdminTokenHoldsEveryRole) {
  EXPECT_EQ(guard_.Judge(kPublish, Bearer(admin_)), Verdict::kPass);
  EXPECT_EQ(guard_.Judge(kRead, Bearer(admin_)), Verdict::kPass);
}

TEST_F(GuardTest, HealthIsForEveryone) { EXPECT_EQ(guard_.Judge(kHealth, ""), Verdict::kPass); }

TEST_F(GuardTest, WithoutAValidTokenNothingElsePasses) {
  for (const std::string& header :
       {std::string(), agent_, Bearer(""), Bearer(*MakeToken("adm")), "bearer " + admin_}) {
    EXPECT_EQ(guard_.Judge(kPublish, header), Verdict::kNoToken);
    EXPECT_EQ(guard_.Judge("/unknown.Service/Method", header), Verdict::kNoToken);
  }
}

TEST_F(GuardTest, AMethodThatIsInNoTableIsRefusedEvenToAnAdmin) {
  EXPECT_EQ(guard_.Judge("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                         Bearer(admin_)),
            Verdict::kUnknownMethod);
  EXPECT_EQ(guard_.Judge("/grpc.health.v1.Health/Watch", Bearer(admin_)), Verdict::kUnknownMethod);
}

}  // namespace
}  // namespace varve
