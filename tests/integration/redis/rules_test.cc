// Rules about Redis, each on a real server: what it finds, and what it is silent about.
#include "snapshot/rules/rules.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/redis/redis_gathering.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Commands = std::vector<std::vector<std::string>>;

// A pattern of so many keys; those from `first_lasting` on never expire.
Commands Keys(const std::string& prefix, int keys, int first_lasting) {
  Commands commands;
  for (int i = 0; i < keys; ++i) {
    std::vector<std::string> set = {"SET", absl::StrCat(prefix, ":", 1000 + i), "v"};
    if (i < first_lasting) set.insert(set.end(), {"EX", "1000"});
    commands.push_back(std::move(set));
  }
  return commands;
}

class RedisRulesTest : public RedisServerTest {
 protected:
  std::vector<std::string> Found(const std::string& rule, const v1::CheckConfig& file = {}) {
    Section section = Gather(server());
    Snapshot snapshot;
    *snapshot.header.add_sections() = section.header;
    snapshot.sections.push_back(std::move(section));
    const auto result = Check(snapshot, std::vector<std::string>{rule}, file);
    if (!result.ok()) return {std::string(result.status().message())};
    std::vector<std::string> found;
    for (const Finding& finding : result->findings) {
      found.push_back(absl::StrCat(finding.object, ": ", finding.message));
    }
    for (const CannotSay& unsaid : result->cannot_say) {
      found.push_back(absl::StrCat("cannot say ", unsaid.object, ": ", unsaid.reason));
    }
    return found;
  }
};

TEST_P(RedisRulesTest, KeysWithoutTtlAreThoseOfAPatternThatUsuallyExpires) {
  Run(Keys("session", 50, 48));
  Run(Keys("config", 50, 0));  // none expires: that is how it is meant
  Run(Keys("cart", 50, 25));   // and this may be either
  Run(Keys("token", 10, 9));   // too few to tell
  EXPECT_THAT(Found("redis/keys-without-ttl"),
              ElementsAre("session:<int>: 2 of its 50 keys never expire, the others do"));
}

TEST_P(RedisRulesTest, KeysWithoutTtlAreNoneWhereAllExpire) {
  Run(Keys("session", 50, 50));
  EXPECT_THAT(Found("redis/keys-without-ttl"), IsEmpty());
}

TEST_P(RedisRulesTest, SeveralTypesAreThoseOfOnePattern) {
  Run(Keys("job", 20, 0));
  EXPECT_THAT(Found("redis/several-types"), IsEmpty());
  Run({{"HSET", "job:5000", "f", "v"}});
  EXPECT_THAT(Found("redis/several-types"), ElementsAre("job:<int>: its keys are hash, string"));
}

TEST_P(RedisRulesTest, ABigKeyIsNamed) {
  Run({{"SET", "report:1", std::string(12 << 20, 'x')}});
  EXPECT_THAT(Found("redis/big-key"), IsEmpty());
  Run({{"SET", "report:2", std::string(20 << 20, 'x')}});
  EXPECT_THAT(Found("redis/big-key"),
              ElementsAre(HasSubstr("report:<int>: its biggest key, report:2, takes 2")));
}

TEST_P(RedisRulesTest, AShareOfMemoryIsOneThatIsMostOfMuch) {
  Run({{"SET", "a:1", std::string(30 << 20, 'x')}, {"SET", "b:1", std::string(20 << 20, 'x')}});
  EXPECT_THAT(Found("redis/memory-share"), IsEmpty());  // it is little
  Run({{"SET", "b:2", std::string(30 << 20, 'x')}});
  EXPECT_THAT(Found("redis/memory-share"), ElementsAre(HasSubstr("b:<int>: takes 6")));
}

TEST_P(RedisRulesTest, ACacheHasABoundAndEvicts) {
  Run(Keys("page", 200, 195));
  EXPECT_THAT(Found("redis/cache-without-bound"),
              ElementsAre("the server: 195 of its 200 keys expire, and maxmemory is 0: nothing "
                          "bounds them"));
  EXPECT_THAT(Found("redis/cache-without-eviction"), IsEmpty());
  Run({{"CONFIG", "SET", "maxmemory", "100mb"},
       {"CONFIG", "SET", "maxmemory-policy", "noeviction"}});
  EXPECT_THAT(Found("redis/cache-without-bound"), IsEmpty());
  EXPECT_THAT(Found("redis/cache-without-eviction"),
              ElementsAre("the server: 195 of its 200 keys expire, and maxmemory-policy is "
                          "noeviction"));
  Run({{"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"}});
  EXPECT_THAT(Found("redis/cache-without-eviction"), IsEmpty());
}

