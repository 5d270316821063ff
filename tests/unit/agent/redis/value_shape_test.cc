#include "agent/source/redis/value_shape.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

using Fields = std::vector<std::pair<std::string, std::string>>;

const Redactor& TestRedactor() {
  static const Redactor redactor({"test", std::string(32, 'k')});
  return redactor;
}

Value Bulk(const std::string& text) {
  return {ReplyType::kBulk, text, static_cast<int64_t>(text.size()), false};
}

// A sample of one type, filled from texts that live as long as it does.
class Sample {
 public:
  explicit Sample(const std::string& type) : shape_(type, TestRedactor()) {}

  Sample& Text(const std::string& text) {
    shape_.AddText(Bulk(text));
    return *this;
  }
  Sample& Hash(const Fields& fields) {
    std::vector<Value> flat;
    for (const auto& [name, value] : fields) {
      flat.push_back(Bulk(name));
      flat.push_back(Bulk(value));
    }
    shape_.AddFields(flat);
    return *this;
  }
  Sample& List(const std::vector<std::string>& texts) {
    std::vector<Value> elements;
    for (const std::string& text : texts) elements.push_back(Bulk(text));
    shape_.AddElements(elements);
    return *this;
  }
  v1::ValueShape Shape() {
    rare_.clear();
    return shape_.Finish(rare_);
  }
  const std::vector<std::pair<std::string, uint32_t>>& rare() const { return rare_; }

 private:
  ValueSampleShape shape_;
  std::vector<std::pair<std::string, uint32_t>> rare_;
};

// "path: types" of each path.
std::vector<std::string> Paths(const v1::ValueShape& shape) {
  std::vector<std::string> lines;
  for (const v1::ValuePath& path : shape.paths()) {
    lines.push_back(absl::StrCat(path.path(), ": ", absl::StrJoin(path.types(), " ")));
  }
  return lines;
}

TEST(ValueShape, OfAHashItsFields) {
  EXPECT_THAT(
      Paths(Sample("hash")
                .Hash({{"name", "Ann"}, {"age", "7"}, {"rate", "1.5"}, {"on", "true"}})
                .Hash({{"name", "Bob"}, {"age", "8"}, {"raw", "\xff\xfe"}})
                .Shape()),
      ElementsAre("age: integer", "name: string", "on: boolean", "rate: number", "raw: binary"));
}

TEST(ValueShape, ATextThatMayBeANumberIsAText) {
  EXPECT_THAT(Paths(Sample("hash").Hash({{"city", "Bonn"}}).Hash({{"city", "12"}}).Shape()),
              ElementsAre("city: string"));
}

TEST(ValueShape, AnObjectInAFieldHasItsPathsBelowIt) {
  EXPECT_THAT(
      Paths(Sample("hash").Hash({{"data", R"({"user": {"id": 7}, "tags": ["a"]})"}}).Shape()),
      ElementsAre("data: object", "data$.tags: array", "data$.tags[*]: string",
                  "data$.user: object", "data$.user.id: integer"));
}

TEST(ValueShape, OfAStringItsFormatsAndADocumentsPaths) {
  const v1::ValueShape shape = Sample("string")
                                   .Text(R"({"user": {"plan": "pro"}})")
                                   .Text("")
                                   .Text("ready")
                                   .Text("7")
                                   .Shape();
  EXPECT_THAT(shape.formats(), ElementsAre("empty", "json", "text"));
  EXPECT_THAT(Paths(shape), ElementsAre("$: object", "$.user: object", "$.user.plan: string"));
}

TEST(ValueShape, OfAListWhatItsElementsAre) {
  EXPECT_THAT(Paths(Sample("list").List({"1", "2"}).List({R"({"task": "mail"})"}).Shape()),
              ElementsAre("[*]: integer object", "[*]$.task: string"));
}

TEST(ValueShape, AHashByIdentifiersIsAMap) {
  const v1::ValueShape shape =
      Sample("hash").Hash({{"sku:1000", "2"}, {"sku:17", "1"}}).Hash({{"sku:4", "1"}}).Shape();
  EXPECT_TRUE(shape.is_map());
  EXPECT_THAT(Paths(shape), ElementsAre("sku:*: integer"));
}

TEST(ValueShape, AFieldBesideIdentifiersIsAField) {
  const v1::ValueShape shape = Sample("hash").Hash({{"17", "2"}, {"total", "2"}}).Shape();
  EXPECT_FALSE(shape.is_map());
  EXPECT_THAT(Paths(shape), ElementsAre("*: integer", "total: integer"));
}

TEST(ValueShape, ManyNamesAreIdentifiersThoughTheyLookLikeWords) {
  Fields fields;
  for (char a = 'a'; a <= 'z'; ++a) {
    for (const char* const rest : {"lder", "spen", "irch"})
      fields.emplace_back(a + std::string(rest), "1");
  }
  const v1::ValueShape shape = Sample("hash").Hash(fields).Shape();
  EXPECT_TRUE(shape.is_map());
  EXPECT_THAT(Paths(shape), ElementsAre("*: integer"));
}

TEST(ValueShape, NamesOfWhichEachValueHasItsOwnAreIdentifiers) {
  Sample sample("string");
  for (char a = 'a'; a <= 'y'; ++a) {
    sample.Text(absl::StrCat("{\"of\": {\"", std::string(1, a), "spen\": 1}}"));
  }
  EXPECT_THAT(Paths(sample.Shape()), ElementsAre("$: object", "$.of: object", "$.of.*: integer"));
}

