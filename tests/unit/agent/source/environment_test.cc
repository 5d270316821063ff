#include "agent/source/environment.h"

#include <sys/stat.h>

#include <fstream>
#include <map>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "tests/support/matchers.h"
#include "tests/support/variables.h"

namespace varve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::Of;
using testing::StatusIs;
using testing::TemporaryFolder;

using Values = std::map<std::string, std::string>;

// One line a source: "redis redis://cache:6379".
std::vector<std::string> Lines(const SourceList& list) {
  std::vector<std::string> lines;
  for (const v1::SourceConfig& source : list.sources) {
    if (source.has_postgres()) {
      lines.push_back(absl::StrCat(source.postgres().name(), " ", source.postgres().url()));
    } else if (source.has_redis()) {
      lines.push_back(absl::StrCat(source.redis().name(), " ", source.redis().url()));
    } else {
      std::string& line = lines.emplace_back(source.models().name());
      for (const std::string& module : source.models().modules()) line += " " + module;
      for (const std::string& folder : source.models().path()) line += " in " + folder;
      if (!source.models().python().empty()) line += " by " + source.models().python();
    }
  }
  return lines;
}

struct EnvironmentCase {
  const char* name;
  Values values;
  std::vector<std::string> sources;
};
class Variables : public ::testing::TestWithParam<EnvironmentCase> {};

