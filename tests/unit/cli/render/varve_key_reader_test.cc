#include "cli/render/varve_key_reader.h"

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using testing::StatusIs;

constexpr char kGood[] =
    R"({"a": 1, "varve": {"format": 1, "snapshot": "head", "data": {"pg": "x", "redis": "y"}}})";

TEST(VarveKey, IsFoundWithItsSections) {
  const auto key = ReadVarveKey(kGood);
  VARVE_ASSERT_OK(key);
  EXPECT_EQ(key->snapshot, "head");
  EXPECT_THAT(key->data, ElementsAre(Pair("pg", "x"), Pair("redis", "y")));
}

struct ForeignCase {
  const char* name;
  const char* before;  // members before the key
};
class ForeignMembers : public ::testing::TestWithParam<ForeignCase> {};

TEST_P(ForeignMembers, AreNotTakenForTheKey) {
  const auto key = ReadVarveKey(
      std::string("{") + GetParam().before +
      R"(, "varve": {"format": 1, "snapshot": "head", "data": {"pg": "x"}, "z": {"data": {"no": "n"}}}})");
  VARVE_ASSERT_OK(key);
  EXPECT_EQ(key->snapshot, "head");
  EXPECT_THAT(key->data, ElementsAre(Pair("pg", "x")));
}

INSTANTIATE_TEST_SUITE_P(
    All, ForeignMembers,
    ::testing::Values(
        ForeignCase{"Deeper", R"("a": {"varve": {"format": 9, "snapshot": "no"}})"},
        ForeignCase{"InAnArray",
                    R"("a": [{"varve": {"format": 9}}, "varve", {"data": {"q": "n"}}])"},
        ForeignCase{"DataElsewhere", R"("data": {"pg": "no"}, "snapshot": "no", "format": 9)"},
        ForeignCase{"NumbersOfAnySize", R"("a": [1e300, -1e-300, 123456789012345678901234567890])"},
        ForeignCase{"Escaped", R"("va\u0072ve2": {"format": 9})"}),
    [](const auto& info) { return info.param.name; });

struct RefusedCase {
  const char* name;
  std::string json;
  absl::StatusCode code;
  const char* words;
};
class RefusedKeys : public ::testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedKeys, SayWhy) {
  EXPECT_THAT(ReadVarveKey(GetParam().json),
              StatusIs(GetParam().code, HasSubstr(GetParam().words)));
}

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDamaged = absl::StatusCode::kDataLoss;

INSTANTIATE_TEST_SUITE_P(
    All, RefusedKeys,
    ::testing::Values(
        RefusedCase{"Empty", "", kInvalid, "not JSON at byte 0"},
        RefusedCase{"NotJson", "# Markdown", kInvalid, "not JSON at byte 0"},
        RefusedCase{"CutShort", std::string(kGood).substr(0, 60), kInvalid, "not JSON at byte"},
        RefusedCase{"MoreBehindIt", std::string(kGood) + "{}", kInvalid, "not JSON at byte"},
        RefusedCase{"OtherJson", R"({"a": 1})", kInvalid, "no key \"varve\""},
        RefusedCase{"Array", "[1, 2]", kInvalid, "no key \"varve\""},
        RefusedCase{"Scalar", "7", kInvalid, "no key \"varve\""},
        RefusedCase{"KeyIsNoObject", R"({"varve": 1})", kInvalid, "no key \"varve\""},
        RefusedCase{"Deep", std::string(500000, '['), kInvalid, "not JSON at byte"},
        RefusedCase{"NewerFormat", R"({"varve": {"format": 2}})",
                    absl::StatusCode::kFailedPrecondition,
                    "format 2 is newer than this program reads (1); use a newer varve"},
        RefusedCase{"NoFormat", R"({"varve": {"snapshot": "h", "data": {}}})", kDamaged, "damaged"},
        RefusedCase{"OldFormat", R"({"varve": {"format": 0, "snapshot": "h", "data": {}}})",
                    kDamaged, "damaged"},
        RefusedCase{"FormatIsText", R"({"varve": {"format": "1", "snapshot": "h", "data": {}}})",
                    kDamaged, "damaged"},
        RefusedCase{"NoSnapshot", R"({"varve": {"format": 1, "data": {}}})", kDamaged, "damaged"},
        RefusedCase{"NoData", R"({"varve": {"format": 1, "snapshot": "h"}})", kDamaged, "damaged"},
        RefusedCase{"KeyTwice",
                    R"({"varve": {"format": 1, "snapshot": "h", "data": {}}, "varve": {}})",
                    kDamaged, "damaged"},
        RefusedCase{"DataTwice",
                    R"({"varve": {"format": 1, "snapshot": "h", "data": {}, "data": {}}})",
                    kDamaged, "damaged"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
