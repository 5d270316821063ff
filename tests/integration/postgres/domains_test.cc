// Domains.
#include "snapshot/postgres_type.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Domains : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(Domains);

EntityKey DomainKey(const std::string& name) { return {"domain", {"public", name}}; }

v1::DomainStructure DomainOf(const Gathered& gathered, const std::string& name) {
  return gathered.Shape(DomainKey(name), v1::FACET_STRUCTURE).domain();
}

v1::DomainExpressions ExpressionsOf(const Gathered& gathered, const std::string& name) {
  return gathered.Shape(DomainKey(name), v1::FACET_EXPRESSIONS).domain_expressions();
}

std::vector<std::string> TextsOf(const v1::DomainExpressions& domain) {
  std::vector<std::string> texts;
  for (const v1::ConstraintExpression& check : domain.constraints()) {
    texts.push_back(absl::StrCat(check.name(), ": ", check.expression()));
  }
  return texts;
}

TEST_P(Domains, ReadAsTheCatalogListsThem) {
  Run("CREATE DOMAIN price AS numeric(12,2) DEFAULT 9.5 NOT NULL"
      "  CONSTRAINT above CHECK (VALUE > 0) CONSTRAINT below CHECK (VALUE < 1000);"
      "CREATE DOMAIN word AS text COLLATE \"C\"; CREATE DOMAIN words AS varchar(10)[];"
      "CREATE DOMAIN short_word AS word; CREATE DOMAIN length AS interval day to second(3);"
      "CREATE TABLE t (id int); CREATE DOMAIN row_of_t AS t CHECK ((VALUE).id > 0)");
  const Gathered gathered = Gather();
  const auto rows = Query(
      "SET search_path = pg_catalog; SELECT typname, format_type(typbasetype, typtypmod), "
      "typnotnull, typdefaultbin IS NOT NULL FROM pg_type WHERE typtype = 'd' AND oid >= 16384");
  ASSERT_EQ(gathered.Names("domain").size(), rows.size());
  for (const auto& row : rows) {
    const v1::DomainStructure domain = DomainOf(gathered, row[0]);
    EXPECT_EQ(TypeText(domain.base()), row[1]) << row[0];
    EXPECT_EQ(domain.not_null() ? "t" : "f", row[2]) << row[0];
    EXPECT_EQ(domain.has_default() ? "t" : "f", row[3]) << row[0];
  }
  EXPECT_EQ(DisplayName(KeyOf(DomainOf(gathered, "word").collation())), "pg_catalog.C");
  EXPECT_FALSE(DomainOf(gathered, "short_word").has_collation());
  EXPECT_FALSE(DomainOf(gathered, "price").has_collation());
  EXPECT_EQ(DomainOf(gathered, "short_word").base().type().kind(), "domain");
  EXPECT_EQ(DomainOf(gathered, "row_of_t").base().type().kind(), "table");
}

TEST_P(Domains, ReadWithWhatTheServerPrints) {
  Run("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE DOMAIN price AS int DEFAULT f() CONSTRAINT above CHECK (VALUE > 0)"
      "  CONSTRAINT below CHECK (VALUE < 1000 OR VALUE IS NULL)");
  const v1::DomainExpressions price = ExpressionsOf(Gather(), "price");
  EXPECT_EQ(price.default_value(), "public.f()");
  EXPECT_THAT(TextsOf(price),
              ElementsAre("above: (VALUE > 0)", "below: ((VALUE < 1000) OR (VALUE IS NULL))"));
}

TEST_P(Domains, NameTheirConstraintsAndHowFarTheyHold) {
  Run("CREATE DOMAIN price AS int CONSTRAINT there NOT NULL CONSTRAINT above CHECK (VALUE > 0);"
      "ALTER DOMAIN price ADD CONSTRAINT below CHECK (VALUE < 9) NOT VALID");
  std::vector<std::string> constraints;
  const v1::DomainStructure price = DomainOf(Gather(), "price");
  for (const v1::DomainConstraint& constraint : price.constraints()) {
    constraints.push_back(absl::StrCat(constraint.name(), " ", constraint.type(), " ",
                                       constraint.not_valid() ? "not valid" : "valid"));
  }
  std::vector<std::string> expected = {
      absl::StrCat("above ", v1::CONSTRAINT_TYPE_CHECK, " valid"),
      absl::StrCat("below ", v1::CONSTRAINT_TYPE_CHECK, " not valid")};
  if (major() >= 17) {
    expected.push_back(absl::StrCat("there ", v1::CONSTRAINT_TYPE_NOT_NULL, " valid"));
  }
  EXPECT_EQ(constraints, expected);
}

