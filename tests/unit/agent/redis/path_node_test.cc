#include "agent/source/redis/path_node.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;

TEST(PathName, WhatIdentifiesSomethingIsAStar) {
  EXPECT_EQ(PathName("status", true), "status");
  EXPECT_EQ(PathName("sku:1000", true), "sku:*");
  EXPECT_EQ(PathName("3f0c1c9e-0000-4000-a000-000000000000", true), "*");
  EXPECT_EQ(PathName("", true), "\"\"");
  EXPECT_EQ(PathName("line0", true), "line0");
  EXPECT_EQ(PathName(std::string("a\0b", 3), true), "*");
}

TEST(PathName, AFieldsDotHasNoMeaning) {
  EXPECT_EQ(PathName("app.name", true), "app.name");
  EXPECT_EQ(PathName("app.name", false), "app\\.name");
  EXPECT_EQ(PathName("[x]", true), "\\[x]");
  EXPECT_EQ(PathName("a*", true), "a\\*");
}

TEST(PathPieces, OnesJoinedAreThePath) {
  EXPECT_THAT(PiecesOf("status"), ElementsAre("status"));
  EXPECT_THAT(PiecesOf("app.name"), ElementsAre("app.name"));
  EXPECT_THAT(PiecesOf("field$.user.id[*]"), ElementsAre("field", "$.user", ".id", "[*]"));
  EXPECT_THAT(PiecesOf("field$[*].a"), ElementsAre("field", "$[*]", ".a"));
  EXPECT_THAT(PiecesOf("$"), ElementsAre("$"));
  EXPECT_THAT(PiecesOf("$.user.plan"), ElementsAre("$", ".user", ".plan"));
  EXPECT_THAT(PiecesOf("$[*].a"), ElementsAre("$", "[*]", ".a"));
  EXPECT_THAT(PiecesOf("[*]$.task"), ElementsAre("[*]", "$.task"));
  EXPECT_THAT(PiecesOf("$.a\\.b.c"), ElementsAre("$", ".a\\.b", ".c"));
  EXPECT_THAT(PiecesOf("\\$x$.a"), ElementsAre("\\$x", "$.a"));
}

TEST(PathPieces, ANameOfItsOwnStarIsNotGeneralised) {
  EXPECT_TRUE(IsGeneralised("sku:*"));
  EXPECT_TRUE(IsGeneralised("$.*"));
  EXPECT_FALSE(IsGeneralised("a\\*"));
  EXPECT_FALSE(IsGeneralised("[*]"));
}

}  // namespace
}  // namespace varve::redis