TEST_P(Variables, NameSources) {
  const absl::StatusOr<SourceList> list = SourcesFromEnvironment({}, Of(GetParam().values));
  VARVE_ASSERT_OK(list);
  EXPECT_EQ(Lines(*list), GetParam().sources);
  EXPECT_THAT(list->notes, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, Variables,
    ::testing::Values(
        EnvironmentCase{"NoneIsNoGuess", {}, {}},
        EnvironmentCase{"SetToNothingIsNotSet",
                        {{"DATABASE_URL", ""},
                         {"PGHOST", ""},
                         {"REDIS_URL", ""},
                         {"REDIS_HOST", ""},
                         {"VARVE_MODELS", ""}},
                        {}},
        EnvironmentCase{"DatabaseUrl",
                        {{"DATABASE_URL", "postgresql://db/shop"}},
                        {"postgres dbname='shop' host='db'"}},
        // libpq reads its own variables.
        EnvironmentCase{"PgHost", {{"PGHOST", "db"}}, {"postgres "}},
        EnvironmentCase{"PgService", {{"PGSERVICE", "shop"}}, {"postgres "}},
        EnvironmentCase{"PgDatabase", {{"PGDATABASE", "shop"}}, {"postgres "}},
        EnvironmentCase{"PgUserAlonePointsAtNothing", {{"PGUSER", "app"}, {"PGPASSWORD", "x"}}, {}},
        EnvironmentCase{"DatabaseUrlBeforePg",
                        {{"DATABASE_URL", "postgres://db/shop"}, {"PGHOST", "other"}},
                        {"postgres dbname='shop' host='db'"}},
        EnvironmentCase{"RedisUrl",
                        {{"REDIS_URL", "rediss://cache:6380/1"}, {"REDIS_HOST", "other"}},
                        {"redis rediss://cache:6380/1"}},
        EnvironmentCase{"RedisHost", {{"REDIS_HOST", "cache"}}, {"redis redis://cache:6379"}},
        EnvironmentCase{"RedisHostAndPort",
                        {{"REDIS_HOST", "cache"}, {"REDIS_PORT", "6380"}},
                        {"redis redis://cache:6380"}},
        EnvironmentCase{"RedisHostThatHasAPort",
                        {{"REDIS_HOST", "cache:6381"}, {"REDIS_PORT", "6380"}},
                        {"redis redis://cache:6381"}},
        EnvironmentCase{"RedisHostThatIsAUrl",
                        {{"REDIS_HOST", "redis://cache"}, {"REDIS_PORT", "6380"}},
                        {"redis redis://cache"}},
        EnvironmentCase{"RedisV6AndPort",
                        {{"REDIS_HOST", "fd00::1"}, {"REDIS_PORT", "6380"}},
                        {"redis redis://[fd00::1]:6380"}},
        EnvironmentCase{"PortOfKubernetes",
                        {{"REDIS_HOST", "redis"}, {"REDIS_PORT", "tcp://10.0.0.7:6380"}},
                        {"redis redis://redis:6380"}},
        EnvironmentCase{"PortAloneIsNoServer", {{"REDIS_PORT", "6380"}}, {}},
        EnvironmentCase{"PublicEndpoint",
                        {{"REDIS_PUBLIC_ENDPOINT", "cache.example.org:18000"}},
                        {"redis redis://cache.example.org:18000"}},
        EnvironmentCase{"HostBeforePublicEndpoint",
                        {{"REDIS_HOST", "cache"}, {"REDIS_PUBLIC_ENDPOINT", "far:1"}},
                        {"redis redis://cache:6379"}},
        EnvironmentCase{"RedisPassword",
                        {{"REDIS_HOST", "cache"}, {"REDIS_PASSWORD", "p@s"}},
                        {"redis redis://:p%40s@cache:6379"}},
        EnvironmentCase{"RedisPw",
                        {{"REDIS_URL", "redis://app@cache"}, {"REDIS_PW", "pw"}},
                        {"redis redis://app:pw@cache"}},
        EnvironmentCase{"PasswordBeforePw",
                        {{"REDIS_HOST", "cache"}, {"REDIS_PASSWORD", "a"}, {"REDIS_PW", "b"}},
                        {"redis redis://:a@cache:6379"}},
        EnvironmentCase{"PasswordOfTheUrlStays",
                        {{"REDIS_URL", "redis://:own@cache"}, {"REDIS_PASSWORD", "other"}},
                        {"redis redis://:own@cache"}},
        EnvironmentCase{"PasswordAloneIsNoServer", {{"REDIS_PASSWORD", "x"}}, {}},
        EnvironmentCase{"Models",
                        {{"VARVE_MODELS", "shop.models, shop.more"},
                         {"VARVE_PYTHON", "/srv/python"},
                         {"VARVE_MODELS_PATH", "/srv/a:/srv/b"}},
                        {"models shop.models shop.more in /srv/a in /srv/b by /srv/python"}},
        EnvironmentCase{"PythonAloneIsNoModel", {{"VARVE_PYTHON", "/srv/python"}}, {}},
        EnvironmentCase{"AllKindsInOneOrder",
                        {{"VARVE_MODELS", "m"}, {"REDIS_HOST", "c"}, {"PGHOST", "d"}},
                        {"postgres ", "redis redis://c:6379", "models m"}}),
    [](const auto& info) { return info.param.name; });

TEST(SourcesFromEnvironment, ADatabaseOfAnotherMakeIsNoMistakeAndIsSaid) {
  const absl::StatusOr<SourceList> list =
      SourcesFromEnvironment({}, Of({{"DATABASE_URL", "mysql://app:hunter2@db/shop"}}));
  VARVE_ASSERT_OK(list);
  EXPECT_THAT(list->sources, IsEmpty());
  EXPECT_THAT(list->notes, ElementsAre("DATABASE_URL is not PostgreSQL's; no database is read"));
}

TEST(SourcesFromEnvironment, WhatWasLeftOutOfAnAddressIsSaid) {
  const absl::StatusOr<SourceList> list =
      SourcesFromEnvironment({}, Of({{"DATABASE_URL", "postgresql+psycopg2://db/shop?pool=5"}}));
  VARVE_ASSERT_OK(list);
  EXPECT_THAT(list->notes, ElementsAre("DATABASE_URL: driver '+psycopg2' left out",
                                       "DATABASE_URL: parameter 'pool' is not libpq's; left out"));
}

TEST(SourcesFromEnvironment, FlagsWinKindByKind) {
  SourceFlags flags;
  flags.database_url = "postgresql://flag/shop";
  flags.include_counts = true;
  flags.models = {"flag.models"};
  const absl::StatusOr<SourceList> list =
      SourcesFromEnvironment(flags, Of({{"DATABASE_URL", "postgresql://variable/shop"},
                                        {"REDIS_HOST", "cache"},
                                        {"VARVE_MODELS", "variable.models"},
                                        {"VARVE_PYTHON", "/srv/python"}}));
  VARVE_ASSERT_OK(list);
  EXPECT_THAT(Lines(*list),
              ElementsAre("postgres dbname='shop' host='flag'", "redis redis://cache:6379",
                          "models flag.models by /srv/python"));
  EXPECT_TRUE(list->sources[0].postgres().include_counts());
}

struct RefusedCase {
  const char* name;
  Values values;
  const char* words;
};
class RefusedVariables : public ::testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedVariables, AreNamedAndNotQuoted) {
  EXPECT_THAT(SourcesFromEnvironment({}, Of(GetParam().values)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr(GetParam().words), Not(HasSubstr("hunter2")))));
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedVariables,
    ::testing::Values(RefusedCase{"DatabaseUrl",
                                  {{"DATABASE_URL", "postgresql://app:hunter2@[::1/shop"}},
                                  "DATABASE_URL: libpq cannot read this address"},
                      RefusedCase{"NoAddress",
                                  {{"DATABASE_URL", "hunter2"}},
                                  "DATABASE_URL: not a PostgreSQL address"},
                      RefusedCase{"RedisUrl",
                                  {{"REDIS_URL", "app:hunter2@cache"}},
                                  "REDIS_URL: not a Redis address"},
                      RefusedCase{"RedisHost",
                                  {{"REDIS_HOST", "app:hunter2@cache"}, {"REDIS_PORT", "6379"}},
                                  "REDIS_HOST: not a Redis address"},
                      RefusedCase{"RedisPort",
                                  {{"REDIS_HOST", "cache"}, {"REDIS_PORT", "redis"}},
                                  "REDIS_PORT: 'redis' is not a port; write for example 6379"},
                      RefusedCase{"Module",
                                  {{"VARVE_MODELS", "shop.api shop/models.py"}},
                                  "VARVE_MODELS: 'shop/models.py' is no module; write for example "
                                  "shop.models"},
                      RefusedCase{"RedisEndpoint",
                                  {{"REDIS_PUBLIC_ENDPOINT", "cache:port"}},
                                  "REDIS_PUBLIC_ENDPOINT: not a Redis address"}),
    [](const auto& info) { return info.param.name; });

