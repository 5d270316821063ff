#include "agent/source/postgres/row_reader.h"

#include "gmock/gmock.h"

namespace varve::postgres {
namespace {

using ::testing::ElementsAre;

class RowReaderTest : public ::testing::Test {
 protected:
  RowReader& Read(std::vector<CopyField> row) {
    row_ = std::move(row);
    reader_.Begin(row_);
    return reader_;
  }

 private:
  Arena arena_;
  RowReader reader_{arena_, TextForm::kUtf8};
  std::vector<CopyField> row_;
};

const CopyField kNull{"", true};

TEST_F(RowReaderTest, TakesFieldsInTheirOrder) {
  RowReader& row = Read({{"16384"}, {"-7"}, {"t"}, {"f"}, {"xyz"}, {"text"}, {"{1,2}"}, {"4 5"}});
  EXPECT_EQ(row.TakeOid(), 16384u);
  EXPECT_EQ(row.TakeInt(), -7);
  EXPECT_TRUE(row.TakeBool());
  EXPECT_FALSE(row.TakeBool());
  EXPECT_EQ(row.TakeChar(), 'x');
  EXPECT_EQ(row.TakeText(), "text");
  EXPECT_THAT(row.TakeNumbers(), ElementsAre(1, 2));
  EXPECT_THAT(row.TakeOids(), ElementsAre(4u, 5u));
  EXPECT_FALSE(row.malformed());
}

TEST_F(RowReaderTest, ReadsNullAsNothing) {
  RowReader& row = Read({kNull, kNull, kNull, kNull});
  EXPECT_TRUE(row.NextIsNull());
  EXPECT_EQ(row.TakeInt(), 0);
  EXPECT_FALSE(row.TakeBool());
  EXPECT_EQ(row.TakeChar(), '\0');
  EXPECT_EQ(row.TakeText(), "");
  EXPECT_FALSE(row.malformed());
}

TEST_F(RowReaderTest, TellsPrivilegesThatAreNullFromNone) {
  RowReader& row = Read({kNull, {"{}"}});
  EXPECT_FALSE(row.TakeAcl().present);
  EXPECT_TRUE(row.TakeAcl().present);
}

TEST_F(RowReaderTest, RemembersARowThatIsTooShort) {
  RowReader& row = Read({{"1"}});
  row.TakeInt();
  EXPECT_EQ(row.TakeText(), "");
  EXPECT_TRUE(row.malformed());
}

TEST_F(RowReaderTest, RemembersANumberThatIsNone) {
  RowReader& row = Read({{"seven"}});
  EXPECT_EQ(row.TakeInt(), 0);
  EXPECT_TRUE(row.malformed());
}

TEST_F(RowReaderTest, MakesTextUtf8AndLeavesRawBytes) {
  RowReader& row = Read({{"caf\xE9\\"}, {"caf\xE9\\"}, {"caf\xC3\xA9\\"}});
  EXPECT_EQ(row.TakeText(), "caf\\xE9\\\\");
  EXPECT_EQ(row.TakeRaw(), "caf\xE9\\");
  EXPECT_EQ(row.TakeText(), "caf\xC3\xA9\\");
}

TEST_F(RowReaderTest, EscapesEveryTextOfBytesAsTheyAreStored) {
  const std::vector<CopyField> fields = {{"a\xE9"}, {"a\\xE9"}, {"caf\xC3\xA9"}};
  Arena arena;
  RowReader row(arena, TextForm::kEscaped);
  row.Begin(fields);
  EXPECT_EQ(row.TakeText(), "a\\xE9");
  EXPECT_EQ(row.TakeText(), "a\\\\xE9");
  EXPECT_EQ(row.TakeText(), "caf\xC3\xA9");
}

TEST_F(RowReaderTest, GivesTextThatOutlivesTheRow) {
  std::string bytes = "held";
  RowReader& row = Read({{bytes}});
  const absl::string_view text = row.TakeText();
  bytes = "gone";
  EXPECT_EQ(text, "held");
}

}  // namespace
}  // namespace varve::postgres
