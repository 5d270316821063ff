#include "snapshot/diff_text.h"

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "varve/v1/models.pb.h"
#include "varve/v1/postgres.pb.h"
#include "varve/v1/redis.pb.h"

namespace varve {
namespace {

template <typename T>
T Parsed(const std::string& text) {
  T message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

template <typename T>
std::optional<std::string> TextOf(const std::string& field, const std::string& message) {
  const auto* const descriptor = T::descriptor()->FindFieldByName(field);
  EXPECT_NE(descriptor, nullptr) << field;
  return FieldText(Parsed<T>(message), *descriptor);
}

TEST(EnumText, IsTheWordWithoutThePrefixOfItsType) {
  EXPECT_EQ(EnumText(*v1::ColumnIdentity_descriptor(), v1::COLUMN_IDENTITY_BY_DEFAULT),
            "by default");
  EXPECT_EQ(EnumText(*v1::TtlClass_descriptor(), v1::TTL_CLASS_ALWAYS), "always");
  EXPECT_EQ(EnumText(*v1::Known_descriptor(), v1::KNOWN_YES), "yes");
}

TEST(EnumText, OfANewerAgentIsItsNumber) {
  EXPECT_EQ(EnumText(*v1::ColumnIdentity_descriptor(), 77), "value 77");
}

TEST(FieldText, WhatSaysNothingIsNothing) {
  EXPECT_EQ(TextOf<v1::Column>("name", ""), std::nullopt);
  EXPECT_EQ(TextOf<v1::Column>("type", ""), std::nullopt);
  EXPECT_EQ(TextOf<v1::Column>("identity", ""), std::nullopt);
  EXPECT_EQ(TextOf<v1::Constraint>("columns", ""), std::nullopt);
  EXPECT_EQ(TextOf<v1::ModelField>("default_json", ""), std::nullopt);
}

TEST(FieldText, AFlagAndANumberSaySomethingAlsoWhenTheyAreZero) {
  EXPECT_EQ(TextOf<v1::Column>("not_null", ""), "false");
  EXPECT_EQ(TextOf<v1::SequenceStructure>("start", ""), "0");
  EXPECT_EQ(TextOf<v1::SequenceStructure>("minimum", "minimum: -9223372036854775808"),
            "-9223372036854775808");
}

TEST(FieldText, PresentAndEmptyDiffersFromAbsent) {
  EXPECT_EQ(TextOf<v1::ModelField>("default_json", "default_json: ''"), "");
}

TEST(FieldText, ListsStandInBrackets) {
  EXPECT_EQ(TextOf<v1::Constraint>("columns", "columns: 'a' columns: 'b'"), "[a, b]");
  EXPECT_EQ(TextOf<v1::TableStructure>("parents", "parents {kind: 'table' names: 'a' names: 'b'}"),
            "[a.b]");
}

TEST(MessageText, TypesAndIdentitiesReadAsPeopleWriteThem) {
  EXPECT_EQ(
      MessageText(Parsed<v1::DataType>("type {names: 'pg_catalog' names: 'int4'} array: true")),
      "integer[]");
  EXPECT_EQ(MessageText(Parsed<v1::Identity>("kind: 'function' names: 'a' names: 'f'")), "a.f()");
}

TEST(MessageText, AFlagIsItsNameAndANameSpeaksForItself) {
  const auto column = Parsed<v1::Column>(
      "name: 'total' type {type {names: 'int4'}} not_null: true has_default: true");
  EXPECT_EQ(MessageText(column), "total integer not null has default");
  EXPECT_EQ(MessageText(column, "name"), "integer not null has default");
  EXPECT_EQ(MessageText(column, "name,type"), "not null has default");
}

TEST(MessageText, OfNothingIsEmpty) { EXPECT_EQ(MessageText(v1::Column()), ""); }

TEST(MessageText, FieldsOfANewerAgentAreLeftOut) {
  v1::Column column;
  column.set_name("a");
  column.GetReflection()->MutableUnknownFields(&column)->AddVarint(9000, 1);
  EXPECT_EQ(MessageText(column), "a");
}

}  // namespace
}  // namespace varve