struct ModuleCase {
  const char* name;
  const char* module;
  const char* likely;  // nullptr: it is a module
};
class ModuleNames : public ::testing::TestWithParam<ModuleCase> {};

TEST_P(ModuleNames, AreDotted) {
  SourceFlags flags;
  flags.models = {GetParam().module};
  const absl::StatusOr<SourceList> list = SourcesFromEnvironment(flags, Of({}));
  if (GetParam().likely == nullptr) {
    VARVE_EXPECT_OK(list);
    return;
  }
  EXPECT_THAT(list,
              StatusIs(absl::StatusCode::kInvalidArgument,
                       absl::StrCat("--models: '", GetParam().module,
                                    "' is no module; write for example ", GetParam().likely)));
}

INSTANTIATE_TEST_SUITE_P(All, ModuleNames,
                         ::testing::Values(ModuleCase{"Plain", "shop", nullptr},
                                           ModuleCase{"Deep", "a.b2._c", nullptr},
                                           ModuleCase{"NotAscii", "läden.waren", nullptr},
                                           ModuleCase{"Path", "shop/models", "shop.models"},
                                           ModuleCase{"File", "./shop/api.py", "shop.api"},
                                           ModuleCase{"LastDot", "shop.", "shop"},
                                           ModuleCase{"FirstDot", ".shop", "shop"},
                                           ModuleCase{"TwoDots", "shop..api", "shop.api"},
                                           ModuleCase{"Class", "shop.api:Order", "shop.api"},
                                           ModuleCase{"Dash", "my-shop", "shop.models"},
                                           ModuleCase{"Option", "--python", "shop.models"}),
                         [](const auto& info) { return info.param.name; });

