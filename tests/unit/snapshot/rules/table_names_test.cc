#include "snapshot/rules/table_names.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

struct SnakeCaseCase {
  const char* name;
  const char* camel;
  const char* snake;
};
class SnakeCases : public ::testing::TestWithParam<SnakeCaseCase> {};

TEST_P(SnakeCases, DivideBetweenWords) { EXPECT_EQ(SnakeCase(GetParam().camel), GetParam().snake); }

INSTANTIATE_TEST_SUITE_P(
    All, SnakeCases,
    ::testing::Values(SnakeCaseCase{"Words", "SourceDocument", "source_document"},
                      SnakeCaseCase{"Acronym", "HTTPServerLog", "http_server_log"},
                      SnakeCaseCase{"Digits", "OAuth2Token", "o_auth2_token"},
                      SnakeCaseCase{"LowerFirst", "customerId", "customer_id"},
                      SnakeCaseCase{"AlreadySnake", "customer_id", "customer_id"},
                      SnakeCaseCase{"Mixed", "Customer_Id", "customer_id"},
                      SnakeCaseCase{"Empty", "", ""}),
    [](const auto& info) { return info.param.name; });

struct CandidateCase {
  const char* name;
  const char* class_name;
  const char* table;
  size_t group;  // in which it is looked for, from 0
};
class Candidates : public ::testing::TestWithParam<CandidateCase> {};

TEST_P(Candidates, HoldTheTableInTheGroupOfItsWords) {
  const auto groups = TableCandidates(GetParam().class_name);
  ASSERT_GT(groups.size(), GetParam().group);
  EXPECT_THAT(groups[GetParam().group], ::testing::Contains(GetParam().table));
}

INSTANTIATE_TEST_SUITE_P(
    All, Candidates,
    ::testing::Values(CandidateCase{"AsItIs", "Order", "order", 0},
                      CandidateCase{"Plural", "Order", "orders", 0},
                      CandidateCase{"PluralOfY", "CanonicalEntity", "canonical_entities", 0},
                      CandidateCase{"PluralOfS", "Address", "addresses", 0},
                      CandidateCase{"Irregular", "Person", "people", 0},
                      CandidateCase{"IrregularLastWord", "GrandChild", "grand_children", 0},
                      CandidateCase{"Joined", "OrderItem", "orderitems", 0},
                      CandidateCase{"Quoted", "OrderItem", "OrderItem", 0},
                      CandidateCase{"Suffix", "SourceDocumentMinimal", "source_documents", 1},
                      CandidateCase{"TwoSuffixes", "OrderCreateRequest", "orders", 2},
                      CandidateCase{"Prefix", "CreateOrder", "orders", 1},
                      CandidateCase{"Acronym", "OAuth2Token", "oauth2_tokens", 0},
                      CandidateCase{"AcronymAndNumber", "OAuth2Token", "oauth_2_token", 0},
                      CandidateCase{"Uncountable", "OrderMetadata", "order_metadata", 0},
                      CandidateCase{"OfAPlural", "Orders", "order", 0},
                      CandidateCase{"OfAPluralOfY", "Entities", "entity", 0},
                      CandidateCase{"OfAPluralOfS", "Boxes", "box", 0},
                      CandidateCase{"OfAnIrregularPlural", "People", "person", 0},
                      CandidateCase{"Knife", "Knife", "knives", 0},
                      CandidateCase{"LongerSuffixFirst", "UserInDBBase", "users", 1}),
    [](const auto& info) { return info.param.name; });

TEST(Candidates, OfNoNameAreNone) { EXPECT_TRUE(TableCandidates("").empty()); }

TEST(Candidates, AWordInsideAWordIsNoPrefix) {
  for (const std::vector<std::string>& group : TableCandidates("Getaway")) {
    EXPECT_THAT(group, ::testing::Not(::testing::Contains("away")));
  }
}

TEST(NounNumber, IsOfTheLastWord) {
  for (const char* const name : {"order", "order_line", "orders_address", "person", "category"}) {
    EXPECT_EQ(NumberOf(name), NounNumber::kOne) << name;
  }
  for (const char* const name : {"orders", "order_lines", "people", "categories", "boxes"}) {
    EXPECT_EQ(NumberOf(name), NounNumber::kMany) << name;
  }
  for (const char* const name : {"status", "areas", "metadata", "order_history", "t2", "id", ""}) {
    EXPECT_EQ(NumberOf(name), NounNumber::kUnknown) << name;
  }
}

TEST(PurposeWords, AreNamedFromTheOutsideIn) {
  EXPECT_THAT(PurposeWords("OrderCreateRequest"), ::testing::ElementsAre("Request", "Create"));
  EXPECT_THAT(PurposeWords("CreateOrder"), ::testing::ElementsAre("Create"));
  EXPECT_THAT(PurposeWords("Order"), ::testing::IsEmpty());
  EXPECT_THAT(PurposeWords(""), ::testing::IsEmpty());
}

}  // namespace
}  // namespace varve
