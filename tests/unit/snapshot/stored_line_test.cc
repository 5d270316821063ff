#include "snapshot/stored_line.h"

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

Seen SeenOf(const std::string& shape) {
  return {HashOf<ShapeHash>(shape), v1::WAY_RUN, std::string(32, 'd'), "key-1", ""};
}

ReadLine Listed(v1::Sight unseen = v1::SIGHT_UNSPECIFIED) {
  ReadLine line;
  line.line.key = {{"table", {"public", "orders"}}, v1::FACET_STRUCTURE};
  if (unseen == v1::SIGHT_UNSPECIFIED) line.line.seen = SeenOf("now");
  line.line.unseen = unseen;
  return line;
}

ReadLine Unseen() {
  ReadLine line = Listed(v1::SIGHT_LOCKED);
  line.last_seen = SeenOf("before");
  line.last_seen_seq = 4;
  line.last_seen_us = 1749356652360218;
  line.sent = false;
  return line;
}

ReadLine Static() {
  ReadLine line = Listed(v1::SIGHT_STATIC);
  line.weaker = SeenOf("as read from source");
  line.weaker->way = v1::WAY_STATIC;
  line.last_seen = SeenOf("as run");
  line.last_seen_seq = 2;
  return line;
}

void ExpectEqual(const ReadLine& a, const ReadLine& b) {
  EXPECT_TRUE(a.line == b.line);
  EXPECT_TRUE(a.weaker == b.weaker);
  EXPECT_TRUE(a.last_seen == b.last_seen);
  EXPECT_EQ(a.last_seen_seq, b.last_seen_seq);
  EXPECT_EQ(a.last_seen_us, b.last_seen_us);
  EXPECT_EQ(a.sent, b.sent);
}

TEST(StoredLine, ComesBackFromItsMessage) {
  for (const ReadLine& line : {Listed(), Unseen(), Static(), Listed(v1::SIGHT_NOT_PERMITTED)}) {
    const absl::StatusOr<ReadLine> back = ReadLineFrom(ToProto(line));
    VARVE_ASSERT_OK(back);
    ExpectEqual(*back, line);
  }
}

TEST(StoredLine, ValuesOfANewerAgentAreKept) {
  v1::StoredLine proto = ToProto(Listed());
  proto.mutable_identity()->set_kind("hologram");
  proto.set_facet(static_cast<v1::Facet>(77));
  proto.mutable_seen()->set_way(static_cast<v1::Way>(9));
  const absl::StatusOr<ReadLine> line = ReadLineFrom(proto);
  VARVE_ASSERT_OK(line);
  EXPECT_EQ(ToProto(*line).SerializeAsString(), proto.SerializeAsString());

  proto.clear_seen();
  proto.set_unseen(static_cast<v1::Sight>(77));
  const absl::StatusOr<ReadLine> unseen = ReadLineFrom(proto);
  VARVE_ASSERT_OK(unseen);
  EXPECT_EQ(unseen->line.unseen, static_cast<v1::Sight>(77));
}

TEST(StoredLine, WhatIsCurrentIsTheWeakerReadWhereARunHasSpoken) {
  EXPECT_EQ(Listed().Current()->shape, HashOf<ShapeHash>("now"));
  EXPECT_EQ(Static().Current()->shape, HashOf<ShapeHash>("as read from source"));
  EXPECT_EQ(Unseen().Current(), nullptr);
}

TEST(SentLine, IsTheWeakerReadAsTheAgentSentIt) {
  const Line sent = SentLine(Static());
  ASSERT_TRUE(sent.seen.has_value());
  EXPECT_EQ(sent.seen->way, v1::WAY_STATIC);
  EXPECT_EQ(sent.unseen, v1::SIGHT_UNSPECIFIED);
  EXPECT_TRUE(SentLine(Listed()) == Listed().line);
  EXPECT_TRUE(SentLine(Unseen()) == Unseen().line);
}

struct BadCase {
  const char* name;
  void (*spoil)(v1::StoredLine&);
  const char* words;
};
class BadStoredLine : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadStoredLine, IsRefused) {
  v1::StoredLine proto = ToProto(Listed());
  GetParam().spoil(proto);
  EXPECT_THAT(ReadLineFrom(proto),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(GetParam().words)));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadStoredLine,
    ::testing::Values(
        BadCase{"NoIdentity", [](v1::StoredLine& l) { l.clear_identity(); }, "no identity"},
        BadCase{"NoNames", [](v1::StoredLine& l) { l.mutable_identity()->clear_names(); },
                "no identity"},
        BadCase{"NoFacet", [](v1::StoredLine& l) { l.clear_facet(); }, "no facet"},
        BadCase{"Neither", [](v1::StoredLine& l) { l.clear_seen(); }, "neither seen nor unseen"},
        BadCase{"Both", [](v1::StoredLine& l) { l.set_unseen(v1::SIGHT_LOCKED); },
                "both seen and unseen"},
        BadCase{"ShortHash", [](v1::StoredLine& l) { l.mutable_seen()->set_shape_hash("x"); },
                "32 bytes"},
        BadCase{"ShortLastHash",
                [](v1::StoredLine& l) { l.mutable_last_seen()->set_shape_hash("x"); }, "32 bytes"},
        BadCase{"ShortDigest",
                [](v1::StoredLine& l) { l.mutable_seen()->mutable_masked()->set_digest("x"); },
                "32 bytes"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
