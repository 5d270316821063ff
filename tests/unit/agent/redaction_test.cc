#include "agent/redaction/redaction.h"

#include <algorithm>
#include <ctime>
#include <limits>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

Redactor TestRedactor() { return Redactor({"key-1", std::string(32, 'k')}); }

std::string Mask(absl::string_view text) {
  Masked masked;
  return TestRedactor().MaskText(text, masked);
}

// `masked` writes ~ for the masked part; equal to `text` where nothing is to be masked.
struct TextCase {
  const char* name;
  const char* text;
  const char* masked;
};

class MaskTextTest : public ::testing::TestWithParam<TextCase> {};

TEST_P(MaskTextTest, MasksTheSecretAndNoMore) {
  const std::string expected = absl::StrReplaceAll(GetParam().masked, {{"~", kMasked}});
  EXPECT_EQ(Mask(GetParam().text), expected);
}

TEST_P(MaskTextTest, MaskingTwiceIsMaskingOnce) {
  const std::string once = Mask(GetParam().text);
  Masked masked;
  EXPECT_EQ(TestRedactor().MaskText(once, masked), once);
  EXPECT_THAT(masked.parts, IsEmpty());
}

std::string NameOf(const ::testing::TestParamInfo<TextCase>& of) { return of.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Assignments, MaskTextTest,
    ::testing::Values(
        TextCase{"Adjacent", "password=hunter2", "password=~"},
        TextCase{"Conninfo", "host=db user=app password=s3cret dbname=x",
                 "host=db user=app password=~ dbname=x"},
        TextCase{"ConninfoQuoted", "host=db password='it\\'s me' dbname=x",
                 "host=db password='~' dbname=x"},
        TextCase{"ConninfoEscapedBlank", "password=a\\ b host=x", "password=~ host=x"},
        TextCase{"ShortPass", "host=db user=app pass=hunter2", "host=db user=app pass=~"},
        TextCase{"BypassIsNoPass", "bypass=yes compass=north", "bypass=yes compass=north"},
        TextCase{"ConninfoOnlyDigits", "password=1234", "password=~"},
        TextCase{"EqualToItsName", "password=password host=x", "password=~ host=x"},
        TextCase{"AdoStyle", "Server=x;Password=p;w;Database=y", "Server=x;Password=~;Database=y"},
        TextCase{"QueryParameter", "https://x/y?token=abc123def&page=2",
                 "https://x/y?token=~&page=2"},
        TextCase{"Json", R"({"user": "a", "password": "p w", "n": 1})",
                 R"({"user": "a", "password": "~", "n": 1})"},
        TextCase{"JsonCompact", R"({"api_key":"abc"})", R"({"api_key":"~"})"},
        TextCase{"JsonInsideJson", R"("{\"password\": \"p w\", \"a\": 1}")",
                 R"("{\"password\": \"~\", \"a\": 1}")"},
        TextCase{"PythonDict", "{'token': \"abc\"}", "{'token': \"~\"}"},
        TextCase{"PythonRaw", "secret = r'ab\\c'", "secret = r'~'"},
        TextCase{"SqlQuoted", "v_secret := 'it''s';", "v_secret := '~';"},
        TextCase{"SqlDeclared", "token text := 's3'; x := 'y';", "token text := '~'; x := 'y';"},
        TextCase{"SqlDeclaredDefault", "password varchar(20) NOT NULL DEFAULT 'x',",
                 "password varchar(20) NOT NULL DEFAULT '~',"},
        TextCase{"SqlDeclaredConstant", "api_key CONSTANT character varying := E'x';",
                 "api_key CONSTANT character varying := E'~';"},
        TextCase{"PythonTyped", "password: Optional[str] = \"x\"",
                 "password: Optional[str] = \"~\""},
        TextCase{"NoTypeBeforeAnAssignment", "password: swordfish9 = 'x'", "password: ~ = 'x'"},
        TextCase{"SqlDeclarationOfTheNextName", "password text, status text DEFAULT 'open'",
                 "password text, status text DEFAULT 'open'"},
        TextCase{"SqlNotDeclared", "IF token IS NULL THEN kind := 'x'; END IF;",
                 "IF token IS NULL THEN kind := 'x'; END IF;"},
        TextCase{"SqlDeclaredWithoutValue", "token text; kind text := 'x';",
                 "token text; kind text := 'x';"},
        TextCase{"SqlComparedNearby", "WHERE token IS NOT NULL AND kind = 'x'",
                 "WHERE token IS NOT NULL AND kind = 'x'"},
        TextCase{"SqlEscapeString", "password => E'a\\'b'", "password => E'~'"},
        TextCase{"SqlDollar", "password := $$se cret$$;", "password := $$~$$;"},
        TextCase{"SqlDollarTag", "password = $q$se$$cret$q$", "password = $q$~$q$"},
        TextCase{"SqlRole", "ALTER ROLE app PASSWORD 'x y'", "ALTER ROLE app PASSWORD '~'"},
        TextCase{"SqlCompare", "WHERE password <> 'x'", "WHERE password <> '~'"},
        TextCase{"SqlRoleInsideALiteral", "EXECUTE 'alter role x password ''hunter2l''';",
                 "EXECUTE 'alter role x password ''~''';"},
        TextCase{"SqlInsideALiteralTwice", "'x ''password = ''''a b'''' '' y'",
                 "'x ''password = ''''~'''' '' y'"},
        TextCase{"SqlInsideALiteralWithAQuote", "'set password = ''it''''s'', a = 1'",
                 "'set password = ''~'', a = 1'"},
        TextCase{"SqlBeginsWithAQuote", "password = '''a'' b';", "password = '~';"},
        TextCase{"SqlEmpty", "password = '' AND kind = 'x', token = ''::text || ''",
                 "password = '' AND kind = 'x', token = ''::text || ''"},
        TextCase{"SqlDeclaredEqual", "password text = 'hunter2j';", "password text = '~';"},
        TextCase{"SqlDeclaredEqualNotNull", "token app.label(20) NOT NULL = E'x';",
                 "token app.label(20) NOT NULL = E'~';"},
        TextCase{"SqlDeclaredAsAColumn", "pw users.pw%TYPE := 'x';", "pw users.pw%TYPE := '~';"},
        TextCase{"SqlComparedAfterAClause", "GROUP BY token HAVING kind = 'x' ORDER BY token",
                 "GROUP BY token HAVING kind = 'x' ORDER BY token"},
        TextCase{"ShortForPassword", "REDIS_PW=hunter2 pw='1234'", "REDIS_PW=~ pw='~'"},
        TextCase{"Yaml", "user: a\npassword: swordfish\nhost: b", "user: a\npassword: ~\nhost: b"},
        TextCase{"Ini", "secret_key = a1b2c3 \n", "secret_key = ~ \n"},
        TextCase{"Environment", "export PGPASSWORD=abc", "export PGPASSWORD=~"},
        TextCase{"CamelCase", "clientSecret: \"x\"", "clientSecret: \"~\""},
        TextCase{"Dotted", "spring.datasource.password=abc", "spring.datasource.password=~"},
        TextCase{"Option", "mysql --password hunter2 -h x", "mysql --password ~ -h x"},
        TextCase{"OptionAdjacent", "tool --api-key=abc def", "tool --api-key=~ def"},
        TextCase{"Xml", "<password>abc</password>", "<password>~</password>"},
        TextCase{"Two", "password='a' token='b'", "password='~' token='~'"},
        TextCase{"Unclosed", "password='abc def", "password='~ def"},
        TextCase{"UnicodeValue", "password: \"ключ\"", "password: \"~\""}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    SqlAsPrinted, MaskTextTest,
    ::testing::Values(
        TextCase{"Alias", "SELECT 'hunter2'::text AS password, 'b'::text AS name;",
                 "SELECT '~'::text AS password, 'b'::text AS name;"},
        TextCase{"AliasAlone", "select 'it''s' as \"apiKey\"", "select '~' as \"apiKey\""},
        TextCase{"AliasOfAWiderType", "'a'::character varying(20) AS token",
                 "'~'::character varying(20) AS token"},
        TextCase{"AliasOfACast", "('a'::character varying)::text AS token",
                 "('~'::character varying)::text AS token"},
        TextCase{"AliasOfAnExpression",
                 "a AS b, (md5('x)'::text) || nextval('s'::regclass)) AS secret",
                 "a AS b, (md5('~'::text) || nextval('s'::regclass)) AS secret"},
        TextCase{"AliasOfAWholeText", "'host=x password=y tail'::text AS dsn", "'~'::text AS dsn"},
        TextCase{"AliasInsideALiteral", "EXECUTE 'select ''hunter2'' as password';",
                 "EXECUTE 'select ''~'' as password';"},
        TextCase{"AliasOfAColumn", "SELECT kind = 'x', t.v AS password",
                 "SELECT kind = 'x', t.v AS password"},
        TextCase{"AliasOfNothing", "SELECT 'a', '' AS password, '' AS token",
                 "SELECT 'a', '' AS password, '' AS token"},
        TextCase{"AliasInText", "'x' || ' as password'", "'x' || ' as password'"},
        TextCase{"Any", "(\"apiKey\" = ANY (ARRAY['a'::text, 'b c'::text])) AND (k = 'x'::text)",
                 "(\"apiKey\" = ANY (ARRAY['~'::text, '~'::text])) AND (k = 'x'::text)"},
        TextCase{"AnyOfACast",
                 "((password)::text = ANY ((ARRAY['a'::character varying, 'b'::character "
                 "varying])::text[]))",
                 "((password)::text = ANY ((ARRAY['~'::character varying, '~'::character "
                 "varying])::text[]))"},
        TextCase{"AnyOfAnArray", "(token <> ALL ('{a,\"b c\"}'::text[]))",
                 "(token <> ALL ('~'::text[]))"},
        TextCase{"In", "WHERE u.password in ('a', 'b') AND token NOT IN ('c') AND k IN ('d')",
                 "WHERE u.password in ('~', '~') AND token NOT IN ('~') AND k IN ('d')"},
        TextCase{"InAQuery", "token IN (SELECT v FROM t WHERE k = 'x')",
                 "token IN (SELECT v FROM t WHERE k = 'x')"},
        TextCase{"CastAndCompared", "((password)::text <> 'a'::text)",
                 "((password)::text <> '~'::text)"},
        TextCase{"ComparedTheOtherWay", "('a'::text = password) OR ('b' <> new.token)",
                 "('~'::text = password) OR ('~' <> new.token)"},
        TextCase{"CalledAndCompared", "(length(password) > 8) AND (kind = 'x'::text)",
                 "(length(password) > 8) AND (kind = 'x'::text)"},
        TextCase{"Distinct", "(password IS DISTINCT FROM 'a'::text)",
                 "(password IS DISTINCT FROM '~'::text)"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Headers, MaskTextTest,
    ::testing::Values(TextCase{"Bearer", "Bearer abc123def456", "Bearer ~"},
                      TextCase{"AuthorizationBearer", "Authorization: Bearer abc.def-1",
                               "Authorization: Bearer ~"},
                      TextCase{"AuthorizationBasic",
                               "curl -H 'Authorization: Basic dXNlcjpwYXNz' x",
                               "curl -H 'Authorization: Basic ~' x"},
                      TextCase{"ApiKeyHeader", "X-Api-Key: 9f8e7d", "X-Api-Key: ~"},
                      TextCase{"BearerOfNews", "the bearer of news, bearer authentication",
                               "the bearer of news, bearer authentication"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    OwnForm, MaskTextTest,
    ::testing::Values(
        TextCase{"Jwt", "x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_DEF y", "x ~ y"},
        TextCase{"JwtAtSentenceEnd", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc. Next", "~. Next"},
        TextCase{"JwtUnsigned", "'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.'", "'~'"},
        TextCase{"NoJwt", "eyJabc.def", "eyJabc.def"},
        TextCase{"AwsId", "id AKIAIOSFODNN7EXAMPLE.", "id ~."},
        TextCase{"AwsSecret", "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                 "aws_secret_access_key = ~"},
        TextCase{"GitHub", "ghp_abcdefghijklmnop0123456789 z", "~ z"},
        TextCase{"Stripe", "apikey:sk_live_0123456789abcdef", "apikey:~"},
        TextCase{"Slack", "(xoxb-123456789012-abcdef)", "(~)"},
        TextCase{"PrivateKey",
                 "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb",
                 "a\n~\nb"},
        TextCase{"PrivateKeyCut", "-----BEGIN PRIVATE KEY-----\nMIIE", "~"},
        TextCase{"PgpKey",
                 "-----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK-----.",
                 "~."},
        TextCase{"CertificateStays", "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
                 "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----"},
        TextCase{"Email", "ask jo.doe+x@mail.example.com, please", "ask ~, please"},
        TextCase{"EmailInJson", R"({"e":"user1@canary.example"})", R"({"e":"~"})"},
        TextCase{"EmailOfAnotherScript", "an jürgen@müller.de", "an ~"},
        TextCase{"Emails", "a@b.example;c@d.example", "~;~"},
        TextCase{"NoEmail", "pkg@1.2.3 @decorator user@localhost a @ b",
                 "pkg@1.2.3 @decorator user@localhost a @ b"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Urls, MaskTextTest,
    ::testing::Values(
        TextCase{"Password", "postgresql://app:s3cret@db/x", "postgresql://app:~@db/x"},
        TextCase{"NoUser", "redis://:s3cret@cache:6379/0", "redis://:~@cache:6379/0"},
        TextCase{"Unescaped", "postgres://app:p@ss/w@db.internal/x",
                 "postgres://app:~@db.internal/x"},
        TextCase{"UserOnly", "postgres://app@db.internal/x", "postgres://app@db.internal/x"},
        TextCase{"HostPort", "http://db.internal:5432/x", "http://db.internal:5432/x"},
        TextCase{"Hosts", "postgres://a:5432,b:5433/x", "postgres://a:5432,b:5433/x"},
        TextCase{"Parameter", "postgresql://db/x?user=a&password=p&sslmode=require",
                 "postgresql://db/x?user=a&password=~&sslmode=require"},
        TextCase{"EmailInPath", "https://x.example/u/a@b.example", "https://x.example/u/~"},
        TextCase{"InJson", R"({"db":"postgres://app:S3cr3tpw@db.internal/app"})",
                 R"({"db":"postgres://app:~@db.internal/app"})"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Nothing, MaskTextTest,
    ::testing::Values(
        TextCase{"Empty", "", ""},
        TextCase{"Ddl", "password text NOT NULL, token_count integer DEFAULT 0",
                 "password text NOT NULL, token_count integer DEFAULT 0"},
        TextCase{"TokenCount", "token_count = 5, max_tokens: 4096",
                 "token_count = 5, max_tokens: 4096"},
        TextCase{"PrimaryKey", "PRIMARY KEY (id), FOREIGN KEY (a) REFERENCES b(key)",
                 "PRIMARY KEY (id), FOREIGN KEY (a) REFERENCES b(key)"},
        TextCase{"Keys", "sort_key = 'abc', key: 'v', partition_key='p', primary_key: 'id'",
                 "sort_key = 'abc', key: 'v', partition_key='p', primary_key: 'id'"},
        TextCase{"Numbers", "4111 12345678901234567890 1.5e10", "4111 12345678901234567890 1.5e10"},
        TextCase{"Cast", "NEW.password::text", "NEW.password::text"},
        TextCase{"SqlReference", "SET password = NEW.password, token = p_token",
                 "SET password = NEW.password, token = p_token"},
        TextCase{"SqlCall", "WHERE password = crypt(p_password, password)",
                 "WHERE password = crypt(p_password, password)"},
        TextCase{"SqlNull", "password IS NULL OR token = NULL, 'x'",
                 "password IS NULL OR token = NULL, 'x'"},
        TextCase{"Placeholder", "password=$1 token=%s secret=${SECRET} api_key={key}",
                 "password=$1 token=%s secret=${SECRET} api_key={key}"},
        TextCase{"TypeAnnotation", "password: str = Field(...)", "password: str = Field(...)"},
        TextCase{"JsonNull", R"({"token": null, "secret": ""})",
                 R"({"token": null, "secret": ""})"},
        TextCase{"Concatenation", "'password = ' || quote_literal(x) || ' end'",
                 "'password = ' || quote_literal(x) || ' end'"},
        TextCase{"Prose", "The password must not be empty. Tokens are counted.",
                 "The password must not be empty. Tokens are counted."},
        TextCase{"Uuid", "123e4567-e89b-12d3-a456-426614174000",
                 "123e4567-e89b-12d3-a456-426614174000"}),
    NameOf);

TEST(MaskText, NamesWhatItMasked) {
  Masked masked;
  TestRedactor().MaskText("password='one' mail two@x.example", masked);
  EXPECT_THAT(masked.parts, ElementsAre("one", "two@x.example"));
}

TEST(MaskText, RandomTextsMaskOnceAndKeepNoSecret) {
  // Pieces that open, close and cut one another's forms in every order.
  const char* const pieces[] = {"password",
                                "=",
                                ": ",
                                "'",
                                "\"",
                                "\\",
                                " ",
                                "://",
                                "u:p@h/",
                                "@",
                                "a.example",
                                "Bearer ",
                                "eyJhbGciOiJI.eyJzdWIi.abc",
                                "token",
                                "--",
                                "-----BEGIN PRIVATE KEY-----",
                                "-----END PRIVATE KEY-----",
                                "$$",
                                "‹masked›",
                                "‹",
                                "12345",
                                "abc",
                                ";",
                                "&",
                                ",",
                                "(",
                                "<",
                                ">",
                                "\n",
                                "AKIAIOSFODNN7EXAMPLE",
                                "é",
                                "authorization",
                                "_",
                                "sk-",
                                " as ",
                                "''",
                                "::text",
                                " in (",
                                " = any (",
                                ")"};
  std::mt19937 random(20260601);
  for (int round = 0; round < 50000; ++round) {
    std::string text;
    const size_t size = 1 + random() % 14;
    for (size_t i = 0; i < size; ++i) text += pieces[random() % std::size(pieces)];
    const std::string once = Mask(text);
    ASSERT_EQ(Mask(once), once) << "text: " << text;
  }
}

// Processor time that masking `text` takes, whatever else the machine does: the best of three.
std::clock_t CostOf(const std::string& text) {
  std::clock_t best = std::numeric_limits<std::clock_t>::max();
  for (int i = 0; i < 3; ++i) {
    const std::clock_t start = std::clock();
    Mask(text);
    best = std::min(best, std::clock() - start);
  }
  return best;
}

TEST(MaskText, CostGrowsWithTheTextAlone) {
  // Each of these made a naive scanner start over at every byte.
  for (const char* piece : {"password='",
                            "password=\"",
                            "password=$",
                            "eyJaaaaaaaaa-",
                            "://a",
                            "a@",
                            "://a:b/",
                            "-----BEGIN ",
                            "password=\\\"",
                            "a-",
                            "sk-",
                            "Bearer a",
                            "password=$a$",
                            "-----END PRIVATE KEY-----BEGIN PRIVATE",
                            "''",
                            "'' as token",
                            "''a' as token",
                            "(a) as token",
                            "(token in (",
                            "(a as token",
                            "b) as token",
                            "token=''a",
                            "token::text"}) {
    std::string text;
    while (text.size() < 25'000) text += piece;
    std::string longer;
    for (int i = 0; i < 8; ++i) longer += text;
    // 8 times as much; of a scanner that starts over, 64 times.
    EXPECT_LT(CostOf(longer), 24 * std::max<std::clock_t>(CostOf(text), 1000)) << piece;
  }
}

TEST(MaskValue, MasksTheWholeValueOfASecretName) {
  Masked masked;
  EXPECT_EQ(TestRedactor().MaskValue("db_password", "a b c", masked), kMasked);
  EXPECT_THAT(masked.parts, ElementsAre("a b c"));
}

TEST(MaskValue, OfAnotherNameLooksIntoTheText) {
  Masked masked;
  EXPECT_EQ(TestRedactor().MaskValue("note", "plain", masked), "plain");
  EXPECT_EQ(TestRedactor().MaskValue("url", "redis://:x@h", masked),
            absl::StrCat("redis://:", kMasked, "@h"));
  EXPECT_THAT(masked.parts, ElementsAre("x"));
}

TEST(MaskValue, WhatIsMaskedAlreadyStays) {
  Masked masked;
  EXPECT_EQ(TestRedactor().MaskValue("password", kMasked, masked), kMasked);
  EXPECT_THAT(masked.parts, IsEmpty());
}

TEST(IsSecretName, KnowsTheNamesOfSecrets) {
  for (const char* name : {"password",
                           "PASSWORD",
                           "db_password",
                           "passwordHash",
                           "password2",
                           "PGPASSWORD",
                           "secret",
                           "client_secret",
                           "clientSecret",
                           "token",
                           "access_token",
                           "accessToken",
                           "csrf-token",
                           "api_key",
                           "apiKey",
                           "APIKey",
                           "API_KEY",
                           "apikey",
                           "private_key",
                           "credentials",
                           "dsn",
                           "sentry_dsn",
                           "aws_secret_access_key",
                           "Authorization",
                           "requirepass",
                           "jwt"}) {
    EXPECT_TRUE(Redactor::IsSecretName(name)) << name;
  }
}

TEST(IsSecretName, KnowsWhatIsOnlyAboutThem) {
  for (const char* name : {"",           "key",        "primary_key", "foreign_key",
                           "sort_key",   "keys",       "tokens",      "token_count",
                           "tokenCount", "max_tokens", "token_type",  "password_changed_at",
                           "secret_id",  "monkey",     "keyboard",    "tokenizer",
                           "secretary",  "passport",   "compass",     "document_uuid",
                           "status",     "secrets_dir"}) {
    EXPECT_FALSE(Redactor::IsSecretName(name)) << name;
  }
}

TEST(Digest, DiffersByPartAndByKeyAndHidesTheParts) {
  const Redactor redactor = TestRedactor();
  const MaskedParts one = redactor.Digest({{"secret"}});
  EXPECT_THAT(one.digest, SizeIs(32));
  EXPECT_EQ(one.key_id, "key-1");
  EXPECT_THAT(one.digest, Not(HasSubstr("secret")));
  EXPECT_EQ(redactor.Digest({{"secret"}}).digest, one.digest);
  EXPECT_NE(redactor.Digest({{"other"}}).digest, one.digest);
  EXPECT_NE(redactor.Digest({{"se", "cret"}}).digest, one.digest);
  EXPECT_NE(redactor.Digest({{"s", "ecret"}}).digest, redactor.Digest({{"se", "cret"}}).digest);
  EXPECT_NE(Redactor({"key-2", std::string(32, 'x')}).Digest({{"secret"}}).digest, one.digest);
}

TEST(Digest, OfNothingIsEmpty) {
  const MaskedParts none = TestRedactor().Digest({});
  EXPECT_THAT(none.digest, IsEmpty());
  EXPECT_THAT(none.key_id, IsEmpty());
}

}  // namespace
}  // namespace varve
