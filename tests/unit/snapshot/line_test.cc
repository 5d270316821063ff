#include "snapshot/line.h"

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

Line SeenLine() {
  Line line;
  line.key = {{"table", {"public", "orders"}}, v1::FACET_STRUCTURE};
  line.seen = Seen{HashOf<ShapeHash>("shape"), v1::WAY_RUN, std::string(32, 'd'), "key", ""};
  v1::Locator locator;
  locator.set_id("1/2/3");
  line.seen->locator = locator.SerializeAsString();
  return line;
}

TEST(Line, ComesBackFromItsMessage) {
  EXPECT_EQ(*LineFrom(ToProto(SeenLine())), SeenLine());
  Line unseen;
  unseen.key = {{"view", {"public", "v"}}, v1::FACET_EXPRESSIONS};
  unseen.unseen = v1::SIGHT_LOCKED;
  EXPECT_EQ(*LineFrom(ToProto(unseen)), unseen);
}

TEST(Line, ValuesOfANewerAgentAreKept) {
  v1::Line proto = ToProto(SeenLine());
  proto.mutable_identity()->set_kind("hologram");
  proto.set_facet(static_cast<v1::Facet>(77));
  proto.mutable_seen()->set_way(static_cast<v1::Way>(9));
  const absl::StatusOr<Line> line = LineFrom(proto);
  VARVE_ASSERT_OK(line);
  EXPECT_EQ(ToProto(*line).SerializeAsString(), proto.SerializeAsString());
}

TEST(Line, LinesAreOrderedByKindThenNamesThenFacet) {
  const LineKey a = {{"enum", {"z"}}, v1::FACET_DOCS};
  const LineKey b = {{"table", {"a"}}, v1::FACET_DOCS};
  const LineKey c = {{"table", {"a", "b"}}, v1::FACET_STRUCTURE};
  const LineKey d = {{"table", {"a", "b"}}, v1::FACET_DOCS};
  EXPECT_LT(a, b);
  EXPECT_LT(b, c);
  EXPECT_LT(c, d);
}

struct BadCase {
  const char* name;
  void (*spoil)(v1::Line&);
  const char* words;
};
class BadLine : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadLine, IsRefused) {
  v1::Line proto = ToProto(SeenLine());
  GetParam().spoil(proto);
  EXPECT_THAT(LineFrom(proto),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(GetParam().words)));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadLine,
    ::testing::Values(
        BadCase{"NoIdentity", [](v1::Line& l) { l.clear_identity(); }, "no identity"},
        BadCase{"NoNames", [](v1::Line& l) { l.mutable_identity()->clear_names(); }, "no identity"},
        BadCase{"NoFacet", [](v1::Line& l) { l.clear_facet(); }, "no facet"},
        BadCase{"NoState", [](v1::Line& l) { l.clear_state(); }, "neither seen nor unseen"},
        BadCase{"ShortHash", [](v1::Line& l) { l.mutable_seen()->set_shape_hash("x"); },
                "32 bytes"},
        BadCase{"ShortDigest",
                [](v1::Line& l) { l.mutable_seen()->mutable_masked()->set_digest("x"); },
                "32 bytes"}),
    [](const auto& info) { return info.param.name; });

struct NameCase {
  const char* name;
  EntityKey key;
  const char* shown;
};
class DisplayedName : public ::testing::TestWithParam<NameCase> {};

TEST_P(DisplayedName, IsAsPeopleWriteIt) {
  EXPECT_EQ(DisplayName(GetParam().key), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    All, DisplayedName,
    ::testing::Values(
        NameCase{"Table", {"table", {"public", "orders"}}, "public.orders"},
        NameCase{"Function",
                 {"function", {"public", "f", "integer", "text"}},
                 "public.f(integer, text)"},
        NameCase{"FunctionWithoutArguments", {"function", {"public", "f"}}, "public.f()"},
        NameCase{"Operator",
                 {"operator", {"public", "@#@", "NONE", "numeric"}},
                 "public.@#@(NONE, numeric)"},
        NameCase{
            "OperatorClass", {"operator_class", {"public", "ops", "gin"}}, "public.ops USING gin"},
        NameCase{"Cast", {"cast", {"public.place", "text"}}, "public.place AS text"},
        NameCase{"Transform", {"transform", {"integer", "sql"}}, "integer LANGUAGE sql"},
        NameCase{"Pattern", {"key_pattern", {"0", "doc:<int>"}}, "doc:<int>"},
        NameCase{"PatternElsewhere", {"key_pattern", {"3", "doc:<int>"}}, "3/doc:<int>"},
        NameCase{"Model", {"model", {"shop.models", "Order"}}, "shop.models.Order"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
