// From rows to a section without a server: blocked facets, masked options and expressions.
#include "agent/source/postgres/catalog_query.h"
#include "agent/source/postgres/section_writer.h"
#include "snapshot/section_view.h"
#include "tests/support/matchers.h"

namespace varve::postgres {
namespace {

using ::testing::ElementsAre;

const Redactor& TestRedactor() {
  static const Redactor redactor({"test", std::string(32, 'k')});
  return redactor;
}

const EntityKey kTable{"table", {"app", "orders"}};

v1::Sight CoverageOf(const Section& section, absl::string_view kind, v1::Facet facet) {
  const auto coverage = DecodeCoverage(section);
  return coverage.ok() ? CoveredAs(*coverage, kind, facet, {}) : v1::SIGHT_UNSPECIFIED;
}

TEST(SectionWriterTest, LeavesOutABlockedFacetAndSaysWhy) {
  SectionBuilder builder("postgres", "postgres", 1);
  SectionWriter writer(builder, TestRedactor());
  writer.Block("table", Bit(v1::FACET_ACCESS), {v1::SIGHT_NOT_PERMITTED, "denied", "GRANT"});
  FacetShape structure = writer.NewShape(), access = writer.NewShape();
  structure.shape.mutable_table();
  access.shape.mutable_access();
  writer.Add(kTable, v1::FACET_STRUCTURE, std::move(structure));
  writer.Add(kTable, v1::FACET_ACCESS, std::move(access));
  writer.Finish();
  const Section section = builder.Finish();
  ASSERT_EQ(section.lines.size(), 1u);
  EXPECT_EQ(section.lines->at(0).line.key.facet, v1::FACET_STRUCTURE);
  EXPECT_EQ(CoverageOf(section, "table", v1::FACET_ACCESS), v1::SIGHT_NOT_PERMITTED);
  EXPECT_EQ(CoverageOf(section, "table", v1::FACET_STRUCTURE), v1::SIGHT_CAPTURED);
  EXPECT_EQ(CoverageOf(section, "view", v1::FACET_ACCESS), v1::SIGHT_CAPTURED);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
}

TEST(SectionWriterTest, BlocksAFacetOfEveryKind) {
  SectionBuilder builder("postgres", "postgres", 1);
  SectionWriter writer(builder, TestRedactor());
  writer.Block("", Bit(v1::FACET_DOCS), {v1::SIGHT_FAILED, "broken", ""});
  for (const char* const kind : {"table", "view", "function", "database", "extension"}) {
    EXPECT_TRUE(writer.IsBlocked(kind, v1::FACET_DOCS)) << kind;
    EXPECT_FALSE(writer.IsBlocked(kind, v1::FACET_STRUCTURE)) << kind;
  }
}

TEST(SectionWriterTest, KeepsTheFirstReason) {
  SectionBuilder builder("postgres", "postgres", 1);
  SectionWriter writer(builder, TestRedactor());
  writer.Block("table", kEveryFacet, {v1::SIGHT_NOT_PERMITTED, "first", ""});
  writer.Block("table", kEveryFacet, {v1::SIGHT_FAILED, "second", ""});
  writer.Finish();
  EXPECT_EQ(CoverageOf(builder.Finish(), "table", v1::FACET_STRUCTURE), v1::SIGHT_NOT_PERMITTED);
}

TEST(SectionWriterTest, SaysThatAnEntityIsThereAndUnseen) {
  SectionBuilder builder("postgres", "postgres", 1);
  SectionWriter writer(builder, TestRedactor());
  writer.AddUnseen(kTable, v1::FACET_EXPRESSIONS, {v1::SIGHT_LOCKED, "locked", ""});
  writer.Finish();
  const Section section = builder.Finish();
  ASSERT_EQ(section.lines.size(), 1u);
  EXPECT_EQ(section.lines->at(0).line.unseen, v1::SIGHT_LOCKED);
  const auto coverage = DecodeCoverage(section);
  VARVE_ASSERT_OK(coverage);
  EXPECT_EQ(CoveredAs(*coverage, "table", v1::FACET_EXPRESSIONS, kTable.names), v1::SIGHT_LOCKED);
  EXPECT_EQ(CoveredAs(*coverage, "table", v1::FACET_EXPRESSIONS, {"app", "other"}),
            v1::SIGHT_CAPTURED);
}

TEST(FacetShapeTest, MasksOptionsByTheirName) {
  FacetShape facet(TestRedactor());
  google::protobuf::RepeatedPtrField<v1::Option> options;
  facet.MaskOptions(R"({host=db,password=s3cret,alone,"note=a=b"})", TextForm::kUtf8, options);
  std::vector<std::string> lines;
  for (const v1::Option& option : options) lines.push_back(option.name() + "|" + option.value());
  EXPECT_THAT(lines, ElementsAre("host|db", "password|‹masked›", "alone|", "note|a=b"));
  EXPECT_THAT(facet.masked().parts, ElementsAre("s3cret"));
}

struct ExpressionCase {
  const char* test;
  const char* name;
  const char* expression;
  const char* masked;
};
class Expression : public ::testing::TestWithParam<ExpressionCase> {};

TEST_P(Expression, IsMaskedByTheNameOfWhatItFills) {
  FacetShape facet(TestRedactor());
  EXPECT_EQ(facet.MaskExpression(GetParam().name, GetParam().expression), GetParam().masked);
}

INSTANTIATE_TEST_SUITE_P(
    All, Expression,
    ::testing::Values(
        ExpressionCase{"Plain", "note", "'hello'::text", "'hello'::text"},
        ExpressionCase{"Secret", "password", "'hunter2'::text", "'‹masked›'::text"},
        ExpressionCase{"QuoteInASecret", "password", "'it''s'::text", "'‹masked›'::text"},
        ExpressionCase{"EmptySecret", "password", "''::text", "''::text"},
        ExpressionCase{"Call", "api_token", "md5('x'::text)", "md5('‹masked›'::text)"},
        ExpressionCase{"CallWithoutConstant", "api_token", "gen_random_uuid()",
                       "gen_random_uuid()"},
        ExpressionCase{"Sequence", "secret", "nextval('s'::regclass)", "nextval('s'::regclass)"},
        ExpressionCase{"Number", "password", "12345", "‹masked›"},
        ExpressionCase{"AboutASecret", "token_count", "0", "0"},
        ExpressionCase{"UrlUnderAnyName", "link", "'https://u:pw@h/'::text",
                       "'https://u:‹masked›@h/'::text"}),
    [](const auto& info) { return info.param.test; });

}  // namespace
}  // namespace varve::postgres
