// Event triggers.
#include "tests/integration/postgres/owned_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class EventTriggers : public OwnedCase {
 protected:
  void SetUp() override {
    OwnedCase::SetUp();
    Run("CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';"
        "CREATE FUNCTION other() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';"
        "CREATE EVENT TRIGGER ddl ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'CREATE TABLE')"
        "  EXECUTE FUNCTION on_ddl(); CREATE EVENT TRIGGER dropped ON sql_drop"
        "  EXECUTE FUNCTION on_ddl()");
  }
};
VARVE_ON_EVERY_POSTGRES(EventTriggers);

TEST_P(EventTriggers, AreAsTheCatalogListsThem) {
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("event_trigger"), ElementsAre("ddl", "dropped"));
  const v1::EventTriggerStructure ddl =
      gathered.Shape({"event_trigger", {"ddl"}}, v1::FACET_STRUCTURE).event_trigger();
  EXPECT_EQ(ddl.event(), "ddl_command_end");
  EXPECT_EQ(DisplayName(KeyOf(ddl.function())), "public.on_ddl()");
  EXPECT_EQ(ddl.enabled(), "origin");
  EXPECT_THAT(ddl.tags(), ElementsAre("CREATE TABLE", "DROP TABLE"));
  EXPECT_THAT(
      gathered.Shape({"event_trigger", {"dropped"}}, v1::FACET_STRUCTURE).event_trigger().tags(),
      IsEmpty());
}

TEST_P(EventTriggers, AreSeenByWhoMayOnlyConnect) {
  const Gathered guests = Gather(Config(Guest()));
  EXPECT_THAT(Differences(Gather(), guests), IsEmpty());
  EXPECT_THAT(guests.Errors(), IsEmpty());
}

TEST_P(EventTriggers, ChangeByOnePropertyAtATime) {
  const std::string structure = "event_trigger ddl structure: ";
  const auto recreate = [](const std::string& definition) {
    return absl::StrCat("DROP EVENT TRIGGER ddl; CREATE EVENT TRIGGER ddl ON ", definition);
  };
  ExpectChanges({
      {"ALTER EVENT TRIGGER ddl DISABLE", {structure + "enabled origin -> disabled"}},
      {"ALTER EVENT TRIGGER ddl ENABLE REPLICA", {structure + "enabled disabled -> replica"}},
      {"ALTER EVENT TRIGGER ddl ENABLE ALWAYS", {structure + "enabled replica -> always"}},
      {"ALTER EVENT TRIGGER ddl ENABLE", {structure + "enabled always -> origin"}},
      {recreate("ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') "
                "EXECUTE FUNCTION on_ddl()"),
       {}},
      {recreate("ddl_command_end WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION on_ddl()"),
       {structure + "tags [CREATE TABLE, DROP TABLE] -> [DROP TABLE]"}},
      {recreate("ddl_command_start WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION on_ddl()"),
       {structure + "event ddl_command_end -> ddl_command_start"}},
      {recreate("ddl_command_start WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION other()"),
       {structure + "function public.on_ddl() -> public.other()"}},
      {absl::StrCat("ALTER EVENT TRIGGER ddl OWNER TO ", Owner()),
       {absl::StrCat("event_trigger ddl access: owner postgres -> ", Owner())}},
      {"COMMENT ON EVENT TRIGGER ddl IS 'x'", {"event_trigger ddl docs: comment nothing -> x"}},
      {"ALTER FUNCTION other() RENAME TO another",
       {"renamed function public.another() was public.other()",
        "follows: event_trigger ddl structure"}},
      {"ALTER EVENT TRIGGER ddl RENAME TO dll", {"renamed event_trigger dll was ddl"}},
      {"DROP EVENT TRIGGER dll", {"- event_trigger dll"}},
  });
}

}  // namespace
}  // namespace varve::testing