TEST_P(Domains, ChangeByOnePropertyAtATime) {
  Run("CREATE DOMAIN price AS numeric(12,2); GRANT USAGE ON DOMAIN price TO postgres;"
      "CREATE SCHEMA app");
  ExpectChanges({
      {"ALTER DOMAIN price SET DEFAULT 1",
       {"domain public.price structure: has_default false -> true",
        "domain public.price expressions: default_value nothing -> 1"}},
      {"ALTER DOMAIN price SET DEFAULT 2",
       {"domain public.price expressions: default_value 1 -> 2"}},
      {"ALTER DOMAIN price ADD CONSTRAINT above CHECK (VALUE > 0) NOT VALID",
       {"domain public.price structure: constraints.above nothing -> check not valid",
        "domain public.price expressions: constraints.above nothing -> (VALUE > (0)::numeric)"}},
      {"ALTER DOMAIN price VALIDATE CONSTRAINT above",
       {"domain public.price structure: constraints.above.not_valid true -> false"}},
      {"ALTER DOMAIN price RENAME CONSTRAINT above TO positive; "
       "ALTER DOMAIN price RENAME CONSTRAINT positive TO above",
       {}},
      {"ALTER DOMAIN price DROP CONSTRAINT above; "
       "ALTER DOMAIN price ADD CONSTRAINT above CHECK (VALUE > 1)",
       {"domain public.price expressions: constraints.above.expression "
        "(VALUE > (0)::numeric) -> (VALUE > (1)::numeric)"}},
      {"COMMENT ON DOMAIN price IS 'of the domain'",
       {"domain public.price docs: comment nothing -> of the domain"}},
      {"COMMENT ON CONSTRAINT above ON DOMAIN price IS 'of the check'",
       {"domain public.price docs: elements.constraint above nothing -> comment of the check"}},
      {"ALTER DOMAIN price DROP CONSTRAINT above",
       {"domain public.price structure: constraints.above check -> nothing",
        "domain public.price expressions: constraints.above (VALUE > (1)::numeric) -> nothing",
        "domain public.price docs: elements.constraint above comment of the check -> nothing"}},
      {absl::StrCat("GRANT USAGE ON DOMAIN price TO ", Role()),
       {absl::StrCat("domain public.price access: grants.", Role(),
                     " postgres nothing -> privileges [USAGE]")}},
      {absl::StrCat("REVOKE USAGE ON DOMAIN price FROM ", Role()),
       {absl::StrCat("domain public.price access: grants.", Role(),
                     " postgres privileges [USAGE] -> nothing")}},
      {"ALTER DOMAIN price RENAME TO cost", {"renamed domain public.cost was public.price"}},
      {"ALTER DOMAIN cost SET SCHEMA app", {"renamed domain app.cost was public.cost"}},
      {"DROP DOMAIN app.cost", {"- domain app.cost"}},
  });
}

TEST_P(Domains, ThatBecomeRequiredSaySo) {
  Run("CREATE DOMAIN price AS int");
  std::vector<std::string> lines = {"domain public.price structure: not_null false -> true"};
  if (major() >= 17) {
    lines.emplace_back(
        "domain public.price structure: constraints.price_not_null nothing -> not null");
  }
  ExpectChanges({{"ALTER DOMAIN price SET NOT NULL", lines}});
}

TEST_P(Domains, SayWhoOwnsThem) {
  Run("CREATE DOMAIN price AS int");
  ExpectChanges({
      {absl::StrCat("ALTER DOMAIN price OWNER TO ", Role()),
       {absl::StrCat("domain public.price access: owner postgres -> ", Role())}},
      {"INSERT INTO pg_seclabel VALUES ('price'::regtype, 'pg_type'::regclass, 0, 'selinux', 'x')",
       {"domain public.price access: labels.selinux nothing -> label x"}},
  });
}

TEST_P(Domains, MadeAgainAreTheSame) {
  const std::string price =
      "CREATE DOMAIN price AS numeric(12,2) DEFAULT 1 CONSTRAINT above CHECK (VALUE > 0)";
  Run(price);
  ExpectChanges({{absl::StrCat("DROP DOMAIN price; ", price), {}}});
}

TEST_P(Domains, KeepTheirSecretsToThemselves) {
  Run("CREATE DOMAIN password AS text DEFAULT 's3cret-a' CHECK (VALUE <> 's3cret-b');"
      "CREATE DOMAIN url AS text DEFAULT 'https://app:s3cret-c@example.com/x'"
      "  CHECK (VALUE <> 'postgresql://u:s3cret-d@h/d');"
      "COMMENT ON DOMAIN url IS 'log in with password=s3cret-e';"
      "COMMENT ON CONSTRAINT url_check ON DOMAIN url IS 'log in with password=s3cret-f'");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
  EXPECT_EQ(ExpressionsOf(gathered, "password").default_value(), "'‹masked›'::text");
  ExpectChanges({
      {"ALTER DOMAIN password SET DEFAULT 's3cret-other'",
       {"domain public.password expressions: masked part changed"}},
      {"ALTER DOMAIN url SET DEFAULT 'https://app:s3cret-c@example.org/x'",
       {"domain public.url expressions: default_value 'https://app:‹masked›@example.com/x'::text "
        "-> 'https://app:‹masked›@example.org/x'::text"}},
  });
}

TEST_P(Domains, OfExtensionsAndOfTheServerAreLeftOut) {
  Run("CREATE EXTENSION earthdistance CASCADE");  // domain earth
  EXPECT_THAT(Gather().Names("domain"), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
