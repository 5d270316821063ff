// A change of what keys there are, and of what they hold, is seen as that change and no other.
#include "absl/strings/str_cat.h"
#include "tests/integration/redis/redis_change.h"
#include "tests/integration/redis/redis_gathering.h"

namespace varve::testing {
namespace {

std::string Of(const std::string& pattern, const std::string& change) {
  return absl::StrCat("changed key_pattern ", pattern, " structure: ", change);
}

std::vector<RedisChange> PatternChanges() {
  const RedisCommands doc = {{"SET", "doc:1", "some text"}};
  const RedisCommands list = {{"RPUSH", "doc:1", "some text"}};
  return {
      {"a pattern that comes",
       doc,
       {{"SET", "fresh:1", "some text"}},
       {"added key_pattern fresh:<int> structure"}},
      {"a pattern that goes",
       {{"SET", "doc:1", "some text"}, {"SET", "old:1", "some text"}},
       {{"DEL", "old:1"}},
       {"removed key_pattern old:<int> structure"}},
      {"a pattern that is renamed",
       {{"SET", "doc:1", "some text"}, {"SET", "old:1", "some text"}},
       {{"RENAME", "old:1", "fresh:1"}},
       {"added key_pattern fresh:<int> structure", "removed key_pattern old:<int> structure"}},
      {"a database that comes",
       doc,
       {{"SELECT", "1"}, {"SET", "doc:1", "some text"}, {"SELECT", "0"}},
       {"added key_pattern 1/doc:<int> structure", "added redis_database 1 structure"}},
      {"a database that goes",
       {{"SET", "doc:1", "some text"},
        {"SELECT", "1"},
        {"SET", "doc:1", "some text"},
        {"SELECT", "0"}},
       {{"SELECT", "1"}, {"FLUSHDB"}, {"SELECT", "0"}},
       {"removed key_pattern 1/doc:<int> structure", "removed redis_database 1 structure"}},
      {"a pattern in another database",
       {{"SET", "doc:1", "some text"}, {"SET", "old:1", "some text"}},
       {{"MOVE", "old:1", "1"}},
       {"removed key_pattern old:<int> structure", "added key_pattern 1/old:<int> structure",
        "added redis_database 1 structure"}},
      {"a type beside another",
       doc,
       {{"SADD", "doc:2", "some text"}},
       {Of("doc:<int>", "types: [string] → [set, string]"),
        Of("doc:<int>", "values.set: - → paths [path [*] types [string]]")}},
      {"a type for another",
       list,
       {{"DEL", "doc:1"}, {"SADD", "doc:1", "some text"}},
       {Of("doc:<int>", "types: [list] → [set]"),
        Of("doc:<int>", "values.list: paths [path [*] types [string]] → -"),
        Of("doc:<int>", "values.set: - → paths [path [*] types [string]]")}},
      {"keys that go by themselves",
       doc,
       {{"EXPIRE", "doc:1", "86400"}},
       {Of("doc:<int>", "ttl: never → always")}},
      {"keys that stay",
       {{"SET", "doc:1", "some text", "EX", "86400"}},
       {{"PERSIST", "doc:1"}},
       {Of("doc:<int>", "ttl: always → never")}},
      {"one key that goes by itself",
       {{"SET", "doc:1", "some text"}, {"SET", "doc:2", "some text"}},
       {{"EXPIRE", "doc:1", "86400"}},
       {Of("doc:<int>", "ttl: never → mixed")}},
      {"one key that stays",
       {{"SET", "doc:1", "some text", "EX", "86400"}, {"SET", "doc:2", "some text", "EX", "86400"}},
       {{"SET", "doc:1", "some text"}},
       {Of("doc:<int>", "ttl: always → mixed")}},
  };
}

std::vector<RedisChange> TextChanges() {
  std::vector<RedisChange> changes;
  const struct {
    const char* name;
    std::string before;
    std::string after;
    const char* line;
  } formats[] = {
      {"a number for a text", "some text", "7.5", "[text] → [number]"},
      {"an integer for a number", "7.5", "7", "[number] → [integer]"},
      {"a text for an integer", "7", "some text", "[integer] → [text]"},
      {"bytes for a text", "some text", std::string("\x01\xff\x02", 3), "[text] → [binary]"},
      {"packed bytes", "some text", std::string("\x1f\x8b\x08\x00\x00", 5), "[text] → [gzip]"},
      {"bytes packed otherwise", "some text", std::string("\x28\xb5\x2f\xfd\x00", 5),
       "[text] → [zstd]"},
      {"nothing for a text", "some text", "", "[text] → [empty]"},
  };
  for (const auto& format : formats) {
    changes.push_back({format.name,
                       {{"SET", "doc:1", format.before}},
                       {{"SET", "doc:1", format.after}},
                       {Of("doc:<int>", absl::StrCat("values.string.formats: ", format.line))}});
  }
  changes.push_back({"a sketch for a text",
                     {{"SET", "doc:1", "some text"}},
                     {{"DEL", "doc:1"}, {"PFADD", "doc:1", "a"}},
                     {Of("doc:<int>", "values.string.formats: [text] → [hyperloglog]")}});
  changes.push_back({"a document for a text",
                     {{"SET", "doc:1", "some text"}},
                     {{"SET", "doc:1", R"({"a": 1})"}},
                     {Of("doc:<int>", "values.string.formats: [text] → [json]"),
                      Of("doc:<int>", "values.string.paths.$: - → types [object]"),
                      Of("doc:<int>", "values.string.paths.$.a: - → types [integer]")}});
  return changes;
}

// What a JSON document holds at `path`, before and after.
RedisChange InDocument(const char* name, const char* before, const char* after,
                       std::vector<std::string> lines) {
  for (std::string& line : lines)
    line = Of("doc:<int>", absl::StrCat("values.string.paths.", line));
  return {name, {{"SET", "doc:1", before}}, {{"SET", "doc:1", after}}, std::move(lines)};
}

std::vector<RedisChange> DocumentChanges() {
  return {
      InDocument("a member that comes", R"({"a": 1})", R"({"a": 1, "b": "x"})",
                 {"$.b: - → types [string]"}),
      InDocument("a member that goes", R"({"a": 1, "b": "x"})", R"({"a": 1})",
                 {"$.b: types [string] → -"}),
      InDocument("a member within", R"({"a": {"b": 1}})", R"({"a": {"b": 1, "c": true}})",
                 {"$.a.c: - → types [boolean]"}),
      InDocument("a text for an integer", R"({"a": 1})", R"({"a": "x"})",
                 {"$.a.types: [integer] → [string]"}),
      InDocument("a number for an integer", R"({"a": 1})", R"({"a": 1.5})",
                 {"$.a.types: [integer] → [number]"}),
      InDocument("null for a boolean", R"({"a": true})", R"({"a": null})",
                 {"$.a.types: [boolean] → [null]"}),
      InDocument("an array for an object", R"({"a": {}})", R"({"a": []})",
                 {"$.a.types: [object] → [array]"}),
      InDocument("what an array holds", R"({"a": [1]})", R"({"a": ["x"]})",
                 {"$.a[*].types: [integer] → [string]"}),
      InDocument("an array of objects", R"([1])", R"([{"a": 1}])",
                 {"$[*].types: [integer] → [object]", "$[*].a: - → types [integer]"}),
  };
}

std::vector<RedisChange> CollectionChanges() {
  const RedisCommands user = {{"HSET", "user:1", "name", "Ann", "age", "7"}};
  const RedisCommands events = {{"XADD", "events:1", "*", "type", "paid"}};
  return {
      {"a field that comes",
       user,
       {{"HSET", "user:1", "plan", "pro"}},
       {Of("user:<int>", "values.hash.paths.plan: - → types [string]")}},
      {"a field that goes",
       user,
       {{"HDEL", "user:1", "age"}},
       {Of("user:<int>", "values.hash.paths.age: types [integer] → -")}},
      {"a field of another type",
       user,
       {{"HSET", "user:1", "age", "seven"}},
       {Of("user:<int>", "values.hash.paths.age.types: [integer] → [string]")}},
      {"bytes in a field",
       user,
       {{"HSET", "user:1", "name", std::string("\x01\xff\x02", 3)}},
       {Of("user:<int>", "values.hash.paths.name.types: [string] → [binary]")}},
      {"a document in a field",
       user,
       {{"HSET", "user:1", "name", R"({"first": "Ann"})"}},
       {Of("user:<int>", "values.hash.paths.name.types: [string] → [object]"),
        Of("user:<int>", "values.hash.paths.name$.first: - → types [string]")}},
      {"fields that are identifiers",
       {{"HSET", "user:1", "name", "7"}},
       {{"DEL", "user:1"}, {"HSET", "user:1", "sku:1", "7"}},
       {Of("user:<int>", "values.hash.is_map: false → true"),
        Of("user:<int>", "values.hash.paths.name: types [integer] → -"),
        Of("user:<int>", "values.hash.paths.sku:*: - → types [integer]")}},
      {"elements of a list",
       {{"RPUSH", "queue:1", "7"}},
       {{"RPUSH", "queue:1", "some text"}},
       {Of("queue:<int>", "values.list.paths.[*].types: [integer] → [string]")}},
      {"members of a set",
       {{"SADD", "seen:1", "7"}},
       {{"SREM", "seen:1", "7"}, {"SADD", "seen:1", "some text"}},
       {Of("seen:<int>", "values.set.paths.[*].types: [integer] → [string]")}},
      {"members of a sorted set",
       {{"ZADD", "board:1", "1", "7"}},
       {{"ZADD", "board:1", "1", "some text"}},
       {Of("board:<int>", "values.zset.paths.[*].types: [integer] → [string]")}},
      {"a field of a stream",
       events,
       {{"XADD", "events:1", "*", "type", "paid", "by", "ann"}},
       {Of("events:<int>", "values.stream.paths.by: - → types [string]")}},
      {"a field of a stream of another type",
       events,
       {{"XTRIM", "events:1", "MAXLEN", "0"}, {"XADD", "events:1", "*", "type", "7"}},
       {Of("events:<int>", "values.stream.paths.type.types: [string] → [integer]")}},
      {"a group",
       events,
       {{"XGROUP", "CREATE", "events:1", "workers", "0"}},
       {Of("events:<int>", "values.stream.groups: - → [workers]")}},
      {"a further group",
       {{"XADD", "events:1", "*", "type", "paid"},
        {"XGROUP", "CREATE", "events:1", "workers", "0"}},
       {{"XGROUP", "CREATE", "events:1", "audit", "0"}},
       {Of("events:<int>", "values.stream.groups: [workers] → [audit, workers]")}},
      {"a group that goes",
       {{"XADD", "events:1", "*", "type", "paid"},
        {"XGROUP", "CREATE", "events:1", "workers", "0"}},
       {{"XGROUP", "DESTROY", "events:1", "workers"}},
       {Of("events:<int>", "values.stream.groups: [workers] → -")}},
  };
}

class RedisKeyspaceChangesTest : public RedisServerTest {
 protected:
  void Expect(const std::vector<RedisChange>& changes) {
    for (const RedisChange& change : changes) {
      Run({{"FLUSHALL"}});
      ExpectSeen(change, server());
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisKeyspaceChangesTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

TEST_P(RedisKeyspaceChangesTest, OfPatternsAreSeen) { Expect(PatternChanges()); }
TEST_P(RedisKeyspaceChangesTest, OfTextsAreSeen) { Expect(TextChanges()); }
TEST_P(RedisKeyspaceChangesTest, OfDocumentsAreSeen) { Expect(DocumentChanges()); }
TEST_P(RedisKeyspaceChangesTest, OfCollectionsAreSeen) { Expect(CollectionChanges()); }

}  // namespace
}  // namespace varve::testing
