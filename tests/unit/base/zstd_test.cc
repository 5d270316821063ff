#include "base/zstd.h"

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::_;
using ::testing::HasSubstr;
using testing::StatusIs;

constexpr size_t kPlenty = size_t{1} << 30;

class Content : public ::testing::TestWithParam<size_t> {};

TEST_P(Content, ComesBack) {
  std::string bytes;
  for (size_t i = 0; i < GetParam(); ++i) bytes += static_cast<char>(i * i % 251);
  const absl::StatusOr<std::string> back = Inflated(Compressed(bytes), kPlenty);
  VARVE_ASSERT_OK(back);
  EXPECT_EQ(*back, bytes);
}

// 131072 is zstd's block, and what one step of inflating makes room for.
INSTANTIATE_TEST_SUITE_P(Sizes, Content,
                         ::testing::Values(0, 1, 1000, 131071, 131072, 131073, 3 << 20));

TEST(Zstd, ABombStopsAtTheLimit) {
  const std::string bomb = Compressed(std::string(size_t{64} << 20, '\0'));
  ASSERT_LT(bomb.size(), size_t{1} << 14);
  EXPECT_THAT(Inflated(bomb, 1 << 20),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("more than 1048576 bytes")));
}

TEST(Zstd, TheLimitItselfIsWithin) {
  const std::string bytes(1000, 'x');
  VARVE_EXPECT_OK(Inflated(Compressed(bytes), 1000));
  EXPECT_THAT(Inflated(Compressed(bytes), 999), StatusIs(absl::StatusCode::kResourceExhausted, _));
}

TEST(Zstd, AFrameThatClaimsMoreThanItHoldsIsRefused) {
  // Magic number, descriptor with 8 bytes of content size, window of 2^10 bytes, 2^60 bytes
  // claimed, one raw last block of one byte. RFC 8878, section 3.1.1.
  const std::string frame("\x28\xB5\x2F\xFD\xC0\x00\x00\x00\x00\x00\x00\x00\x00\x10\x09\x00\x00x",
                          18);
  EXPECT_THAT(Inflated(frame, kPlenty), StatusIs(absl::StatusCode::kDataLoss, _));
}

TEST(Zstd, AWindowThatNoFrameOfOursHasIsRefused) {
  // The same without a content size, its window claimed as 2^27 bytes.
  const std::string frame("\x28\xB5\x2F\xFD\x00\x88\x09\x00\x00x", 10);
  EXPECT_THAT(Inflated(frame, kPlenty),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("zstd")));
}

TEST(Zstd, EveryCutIsNoticed) {
  const std::string frame = Compressed("the same words, the same words, the same words");
  for (size_t size = 0; size < frame.size(); ++size) {
    EXPECT_THAT(Inflated(frame.substr(0, size), kPlenty), StatusIs(absl::StatusCode::kDataLoss, _))
        << size;
  }
}

TEST(Zstd, EveryFlippedByteIsNoticed) {
  const std::string bytes = "the same words, the same words, other words";
  const std::string frame = Compressed(bytes);
  for (size_t at = 0; at < frame.size(); ++at) {
    std::string flipped = frame;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x04);
    const absl::StatusOr<std::string> back = Inflated(flipped, kPlenty);
    EXPECT_TRUE(!back.ok() || *back == bytes) << "byte " << at;
  }
}

TEST(Zstd, WhatIsNoFrameIsRefused) {
  EXPECT_THAT(Inflated("no frame at all", kPlenty), StatusIs(absl::StatusCode::kDataLoss, _));
  EXPECT_THAT(Inflated(Compressed("x") + "tail", kPlenty),
              StatusIs(absl::StatusCode::kDataLoss, _));
}

}  // namespace
}  // namespace varve
