#include "storage/name_key.h"

#include <algorithm>

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

using Names = std::vector<std::string>;

// In the order in which lists of names sort.
const Names kSorted[] = {
    {},
    {""},
    {"", ""},
    {"", "a"},
    {std::string("\0", 1)},
    {std::string("\0\x01", 2)},
    {std::string("\0\xff", 2)},
    {"\x01"},
    {"a"},
    {"a", ""},
    {"a", std::string("\0", 1)},
    {"a", "b"},
    {std::string("a\0", 2)},
    {"a\x01"},
    {"ab"},
    {"a\xff"},
    {"\xff"},
};

TEST(NameKey, ReadsBackAsWhatWasWritten) {
  for (const Names& names : kSorted) {
    const auto decoded = DecodeNames(EncodeNames(names));
    VARVE_ASSERT_OK(decoded);
    EXPECT_EQ(*decoded, names);
  }
}

TEST(NameKey, SortsByteByByteAsTheListsDo) {
  ASSERT_TRUE(std::is_sorted(std::begin(kSorted), std::end(kSorted)));
  for (size_t i = 1; i < std::size(kSorted); ++i) {
    EXPECT_LT(EncodeNames(kSorted[i - 1]), EncodeNames(kSorted[i])) << i;
  }
}

TEST(NameKey, BytesThatAreNoNamesAreDamaged) {
  const std::string kDamaged[] = {"a", std::string("a\0", 2), std::string("a\0\x02", 3),
                                  std::string("a\0\x01z", 4)};
  for (const std::string& bytes : kDamaged) {
    EXPECT_THAT(DecodeNames(bytes), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("damaged")));
  }
}

}  // namespace
}  // namespace varve
