#include "agent/source/address.h"

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::StatusIs;

struct PostgresCase {
  const char* name;
  const char* address;
  const char* keywords;
};
class PostgresForm : public ::testing::TestWithParam<PostgresCase> {};

TEST_P(PostgresForm, BecomesKeywordsWithoutANote) {
  const absl::StatusOr<Address> address = PostgresAddress(GetParam().address, "DATABASE_URL");
  VARVE_ASSERT_OK(address);
  EXPECT_EQ(address->text, GetParam().keywords);
  EXPECT_THAT(address->notes, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, PostgresForm,
    ::testing::Values(
        PostgresCase{"Url", "postgresql://app@db:5433/shop",
                     "user='app' dbname='shop' host='db' port='5433'"},
        PostgresCase{"ShortScheme", "postgres://db/shop", "dbname='shop' host='db'"},
        PostgresCase{"CapitalScheme", "PostgreSQL://db/shop", "dbname='shop' host='db'"},
        PostgresCase{"Socket", "postgresql:///shop", "dbname='shop'"},
        PostgresCase{"Nothing", "postgresql://", ""},
        PostgresCase{"EscapedPassword", "postgresql://app:p%40s%27s@db/shop",
                     "user='app' password='p@s\\'s' dbname='shop' host='db'"},
        // As libpq reads it: up to the '@' all is the user's.
        PostgresCase{"QuestionMarkInThePassword", "postgresql://app:pa?ss=w@db/shop",
                     "user='app' password='pa?ss=w' dbname='shop' host='db'"},
        PostgresCase{"LibpqParameters", "postgresql://db/shop?sslmode=require&connect_timeout=3",
                     "connect_timeout='3' dbname='shop' host='db' sslmode='require'"},
        PostgresCase{"JdbcSslFlag", "postgresql://db/shop?ssl=true",
                     "dbname='shop' host='db' sslmode='require'"},
        PostgresCase{"AsyncpgSslMode", "postgresql://db/shop?ssl=verify-full",
                     "dbname='shop' host='db' sslmode='verify-full'"},
        PostgresCase{"Keywords", "host=db dbname=shop password='a b'",
                     "password='a b' dbname='shop' host='db'"},
        PostgresCase{"KeywordsThatHoldAUrl", "host=db options='-c a=b://c'",
                     "host='db' options='-c a=b://c'"}),
    [](const auto& info) { return info.param.name; });

struct NoteCase {
  const char* name;
  const char* address;
  const char* note;
};
class ForeignPart : public ::testing::TestWithParam<NoteCase> {};

TEST_P(ForeignPart, IsLeftOutWithANote) {
  const absl::StatusOr<Address> address = PostgresAddress(GetParam().address, "DATABASE_URL");
  VARVE_ASSERT_OK(address);
  EXPECT_EQ(address->text, "dbname='shop' host='db'");
  EXPECT_THAT(address->notes, ElementsAre(GetParam().note));
}

INSTANTIATE_TEST_SUITE_P(
    All, ForeignPart,
    ::testing::Values(
        NoteCase{"Driver", "postgresql+asyncpg://db/shop",
                 "DATABASE_URL: driver '+asyncpg' left out"},
        NoteCase{"PrismaSchema", "postgresql://db/shop?schema=public",
                 "DATABASE_URL: parameter 'schema' is not libpq's; left out"},
        NoteCase{"Pool", "postgresql://db/shop?pgbouncer=true",
                 "DATABASE_URL: parameter 'pgbouncer' is not libpq's; left out"},
        NoteCase{"SslOff", "postgresql://db/shop?ssl=false",
                 "DATABASE_URL: parameter 'ssl' is not libpq's; left out"},
        // It may be the end of a password with a raw '/' and '?': no part of it is shown.
        NoteCase{"WhatMayBeAPassword", "postgresql://db/shop?unter2@x",
                 "DATABASE_URL: a parameter is not libpq's; left out"},
        NoteCase{"NoName", "postgresql://db/shop?un%20ter=2",
                 "DATABASE_URL: a parameter is not libpq's; left out"}),
    [](const auto& info) { return info.param.name; });

struct BadCase {
  const char* name;
  const char* address;
};
class BadPostgres : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadPostgres, IsRefusedWithoutBeingQuoted) {
  EXPECT_THAT(PostgresAddress(GetParam().address, "--database-url"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("--database-url: "), HasSubstr("write for example"),
                             Not(HasSubstr("hunter2")), Not(HasSubstr("unter2")))));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadPostgres,
    ::testing::Values(BadCase{"Empty", ""}, BadCase{"NameAlone", "shop"},
                      BadCase{"AnotherServer", "mysql://app:hunter2@db/shop"},
                      BadCase{"PasswordBeforeTheScheme", "app:hunter2@db://shop"},
                      BadCase{"UnknownKeyword", "host=db hunter2=x"},
                      BadCase{"OpenQuote", "host=db password='hunter2"},
                      BadCase{"BadEscape", "postgresql://app:hunter2%zz@db/shop"},
                      BadCase{"AtInThePassword", "postgresql://app:x@hunter2@db/shop"},
                      BadCase{"SlashInThePassword", "postgresql://app:hunter2/x@db/shop"},
                      BadCase{"SlashAfterDigits", "postgresql://app:12/hunter2@db/shop"},
                      BadCase{"OpenBracket", "postgresql://app:hunter2@[::1/shop"}),
    [](const auto& info) { return info.param.name; });

