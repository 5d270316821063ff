#include "agent/source/postgres/option_text.h"

#include "gmock/gmock.h"

namespace varve::postgres {

void PrintTo(const OptionText& option, std::ostream* out) {
  *out << option.name << "=" << option.value;
}

namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::IsEmpty;
using ::testing::Optional;

using Options = std::vector<OptionText>;

struct DefinitionCase {
  const char* name;
  const char* text;
  Options options;
};
class DefinitionTest : public ::testing::TestWithParam<DefinitionCase> {};

TEST_P(DefinitionTest, IsTakenApart) {
  EXPECT_EQ(DefinitionOptions(GetParam().text), GetParam().options);
}
INSTANTIATE_TEST_SUITE_P(
    All, DefinitionTest,
    ::testing::Values(
        DefinitionCase{"None", "", {}},
        DefinitionCase{"One", "stopwords = 'english'", {{"stopwords", "english"}}},
        DefinitionCase{"Several", "a = 'b', c = 'd'", {{"a", "b"}, {"c", "d"}}},
        DefinitionCase{"Number", "a = 1, b = -2.5", {{"a", "1"}, {"b", "-2.5"}}},
        DefinitionCase{"DoubledQuote", "a = 'it''s, b = ''x'", {{"a", "it's, b = 'x"}}},
        DefinitionCase{"QuotedName", "\"A \"\"b\" = 'c'", {{"A \"b", "c"}}},
        DefinitionCase{"Escaped", R"(a = E'x\\y''z', b = 'c')", {{"a", R"(x\y'z)"}, {"b", "c"}}},
        DefinitionCase{"EmptyValue", "a = ''", {{"a", ""}}},
        DefinitionCase{"NeverClosed", "a = 'b', c = 'd", {{"a", "b"}, {"", "c = 'd"}}},
        DefinitionCase{"NoDefinition", "what is this", {{"", "what is this"}}},
        DefinitionCase{"NoComma", "a = 'b' c = 'd'", {{"", "a = 'b' c = 'd'"}}},
        DefinitionCase{"NoName", "= 'b'", {{"", "= 'b'"}}}),
    [](const auto& info) { return info.param.name; });

struct ConnectionCase {
  const char* name;
  const char* text;
  std::optional<Options> options;
};
class ConnectionTextTest : public ::testing::TestWithParam<ConnectionCase> {};

TEST_P(ConnectionTextTest, IsTakenApart) {
  EXPECT_EQ(ConnectionOptions(GetParam().text), GetParam().options);
}
INSTANTIATE_TEST_SUITE_P(
    All, ConnectionTextTest,
    ::testing::Values(
        ConnectionCase{"Empty", "", Options{}},
        ConnectionCase{"Keywords", "host=h port=5", Options{{"host", "h"}, {"port", "5"}}},
        ConnectionCase{"Spaces", "  host = h\n port='5' ", Options{{"host", "h"}, {"port", "5"}}},
        ConnectionCase{"Quoted", R"(password='a \'b\\ c' user=u)",
                       Options{{"password", R"(a 'b\ c)"}, {"user", "u"}}},
        ConnectionCase{"EscapedSpace", R"(password=a\ b)", Options{{"password", "a b"}}},
        ConnectionCase{"OfANewerLibpq", "brand_new=1 host=h",
                       Options{{"brand_new", "1"}, {"host", "h"}}},
        ConnectionCase{"EmptyValue", "password= ", Options{{"password", ""}}},
        ConnectionCase{"Url", "postgresql://u:p%20q@h:5/d?sslmode=require",
                       Options{{"user", "u"},
                               {"password", "p q"},
                               {"dbname", "d"},
                               {"host", "h"},
                               {"port", "5"},
                               {"sslmode", "require"}}},
        ConnectionCase{"UrlOfANewerLibpq", "postgresql://u:p@h/d?brand_new=1", std::nullopt},
        ConnectionCase{"UrlWithAPasswordsAt", "postgresql://u:p@q@h/d", std::nullopt},
        ConnectionCase{"NeverClosed", "host=h password='p", std::nullopt},
        ConnectionCase{"NoEquals", "s3cret", std::nullopt},
        ConnectionCase{"NoName", "=s3cret", std::nullopt}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve::postgres