TEST(ModulesFlag, ThatIsEmptyIsNotGiven) {
  SourceFlags flags;
  flags.models = {"", " "};
  EXPECT_THAT(Lines(*SourcesFromEnvironment(flags, Of({}))), IsEmpty());
  EXPECT_THAT(Lines(*SourcesFromEnvironment(flags, Of({{"VARVE_MODELS", "shop"}}))),
              ElementsAre("models shop"));
  flags.models = {"shop.a", " shop.b"};
  EXPECT_THAT(Lines(*SourcesFromEnvironment(flags, Of({}))), ElementsAre("models shop.a shop.b"));
}

v1::AgentConfig Config(const std::string& text) {
  v1::AgentConfig config;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &config)) << text;
  return config;
}

struct ConfigCase {
  const char* name;
  const char* config;
  Values values;
  std::vector<std::string> sources;
};
class ConfiguredSources : public ::testing::TestWithParam<ConfigCase> {};

TEST_P(ConfiguredSources, AreTakenInTheirOrder) {
  const absl::StatusOr<SourceList> list =
      SourcesFromConfig(Config(GetParam().config), Of(GetParam().values));
  VARVE_ASSERT_OK(list);
  EXPECT_EQ(Lines(*list), GetParam().sources);
}

INSTANTIATE_TEST_SUITE_P(
    All, ConfiguredSources,
    ::testing::Values(
        ConfigCase{"NoListIsTheEnvironment", "", {{"REDIS_HOST", "c"}}, {"redis redis://c:6379"}},
        ConfigCase{"AListStandsAlone",
                   "sources {redis {url: 'redis://own'}}",
                   {{"PGHOST", "db"}, {"REDIS_HOST", "other"}},
                   {"redis redis://own"}},
        ConfigCase{"NamesAndOrder",
                   "sources {redis {name: 'b' url: 'redis://1'}} "
                   "sources {postgres {name: 'a' url: 'postgresql://2'}}",
                   {},
                   {"b redis://1", "a host='2'"}},
        ConfigCase{"AnItemWithoutAnAddressTakesItsKinds",
                   "sources {postgres {}} sources {redis {name: 'cache'}}",
                   {{"DATABASE_URL", "postgresql://db"}, {"REDIS_URL", "redis://c"}},
                   {"postgres host='db'", "cache redis://c"}},
        ConfigCase{"UrlOfAVariable",
                   "sources {redis {url_env: 'CACHE_URL'}}",
                   {{"CACHE_URL", "redis://c"}},
                   {"redis redis://c"}},
        ConfigCase{"ModelsFillFromTheEnvironment",
                   "sources {models {modules: 'own'}}",
                   {{"VARVE_MODELS", "other"}, {"VARVE_PYTHON", "/p"}},
                   {"models own by /p"}}),
    [](const auto& info) { return info.param.name; });

struct BadConfigCase {
  const char* name;
  const char* config;
  absl::StatusCode code;
  const char* words;
};
class RefusedConfig : public ::testing::TestWithParam<BadConfigCase> {};

