// Key patterns of two sides, of which one generalises more.
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/text_format.h"
#include "snapshot/diff.h"
#include "snapshot/section_builder.h"
#include "tests/support/matchers.h"
#include "tests/unit/snapshot/diff_telling.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using testing::Told;

constexpr char kString[] = "types: 'string' ttl: TTL_CLASS_NEVER";
constexpr char kExpiring[] = "types: 'string' ttl: TTL_CLASS_ALWAYS";
constexpr char kHash[] = "types: 'hash' ttl: TTL_CLASS_NEVER";

// A pattern of database 0; without a structure it was not permitted.
struct Pattern {
  std::string name;
  std::string structure;
  v1::Way way = v1::WAY_RUN;
  std::string database = "0";
  int64_t keys = 1;
};
using Patterns = std::vector<Pattern>;

Snapshot Taken(const Patterns& patterns, int64_t seq) {
  SectionBuilder builder("redis", "redis", 1);
  for (const Pattern& pattern : patterns) {
    const EntityKey key = {"key_pattern", {pattern.database, pattern.name}};
    if (pattern.structure.empty()) {
      builder.AddUnseen(key, v1::FACET_STRUCTURE, v1::SIGHT_NOT_PERMITTED);
      continue;
    }
    v1::Shape shape;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(pattern.structure,
                                                              shape.mutable_key_pattern()));
    LineFacts facts;
    facts.way = pattern.way;
    builder.Add(key, v1::FACET_STRUCTURE, std::move(shape), facts);
    builder.MeasureNumber(key, "keys", pattern.keys);
  }
  builder.CoverWhole("key_pattern");
  builder.CoverWhole("redis_database");
  builder.redis_keyspace();  // it is a Redis section
  Snapshot snapshot;
  snapshot.header.set_environment("prod");
  snapshot.seq = seq;
  snapshot.sections.push_back(builder.Finish());
  *snapshot.header.add_sections() = snapshot.sections.front().header;
  return snapshot;
}

std::vector<std::string> Between(const Patterns& before, const Patterns& after) {
  const absl::StatusOr<v1::DiffResult> result = Diff(Taken(before, 1), Taken(after, 2), nullptr);
  VARVE_EXPECT_OK(result);
  return result.ok() ? Told(*result) : std::vector<std::string>();
}

struct Case {
  std::string name;
  Patterns literal;
  Patterns general;
};

TEST(DiffKeyPatterns, AGeneralisationIsNoDifference) {
  const Case cases[] = {
      {"Ends", {{"t:a", kString}, {"t:b", kString}}, {{"t:<any>", kString}}},
      {"One", {{"t:a", kString}}, {{"t:<any>", kString}}},
      {"Parents",
       {{"t:a:x", kString}, {"t:b:x", kString}, {"t:b:y", kHash}},
       {{"t:<any>:x", kString}, {"t:<any>:y", kHash}}},
      {"BothSidesInPart", {{"t:a:<any>", kString}}, {{"t:<any>:x", kString}}},
      {"TypesAndTtlTogether",
       {{"t:a", kHash}, {"t:b", kExpiring}},
       {{"t:<any>", "types: 'hash' types: 'string' ttl: TTL_CLASS_MIXED"}}},
      {"ValuesTogether",
       {{"t:a", "types: 'hash' values {type: 'hash' paths {path: 'b' types: 'string'}}"},
        {"t:b",
         "types: 'hash' values {type: 'hash' paths {path: 'b' types: 'integer'}"
         " paths {path: 'a' types: 'string'}}"}},
       {{"t:<any>",
         "types: 'hash' values {type: 'hash' paths {path: 'a' types: 'string'}"
         " paths {path: 'b' types: 'integer' types: 'string'}}"}}},
      {"WeakerOne",
       {{"t:a", "types: 'string' values {type: 'string' formats: 'json'}"},
        {"t:b", "types: 'string'", v1::WAY_STATIC}},
       {{"t:<any>", "types: 'string' values {type: 'string' formats: 'json'}", v1::WAY_STATIC}}},
  };
  for (const Case& one : cases) {
    EXPECT_THAT(Between(one.literal, one.general), ElementsAre("verdict_same")) << one.name;
    EXPECT_THAT(Between(one.general, one.literal), ElementsAre("verdict_same")) << one.name;
  }
}

struct ChangeCase {
  std::string name;
  Patterns before;
  Patterns after;
  std::vector<std::string> told;
};

