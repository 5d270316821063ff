#include "snapshot/value_path.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

using ::testing::ElementsAre;

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
}  // namespace varve