TEST_P(RefusedConfig, SaysWhatToWrite) {
  EXPECT_THAT(
      SourcesFromConfig(Config(GetParam().config), Of({})),
      StatusIs(GetParam().code, AllOf(HasSubstr(GetParam().words), Not(HasSubstr("hunter2")))));
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedConfig,
    ::testing::Values(
        BadConfigCase{"NoKind", "sources {}", absl::StatusCode::kInvalidArgument,
                      "each item has one of postgres, redis, models"},
        BadConfigCase{"TwoKinds", "sources {redis {url: 'redis://c'} models {modules: 'm'}}",
                      absl::StatusCode::kInvalidArgument, "each item has one of"},
        BadConfigCase{"SecondWithoutName",
                      "sources {redis {url: 'redis://a'}} sources {redis {url: 'redis://b'}}",
                      absl::StatusCode::kInvalidArgument,
                      "a second redis source needs a name; write for example name: redis2"},
        BadConfigCase{"AnEmptyPatternOfDatabases",
                      "sources {postgres {url: 'postgresql://b' databases: ['all', '!']}}",
                      absl::StatusCode::kInvalidArgument,
                      "source postgres: databases: '!' names none; write for example databases: "},
        BadConfigCase{"ABudgetThatIsNoDuration",
                      "sources {postgres {name: 'db' url: 'postgresql://b' counts_budget: 'soon'}}",
                      absl::StatusCode::kInvalidArgument, "source db: counts_budget: "},
        BadConfigCase{"AnAgeThatIsNoDuration",
                      "sources {postgres {name: 'db' url: 'postgresql://b' sizes_every: '5'}}",
                      absl::StatusCode::kInvalidArgument, "source db: sizes_every: "},
        BadConfigCase{"ABeatThatIsNoDuration",
                      "sources {postgres {name: 'db' url: 'postgresql://b' full_read_every: 'x'}}",
                      absl::StatusCode::kInvalidArgument, "source db: full_read_every: "},
        BadConfigCase{"NoConnection",
                      "sources {postgres {name: 'db' url: 'postgresql://b' connections: 0}}",
                      absl::StatusCode::kInvalidArgument,
                      "source db: connections: 0 is not between 1 and 16"},
        BadConfigCase{"TooManyConnections",
                      "sources {postgres {name: 'db' url: 'postgresql://b' connections: 17}}",
                      absl::StatusCode::kInvalidArgument,
                      "source db: connections: 17 is not between 1 and 16"},
        BadConfigCase{"AShareThatIsNone",
                      "sources {redis {url: 'redis://b' depth: REDIS_DEPTH_SAMPLED share: '5'}}",
                      absl::StatusCode::kInvalidArgument,
                      "source redis: share: '5' is no share above 0% and up to 100%"},
        BadConfigCase{"AMemoryThatIsNoDuration",
                      "sources {redis {url: 'redis://b' keep_empty: '7'}}",
                      absl::StatusCode::kInvalidArgument, "source redis: keep_empty: "},
        BadConfigCase{"AShareOfAllKeys", "sources {redis {url: 'redis://b' share: '5%'}}",
                      absl::StatusCode::kInvalidArgument, "add depth: sampled"},
        BadConfigCase{"AReadingBeatOfModelsThatIsNoDuration",
                      "sources {models {name: 'app' modules: 'shop' full_read_every: 'x'}}",
                      absl::StatusCode::kInvalidArgument, "source app: full_read_every: "},
        BadConfigCase{"AStallThatIsNoDuration",
                      "sources {models {name: 'app' modules: 'shop' stall_timeout: 'x'}}",
                      absl::StatusCode::kInvalidArgument, "source app: stall_timeout: "},
        BadConfigCase{
            "ACommandBesideAnInterpreter",
            "sources {models {name: 'app' modules: 'shop' python: 'python3' command: 'docker'}}",
            absl::StatusCode::kInvalidArgument,
            "source app: command and python are given; leave out one"},
        BadConfigCase{"OneNameTwice",
                      "sources {redis {name: 'a' url: 'redis://a'}} "
                      "sources {postgres {name: 'a' url: 'postgresql://b'}}",
                      absl::StatusCode::kInvalidArgument, "two sources are called a"},
        BadConfigCase{"PatternThatIsNone",
                      "sources {postgres {name: 'db' url: 'postgresql://h' exclude: 'a.b.c'}}",
                      absl::StatusCode::kInvalidArgument,
                      "source db: exclude: pattern 'a.b.c': it has more parts than SCHEMA.NAME"},
        BadConfigCase{"PatternOfNoKind",
                      "sources {postgres {url: 'postgresql://h' include: 'tables:public'}}",
                      absl::StatusCode::kInvalidArgument,
                      "source postgres: include: pattern 'tables:public': 'tables' is no kind of "
                      "object; nearest is table"},
        BadConfigCase{"PatternThatTakesBackNothing",
                      "sources {postgres {url: 'postgresql://h' exclude: '!audit'}}",
                      absl::StatusCode::kInvalidArgument, "pattern '!audit' takes back"},
        BadConfigCase{"SlashInAName", "sources {redis {name: 'a/b' url: 'redis://a'}}",
                      absl::StatusCode::kInvalidArgument, "source name 'a/b'"},
        BadConfigCase{"BothUrls", "sources {redis {url: 'redis://:hunter2@c' url_env: 'X'}}",
                      absl::StatusCode::kInvalidArgument,
                      "source redis: both url and url_env are given; keep one"},
        BadConfigCase{"VariableThatIsNotSet", "sources {redis {url_env: 'CACHE_URL'}}",
                      absl::StatusCode::kNotFound,
                      "source redis: environment variable CACHE_URL is not set"},
        BadConfigCase{"NoAddress", "sources {postgres {}}", absl::StatusCode::kInvalidArgument,
                      "source postgres: no address; give url, url_env or DATABASE_URL"},
        BadConfigCase{"UnreadableAddress",
                      "sources {postgres {name: 'orders' url: 'mysql://a:hunter2@b'}}",
                      absl::StatusCode::kInvalidArgument, "source orders: 'mysql://'"},
        BadConfigCase{"NoModules", "sources {models {}}", absl::StatusCode::kInvalidArgument,
                      "source models: no modules; write for example modules: [shop.models]"},
        BadConfigCase{"NoModule", "sources {models {name: 'app' modules: ['a', 'shop/models']}}",
                      absl::StatusCode::kInvalidArgument,
                      "source app: 'shop/models' is no module; write for example shop.models"},
        BadConfigCase{"EmptyModule", "sources {models {modules: ['']}}",
                      absl::StatusCode::kInvalidArgument, "source models: '' is no module"},
        BadConfigCase{"PasswordFileThatIsNotThere",
                      "sources {redis {url: 'redis://c' password_file: '/nonexistent/pw'}}",
                      absl::StatusCode::kNotFound, "password_file /nonexistent/pw"}),
    [](const auto& info) { return info.param.name; });

