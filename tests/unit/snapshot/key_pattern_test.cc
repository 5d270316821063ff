#include "snapshot/key_pattern.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

std::string Parts(const std::string& pattern) {
  std::string parts;
  for (const PatternToken& token : PatternTokens(pattern)) {
    absl::StrAppend(&parts, parts.empty() ? "" : " ", token.text, token.is_literal ? "!" : "");
  }
  return parts;
}

TEST(KeyPattern, HasWordsClassesAndWhatIsBetween) {
  EXPECT_EQ(Parts(""), "");
  EXPECT_EQ(Parts("user:{<int>}:cart"), "user! :{ <int> }: cart!");
  EXPECT_EQ(Parts("user_id_<int>_x"), "user_id! _ <int> _ x!");
  EXPECT_EQ(Parts("_a__<int>_:"), "_a_! _ <int> _ :");
  EXPECT_EQ(Parts("a\\<int>:b\\\\"), "a\\<int>! : b\\\\!");
  EXPECT_EQ(Parts("<date><bin>"), "<date> <bin>");
  EXPECT_EQ(Parts("a<b"), "a! <b");
}

struct GeneralCase {
  std::vector<std::string> known;
  std::string pattern;
  std::string general;
};

TEST(KeyPattern, IsGeneralisedWhereOthersAre) {
  const GeneralCase cases[] = {
      {{}, "a:b", "a:b"},
      {{"a:<any>"}, "a:b", "a:<any>"},
      {{"a:<any>"}, "a:b:c", "a:b:c"},
      {{"a:<any>:c"}, "a:b:d", "a:<any>:d"},
      {{"a:<any>:c"}, "a:b", "a:b"},
      {{"a:<any>"}, "a:<int>", "a:<int>"},
      {{"a:<any>:c", "a:x:<any>"}, "a:y:z", "a:<any>:<any>"},
      {{"a:x:<any>", "a:<any>:c"}, "a:<any>:c", "a:<any>:<any>"},
      {{"<any>:<any>:<any>"}, "a:b:c", "<any>:<any>:<any>"},
      {{"\\<any>"}, "a", "a"},
  };
  for (const GeneralCase& one : cases) {
    EXPECT_EQ(GeneralPlaces(one.known).Generalise(one.pattern), one.general) << one.pattern;
  }
}

TEST(KeyPattern, HasAPlaceWhereAClassIsNotEscaped) {
  EXPECT_TRUE(HasPlaceOf(kRareWord, "t:<rare>:x"));
  EXPECT_FALSE(HasPlaceOf(kRareWord, "t:\\<rare>:x"));
  EXPECT_FALSE(HasPlaceOf(kAnyWord, "t:<rare>:x"));
}

TEST(KeyPattern, IsRareWhereOthersAre) {
  const std::vector<std::string> known = {"t:<rare>:x", "u:a"};
  const GeneralPlaces rare(known, kRareWord);
  EXPECT_EQ(rare.Generalise("t:b:x"), "t:<rare>:x");
  EXPECT_EQ(rare.Generalise("t:b"), "t:b");
  EXPECT_TRUE(GeneralPlaces(known).empty());
  const GeneralPlaces other({"t:<rare>:y", "v:<rare>"}, kRareWord);
  EXPECT_EQ(other.Without(rare).Generalise("t:b:x"), "t:b:x");
  EXPECT_EQ(other.Without(rare).Generalise("v:b"), "v:<rare>");
}

TEST(KeyPattern, OfRareWordsIsOfAnyWordWhereOthersAre) {
  const std::vector<std::string> known = {"t:<any>:x"};
  EXPECT_EQ(GeneralPlaces(known).Generalise("t:<rare>:x"), "t:<any>:x");
}

TEST(KeyPattern, MergedWithOneThatIsNotKnownIsTheOther) {
  v1::KeyPatternStructure known;
  known.add_types("hash");
  known.set_ttl(v1::TTL_CLASS_ALWAYS);
  v1::KeyPatternStructure merged;
  MergeStructure(known, merged);
  EXPECT_EQ(merged.ttl(), v1::TTL_CLASS_ALWAYS);
  MergeStructure(v1::KeyPatternStructure(), merged);
  EXPECT_EQ(merged.SerializeAsString(), known.SerializeAsString());
}

}  // namespace
}  // namespace varve
