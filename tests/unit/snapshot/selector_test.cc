#include "snapshot/selector.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

// prod-eu, prod-us, prod-old (no labels), staging.
class Fleet {
 public:
  Fleet() {
    Add("prod-eu", {{"tier", "prod"}, {"region", "eu"}});
    Add("prod-old", {});
    Add("prod-us", {{"tier", "prod"}, {"region", "us"}});
    Add("staging", {{"tier", "staging"}, {"region", "eu"}, {"owner", ""}});
  }

  std::vector<Selectable> all() const {
    std::vector<Selectable> all;
    for (const auto& [name, header] : headers_) all.push_back({name, header});
    return all;
  }

 private:
  void Add(const std::string& name, const std::map<std::string, std::string>& labels) {
    v1::SnapshotHeader& header = headers_[name];
    for (const auto& [label, value] : labels) {
      v1::Label& added = *header.add_labels();
      added.set_name(label);
      added.set_value(value);
    }
  }

  std::map<std::string, v1::SnapshotHeader> headers_;
};

absl::StatusOr<std::string> Selected(absl::string_view text) {
  const Fleet fleet;
  const std::vector<Selectable> all = fleet.all();
  const absl::StatusOr<Selector> selector = Selector::Parse(text);
  if (!selector.ok()) return selector.status();
  const absl::StatusOr<std::vector<size_t>> taken = Select(*selector, all);
  if (!taken.ok()) return taken.status();
  return absl::StrJoin(*taken, " ",
                       [&](std::string* out, size_t at) { absl::StrAppend(out, all[at].name); });
}

struct GoodCase {
  const char* name;
  const char* text;
  const char* selected;
};
class WrittenSelector : public ::testing::TestWithParam<GoodCase> {};

TEST_P(WrittenSelector, TakesTheEnvironmentsThatFit) {
  const absl::StatusOr<std::string> selected = Selected(GetParam().text);
  VARVE_ASSERT_OK(selected);
  EXPECT_EQ(*selected, GetParam().selected);
}

INSTANTIATE_TEST_SUITE_P(
    All, WrittenSelector,
    ::testing::Values(GoodCase{"NothingIsAll", "", "prod-eu prod-old prod-us staging"},
                      GoodCase{"Name", "staging", "staging"},
                      GoodCase{"Glob", "prod-*", "prod-eu prod-old prod-us"},
                      GoodCase{"OneByte", "prod-?s", "prod-us"},
                      GoodCase{"Class", "prod-[eo]*", "prod-eu prod-old"},
                      GoodCase{"SeveralNames", "staging,prod-eu", "prod-eu staging"},
                      GoodCase{"Label", "tier=prod", "prod-eu prod-us"},
                      GoodCase{"LabelGlob", "tier=*", "prod-eu prod-us staging"},
                      GoodCase{"EmptyValue", "owner=", "staging"},
                      GoodCase{"TwoEquals", "tier==prod", "prod-eu prod-us"},
                      GoodCase{"NotLabel", "region!=eu", "prod-old prod-us"},
                      GoodCase{"LabelsTogether", "tier=prod,region!=eu", "prod-us"},
                      GoodCase{"ValuesOfOneLabel", "tier=prod,tier=staging",
                               "prod-eu prod-us staging"},
                      GoodCase{"NeitherValue", "region!=eu,region!=us", "prod-old"},
                      GoodCase{"NamesAndLabels", "prod-*,tier=prod", "prod-eu prod-us"},
                      GoodCase{"Spaces", " prod-* , region = us ", "prod-us"}),
    [](const auto& info) { return info.param.name; });

struct BadCase {
  const char* name;
  const char* text;
  absl::StatusCode code;
  const char* words;
};
class WrongSelector : public ::testing::TestWithParam<BadCase> {};

TEST_P(WrongSelector, SaysWhatIsWrongAndWhatToWrite) {
  EXPECT_THAT(Selected(GetParam().text).status(),
              StatusIs(GetParam().code, HasSubstr(GetParam().words)));
}

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;
constexpr absl::StatusCode kNone = absl::StatusCode::kNotFound;
INSTANTIATE_TEST_SUITE_P(
    All, WrongSelector,
    ::testing::Values(
        BadCase{"EmptyTerm", "prod,,x", kInvalid, "'prod,,x': a term is empty; write for example"},
        BadCase{"NoLabel", "=prod", kInvalid, "no label stands before the '='"},
        BadCase{"Snapshot", "prod@42", kInvalid, "it picks environments, not snapshots of one"},
        BadCase{"Semicolon", "prod;drop", kInvalid, "no environment's name has ';'"},
        BadCase{"BadLabel", "ti er=prod", kInvalid, "'ti er' can be no label"},
        BadCase{"NoSuchName", "porduction", kNone, "there are prod-eu, prod-old, prod-us, staging"},
        BadCase{"NoSuchValue", "tier=prd", kNone, "values of tier are prod, staging"},
        BadCase{"NoSuchLabel", "teir=prod", kNone,
                "no environment has a label teir; there are owner, region, tier"},
        BadCase{"NoneInAll", "staging,tier=prod", kNone,
                "each term takes some, but none is in all"}),
    [](const auto& info) { return info.param.name; });

TEST(Selector, OfAnEmptyStoreSaysThatNobodyPublished) {
  const absl::StatusOr<Selector> selector = Selector::Parse("prod");
  VARVE_ASSERT_OK(selector);
  EXPECT_THAT(Select(*selector, {}).status(), StatusIs(kNone, HasSubstr("no agent has published")));
}

}  // namespace
}  // namespace varve