TEST(WithPostgresPassword, TakesThePlaceOfTheOneThatIsThere) {
  const std::string text = WithPostgresPassword("host='db' password='old'", "n'e\\w");
  const absl::StatusOr<Address> address = PostgresAddress(text, "test");
  VARVE_ASSERT_OK(address);
  EXPECT_EQ(address->text, "password='n\\'e\\\\w' host='db'");
}

TEST(WithPostgresPassword, StandsAloneWhereNothingElseIsSaid) {
  EXPECT_EQ(WithPostgresPassword("", "x"), "password='x'");
}

TEST(WithPostgresDatabase, TakesThePlaceOfTheOneThatIsThere) {
  const std::string text = WithPostgresDatabase("host='db' dbname='old'", "n'e w");
  const absl::StatusOr<Address> address = PostgresAddress(text, "test");
  VARVE_ASSERT_OK(address);
  EXPECT_EQ(address->text, "dbname='n\\'e w' host='db'");
}

TEST(WithPostgresDatabase, StandsAloneWhereNothingElseIsSaid) {
  EXPECT_EQ(WithPostgresDatabase("", "shop"), "dbname='shop'");
}

struct RedisCase {
  const char* name;
  const char* address;
  const char* url;
};
class RedisForm : public ::testing::TestWithParam<RedisCase> {};

TEST_P(RedisForm, BecomesAUrl) {
  const absl::StatusOr<Address> address = RedisAddress(GetParam().address, "REDIS_URL");
  VARVE_ASSERT_OK(address);
  EXPECT_EQ(address->text, GetParam().url);
  EXPECT_THAT(address->notes, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, RedisForm,
    ::testing::Values(
        RedisCase{"Url", "redis://app:x@cache:6380/3", "redis://app:x@cache:6380/3"},
        RedisCase{"Tls", "REDISS://cache", "rediss://cache"},
        RedisCase{"Valkey", "valkey://cache", "valkey://cache"},
        RedisCase{"Socket", "unix:///run/redis.sock?db=2", "unix:///run/redis.sock?db=2"},
        RedisCase{"Sentinel", "redis+sentinel://a,b/shop", "redis+sentinel://a,b/shop"},
        RedisCase{"Celery", "redis+socket:///run/redis.sock", "redis+socket:///run/redis.sock"},
        RedisCase{"Host", "cache.internal", "redis://cache.internal:6379"},
        RedisCase{"HostAndPort", "cache.internal:6380", "redis://cache.internal:6380"},
        RedisCase{"V6", "::1", "redis://[::1]:6379"},
        RedisCase{"BracketedV6", "[::1]", "redis://[::1]:6379"},
        RedisCase{"V6AndPort", "[::1]:6380", "redis://[::1]:6380"}),
    [](const auto& info) { return info.param.name; });

class BadRedis : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadRedis, IsRefusedWithoutBeingQuoted) {
  EXPECT_THAT(RedisAddress(GetParam().address, "REDIS_HOST"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("REDIS_HOST: not a Redis address; write for example"),
                             Not(HasSubstr("hunter2")))));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadRedis,
    ::testing::Values(BadCase{"Empty", ""}, BadCase{"AnotherScheme", "http://app:hunter2@cache"},
                      BadCase{"UserWithoutScheme", "app:hunter2@cache:6379"},
                      BadCase{"NamedPort", "cache:redis"}, BadCase{"ZeroPort", "cache:0"},
                      BadCase{"BigPort", "cache:65536"}, BadCase{"PortAlone", ":6379"},
                      BadCase{"Database", "cache/0"}, BadCase{"Space", "cache one"},
                      BadCase{"Newline", "cache\n"}),
    [](const auto& info) { return info.param.name; });

struct UserCase {
  const char* name;
  const char* url;
  bool has_password;
  const char* with_new;  // with the password "n/w"
};
class RedisUser : public ::testing::TestWithParam<UserCase> {};

TEST_P(RedisUser, KeepsItsNameUnderAnotherPassword) {
  EXPECT_EQ(HasRedisPassword(GetParam().url), GetParam().has_password);
  EXPECT_EQ(WithRedisPassword(GetParam().url, "n/w"), GetParam().with_new);
}

INSTANTIATE_TEST_SUITE_P(
    All, RedisUser,
    ::testing::Values(
        UserCase{"None", "redis://cache:6379/0", false, "redis://:n%2Fw@cache:6379/0"},
        UserCase{"NameAlone", "redis://app@cache", false, "redis://app:n%2Fw@cache"},
        UserCase{"Both", "redis://app:old@cache", true, "redis://app:n%2Fw@cache"},
        UserCase{"PasswordAlone", "redis://:old@cache", true, "redis://:n%2Fw@cache"},
        UserCase{"RawSigns", "redis://app:o/l?d@x@cache/1", true, "redis://app:n%2Fw@cache/1"},
        UserCase{"AtInAParameter", "redis://cache:6379?client_name=a@b", false,
                 "redis://:n%2Fw@cache:6379?client_name=a@b"},
        UserCase{"Socket", "unix:///run/redis.sock", false, "unix://:n%2Fw@/run/redis.sock"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