TEST_P(RedisRulesTest, WhatIsNoCacheNeedsNoBound) {
  Run(Keys("user", 200, 20));
  EXPECT_THAT(Found("redis/cache-without-bound"), IsEmpty());
}

TEST_P(RedisRulesTest, AVolatilePolicyNeedsKeysThatExpire) {
  Run(Keys("user", 200, 3));
  Run({{"CONFIG", "SET", "maxmemory", "100mb"},
       {"CONFIG", "SET", "maxmemory-policy", "volatile-lru"}});
  EXPECT_THAT(
      Found("redis/nothing-to-evict"),
      ElementsAre("the server: maxmemory-policy is volatile-lru, and only 3 of its 200 keys "
                  "expire"));
  Run({{"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"}});
  EXPECT_THAT(Found("redis/nothing-to-evict"), IsEmpty());
}

TEST_P(RedisRulesTest, AUserWithoutAPasswordMayBeOneWhoMayDoNothing) {
  Run({{"ACL", "SETUSER", "app", "on", ">pw", "~*", "+@all"},
       {"ACL", "SETUSER", "off", "off", "nopass", "~*", "+@all"},
       {"ACL", "SETUSER", "none", "on", "nopass", "-@all"}});
  EXPECT_THAT(Found("redis/user-without-password"), IsEmpty());
  Run({{"ACL", "SETUSER", "app", "nopass"}});
  EXPECT_THAT(Found("redis/user-without-password"),
              ElementsAre("app: any password will do, from any host that can connect"));
}

TEST_P(RedisRulesTest, AServerThatKeepsNothingOnDiskIsTold) {
  Run(Keys("user", 200, 20));
  Run({{"CONFIG", "SET", "save", ""}, {"CONFIG", "SET", "appendonly", "no"}});
  EXPECT_THAT(Found("redis/no-persistence"),
              ElementsAre("the server: keeps nothing on disk, and most of its keys do not expire"));
  Run({{"CONFIG", "SET", "save", "3600 1"}});
  EXPECT_THAT(Found("redis/no-persistence"), IsEmpty());
}

v1::CheckConfig Declared(const std::string& pattern, const std::string& type,
                         const std::string& ttl) {
  v1::CheckConfig file;
  v1::DeclaredKeys& keys = *file.add_redis_keys();
  keys.set_pattern(pattern);
  keys.set_type(type);
  keys.set_ttl(ttl);
  return file;
}

TEST_P(RedisRulesTest, WithoutADeclarationNothingIsUndeclared) {
  Run(Keys("page", 50, 50));
  EXPECT_THAT(Found("redis/undeclared-keys"), IsEmpty());
  EXPECT_THAT(Found("redis/not-as-declared"), IsEmpty());
}

TEST_P(RedisRulesTest, KeysOfNoDeclaredPatternAreTold) {
  Run(Keys("page", 50, 50));
  Run(Keys("job", 20, 0));
  EXPECT_THAT(Found("redis/undeclared-keys", Declared("page:<int>", "", "")),
              ElementsAre("job:<int>: its 20 keys are of no pattern that is declared"));
  EXPECT_THAT(Found("redis/undeclared-keys", Declared("*", "", "")), IsEmpty());
}

TEST_P(RedisRulesTest, KeysThatAreNotAsDeclaredAreTold) {
  Run(Keys("page", 50, 50));
  EXPECT_THAT(Found("redis/not-as-declared", Declared("page:*", "string", "always")), IsEmpty());
  EXPECT_THAT(Found("redis/not-as-declared", Declared("page:*", "", "")), IsEmpty());
  EXPECT_THAT(Found("redis/not-as-declared", Declared("page:*", "hash", "never")),
              ElementsAre("page:<int>: its keys are string, declared is hash",
                          "page:<int>: its keys expire always, declared is never"));
}

// What the declared keys of `page:*` hold: places with their types.
v1::CheckConfig DeclaredValues(const std::vector<std::pair<const char*, const char*>>& places) {
  v1::CheckConfig file = Declared("page:*", "", "");
  for (const auto& [path, types] : places) {
    v1::CheckSetting& place = *file.mutable_redis_keys(0)->add_value();
    place.set_name(path);
    place.set_value(types);
  }
  return file;
}

