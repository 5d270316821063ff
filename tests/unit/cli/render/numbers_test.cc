#include "cli/render/numbers.h"

#include <limits>

#include "gtest/gtest.h"

namespace varve {
namespace {

struct CommaCase {
  const char* name;
  int64_t number;
  const char* text;
};
class Commas : public ::testing::TestWithParam<CommaCase> {};

TEST_P(Commas, StandBetweenThousands) { EXPECT_EQ(WithCommas(GetParam().number), GetParam().text); }

INSTANTIATE_TEST_SUITE_P(
    All, Commas,
    ::testing::Values(
        CommaCase{"Zero", 0, "0"}, CommaCase{"ThreeDigits", 999, "999"},
        CommaCase{"FourDigits", 1234, "1,234"}, CommaCase{"SixDigits", 123456, "123,456"},
        CommaCase{"SevenDigits", 1234567, "1,234,567"}, CommaCase{"NegativeShort", -123, "-123"},
        CommaCase{"NegativeLong", -1234, "-1,234"},
        CommaCase{"Smallest", std::numeric_limits<int64_t>::min(), "-9,223,372,036,854,775,808"}),
    [](const auto& info) { return info.param.name; });

TEST(Counted, OneThingIsNotMany) {
  EXPECT_EQ(Counted(0, "error"), "0 errors");
  EXPECT_EQ(Counted(1, "error"), "1 error");
  EXPECT_EQ(Counted(1234, "error"), "1,234 errors");
}

struct BytesCase {
  const char* name;
  uint64_t bytes;
  const char* memory;
  const char* size;
};
class Bytes : public ::testing::TestWithParam<BytesCase> {};

TEST_P(Bytes, ReadAsMemoryWithTwoDecimals) {
  EXPECT_EQ(MemoryText(GetParam().bytes), GetParam().memory);
}

TEST_P(Bytes, ReadAsSizeWithThreeFiguresAtMost) {
  EXPECT_EQ(SizeText(GetParam().bytes), GetParam().size);
}

INSTANTIATE_TEST_SUITE_P(
    All, Bytes,
    ::testing::Values(BytesCase{"None", 0, "0 B", "0 B"}, BytesCase{"Few", 17, "17 B", "17 B"},
                      BytesCase{"JustBelowAKilobyte", 1023, "1023 B", "1.0 KiB"},
                      BytesCase{"Kilobyte", 1024, "1.00 KB", "1.0 KiB"},
                      BytesCase{"HundredKilobytes", 102400, "100.00 KB", "100 KiB"},
                      BytesCase{"JustBelowAMegabyte", 1048575, "1.00 MB", "1.0 MiB"},
                      BytesCase{"Megabyte", 1048576, "1.00 MB", "1.0 MiB"},
                      BytesCase{"AndAHalf", 1572864, "1.50 MB", "1.5 MiB"},
                      BytesCase{"Gigabytes", 5368709120, "5.00 GB", "5.0 GiB"},
                      BytesCase{"Most", std::numeric_limits<uint64_t>::max(), "16777216.00 TB",
                                "16777216 TiB"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
