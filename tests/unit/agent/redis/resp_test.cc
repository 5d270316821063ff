#include "agent/source/redis/resp.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::varve::testing::StatusIs;

// A reply in one line: "[2 'a' :1]", a status +OK, an error -ERR, null ~, a cut bulk 'abc'….
std::string Shown(const Reply& reply) {
  std::vector<std::string> parts;
  for (const Value& value : reply) {
    switch (value.type) {
      case ReplyType::kStatus:
        parts.push_back(absl::StrCat("+", value.text));
        break;
      case ReplyType::kError:
        parts.push_back(absl::StrCat("-", value.text));
        break;
      case ReplyType::kInteger:
        parts.push_back(absl::StrCat(":", value.number));
        break;
      case ReplyType::kBulk:
        parts.push_back(absl::StrCat("'", value.text, "'", value.is_cut ? "…" : ""));
        break;
      case ReplyType::kNull:
        parts.emplace_back("~");
        break;
      case ReplyType::kArray:
        parts.push_back(absl::StrCat("*", value.number));
        break;
    }
  }
  std::string line;
  for (const std::string& part : parts) absl::StrAppend(&line, line.empty() ? "" : " ", part);
  return line;
}

// All whole replies in `bytes`, fed in pieces of `piece` bytes; the error, where there is one,
// last.
std::vector<std::string> Replies(const std::string& bytes, size_t piece, RespLimits limits = {}) {
  RespReader reader(limits);
  std::vector<std::string> shown;
  for (size_t at = 0; at < bytes.size(); at += piece) {
    reader.Feed(absl::string_view(bytes).substr(at, piece));
    while (true) {
      const absl::StatusOr<std::optional<Reply>> reply = reader.Next();
      if (!reply.ok()) {
        shown.push_back(absl::StrCat("error: ", reply.status().message()));
        return shown;
      }
      if (!reply->has_value()) break;
      shown.push_back(Shown(**reply));
    }
  }
  return shown;
}

struct ReplyCase {
  const char* name;
  std::string bytes;
  std::string shown;
};

class RespReplyTest : public ::testing::TestWithParam<ReplyCase> {};

TEST_P(RespReplyTest, IsReadWhole) {
  EXPECT_THAT(Replies(GetParam().bytes, GetParam().bytes.size()), ElementsAre(GetParam().shown));
}

TEST_P(RespReplyTest, IsReadByteByByte) {
  EXPECT_THAT(Replies(GetParam().bytes, 1), ElementsAre(GetParam().shown));
}

TEST_P(RespReplyTest, IsNoReplyBeforeItsLastByte) {
  const std::string& bytes = GetParam().bytes;
  for (size_t size = 0; size < bytes.size(); ++size) {
    RespReader reader;
    reader.Feed(absl::string_view(bytes).substr(0, size));
    const auto reply = reader.Next();
    VARVE_ASSERT_OK(reply);
    EXPECT_FALSE(reply->has_value()) << size;
  }
}

