// Large objects: whose there are, and what was granted on them and said of them. How many is data.
#include "tests/integration/postgres/owned_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class LargeObjects : public OwnedCase {
 protected:
  static EntityKey Of(const std::string& owner) { return {"large_objects", {owner}}; }
};
VARVE_ON_EVERY_POSTGRES(LargeObjects);

TEST_P(LargeObjects, AreOneEntityForEachOwner) {
  Run(absl::StrCat(
      "SELECT lo_create(1), lo_create(2), lo_create(3); ALTER LARGE OBJECT 3 OWNER TO ", Owner()));
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("large_objects"), UnorderedElementsAre("postgres", Owner()));
  const v1::Access access = gathered.Shape(Of(Owner()), v1::FACET_ACCESS).access();
  EXPECT_EQ(access.owner(), Owner());
  EXPECT_FALSE(access.has_acl());
  EXPECT_THAT(access.grants(), IsEmpty());
  EXPECT_EQ(gathered.view().Find(Of("postgres"))->Number("large_objects"), 2);
  EXPECT_EQ(gathered.view().Find(Of(Owner()))->Number("large_objects"), 1);
}

TEST_P(LargeObjects, HaveWhatIsGrantedOnSomeOfThem) {
  Run(
      absl::StrCat("SELECT lo_create(1), lo_create(2), lo_create(3);"
                   "GRANT SELECT ON LARGE OBJECT 1, 2 TO ",
                   Guest(), "; GRANT UPDATE ON LARGE OBJECT 2 TO ", Guest(), " WITH GRANT OPTION"));
  const Gathered gathered = Gather();
  const v1::Access access = gathered.Shape(Of("postgres"), v1::FACET_ACCESS).access();
  EXPECT_TRUE(access.has_acl());
  ASSERT_EQ(access.grants_size(), 2);  // the owner's own, and the guest's
  const v1::Grant& guests =
      access.grants(0).grantee() == Guest() ? access.grants(0) : access.grants(1);
  EXPECT_EQ(guests.grantor(), "postgres");
  EXPECT_THAT(guests.privileges(), ElementsAre("SELECT", "UPDATE"));
  EXPECT_THAT(guests.grantable(), ElementsAre("UPDATE"));
  EXPECT_EQ(gathered.view().Find(Of("postgres"))->Number("granted", Guest()), 2);
}

TEST_P(LargeObjects, AreSeenByWhoMayOnlyConnect) {
  Run(
      absl::StrCat("SELECT lo_create(1); GRANT SELECT ON LARGE OBJECT 1 TO PUBLIC;"
                   "COMMENT ON LARGE OBJECT 1 IS 'a plan'"));
  const Gathered guests = Gather(Config(Guest()));
  EXPECT_THAT(Differences(Gather(), guests), IsEmpty());
  EXPECT_THAT(guests.Names("large_objects"), ElementsAre("postgres"));
}

TEST_P(LargeObjects, AreUnseenWhereTheirCatalogIsShut) {
  Run("SELECT lo_create(1); REVOKE SELECT ON pg_catalog.pg_largeobject_metadata FROM PUBLIC");
  const Gathered guests = Gather(Config(Guest()));
  EXPECT_THAT(guests.Names("large_objects"), IsEmpty());
  EXPECT_THAT(Differences(Gather(), guests),
              ::testing::Not(::testing::Contains(::testing::HasSubstr("- large_objects"))));
}

TEST_P(LargeObjects, ChangeByOnePropertyAtATime) {
  Run("SELECT lo_create(1), lo_create(2)");
  const std::string postgres = "large_objects postgres";
  const std::string guests = absl::StrCat("grants.", Guest(), " postgres");
  ExpectChanges({
      {absl::StrCat("ALTER LARGE OBJECT 2 OWNER TO ", Owner()),
       {absl::StrCat("+ large_objects ", Owner())}},
      {absl::StrCat("GRANT SELECT ON LARGE OBJECT 1 TO ", Guest()),
       {absl::StrCat(postgres, " access: ", guests, " nothing -> privileges [SELECT]"),
        postgres + " access: has_acl false -> true",
        postgres + " access: grants.postgres postgres nothing -> privileges [SELECT, UPDATE]"}},
      {absl::StrCat("GRANT UPDATE ON LARGE OBJECT 1 TO ", Guest()),
       {absl::StrCat(postgres, " access: ", guests, ".privileges [SELECT] -> [SELECT, UPDATE]")}},
      {absl::StrCat("GRANT UPDATE ON LARGE OBJECT 1 TO ", Guest(), " WITH GRANT OPTION"),
       {absl::StrCat(postgres, " access: ", guests, ".grantable nothing -> [UPDATE]")}},
      {absl::StrCat("REVOKE GRANT OPTION FOR UPDATE ON LARGE OBJECT 1 FROM ", Guest()),
       {absl::StrCat(postgres, " access: ", guests, ".grantable [UPDATE] -> nothing")}},
      {absl::StrCat("REVOKE ALL ON LARGE OBJECT 1 FROM ", Guest()),
       {absl::StrCat(postgres, " access: ", guests, " privileges [SELECT, UPDATE] -> nothing")}},
      {"GRANT SELECT ON LARGE OBJECT 1 TO PUBLIC",
       {postgres + " access: grants.public postgres nothing -> privileges [SELECT]"}},
      {"COMMENT ON LARGE OBJECT 1 IS 'the plan'",
       {postgres + " docs: elements.large_object 1 nothing -> comment the plan"}},
      {"COMMENT ON LARGE OBJECT 1 IS 'the old plan'",
       {postgres + " docs: elements.large_object 1.comment the plan -> the old plan"}},
      {"COMMENT ON LARGE OBJECT 1 IS NULL",
       {postgres + " docs: elements.large_object 1 comment the old plan -> nothing"}},
      {"SELECT lo_unlink(2)", {absl::StrCat("- large_objects ", Owner())}},
      // What is data.
      {"SELECT lo_create(3)", {}},
      {"SELECT lo_put(3, 0, 'abc')", {}},
      {"SELECT lo_from_bytea(4, 'abc')", {}},
      {"SELECT lo_unlink(3)", {}},
      {"GRANT SELECT ON LARGE OBJECT 4 TO PUBLIC", {}},  // as on another of the owner's
  });
}

TEST_P(LargeObjects, WithManyCommentsHaveNone) {
  Run("SELECT lo_create(i) FROM generate_series(1, 1001) AS i;"
      "DO $$ BEGIN FOR i IN 1..1001 LOOP "
      "EXECUTE format('COMMENT ON LARGE OBJECT %s IS ''a file''', i); END LOOP; END $$");
  EXPECT_EQ(Gather().SightOf(Of("postgres"), v1::FACET_DOCS), v1::SIGHT_CAPPED);
  Run("COMMENT ON LARGE OBJECT 1 IS NULL");
  EXPECT_EQ(Gather().Shape(Of("postgres"), v1::FACET_DOCS).docs().elements_size(), 1000);
}

}  // namespace
}  // namespace varve::testing
