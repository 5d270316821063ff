#include "snapshot/diff_names.h"

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "varve/v1/common_shapes.pb.h"
#include "varve/v1/postgres.pb.h"

namespace varve {
namespace {

const EntityKey kOrders = {"table", {"a", "orders"}};

// a.orders.total is called amount now; a.people is called a.customers, whose id is called key; the
// server far is called near.
RenameMap Renames() {
  return RenameMap({{"column", {"a", "orders", "total"}, {"a", "orders", "amount"}},
                    {"table", {"a", "people"}, {"a", "customers"}},
                    {"column", {"a", "people", "id"}, {"a", "customers", "key"}},
                    {"server", {"far"}, {"near"}}});
}

template <typename T>
std::string InCommonNames(const std::string& text, RenameSide side = RenameSide::kBefore) {
  T message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  PutInCommonNames(message, kOrders, Renames(), side);
  return message.ShortDebugString();
}

TEST(PutInCommonNames, IdentitiesAreCalledAsTheSecondSideCallsThem) {
  EXPECT_EQ(InCommonNames<v1::TableStructure>("parents {kind: 'table' names: 'a' names: 'people'}"),
            "parents { kind: \"table\" names: \"a\" names: \"customers\" }");
}

TEST(PutInCommonNames, NamesOfTheSecondSideStay) {
  const std::string text = "parents { kind: \"table\" names: \"a\" names: \"customers\" }";
  EXPECT_EQ(InCommonNames<v1::TableStructure>(text, RenameSide::kAfter), text);
}

TEST(PutInCommonNames, ColumnsOfTheEntityItselfAreRenamed) {
  EXPECT_EQ(InCommonNames<v1::Index>("name: 'total' keys {column: 'total'} included: 'total'"),
            "name: \"total\" keys { column: \"amount\" } included: \"amount\"");
}

TEST(PutInCommonNames, ColumnsOfAnotherRelationAreRenamedByItsOldName) {
  EXPECT_EQ(InCommonNames<v1::Constraint>(
                "columns: 'id' references {kind: 'table' names: 'a' names: 'people'} "
                "referenced_columns: 'id'"),
            "columns: \"id\" references { kind: \"table\" names: \"a\" names: \"customers\" } "
            "referenced_columns: \"key\"");
}

TEST(PutInCommonNames, ADocNamesAColumnOnlyWhereItsPartIsOne) {
  EXPECT_EQ(InCommonNames<v1::ElementDoc>("part: 'column' name: 'total'"),
            "part: \"column\" name: \"amount\"");
  EXPECT_EQ(InCommonNames<v1::ElementDoc>("part: 'index' name: 'total'"),
            "part: \"index\" name: \"total\"");
}

TEST(PutInCommonNames, AKeyThatIsAnExpressionHasNoColumn) {
  EXPECT_EQ(InCommonNames<v1::IndexKey>("descending: true"), "descending: true");
}

TEST(PutInCommonNames, TextsThatNameAnObjectAreCalledAsTheSecondSideCallsIt) {
  EXPECT_EQ(InCommonNames<v1::TableStructure>("foreign {server: 'far'}"),
            "foreign { server: \"near\" }");
  const std::string text = "foreign { server: \"near\" }";
  EXPECT_EQ(InCommonNames<v1::TableStructure>(text, RenameSide::kAfter), text);
}

TEST(PutInCommonNames, TextsThatNameAnObjectOfAnotherKindStay) {
  EXPECT_EQ(InCommonNames<v1::RoutineStructure>("language: 'far'"), "language: \"far\"");
}

TEST(PutInCommonNames, ATextThatNamesAnotherObjectNowIsNobodys) {
  const std::string text = "foreign { server: \"far\" }";  // a new one that is called so
  const std::string after = InCommonNames<v1::TableStructure>(text, RenameSide::kAfter);
  EXPECT_NE(after, InCommonNames<v1::TableStructure>(text, RenameSide::kBefore));
  EXPECT_NE(after, text);
}

TEST(PutInCommonNames, ANameThatMeansAnotherObjectNowIsNobodys) {
  const std::string text = "parents { kind: \"table\" names: \"a\" names: \"people\" }";
  const std::string after = InCommonNames<v1::TableStructure>(text, RenameSide::kAfter);
  EXPECT_NE(after, InCommonNames<v1::TableStructure>(text, RenameSide::kBefore));
  EXPECT_NE(after, text);
}

}  // namespace
}  // namespace varve
