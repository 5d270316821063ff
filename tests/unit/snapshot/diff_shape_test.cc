#include "snapshot/diff_shape.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/unit/snapshot/diff_telling.h"
#include "tests/unit/snapshot/toy_shapes.h"
#include "varve/v1/common_shapes.pb.h"
#include "varve/v1/models.pb.h"
#include "varve/v1/postgres.pb.h"
#include "varve/v1/redis.pb.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Told;
using testing::ToyShape;
using testing::ToyShapes;

const EntityKey kTable = {"table", {"public", "orders"}};

template <typename T>
T Parsed(const std::string& text) {
  T message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

struct Side {
  uint32_t revision = 1;
  v1::Way way = v1::WAY_RUN;
};

std::vector<std::string> Compared(const google::protobuf::Message& a,
                                  const google::protobuf::Message& b, const Side& side_a = {},
                                  const Side& side_b = {}, const Renames& renames = {}) {
  return Told(CompareShapes({a, kTable, side_a.revision, side_a.way},
                            {b, kTable, side_b.revision, side_b.way}, renames));
}

struct TableCase {
  const char* name;
  const char* before;
  const char* after;
  std::vector<std::string> told;
};
class TableChange : public ::testing::TestWithParam<TableCase> {};

TEST_P(TableChange, IsToldByPropertyAndElement) {
  EXPECT_EQ(Compared(Parsed<v1::TableStructure>(GetParam().before),
                     Parsed<v1::TableStructure>(GetParam().after)),
            GetParam().told);
}

const char kInteger[] = "columns {name: 'total' type {type {names: 'pg_catalog' names: 'int4'}}}";

INSTANTIATE_TEST_SUITE_P(
    All, TableChange,
    ::testing::Values(
        TableCase{"None", kInteger, kInteger, {}},
        TableCase{"Flag", "", "row_security: true", {"row_security: false -> true"}},
        TableCase{"Word",
                  "replica_identity: 'default'",
                  "replica_identity: 'full'",
                  {"replica_identity: default -> full"}},
        TableCase{
            "WordThatIsGone", "replica_identity: 'full'", "", {"replica_identity: full -> -"}},
        TableCase{"Enum",
                  "kind: TABLE_KIND_PLAIN",
                  "kind: TABLE_KIND_PARTITIONED",
                  {"kind: plain -> partitioned"}},
        TableCase{
            "EnumOfANewerAgent", "kind: TABLE_KIND_PLAIN", "kind: 77", {"kind: plain -> value 77"}},
        TableCase{"TwoEnumsOfANewerAgent", "kind: 78", "kind: 77", {"kind: value 78 -> value 77"}},
        TableCase{"TypeAsOneValue",
                  kInteger,
                  "columns {name: 'total' type {type {names: 'pg_catalog' names: 'numeric'} "
                  "modifier: '12,2'}}",
                  {"columns/total/type: integer -> numeric(12,2)"}},
        TableCase{"TypeThatIsGone",
                  kInteger,
                  "columns {name: 'total'}",
                  {"columns/total/type: integer -> -"}},
        TableCase{"TwoPropertiesOfAColumn",
                  "columns {name: 'a'}",
                  "columns {name: 'a' not_null: true identity: COLUMN_IDENTITY_BY_DEFAULT}",
                  {"columns/a/not_null: false -> true", "columns/a/identity: - -> by default"}},
        TableCase{"ElementAdded", "", kInteger, {"columns/total: - -> integer"}},
        TableCase{"ElementRemoved",
                  "columns {name: 'a' type {type {names: 'int4'}} not_null: true}",
                  "",
                  {"columns/a: integer not null -> -"}},
        TableCase{"ElementAddedBetween",
                  "columns {name: 'a'} columns {name: 'c'}",
                  "columns {name: 'a'} columns {name: 'b' not_null: true} columns {name: 'c'}",
                  {"columns/b: - -> not null"}},
        TableCase{"ElementOfAnotherName",
                  "indexes {name: 'i' method: 'btree'}",
                  "indexes {name: 'j' method: 'btree'}",
                  {"indexes/i: method btree -> -", "indexes/j: - -> method btree"}},
        TableCase{"OrderThatHasMeaning",
                  "columns {name: 'a'} columns {name: 'b'}",
                  "columns {name: 'b'} columns {name: 'a'}",
                  {"columns: [a, b] -> [b, a]"}},
        TableCase{"OrderThatHasNone",
                  "indexes {name: 'a'} indexes {name: 'b'}",
                  "indexes {name: 'b'} indexes {name: 'a'}",
                  {}},
        TableCase{"OrderedWords",
                  "constraints {name: 'k' columns: 'a' columns: 'b'}",
                  "constraints {name: 'k' columns: 'b' columns: 'a'}",
                  {"constraints/k/columns: [a, b] -> [b, a]"}},
        TableCase{"OrderedMessagesAreOneValue",
                  "indexes {name: 'i' keys {column: 'a'}}",
                  "indexes {name: 'i' keys {column: 'a' descending: true}}",
                  {"indexes/i/keys: [a] -> [a descending]"}},
        TableCase{"OrderedMessagesOfAnotherNumber",
                  "indexes {name: 'i' keys {column: 'a'}}",
                  "indexes {name: 'i' keys {column: 'a'} keys {column: 'b'}}",
                  {"indexes/i/keys: [a] -> [a, b]"}},
        TableCase{"MessageThatIsNew",
                  "",
                  "partitioning {strategy: 'range' columns: 'a'}",
                  {"partitioning: - -> strategy range columns [a]"}},
        TableCase{"InsideAMessage",
                  "partitioning {strategy: 'range'}",
                  "partitioning {strategy: 'list'}",
                  {"partitioning/strategy: range -> list"}},
        TableCase{"ElementsWithinElements",
                  "foreign {options {name: 'a' value: '1'}}",
                  "foreign {options {name: 'a' value: '2'} options {name: 'b' value: '3'}}",
                  {"foreign/options/a/value: 1 -> 2", "foreign/options/b: - -> value 3"}},
        TableCase{"IdentityAsOneValue",
                  "triggers {name: 't' function {kind: 'function' names: 'p' names: 'f'}}",
                  "triggers {name: 't' function {kind: 'function' names: 'p' names: 'g'}}",
                  {"triggers/t/function: p.f() -> p.g()"}},
        TableCase{"IdentityOfAnotherKind",
                  "parents {kind: 'table' names: 'a'}",
                  "parents {kind: 'view' names: 'a'}",
                  {"parents: [a] -> [a] (another one of that name)"}},
        TableCase{"TwoElementsOfOneName",
                  "columns {name: 'a'} columns {name: 'a'}",
                  "columns {name: 'a'} columns {name: 'a' not_null: true}",
                  {"columns/a/not_null: false -> true"}}),
    [](const auto& info) { return info.param.name; });

TEST(CompareShapes, ElementsOfTwoPartNamesAreMatchedByBoth) {
  EXPECT_THAT(Compared(Parsed<v1::Docs>("elements {part: 'column' name: 'a' comment: 'x'}"),
                       Parsed<v1::Docs>("elements {part: 'column' name: 'a' comment: 'y'} "
                                        "elements {part: 'index' name: 'a' comment: 'z'}")),
              ElementsAre("elements/column a/comment: x -> y", "elements/index a: - -> comment z"));
}

TEST(CompareShapes, ListsWithoutMeaningfulOrderAreSets) {
  const auto before = Parsed<v1::KeyPatternStructure>("types: 'string' types: 'hash'");
  EXPECT_THAT(Compared(before, Parsed<v1::KeyPatternStructure>("types: 'hash' types: 'string'")),
              IsEmpty());
  EXPECT_THAT(Compared(before, Parsed<v1::KeyPatternStructure>("types: 'hash'")),
              ElementsAre("types: [string, hash] -> [hash]"));
}

TEST(CompareShapes, AOneofIsOneProperty) {
  const auto json = Parsed<v1::ModelStructure>("fields {name: 'a' default_json: '1'}");
  const auto factory = Parsed<v1::ModelStructure>("fields {name: 'a' default_factory: 'f'}");
  const auto none = Parsed<v1::ModelStructure>("fields {name: 'a'}");
  const auto blank = Parsed<v1::ModelStructure>("fields {name: 'a' default_json: ''}");
  EXPECT_THAT(Compared(json, factory), ElementsAre("fields/a/default: 1 -> f"));
  EXPECT_THAT(Compared(none, factory), ElementsAre("fields/a/default: - -> f"));
  EXPECT_THAT(Compared(none, blank), ElementsAre("fields/a/default: - -> "));
}

TEST(CompareShapes, BetweenARunAndAStaticReadOnlyWhatBothCanKnowIsCompared) {
  const auto run = Parsed<v1::ModelStructure>(
      "fields {name: 'a' type: 'int' required: KNOWN_YES default_json: '1' "
      "type_references {kind: 'model' names: 'm'}}");
  const auto from_source =
      Parsed<v1::ModelStructure>("fields {name: 'a' type: 'str' default_text: 'ONE'}");
  const std::vector<std::string> told = {
      "fields/a/type: int -> str", "fields/a/required is not comparable: way",
      "fields/a/default is not comparable: way", "fields/a/type_references is not comparable: way"};
  EXPECT_EQ(Compared(run, from_source, {1, v1::WAY_RUN}, {1, v1::WAY_STATIC}), told);
  EXPECT_EQ(Compared(run, from_source, {1, v1::WAY_RUN}, {1, v1::WAY_RUN}).size(), 4u);
  EXPECT_THAT(Compared(run, from_source, {1, v1::WAY_RUN}, {1, v1::WAY_RUN}),
              ::testing::Contains("fields/a/required: yes -> -"));
}

TEST(CompareShapes, AValueThatTheStaticReadDoesKnowIsCompared) {
  EXPECT_THAT(Compared(Parsed<v1::ModelStructure>("fields {name: 'a' required: KNOWN_YES}"),
                       Parsed<v1::ModelStructure>("fields {name: 'a' required: KNOWN_NO}"),
                       {1, v1::WAY_RUN}, {1, v1::WAY_STATIC}),
              ElementsAre("fields/a/required: yes -> no"));
}

// Of two reads of source, too: what one could not tell has not changed.
TEST(CompareShapes, WhatASideNamesAsUnknownIsNotComparable) {
  const auto told = Parsed<v1::ModelStructure>(
      "table {name: 't' columns {name: 'a' type: 'text' nullable: KNOWN_YES} columns {name: 'b'} "
      "indexes {name: 'i'}}");
  const auto unknown = Parsed<v1::ModelStructure>(
      "table {name: 't' columns {name: 'b'} columns {name: 'a' nullable: KNOWN_NO unknown: 'type'} "
      "unknown: 'columns.order' unknown: 'indexes'}");
  EXPECT_THAT(
      Compared(told, unknown, {1, v1::WAY_STATIC}, {1, v1::WAY_STATIC}),
      ElementsAre(
          "table/columns/a/nullable: yes -> no", "table/columns/a/type is not comparable: way",
          "table/columns/a/unknown is not comparable: way", "table/columns is not comparable: way",
          "table/indexes is not comparable: way", "table/unknown is not comparable: way"));
}

TEST(CompareShapes, OfAListThatMayHaveMoreNothingIsCompared) {
  EXPECT_THAT(
      Compared(Parsed<v1::ModelStructure>(
                   "table {name: 't' schema: 'x' columns {name: 'a' type: 'text'}}"),
               Parsed<v1::ModelStructure>("table {name: 's' unknown: 'columns' "
                                          "unknown: 'schema'}"),
               {1, v1::WAY_RUN}, {1, v1::WAY_STATIC}),
      ElementsAre("table/name: t -> s", "table/schema is not comparable: way",
                  "table/columns is not comparable: way", "table/unknown is not comparable: way"));
}

// A table as an agent of the next release may write it: with a field that this one does not know.
v1::TableStructure Newer(uint64_t value) {
  v1::TableStructure table;
  table.GetReflection()->MutableUnknownFields(&table)->AddVarint(9000, value);
  return table;
}

TEST(CompareShapes, FieldsOfANewerAgentDifferAsAWhole) {
  EXPECT_THAT(Compared(Newer(1), Newer(1)), IsEmpty());
  EXPECT_THAT(Compared(Newer(1), Newer(2)), ElementsAre("made by a newer version: - -> -"));
  EXPECT_THAT(Compared(Newer(1), v1::TableStructure()),
              ElementsAre("made by a newer version: - -> -"));
}

TEST(CompareShapes, FieldsOfANewerAgentAreNotComparableAcrossRevisions) {
  EXPECT_THAT(Compared(v1::TableStructure(), Newer(2), {1}, {2}),
              ElementsAre("made by a newer version is not comparable: revision"));
}

TEST(CompareShapes, AFieldOfANewerAgentInsideAnElementIsPlaced) {
  v1::TableStructure before, after;
  before.add_columns()->set_name("a");
  v1::Column& column = *after.add_columns();
  column.set_name("a");
  column.GetReflection()->MutableUnknownFields(&column)->AddLengthDelimited(9000, "x");
  EXPECT_THAT(Compared(before, after), ElementsAre("columns/a/made by a newer version: - -> -"));
}

TEST(CompareShapes, ShapesOfTwoMessagesAreOneOfThemNewer) {
  EXPECT_THAT(Compared(v1::TableStructure(), v1::ViewStructure()),
              ElementsAre("made by a newer version: - -> -"));
}

class Revisions : public ::testing::Test {
 protected:
  std::vector<std::string> Between(const ToyShape& a, uint32_t revision_a, const ToyShape& b,
                                   uint32_t revision_b) {
    const LineKey key = {kTable, v1::FACET_STRUCTURE};
    const ShapeDecoder decode = toys_.Decoder();
    const auto before = decode(key, toys_.Bytes(v1::FACET_STRUCTURE, a));
    const auto after = decode(key, toys_.Bytes(v1::FACET_STRUCTURE, b));
    EXPECT_TRUE(before.ok() && after.ok());
    return Compared(**before, **after, {revision_a}, {revision_b});
  }
  ToyShapes toys_;
};

TEST_F(Revisions, AFieldThatOnlyTheNewerCapturesIsNotComparable) {
  EXPECT_THAT(Between({}, 1, {{"new", "1"}}, 2), ElementsAre("new is not comparable: revision"));
  EXPECT_THAT(Between({{"new", "1"}}, 2, {}, 1), ElementsAre("new is not comparable: revision"));
  EXPECT_THAT(Between({{"new", "1"}}, 2, {{"new", "2"}}, 3), ElementsAre("new: 1 -> 2"));
}

TEST_F(Revisions, AFieldThatWasMendedBetweenThemIsNotComparable) {
  EXPECT_THAT(Between({{"mended", "1"}}, 2, {{"mended", "2"}}, 3),
              ElementsAre("mended is not comparable: revision"));
  EXPECT_THAT(Between({{"mended", "1"}}, 3, {{"mended", "2"}}, 4), ElementsAre("mended: 1 -> 2"));
  EXPECT_THAT(Between({{"mended", "1"}}, 2, {{"mended", "1"}}, 3), IsEmpty());
}

TEST_F(Revisions, ARealChangeBesideANewFieldIsTheOnlyChange) {
  EXPECT_THAT(
      Between({{"computed", "1"}}, 1, {{"computed", "2"}, {"new", "1"}}, 2),
      ::testing::UnorderedElementsAre("computed: 1 -> 2", "new is not comparable: revision"));
}

Renames RenamesOf(std::vector<Renamed> renamed) {
  Renames renames;
  renames.names = RenameMap(std::move(renamed));
  renames.words = RenamedWords(renames.names);
  return renames;
}

struct RenameCase {
  const char* name;
  const char* before;
  const char* after;
  std::vector<std::string> told;
};
class UnderARename : public ::testing::TestWithParam<RenameCase> {};

// public.orders.total is called amount now, and public.people is called public.customers.
TEST_P(UnderARename, WhatFollowsIsNoChange) {
  const Renames renames =
      RenamesOf({{"column", {"public", "orders", "total"}, {"public", "orders", "amount"}},
                 {"table", {"public", "people"}, {"public", "customers"}}});
  EXPECT_EQ(Compared(Parsed<v1::TableStructure>(GetParam().before),
                     Parsed<v1::TableStructure>(GetParam().after), {}, {}, renames),
            GetParam().told);
}

const char kPeople[] =
    "constraints {name: 'fk' references {kind: 'table' names: 'public' names: 'people'}}";
const char kCustomers[] =
    "constraints {name: 'fk' references {kind: 'table' names: 'public' names: 'customers'}}";

INSTANTIATE_TEST_SUITE_P(
    All, UnderARename,
    ::testing::Values(
        // The element's own name is told as a rename by who compares the locators.
        RenameCase{"Column", "columns {name: 'total'}", "columns {name: 'amount'}", {"follows"}},
        RenameCase{"ColumnThatAlsoChanged",
                   "columns {name: 'total'}",
                   "columns {name: 'amount' not_null: true}",
                   {"columns/amount/not_null: false -> true", "follows"}},
        RenameCase{"KeyOfAnIndex",
                   "indexes {name: 'i' keys {column: 'total'}}",
                   "indexes {name: 'i' keys {column: 'amount'}}",
                   {"follows"}},
        RenameCase{"ColumnsOfAConstraint",
                   "constraints {name: 'c' columns: 'total'}",
                   "constraints {name: 'c' columns: 'amount'}",
                   {"follows"}},
        RenameCase{"TableInAForeignKey", kPeople, kCustomers, {"follows"}},
        RenameCase{"AnotherTableInAForeignKey",
                   kPeople,
                   "constraints {name: 'fk' references {kind: 'table' names: 'public' "
                   "names: 'staff'}}",
                   {"constraints/fk/references: public.people -> public.staff"}},
        RenameCase{"OldNameThatMeansANewTable",
                   kPeople,
                   kPeople,
                   {"constraints/fk/references: public.people -> public.people (another one of "
                    "that name)"}},
        RenameCase{"AnotherColumn",
                   "indexes {name: 'i' keys {column: 'total'}}",
                   "indexes {name: 'i' keys {column: 'tax'}}",
                   {"indexes/i/keys: [total] -> [tax]"}}),
    [](const auto& info) { return info.param.name; });

TEST(CompareShapes, DeparsedTextThatDiffersOnlyByARenameFollows) {
  const Renames renames =
      RenamesOf({{"column", {"public", "orders", "total"}, {"public", "orders", "amount"}}});
  const auto check = [](const std::string& text) {
    v1::TableExpressions expressions;
    v1::ConstraintExpression& constraint = *expressions.add_constraints();
    constraint.set_name("c");
    constraint.set_expression(text);
    v1::IndexExpression& index = *expressions.add_indexes();
    index.set_name("i");
    index.add_keys("lower(" + text + ")");
    return expressions;
  };
  EXPECT_THAT(Compared(check("(total > 0)"), check("(amount > 0)"), {}, {}, renames),
              ElementsAre("follows"));
  EXPECT_THAT(Compared(check("(total > 0)"), check("(amount > 1)"), {}, {}, renames),
              ElementsAre("constraints/c/expression: (total > 0) -> (amount > 1)",
                          "indexes/i/keys: [lower((total > 0))] -> [lower((amount > 1))]"));
}

}  // namespace
}  // namespace varve