TEST(DiffKeyPatterns, AChangeIsSeenAtTheCoarserGeneralisation) {
  const ChangeCase cases[] = {
      {"TypeGained",
       {{"t:a", kString}, {"t:b", kString}},
       {{"t:<any>", "types: 'hash' types: 'string' ttl: TTL_CLASS_NEVER"}},
       {"changed key_pattern t:<any> structure", "  types: [string] -> [hash, string]"}},
      {"TtlTakenAway",
       {{"t:<any>", kExpiring}},
       {{"t:a", kExpiring}, {"t:b", kString}},
       {"changed key_pattern t:<any> structure", "  ttl: always -> mixed"}},
      {"AnotherBelow",
       {{"t:<any>:x", kString}},
       {{"t:a:x", kString}, {"t:a:y", kString}},
       {"added key_pattern t:<any>:y structure"}},
      {"AnotherPlace",
       {{"t:<any>", kString}},
       {{"t:a", kString}, {"u:a", kString}},
       {"added key_pattern u:a structure"}},
      {"AnotherDatabase",
       {{"t:<any>", kString}},
       {{"t:<any>", kString}, {"t:a", kString, v1::WAY_RUN, "1"}},
       {"added key_pattern 1/t:a structure"}},
      {"NothingLeft", {{"t:<any>", kString}}, {}, {"removed key_pattern t:<any> structure"}},
  };
  for (const ChangeCase& one : cases) {
    std::vector<std::string> told = {"verdict_different"};
    told.insert(told.end(), one.told.begin(), one.told.end());
    EXPECT_THAT(Between(one.before, one.after), ElementsAreArray(told)) << one.name;
  }
}

// One of which no key is there now.
Pattern Empty(const std::string& name, const std::string& structure) {
  return {name, structure, v1::WAY_RUN, "0", 0};
}

TEST(DiffKeyPatterns, WhatHasNoKeyOnOneSideIsNoDifference) {
  const Case cases[] = {
      {"NotThere", {{"a", kString}}, {{"a", kString}, Empty("queue", kHash)}},
      {"AsItWas", {{"queue", kString}}, {Empty("queue", kHash)}},
      {"Both", {Empty("queue", kString)}, {Empty("queue", kHash)}},
      {"OfAMergedOne", {{"t:a", kString}, Empty("t:b", kHash)}, {{"t:<any>", kString}}},
      {"AllOfAMergedOne", {Empty("t:a", kString), Empty("t:b", kHash)}, {{"t:<any>", kHash}}},
      {"NotPermitted", {{"queue", ""}}, {Empty("queue", kHash)}},
  };
  for (const Case& one : cases) {
    EXPECT_THAT(Between(one.literal, one.general), ElementsAre("verdict_same")) << one.name;
    EXPECT_THAT(Between(one.general, one.literal), ElementsAre("verdict_same")) << one.name;
  }
}

TEST(DiffKeyPatterns, RareWordsOnOneSideAreNoDifference) {
  const Case cases[] = {
      {"Ends", {{"t:a", kString}, {"t:b", kString}}, {{"t:<rare>", kString}}},
      {"Parents",
       {{"t:a:x", kString}, {"t:b:y", kHash}},
       {{"t:<rare>:x", kString}, {"t:<rare>:y", kHash}}},
      {"BesideOneOfItsOwn",
       {{"t:a", kHash}, {"t:b", kString}},
       {{"t:a", kHash}, {"t:<rare>", kString}}},
      {"AnyOfRare", {{"t:<rare>:x", kString}, {"t:a:x", kString}}, {{"t:<any>:x", kString}}},
  };
  for (const Case& one : cases) {
    EXPECT_THAT(Between(one.literal, one.general), ElementsAre("verdict_same")) << one.name;
    EXPECT_THAT(Between(one.general, one.literal), ElementsAre("verdict_same")) << one.name;
  }
}

TEST(DiffKeyPatterns, AWordBesideRareOnesIsSeenToComeAndGo) {
  const Patterns without = {{"t:<rare>", kString}};
  const Patterns with = {{"t:<rare>", kString}, {"t:a", kString}};
  EXPECT_THAT(Between(without, with),
              ElementsAre("verdict_different", "added key_pattern t:a structure"));
  EXPECT_THAT(Between(with, without),
              ElementsAre("verdict_different", "removed key_pattern t:a structure"));
  EXPECT_THAT(Between({{"t:a", kString}}, {{"t:a", kString}, {"t:<rare>", kString}}),
              ElementsAre("verdict_different", "added key_pattern t:<rare> structure"));
}

TEST(DiffKeyPatterns, OneThatWasNotSeenLeavesTheMergedUnseen) {
  EXPECT_THAT(Between({{"t:<any>", kString}}, {{"t:a", kString}, {"t:b", ""}}),
              ElementsAre("verdict_cannot_say",
                          "cannot say: key_pattern t:<any> structure (captured, not permitted)"));
}

}  // namespace
}  // namespace varve