TEST_P(RedisRulesTest, DocumentsThatAreNotAsDeclaredAreTold) {
  constexpr char kRule[] = "redis/not-as-declared";
  Commands commands;
  for (int i = 0; i < 30; ++i) {
    const std::string document =
        absl::StrCat(R"({"user": {"id": )", i, R"(}, "tags": ["new", "old"]})");
    commands.push_back({"SET", absl::StrCat("page:", 1000 + i), document});
  }
  Run(commands);
  EXPECT_THAT(Found(kRule, DeclaredValues({{"$.user.id", "integer"}, {"$.tags[*]", "string"}})),
              IsEmpty());
  EXPECT_THAT(
      Found(kRule, DeclaredValues({{"$.user.id", "string"}, {"$.at", "string"}, {"$.by", "any?"}})),
      ElementsAre("page:<int>: $.user.id is integer, declared is string",
                  "page:<int>: no value has $.at, as declared",
                  "page:<int>: values have $.tags, $.tags[*], not declared"));
}

TEST_P(RedisRulesTest, FieldsAndFormatsThatAreNotAsDeclaredAreTold) {
  constexpr char kRule[] = "redis/not-as-declared";
  Commands commands;
  for (int i = 0; i < 30; ++i) {
    commands.push_back({"HSET", absl::StrCat("page:", 1000 + i), "name", absl::StrCat("page ", i),
                        "views", absl::StrCat(i)});
  }
  Run(commands);
  EXPECT_THAT(Found(kRule, DeclaredValues({{"name", "string"}, {"views", "integer"}})), IsEmpty());
  EXPECT_THAT(Found(kRule, DeclaredValues({{"name", "integer"}, {"views", "string"}})),
              ElementsAre("page:<int>: name is string, declared is integer"));
  Run(Keys("job", 30, 0));
  v1::CheckConfig jobs = Declared("job:*", "string", "never");
  jobs.mutable_redis_keys(0)->set_format("text");
  EXPECT_THAT(Found(kRule, jobs), IsEmpty());
  jobs.mutable_redis_keys(0)->set_format("integer");
  EXPECT_THAT(Found(kRule, jobs),
              ElementsAre("job:<int>: its values are text, declared is integer"));
}

TEST_P(RedisRulesTest, OfValuesThatAreNotReadNothingIsSaid) {
  Run(Keys("page", 30, 0));
  RedisConfig config = ConfigFor(server());
  config.samples = SampleMode::kOff;
  Section section = Gather(config);
  Snapshot snapshot;
  *snapshot.header.add_sections() = section.header;
  snapshot.sections.push_back(std::move(section));
  const auto result = Check(snapshot, std::vector<std::string>{"redis/not-as-declared"},
                            DeclaredValues({{"$.user", "any"}}));
  VARVE_ASSERT_OK(result);
  EXPECT_THAT(result->findings, IsEmpty());
  ASSERT_EQ(result->cannot_say.size(), 1U);
  EXPECT_EQ(result->cannot_say[0].object, "page:<int>");
  EXPECT_EQ(result->cannot_say[0].reason, "its values were not looked at");
}

TEST_P(RedisRulesTest, WithoutItsSettingsARuleAboutThemCannotSay) {
  Run(Keys("page", 200, 200));
  Run({{"ACL", "SETUSER", "varve", "on", ">pw", "~*", "+@all", "-config"}});
  Section section = Gather(ConfigAsVarve(server()));
  Snapshot snapshot;
  *snapshot.header.add_sections() = section.header;
  snapshot.sections.push_back(std::move(section));
  const auto result = Check(snapshot, std::vector<std::string>{"redis/cache-without-bound"});
  VARVE_ASSERT_OK(result);
  EXPECT_THAT(result->findings, IsEmpty());
  ASSERT_EQ(result->cannot_say.size(), 1U);
  EXPECT_THAT(result->cannot_say[0].reason, HasSubstr("redis_setting options: not permitted"));
}

INSTANTIATE_TEST_SUITE_P(All, RedisRulesTest, ::testing::ValuesIn(RedisPrograms()), ProgramName);

}  // namespace
}  // namespace varve::testing
