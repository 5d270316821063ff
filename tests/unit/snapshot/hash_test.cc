#include "snapshot/hash.h"

#include "absl/strings/escaping.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

std::string Hex(const std::array<uint8_t, 32>& bytes) { return ShapeHash(bytes).Hex(); }

// FIPS 180-2, appendix B.1.
TEST(Sha256, IsTheOneOfTheStandard) {
  EXPECT_EQ(HashOf<ShapeHash>("abc").Hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HashOf<ShapeHash>("abc").Short(), "ba7816");
}

// RFC 4231, test case 2.
TEST(HmacSha256, IsTheOneOfTheStandard) {
  EXPECT_EQ(Hex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(PartsHasher, PartsDoNotRunTogether) {
  const auto of = [](std::initializer_list<absl::string_view> parts) {
    PartsHasher hasher;
    for (const absl::string_view part : parts) hasher.Add(part);
    return Hex(hasher.Finish());
  };
  EXPECT_NE(of({"ab", "c"}), of({"a", "bc"}));
  EXPECT_NE(of({"a", ""}), of({"a"}));
  EXPECT_EQ(of({"a", "b"}), of({"a", "b"}));
}

TEST(Hash, ComesBackFromItsBytes) {
  const auto hash = HashOf<ShapeHash>("abc");
  EXPECT_EQ(*ShapeHash::FromBytes(hash.bytes()), hash);
}

TEST(Hash, OfAnotherSizeIsRefused) {
  EXPECT_THAT(ShapeHash::FromBytes("short"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("32 bytes, not 5")));
}

}  // namespace
}  // namespace varve
