#include "agent/source/postgres/copy_text.h"

#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"

namespace varve::postgres {
namespace {

using ::testing::ElementsAreArray;

struct Field {
  std::string text;
  bool is_null = false;
  friend bool operator==(const Field&, const Field&) = default;
};
const Field kNull{"", true};

std::vector<Field> Split(std::string row) {
  std::vector<CopyField> fields;
  SplitCopyRow(absl::Span<char>(row.data(), row.size()), fields);
  std::vector<Field> copies;
  for (const CopyField& field : fields) copies.push_back({std::string(field.text), field.is_null});
  return copies;
}

struct RowCase {
  const char* name;
  std::string row;
  std::vector<Field> fields;
};
class CopyText : public ::testing::TestWithParam<RowCase> {};

TEST_P(CopyText, SplitsARowIntoItsFields) {
  EXPECT_THAT(Split(GetParam().row), ElementsAreArray(GetParam().fields));
}

INSTANTIATE_TEST_SUITE_P(
    All, CopyText,
    ::testing::Values(RowCase{"Plain", "a\tb\n", {{"a"}, {"b"}}},
                      RowCase{"WithoutNewline", "a\tb", {{"a"}, {"b"}}},
                      RowCase{"NoFieldIsOneEmptyField", "", {{""}}},
                      RowCase{"EmptyFields", "\t\t\n", {{""}, {""}, {""}}},
                      RowCase{"Null", "\\N\ta\t\\N\n", {kNull, {"a"}, kNull}},
                      RowCase{"TextThatLooksLikeNull", "\\\\N\n", {{"\\N"}}},
                      RowCase{"NullIsAWholeField", "a\\N\t\\Nb\n", {{"aN"}, {"Nb"}}},
                      RowCase{"Escapes", "\\b\\f\\n\\r\\t\\v\\\\\n", {{"\b\f\n\r\t\v\\"}}},
                      RowCase{"EscapedTabIsNoBorder", "a\\tb\tc\n", {{"a\tb"}, {"c"}}},
                      RowCase{"Octal",
                              "\\101\\1\\18\n",
                              {{"A\x01\x01"
                                "8"}}},
                      RowCase{"Hexadecimal", "\\x41\\x4g\\xg\n", {{"A\x04gxg"}}},
                      RowCase{"UnknownLetterIsItself", "\\q\\'\n", {{"q'"}}},
                      RowCase{"BackslashAtTheEnd", "a\\", {{"a\\"}}},
                      RowCase{"BackslashBeforeTheNewline", "a\\\n", {{"a\\"}}},
                      RowCase{"BytesThatAreNoText", "\xff\xc3\t\x80\n", {{"\xff\xc3"}, {"\x80"}}}),
    [](const auto& info) { return info.param.name; });

// What PostgreSQL does on the way out: the inverse, for any bytes.
std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '\\':
        escaped += "\\\\";
        break;
      case '\n':
        escaped += "\\n";
        break;
      case '\t':
        escaped += "\\t";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

TEST(CopyTextRoundTrip, GivesBackAnyBytes) {
  const uint32_t seed = 20260301;
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::vector<Field> fields;
    std::string row;
    for (size_t i = 0; i < 1 + random() % 4; ++i) {
      Field field;
      field.is_null = random() % 5 == 0;
      const size_t size = field.is_null ? 0 : random() % 9;
      while (field.text.size() < size) field.text += static_cast<char>(random() % 256);
      if (i > 0) row += '\t';
      row += field.is_null ? "\\N" : Escaped(field.text);
      fields.push_back(field);
    }
    EXPECT_EQ(Split(row + "\n"), fields) << "seed " << seed << " round " << round;
  }
}

}  // namespace
}  // namespace varve::postgres
