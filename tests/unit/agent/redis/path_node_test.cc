#include "agent/source/redis/path_node.h"

#include <string>

#include "gtest/gtest.h"

namespace varve::redis {
namespace {

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

}  // namespace
}  // namespace varve::redis
