#include "agent/source/postgres/databases.h"

#include "absl/strings/str_cat.h"
#include "agent/source/postgres/hidden_settings.h"
#include "tests/support/matchers.h"

namespace varve::postgres {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

struct WantedCase {
  const char* name;
  std::vector<std::string> patterns;
  std::vector<std::string> wanted;  // of shop, shop_test, stock
};
class Wanted : public ::testing::TestWithParam<WantedCase> {};

TEST_P(Wanted, IsWhatAPatternTakesAndNoneLeavesOut) {
  std::vector<std::string> wanted;
  for (const std::string name : {"shop", "shop_test", "stock"}) {
    if (IsWanted(name, GetParam().patterns)) wanted.push_back(name);
  }
  EXPECT_EQ(wanted, GetParam().wanted);
}
INSTANTIATE_TEST_SUITE_P(
    All, Wanted,
    ::testing::Values(WantedCase{"All", {"all"}, {"shop", "shop_test", "stock"}},
                      WantedCase{"Star", {"*"}, {"shop", "shop_test", "stock"}},
                      WantedCase{"AName", {"shop"}, {"shop"}},
                      WantedCase{"Names", {"shop", "stock"}, {"shop", "stock"}},
                      WantedCase{"AllBut", {"all", "!*_test"}, {"shop", "stock"}},
                      WantedCase{"ButFirst", {"!*_test", "shop*"}, {"shop"}},
                      WantedCase{"OnlyBut", {"!stock"}, {"shop", "shop_test"}},
                      WantedCase{"ButAll", {"shop", "!all"}, {}},
                      WantedCase{"None", {"store"}, {}}),
    [](const auto& info) { return info.param.name; });

TEST(ChooseDatabases, SaysOfEachThatIsLeftOutWhy) {
  const DatabaseChoice choice = ChooseDatabases({{"closed", false, false},
                                                 {"shop", false, true},
                                                 {"stock", false, true},
                                                 {"template0", true, false},
                                                 {"template1", true, true}},
                                                {"all", "!stock"});
  EXPECT_THAT(choice.read, ElementsAre("shop"));
  std::vector<std::string> left_out;
  for (const auto& [name, why] : choice.left_out) {
    left_out.push_back(absl::StrCat(name, ": ", why));
  }
  EXPECT_THAT(left_out, ElementsAre("closed: it allows no connections",
                                    "stock: left out by databases of the configuration",
                                    "template0: it is a template", "template1: it is a template"));
}

TEST(HiddenSettings, AreThoseOfTheServersVersion) {
  EXPECT_THAT(HiddenSettings(120022), Contains("stats_temp_directory"));
  EXPECT_THAT(HiddenSettings(120022), Not(Contains("ssl_passphrase_command")));
  EXPECT_THAT(HiddenSettings(150018), Not(Contains("stats_temp_directory")));
  EXPECT_THAT(HiddenSettings(180004), Contains("ssl_groups"));
  EXPECT_THAT(HiddenSettings(180004), Not(Contains("ssl_ecdh_curve")));
  EXPECT_EQ(HiddenSettings(180009), HiddenSettings(250001));
  EXPECT_THAT(HiddenSettings(150018), Not(Contains("output_plugin_libraries")));
  EXPECT_THAT(HiddenSettings(150020), Contains("output_plugin_libraries"));
  EXPECT_THAT(HiddenSettings(130099), Not(Contains("output_plugin_libraries")));
}

}  // namespace
}  // namespace varve::postgres
