#include "cli/render/sql/split.h"

#include "tests/support/matchers.h"

namespace varve::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::SizeIs;

std::vector<std::string> PathsOf(const std::vector<SqlBlock>& blocks) {
  SqlScript script;
  script.blocks = blocks;
  std::vector<std::string> paths;
  for (const FileToWrite& file : SplitFiles(script)) paths.push_back(file.path);
  return paths;
}

TEST(SplitFiles, HasOneFileForEachObjectAndOneThatRunsThem) {
  SqlScript script;
  script.head = "BEGIN;\n";
  script.blocks = {{{"table", {"public", "orders"}}, "create orders;\n"},
                   {{"extension", {"citext"}}, "create citext;\n"}};
  script.tail = "COMMIT;\n";
  const std::vector<FileToWrite> files = SplitFiles(script);
  ASSERT_THAT(files, SizeIs(3));
  EXPECT_EQ(files[0].path, "index.sql");
  EXPECT_EQ(files[0].content,
            "BEGIN;\n\\ir 'public/table/orders.sql'\n\\ir 'extension/citext.sql'\nCOMMIT;\n");
  EXPECT_EQ(files[1].content, "create orders;\n");
}

TEST(SplitFiles, NamesFilesAfterObjects) {
  EXPECT_THAT(PathsOf({{{"function", {"public", "total", "integer", "text[]"}}, ""},
                       {{"operator", {"public", "=", "integer", "NONE"}}, ""},
                       {{"user_mapping", {"app", "far"}}, ""},
                       {{"table", {"a/b", "../x'y"}}, ""}}),
              ElementsAre("index.sql", "public/function/total(integer,text[]).sql",
                          "public/operator/=%20integer%20NONE.sql", "user_mapping/app%20far.sql",
                          "a%2Fb/table/%2E%2E%2Fx%27y.sql"));
}

TEST(SplitFiles, KeepsWhatClosesACycleBeside) {
  const EntityKey orders = {"table", {"public", "orders"}};
  EXPECT_THAT(PathsOf({{orders, ""}, {orders, "", true}, {orders, "", true}}),
              ElementsAre("index.sql", "public/table/orders.sql", "public/table/orders.rest.sql",
                          "public/table/orders.rest2.sql"));
}

TEST(SplitFiles, CutsNamesThatNoFileSystemTakes) {
  std::vector<std::string> names = {"public", "f"};
  for (int i = 0; i < 50; ++i) names.emplace_back("character varying");
  const EntityKey one = {"function", names};
  names.emplace_back("text");
  const std::vector<std::string> paths = PathsOf({{one, ""}, {{"function", names}, ""}});
  for (size_t i = 1; i < paths.size(); ++i) {
    EXPECT_THAT(paths[i], EndsWith(".sql"));
    EXPECT_LT(paths[i].size(), 255);
  }
  EXPECT_NE(paths[1], paths[2]);
}

}  // namespace
}  // namespace varve::sql
