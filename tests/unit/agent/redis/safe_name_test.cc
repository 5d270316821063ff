#include "agent/source/redis/safe_name.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "agent/source/redis/pattern_table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

// The pattern under which a lone key is counted.
std::string PatternOf(absl::string_view name) {
  const Redactor redactor({"key-1", std::string(32, 'k')});
  std::string masked_name;
  PatternTable table;
  table.Add(SafeName(redactor, name, masked_name), {});
  std::string found;
  table.Finish([&](const std::string& pattern, const PatternCounts&) { found = pattern; });
  return found;
}

struct SafeCase {
  const char* name;
  std::string key;
  std::string pattern;  // ~ for what is masked
};

class SafeNameTest : public ::testing::TestWithParam<SafeCase> {};

TEST_P(SafeNameTest, NoSecretStandsInAPattern) {
  EXPECT_EQ(PatternOf(GetParam().key), absl::StrReplaceAll(GetParam().pattern, {{"~", kMasked}}));
}

INSTANTIATE_TEST_SUITE_P(
    All, SafeNameTest,
    ::testing::Values(
        SafeCase{"NoSecret", "doc:state:7", "doc:state:<int>"},
        SafeCase{"EmailIsAClass", "reset:ann@mail.example", "reset:<email>"},
        SafeCase{"EmailInsideASegment", "x=ann@mail.example:1", "x=~:<int>"},
        SafeCase{"JwtIsAClass", "t:eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "t:<jwt>"},
        SafeCase{"JwtInsideASegment", "auth=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl:x",
                 "auth=~:x"},
        SafeCase{"PasswordOfAUrl", "db:postgresql://app:hunter2@db/x",
                 "db:postgresql://app:~@db/x"},
        SafeCase{"Assignment", "cfg:password=hunter2", "cfg:password=~"},
        SafeCase{"OpaqueBehindASecretsName", "reset_token:zb12cd3-0k23q56789ab", "reset_token:~"},
        SafeCase{"LongSegmentIsAClass", "blob:" + std::string(300, 'x'), "blob:<long>"},
        SafeCase{"VeryLongSegmentIsTheSameClass", "blob:" + std::string(5000, 'x'), "blob:<long>"},
        SafeCase{"ANumberThatIsAPasswordToo", "12345678:password=12345678", "<int>:password=~"},
        SafeCase{"BinaryIsAClass", "bin:\xff\xfe", "bin:<bin>"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve::redis