TEST_P(RespReplyTest, TwoInARowAreTwo) {
  const std::string twice = GetParam().bytes + GetParam().bytes;
  for (const size_t piece : {size_t{1}, size_t{2}, size_t{7}, twice.size()}) {
    EXPECT_THAT(Replies(twice, piece), ElementsAre(GetParam().shown, GetParam().shown)) << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, RespReplyTest,
    ::testing::Values(
        ReplyCase{"Status", "+OK\r\n", "+OK"}, ReplyCase{"EmptyStatus", "+\r\n", "+"},
        ReplyCase{"Error", "-NOPERM no\r\n", "-NOPERM no"},
        ReplyCase{"Integer", ":-42\r\n", ":-42"},
        ReplyCase{"LargestInteger", ":9223372036854775807\r\n", ":9223372036854775807"},
        ReplyCase{"Bulk", "$3\r\nabc\r\n", "'abc'"}, ReplyCase{"EmptyBulk", "$0\r\n\r\n", "''"},
        ReplyCase{"BulkWithLineEnds", "$6\r\na\r\n\r\nb\r\n", "'a\r\n\r\nb'"},
        ReplyCase{"BulkWithNul", std::string("$3\r\na\0b\r\n", 9), std::string("'a\0b'", 5)},
        ReplyCase{"NullBulk", "$-1\r\n", "~"}, ReplyCase{"NullArray", "*-1\r\n", "~"},
        ReplyCase{"EmptyArray", "*0\r\n", "*0"},
        ReplyCase{"Array", "*2\r\n$1\r\na\r\n:7\r\n", "*2 'a' :7"},
        ReplyCase{"Nested", "*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n*1\r\n$-1\r\n",
                  "*2 '0' *2 'a' *1 ~"},
        ReplyCase{"EmptyArrayLast", "*2\r\n:1\r\n*0\r\n", "*2 :1 *0"},
        ReplyCase{"EmptyArrayFirst", "*2\r\n*0\r\n:1\r\n", "*2 *0 :1"}),
    [](const auto& info) { return info.param.name; });

struct HostileCase {
  const char* name;
  std::string bytes;
  const char* why;
};

class RespHostileTest : public ::testing::TestWithParam<HostileCase> {};

TEST_P(RespHostileTest, IsRefusedAndSaysWhy) {
  RespReader reader;
  reader.Feed(GetParam().bytes);
  EXPECT_THAT(reader.Next(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr(GetParam().why)));
}

TEST_P(RespHostileTest, IsRefusedByteByByte) {
  const std::vector<std::string> replies = Replies(GetParam().bytes, 1);
  ASSERT_THAT(replies, SizeIs(1));
  EXPECT_THAT(replies[0], HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    All, RespHostileTest,
    ::testing::Values(
        HostileCase{"Http", "HTTP/1.1 400 Bad Request\r\n", "unknown kind"},
        HostileCase{"Resp3Map", "%2\r\n", "unknown kind"},
        HostileCase{"EmptyLine", "\r\n", "empty line"},
        HostileCase{"ArrayOf2To40", "*1099511627776\r\n", "array of 1099511627776"},
        HostileCase{"ArrayOfTwoBillion", "*2000000000\r\n", "array of 2000000000"},
        HostileCase{"BulkOf2To40", "$1099511627776\r\n", "text of 1099511627776"},
        HostileCase{"LengthBeyond64Bits", "$99999999999999999999\r\n", "length that is none"},
        HostileCase{"NegativeLength", "$-2\r\n", "length that is none"},
        HostileCase{"LengthWithSign", "$+1\r\n", "length that is none"},
        HostileCase{"LengthWithBlank", "$ 1\r\n", "length that is none"},
        HostileCase{"NoLength", "*\r\n", "length that is none"},
        HostileCase{"IntegerOfLetters", ":abc\r\n", "integer that is none"},
        HostileCase{"IntegerBeyond64Bits", ":9223372036854775808\r\n", "integer that is none"},
        HostileCase{"BulkLongerThanSaid", "$1\r\nabc\r\n", "longer than it says"},
        HostileCase{"LineWithoutEnd", std::string(70000, '+'), "line of more than"},
        HostileCase{"NineArraysDeep", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n",
                    "deep"},
        HostileCase{"ArraysThatMultiply", "*1048576\r\n*1048576\r\n:1\r\n*1048577\r\n",
                    "array of 1048577"}),
    [](const auto& info) { return info.param.name; });

TEST(RespReader, KeepsTheBeginningOfALongBulkAndItsSize) {
  RespLimits limits;
  limits.kept_bulk_bytes = 4;
  for (const size_t piece : {1, 3, 100}) {
    EXPECT_THAT(Replies("*2\r\n$10\r\n0123456789\r\n:5\r\n+OK\r\n", piece, limits),
                ElementsAre("*2 '0123'… :5", "+OK"))
        << piece;
  }
}

TEST(RespReader, ABulkOfExactlyTheKeptSizeIsNotCut) {
  RespLimits limits;
  limits.kept_bulk_bytes = 4;
  EXPECT_THAT(Replies("$4\r\n0123\r\n", 1, limits), ElementsAre("'0123'"));
}

TEST(RespReader, ForgetsTheRestOfALongBulkAsItComes) {
  RespLimits limits;
  limits.kept_bulk_bytes = 16;
  RespReader reader(limits);
  reader.Feed("$10000000\r\n");
  const std::string piece(100'000, 'x');
  for (int i = 0; i < 99; ++i) {
    reader.Feed(piece);
    const auto reply = reader.Next();
    VARVE_ASSERT_OK(reply);
    ASSERT_FALSE(reply->has_value());
    EXPECT_EQ(reader.pending_bytes(), 0u);
  }
}

TEST(RespReader, CountsElementsOfArraysWithinArraysTogether) {
  RespLimits limits;
  limits.elements = 5;
  EXPECT_THAT(Replies("*2\r\n*2\r\n:1\r\n:2\r\n*1\r\n:3\r\n", 1, limits),
              ElementsAre(HasSubstr("more than 5 elements")));
}

TEST(RespReader, BoundsWhatItKeepsOfOneReply) {
  RespLimits limits;
  limits.reply_bytes = 8;
  EXPECT_THAT(Replies("*3\r\n$4\r\nabcd\r\n$4\r\nabcd\r\n$4\r\nabcd\r\n", 100, limits),
              ElementsAre(HasSubstr("more than 8 bytes")));
  EXPECT_THAT(Replies("*2\r\n$4\r\nabcd\r\n$4\r\nabcd\r\n", 100, limits),
              ElementsAre("*2 'abcd' 'abcd'"));
}

TEST(RespReader, ARealPageOfScanReadsInAnyPieces) {
  std::string bytes = "*2\r\n$2\r\n17\r\n*50\r\n";
  std::string shown = "*2 '17' *50";
  for (int i = 0; i < 50; ++i) {
    const std::string key = absl::StrCat("doc:state:", i * 37);
    absl::StrAppend(&bytes, "$", key.size(), "\r\n", key, "\r\n");
    absl::StrAppend(&shown, " '", key, "'");
  }
  for (size_t piece = 1; piece <= bytes.size(); ++piece) {
    ASSERT_THAT(Replies(bytes, piece), ElementsAre(shown)) << piece;
  }
}

}  // namespace
}  // namespace varve::redis