class PasswordFile : public ::testing::Test {
 protected:
  absl::StatusOr<SourceList> SourcesWith(const std::string& kind, const std::string& url,
                                         const std::string& content) const {
    const std::string path = folder_.Path("password");
    std::ofstream(path) << content;
    return SourcesFromConfig(
        Config(absl::StrCat("sources {", kind, " {url: '", url, "' password_file: '", path, "'}}")),
        Of({}));
  }
  TemporaryFolder folder_;
};

TEST_F(PasswordFile, GivesThePasswordWithoutItsLastNewline) {
  EXPECT_THAT(Lines(*SourcesWith("postgres", "postgresql://app:old@db", "n w\n")),
              ElementsAre("postgres user='app' password='old' host='db' password='n w'"));
  EXPECT_THAT(Lines(*SourcesWith("redis", "redis://app:old@c", "new\r\n")),
              ElementsAre("redis redis://app:new@c"));
}

TEST_F(PasswordFile, ThatIsEmptyIsRefused) {
  for (const char* const content : {"", "\n"}) {
    EXPECT_THAT(SourcesWith("redis", "redis://c", content),
                StatusIs(absl::StatusCode::kNotFound, HasSubstr("it is empty")));
  }
}

TEST(ProcessVariable, IsThatOfThisProcess) {
  setenv("VARVE_TEST_VARIABLE", "x", 1);
  EXPECT_EQ(ProcessVariable("VARVE_TEST_VARIABLE"), "x");
  unsetenv("VARVE_TEST_VARIABLE");
  EXPECT_EQ(ProcessVariable("VARVE_TEST_VARIABLE"), std::nullopt);
}

}  // namespace
}  // namespace varve