TEST(ValueShape, NumberedNamesAreOne) {
  EXPECT_THAT(Paths(Sample("hash").Hash({{"line0", "a"}, {"line1", "a"}}).Shape()),
              ElementsAre("line0: string", "line1: string"));
  EXPECT_THAT(Paths(Sample("hash").Hash({{"line0", "a"}, {"line1", "a"}, {"line22", "a"}}).Shape()),
              ElementsAre("line*: string"));
}

TEST(ValueShape, WhatLessThanATwentiethHasIsNoShape) {
  Sample sample("hash");
  for (int i = 0; i < 40; ++i) {
    Fields fields = {{"name", i == 0 ? R"({"first": "Ann"})" : "Ann"}};
    if (i < 2) fields.emplace_back("twice", "1");
    if (i == 5) fields.emplace_back("once", R"({"a": 1})");
    sample.Hash(fields);
  }
  EXPECT_THAT(Paths(sample.Shape()), ElementsAre("name: string", "twice: integer"));
  EXPECT_THAT(sample.rare(), ElementsAre(Pair("name$.first", 1), Pair("once", 1)));
}

TEST(ValueShape, NoNameThatTellsSomebody) {
  const v1::ValueShape shape =
      Sample("hash")
          .Hash({{"ann@canary.example", "1"},
                 {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJTM2NyM3QifQ.U2VjcmV0U2VjcmV0", "1"},
                 {"token:S3cr3tHunter2", "1"},
                 {std::string(200, 'x'), "1"},
                 {"doc", R"({"ann@canary.example": {"S3cr3t-9f8e7d6c5b4a": "S3cr3tvalue"}})"}})
          .Shape();
  EXPECT_THAT(shape.DebugString(), Not(HasSubstr("canary.example")));
  EXPECT_THAT(shape.DebugString(), Not(HasSubstr("S3cr3tHunter2")));
  EXPECT_THAT(shape.DebugString(), Not(HasSubstr("S3cr3tvalue")));
  EXPECT_THAT(shape.DebugString(), Not(HasSubstr("eyJ")));
}

TEST(ValueShape, BoundedWhateverIsInIt) {
  Sample sample("string");
  for (int i = 0; i < 20; ++i) {
    std::string text = "{";
    for (int a = 0; a < 40; ++a) {
      absl::StrAppend(&text, a > 0 ? "," : "", "\"",
                      std::string(1, static_cast<char>('a' + a % 26)), a / 26, "name\": {");
      for (int b = 0; b < 40; ++b) {
        absl::StrAppend(&text, b > 0 ? "," : "", "\"",
                        std::string(1, static_cast<char>('a' + b % 26)), b / 26, "part\": 1");
      }
      text += "}";
    }
    sample.Text(text + "}");
  }
  EXPECT_LE(sample.Shape().paths_size(), 500);
}

v1::ValueShape HashOf(const Fields& fields) { return Sample("hash").Hash(fields).Shape(); }

TEST(ValueUnion, HasWhatEitherHas) {
  const v1::ValueShape both =
      UnionOf(HashOf({{"name", "Ann"}, {"age", "7"}}), HashOf({{"age", "x"}, {"city", "Bonn"}}));
  EXPECT_EQ(both.type(), "hash");
  EXPECT_THAT(Paths(both), ElementsAre("age: string", "city: string", "name: string"));
}

TEST(ValueUnion, WithItselfIsItself) {
  const v1::ValueShape shape =
      Sample("hash")
          .Hash({{"data", R"({"a.b": {"17": [1, {"x": null}]}})"}, {"17", "1"}, {"line0", "a"}})
          .Shape();
  EXPECT_EQ(UnionOf(shape, shape).DebugString(), shape.DebugString());
  EXPECT_EQ(UnionOf(v1::ValueShape(), shape).DebugString(), shape.DebugString());
}

TEST(ValueUnion, OfAMapNewNamesAreOfIt) {
  v1::ValueShape map = HashOf({{"17", "1"}});
  const v1::ValueShape both = UnionOf(map, HashOf({{"aspen", "1"}, {"birch", "1"}}));
  EXPECT_TRUE(both.is_map());
  EXPECT_THAT(Paths(both), ElementsAre("*: integer"));
}

TEST(ValueUnion, NumberedNamesStayOne) {
  const v1::ValueShape many = HashOf({{"line0", "a"}, {"line1", "a"}, {"line2", "a"}});
  EXPECT_THAT(Paths(UnionOf(many, HashOf({{"line9", "a"}}))), ElementsAre("line*: string"));
}

TEST(ValueUnion, AFieldBesideIdentifiersStaysOneWhenASampleLacksIt) {
  const v1::ValueShape known = HashOf({{"17", "1"}, {"total", "1"}});
  EXPECT_EQ(UnionOf(known, HashOf({{"18", "1"}})).DebugString(), known.DebugString());
}

TEST(ValueUnion, OfFormatsAndGroupsToo) {
  v1::ValueShape a;
  a.set_type("stream");
  a.add_groups("workers");
  v1::ValueShape b = a;
  b.set_groups(0, "audit");
  EXPECT_THAT(UnionOf(a, b).groups(), ElementsAre("audit", "workers"));
  const v1::ValueShape text =
      UnionOf(Sample("string").Text("7").Shape(), Sample("string").Text("x").Shape());
  EXPECT_THAT(text.formats(), ElementsAre("text"));
}

}  // namespace
}  // namespace varve::redis
