#include "cli/render/sql/script.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/matchers.h"

namespace varve::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

EntityKey Key(const std::string& name) { return {"table", {"public", name}}; }

// An object whose CREATE needs others.
Object Made(const std::string& name, const std::vector<std::string>& needs) {
  Object object;
  object.key = Key(name);
  Statement& statement = object.statements.emplace_back();
  statement.text = absl::StrCat("create ", name);
  statement.makes.push_back({});
  for (const std::string& need : needs) statement.needs.push_back({Key(need), {}});
  return object;
}

Statement& AddPart(Object& object, const std::string& part, const std::vector<Need>& needs) {
  Statement& statement = object.statements.emplace_back();
  statement.text = absl::StrCat(part, " of ", object.key.names[1]);
  statement.makes.push_back({"part", part});
  statement.needs = needs;
  return statement;
}

// Each block's statements, one line a block; what closes a cycle begins with a plus.
std::vector<std::string> Lines(std::vector<Object> objects) {
  std::vector<std::string> lines;
  for (const Block& block : InOrder(std::move(objects)).blocks) {
    lines.push_back(absl::StrCat(block.is_rest ? "+ " : "", absl::StrJoin(block.statements, "; ")));
  }
  return lines;
}

TEST(InOrder, KeepsTheOrderWhereNothingNeedsAnother) {
  EXPECT_THAT(Lines({Made("b", {}), Made("a", {})}), ElementsAre("create b", "create a"));
}

TEST(InOrder, PutsWhatIsNeededBeforeWhole) {
  Object b = Made("b", {});
  AddPart(b, "index", {});
  EXPECT_THAT(Lines({Made("a", {"b"}), std::move(b)}),
              ElementsAre("create b; index of b", "create a"));
}

TEST(InOrder, TakesWhatTheScriptDoesNotMakeToBeThere) {
  EXPECT_THAT(Lines({Made("a", {"elsewhere"})}), ElementsAre("create a"));
}

TEST(InOrder, ClosesACycleLater) {
  Object a = Made("a", {});
  AddPart(a, "fk", {{Key("b"), {}}});
  Object b = Made("b", {});
  AddPart(b, "fk", {{Key("a"), {}}});
  EXPECT_THAT(Lines({std::move(a), std::move(b)}),
              ElementsAre("create b", "create a; fk of a", "+ fk of b"));
}

TEST(InOrder, AwaitsWithoutFetching) {
  Object parent = Made("a", {});
  AddPart(parent, "index", {{Key("b"), {"part", "attach"}, true}});
  Object child = Made("b", {"a"});
  AddPart(child, "attach", {});
  EXPECT_THAT(Lines({std::move(parent), std::move(child)}),
              ElementsAre("create a", "create b; attach of b", "+ index of a"));
}

TEST(InOrder, WritesNothingForAStatementOfNoTextWhichOthersMayWaitFor) {
  Object parent = Made("a", {});
  AddPart(parent, "indexed", {{Key("b"), {"part", "index"}, true}}).text = "";
  Object child = Made("b", {});
  AddPart(child, "index", {});
  Object other = Made("c", {});
  AddPart(other, "fk", {{Key("a"), {"part", "indexed"}, true}});
  EXPECT_THAT(Lines({std::move(other), std::move(parent), std::move(child)}),
              ElementsAre("create c", "create a", "create b; index of b", "+ fk of c"));
}

TEST(KindOfPart, IsEmptyForWhatNoStatementMakesOnItsOwn) {
  EXPECT_EQ(KindOfPart("index"), "index");
  EXPECT_EQ(KindOfPart("column"), "");
  EXPECT_EQ(KindOfPart("of a newer agent"), "");
}

// The CREATE says what the statement ends with.
void FoldIn(Statement& statement, uint32_t line, const std::string& text) {
  statement.text += ": ";
  statement.fold =
      Fold{line, static_cast<uint32_t>(statement.text.size()), static_cast<uint32_t>(text.size())};
  statement.text += text;
}

Object WithLines(const std::string& name, const std::vector<Need>& needs_of_key) {
  Object table = Made(name, {});
  table.has_lines = true;
  table.lines = {"id integer"};
  table.tail = ";";
  FoldIn(AddPart(table, "key", needs_of_key), Fold::kOwnLine, "primary key (id)");
  return table;
}

TEST(InOrder, FoldsIntoTheCreateWhatCanBeSaidThere) {
  EXPECT_THAT(Lines({WithLines("a", {})}),
              ElementsAre("create a (\n    id integer,\n    primary key (id)\n);"));
}

TEST(InOrder, AppendsToALineOfTheCreate) {
  Object table = WithLines("a", {});
  FoldIn(table.statements.back(), 0, " default 1");
  EXPECT_THAT(Lines({std::move(table)}), ElementsAre("create a (\n    id integer default 1\n);"));
}

TEST(InOrder, SaysApartWhatCannotBeFoldedYet) {
  EXPECT_THAT(
      Lines({WithLines("a", {{Key("b"), {}}}), Made("b", {"a"})}),
      ElementsAre("create a (\n    id integer\n);", "create b", "+ key of a: primary key (id)"));
}

TEST(InOrder, FoldsWhatNeedsAnotherFold) {
  Object table = WithLines("a", {});
  FoldIn(AddPart(table, "fk", {{Key("a"), {"part", "key"}}}), Fold::kOwnLine, "references a");
  EXPECT_THAT(
      Lines({std::move(table)}),
      ElementsAre("create a (\n    id integer,\n    primary key (id),\n    references a\n);"));
}

TEST(InOrder, MakesALesserFormWhereNothingElseBreaksTheCycle) {
  Object view = Made("a", {"b"});
  view.stand_in = StandIn{"create a without query", {}, "replace a"};
  EXPECT_THAT(Lines({std::move(view), Made("b", {"a"})}),
              ElementsAre("create a without query", "create b", "+ replace a"));
}

TEST(InOrder, TellsOfACycleThatNothingBreaks) {
  const Script script = InOrder({Made("a", {"b"}), Made("b", {"a"}), Made("c", {})});
  ASSERT_EQ(script.blocks.size(), 1);
  EXPECT_THAT(script.blocks[0].statements, ElementsAre("create c"));
  ASSERT_EQ(script.in_cycles.size(), 2);
  EXPECT_EQ(script.in_cycles[0].object, Key("a"));
  EXPECT_THAT(script.in_cycles[1].statements, ElementsAre("create b"));
}

TEST(InOrder, TakesAChainOfAnyLength) {
  std::vector<Object> objects;
  constexpr int kLong = 100000;
  for (int i = 0; i < kLong; ++i) {
    objects.push_back(Made(absl::StrCat(i), {absl::StrCat(i + 1)}));
  }
  const Script script = InOrder(std::move(objects));
  ASSERT_EQ(script.blocks.size(), kLong);
  EXPECT_EQ(script.blocks.front().object, Key(absl::StrCat(kLong - 1)));
  EXPECT_THAT(script.in_cycles, IsEmpty());
}

}  // namespace
}  // namespace varve::sql
