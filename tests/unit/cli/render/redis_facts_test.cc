#include "cli/render/redis_facts.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "snapshot/section_builder.h"

namespace varve {

static bool operator==(const PrefixCount& a, const PrefixCount& b) {
  return a.segment == b.segment && a.keys == b.keys;
}

namespace {

using ::testing::ElementsAre;

void AddPrefix(v1::RedisKeyspace& keyspace, const std::string& segment, uint64_t keys) {
  v1::RedisPrefix& prefix = *keyspace.add_prefixes();
  prefix.set_segment(segment);
  prefix.set_keys(keys);
}

TEST(KeyDistribution, IsByKeysThenBySegment) {
  v1::RedisKeyspace keyspace;
  AddPrefix(keyspace, "b", 5);
  AddPrefix(keyspace, "a", 5);
  AddPrefix(keyspace, "c", 9);
  EXPECT_THAT(KeyDistribution(keyspace),
              ElementsAre(PrefixCount{"c", 9}, PrefixCount{"a", 5}, PrefixCount{"b", 5}));
}

TEST(KeyDistribution, HasNoNameTwiceWhereBytesAreShownAlike) {
  v1::RedisKeyspace keyspace;
  AddPrefix(keyspace, "\xff", 2);
  AddPrefix(keyspace, "\\xFF", 3);
  EXPECT_THAT(KeyDistribution(keyspace), ElementsAre(PrefixCount{"\\xFF", 5}));
}

TEST(TtlSeconds, AreRoundedAsTheServerDoes) {
  v1::RedisKey key;
  EXPECT_EQ(TtlSeconds(key), std::nullopt);
  for (const auto& [ttl_ms, seconds] :
       {std::pair<int64_t, int64_t>{-1, -1}, {0, 0}, {499, 0}, {500, 1}, {3599600, 3600}}) {
    key.set_ttl_ms(ttl_ms);
    EXPECT_EQ(TtlSeconds(key), seconds) << ttl_ms;
  }
}

TEST(NameOfPattern, TellsTheDatabaseFromThePattern) {
  const PatternName name = NameOfPattern({"key_pattern", {"3", "doc:*"}});
  EXPECT_EQ(name.database, "3");
  EXPECT_EQ(name.pattern, "doc:*");
}

void AddPattern(SectionBuilder& builder, const std::string& database, const std::string& pattern,
                int64_t keys) {
  const EntityKey key = {"key_pattern", {database, pattern}};
  v1::Shape shape;
  shape.mutable_key_pattern();
  builder.Add(key, v1::FACET_STRUCTURE, std::move(shape));
  builder.MeasureNumber(key, "keys", keys);
  builder.MeasureNumber(key, "memory_bytes", keys * 100);
}

// "0/user: 5" of each place, from the top down.
void AppendPlaces(const std::string& path, const PatternNode& node,
                  std::vector<std::string>& places) {
  places.push_back(absl::StrCat(path, " ", node.keys, node.pattern.empty() ? "" : " ends"));
  for (const auto& [segment, child] : node.children) {
    AppendPlaces(path + segment, child, places);
  }
}

TEST(TreeOfPatterns, EachPlaceHasTheSumOfWhatIsBelowIt) {
  SectionBuilder builder("redis", "redis", 1);
  AddPattern(builder, "0", "user:<int>", 5);
  AddPattern(builder, "0", "user:<int>:tags", 7);
  AddPattern(builder, "0", "files/<hex>/meta", 2);
  AddPattern(builder, "0", "config", 1);
  AddPattern(builder, "3", "a.b-c", 1);
  const Section section = builder.Finish();
  const SectionView view = *SectionView::Of(section);
  std::vector<std::string> places;
  for (const auto& [database, root] : TreeOfPatterns(view)) {
    AppendPlaces(database + "/", root, places);
  }
  EXPECT_THAT(places, ElementsAre("0/ 15", "0/config 1 ends", "0/files/ 2", "0/files/<hex>/ 2",
                                  "0/files/<hex>/meta 2 ends", "0/user: 12", "0/user:<int> 5 ends",
                                  "0/user:<int>: 7", "0/user:<int>:tags 7 ends", "3/ 1", "3/a. 1",
                                  "3/a.b-c 1 ends"));
  EXPECT_EQ(TreeOfPatterns(view)["0"].memory_bytes, 1500u);
}

TEST(ValueText, OfManyPathsTheFirst) {
  v1::ValueShape shape;
  shape.set_type("stream");
  for (const char name : {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'}) {
    v1::ValuePath& path = *shape.add_paths();
    path.set_path(std::string(1, name));
    path.add_types("integer");
    if (name == 'a') path.add_types("string");
  }
  shape.add_groups("workers");
  EXPECT_EQ(ValueText(shape),
            "a integer|string, b integer, c integer, d integer, e integer, f integer, g integer, "
            "h integer, … 2 more, group workers");
}

}  // namespace
}  // namespace varve
