// Rules of models that are asked only where they are named, and those of how models were read: what
// each says of one application beside one database, and what it cannot say.
#include "tests/integration/models/models_project.h"
#include "tests/integration/models/rules_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

// Of each two fields the first is as a rule finds it, and the second as it should be.
constexpr char kTickets[] = R"py(
import uuid
from typing import Annotated, Literal, Optional

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, computed_field, field_validator


def next_id() -> uuid.UUID:
    raise AssertionError("factories are not called")


class Ticket(BaseModel):
    model_config = ConfigDict(json_schema_extra={"x-table": "tickets"})
    code: Literal["a", "bc"] = "a"
    currency: Literal["EUR", "USD"] = "EUR"
    buyer: int = Field(alias="customer_id")
    unitPrice: int
    SEATNO: int
    options: dict[str, int]
    extras: dict[str, int]
    email: str
    login: Annotated[str, StringConstraints(to_lower=True)]
    age: int = Field(ge=0)
    weight: int = Field(ge=0)
    height: int
    width: int
    handle: str
    nickname: str
    state: str = "new"
    stage: str = "new"
    rank: Optional[int] = None
    level: Optional[int] = 5
    made: uuid.UUID = Field(default_factory=uuid.uuid1)
    seen: uuid.UUID = Field(default_factory=uuid.uuid4)
    own: uuid.UUID = Field(default_factory=next_id)
    title: str = Field(description="What the list shows")
    body: str = Field(description="What the page shows")
    legacy: int = Field(deprecated=True)

    @computed_field
    @property
    def label(self) -> str:
        return self.code

    @field_validator("width")
    @classmethod
    def is_positive(cls, value: int) -> int:
        return value


class TicketCreate(BaseModel):
    email: str
    title: str
    note: str
    remark: Optional[str] = None


class Page(BaseModel):
    number: int
)py";

constexpr char kTicketsDdl[] =
    "CREATE EXTENSION citext; "
    "CREATE DOMAIN handle AS text CHECK (VALUE ~ '^@'); CREATE DOMAIN plain AS text; "
    "CREATE TABLE tickets (code char(2) NOT NULL DEFAULT 'a', currency char(3) NOT NULL DEFAULT "
    "'EUR', customer_id bigint NOT NULL, unit_price int NOT NULL, seat_no int NOT NULL, options "
    "json NOT NULL, extras jsonb NOT NULL, email citext NOT NULL, login citext NOT NULL, "
    "age int NOT NULL, weight int NOT NULL CHECK (weight >= 0), height int NOT NULL CHECK (height "
    "> 0), width int NOT NULL CHECK (width > 0), handle handle NOT NULL, nickname plain NOT NULL, "
    "state text NOT NULL, stage text NOT NULL DEFAULT 'new', rank int DEFAULT 5, level int DEFAULT "
    "5, made uuid NOT NULL DEFAULT gen_random_uuid(), seen uuid NOT NULL DEFAULT "
    "gen_random_uuid(), "
    "own uuid NOT NULL DEFAULT gen_random_uuid(), title text NOT NULL, body text NOT NULL, legacy "
    "int NOT NULL, label text, note text, remark text); "
    "COMMENT ON COLUMN tickets.title IS 'Another thing'; "
    "COMMENT ON COLUMN tickets.body IS 'What the page shows'; "
    "CREATE TABLE orphans (id int PRIMARY KEY); CREATE TABLE alembic_version (version_num text)";

struct NamedCase {
  const char* rule;
  std::vector<std::string> says;
};

// All that each rule says: what is not named here is as it should be.
std::vector<NamedCase> NamedCases() {
  return {
      {"model/case-rules-differ",
       {"info m.Ticket.email: tells texts apart that public.tickets.email public.citext takes for "
        "one",
        "info m.TicketCreate.email: tells texts apart that public.tickets.email public.citext "
        "takes "
        "for one"}},
      {"model/char-padding",
       {"warn m.Ticket.code: has 'a', which public.tickets.code character(2) gives back padded "
        "with "
        "spaces: reading such a row fails"}},
      {"model/check-without-constraint",
       {"warn m.Ticket.height: takes any int, and check tickets_height_check holds "
        "public.tickets.height to less: writing fails"}},
      {"model/comment-differs",
       {"info m.Ticket.title: is described otherwise than public.tickets.title is"}},
      {"model/computed-default-differs",
       {"info m.Ticket.made: is made by uuid.uuid1, and public.tickets.made by gen_random_uuid()",
        "? m.Ticket.own: what m.next_id makes cannot be compared with gen_random_uuid()"}},
      {"model/computed-field-of-column",
       {"info m.Ticket.label: is computed, and public.tickets.label text is stored: the two may "
        "differ"}},
      {"model/constraint-without-check",
       {"warn m.Ticket.age: is held to ge 0, and no check holds public.tickets.age to anything"}},
      {"model/default-only-in-database",
       {"info m.Ticket.rank: is None where it is not given, and public.tickets.rank has DEFAULT 5: "
        "writing None puts NULL in its place"}},
      {"model/default-only-in-model",
       {"info m.Ticket.state: has a default, and public.tickets.state has none: who writes past "
        "the "
        "model must give it"}},
      {"model/deprecated-field",
       {"info m.Ticket.legacy: is deprecated, and public.tickets.legacy is still there"}},
      {"model/folded-name",
       {"warn m.Ticket.SEATNO: is column public.tickets.seat_no but for case or underscores"}},
      {"model/json-instead-of-jsonb",
       {"info m.Ticket.options: dict[str, int] is stored in public.tickets.options json, which is "
        "a "
        "text that PostgreSQL reads anew each time"}},
      {"model/matched-by-alias",
       {"info m.Ticket.buyer: is column public.tickets.customer_id by its alias alone"}},
      {"model/required-for-nullable-column",
       {"info m.TicketCreate.note: must be given, and public.tickets.note may be NULL"}},
      {"model/source-degraded", {}},
      {"model/stricter-domain",
       {"warn m.Ticket.handle: takes any str, and domain public.handle holds public.tickets.handle "
        "to less: writing fails"}},
      {"model/table-without-model", {"info public.orphans: no model stands for it"}},
      {"model/unmapped", {"info m.Page: no table is called like it and has its fields"}},
  };
}

TEST(NamedRules, EachFindItsOwnAndNothingElse) {
  ModelsProject project;
  project.Write("m.py", kTickets);
  const RulesDatabase database(kTicketsDdl);
  const Section models = Gather(project.Config(PythonWithPydantic2(), {"m"}));
  EXPECT_THAT(ErrorsOf(models), IsEmpty());
  for (const NamedCase& each : NamedCases()) {
    EXPECT_THAT(database.Says(each.rule, {models}), ElementsAreArray(each.says)) << each.rule;
  }
}

TEST(NamedRules, CannotSayWithoutADatabase) {
  ModelsProject project;
  project.Write("m.py", kTickets);
  const Section models = Gather(project.Config(PythonWithPydantic2(), {"m"}));
  for (const NamedCase& each : NamedCases()) {
    const absl::string_view rule = each.rule;
    if (rule == "model/source-degraded" || rule == "model/table-without-model") continue;
    EXPECT_THAT(SaidBy(each.rule, {models}), ElementsAre("? : no PostgreSQL database was read"))
        << rule;
  }
}

TEST(NamedRules, FollowWhatTheRulesFileSaysOfModels) {
  ModelsProject project;
  project.Write("m.py", kTickets);
  const RulesDatabase database(kTicketsDdl);
  const Section models = Gather(project.Config(PythonWithPydantic2(), {"m"}));
  v1::CheckConfig file;
  v1::ModelSetting& ticket = *file.add_models();
  ticket.set_name("m.Ticket");
  ticket.set_table("public.tickets");
  ticket.set_role(v1::MODEL_USE_READ);
  ticket.add_ignore("legacy");
  v1::CheckSetting& seat = *ticket.add_fields();
  seat.set_name("SEATNO");
  seat.set_value("seat_no");
  v1::ModelSetting& page = *file.add_models();
  page.set_name("m.Page");
  page.set_role(v1::MODEL_USE_NONE);
  for (const char* const rule : {"model/folded-name", "model/deprecated-field", "model/unmapped",
                                 "model/default-only-in-model", "model/stricter-domain"}) {
    EXPECT_THAT(database.Says(rule, {models}, file), IsEmpty()) << rule;
  }
}

TEST(SourceDegraded, IsFoundWhereAModuleIsNotImportedAndTablesAreThenNotJudged) {
  ModelsProject project;
  project.Write("shop/__init__.py", "");
  project.Write("shop/settings.py", "import os\nURL = os.environ['SHOP_URL']\n");
  project.Write("shop/models.py",
                "from pydantic import BaseModel\nfrom shop.settings import URL\n\n\n"
                "class Ticket(BaseModel):\n    code: str\n");
  const RulesDatabase database(kTicketsDdl);
  const Section models = Gather(project.Config(PythonWithPydantic2(), {"shop"}));
  EXPECT_THAT(database.Says("model/source-degraded", {models}),
              ElementsAre(::testing::StartsWith("warn shop.settings: importing shop.settings and "
                                                "one module that imports it: KeyError: SHOP_URL")));
  EXPECT_THAT(database.Says("model/table-without-model", {models}),
              ElementsAre("? : not all models were seen: a table without one may have one"));
  EXPECT_THAT(database.Says("model/table-without-model", {}),
              ElementsAre("? : no models were read"));
}

TEST(SourceDegraded, CannotBeSaidWithoutAnInterpreter) {
  ModelsProject project;
  const Section models = Gather(project.Config("/nonexistent/python3", {"m"}));
  EXPECT_THAT(SaidBy("model/source-degraded", {models}),
              ElementsAre("? : its source was unavailable"));
}

constexpr char kTwoMappers[] = R"py(
from sqlalchemy import Column, Integer, MetaData, Numeric, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()
Other = declarative_base(metadata=MetaData())


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    code = Column(String(40), nullable=False)
    total = Column(Numeric(10, 2))


class Invoice(Other):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    code = Column(String(20), nullable=False)


class Receipt(Other):
    __tablename__ = "receipts"
    id = Column(Integer, primary_key=True)
)py";

TEST(ConflictingModels, AreFoundInTwoMappersOfOneTable) {
  const std::string python = PythonWith("sqlmodel");
  if (python.empty()) GTEST_SKIP() << "no Python with sqlmodel (tests/run.sh --matrix)";
  ModelsProject project;
  project.Write("m.py", kTwoMappers);
  const RulesDatabase database(
      "CREATE TABLE orders (id serial PRIMARY KEY, code varchar(40) NOT NULL, total "
      "numeric(10,2)); "
      "CREATE TABLE receipts (id serial PRIMARY KEY)");
  const Section models = Gather(project.Config(python, {"m"}));
  EXPECT_THAT(ErrorsOf(models), IsEmpty());
  EXPECT_THAT(database.Says("model/conflicting-models", {models}),
              ElementsAre("warn m.Order.code: is character varying(40) here and character "
                          "varying(20) to m.Invoice, which is of the same table public.orders"));
  EXPECT_THAT(SaidBy("model/conflicting-models", {models}),
              ElementsAre("? : no PostgreSQL database was read"));
}

// Two databases of one server that have the same tables: nothing tells which is meant.
TEST(SeveralDatabases, AreToldOnceUntilTheRulesFileTells) {
  ModelsProject project;
  project.Write("m.py", kTickets);
  const RulesDatabase app(kTicketsDdl), copy(kTicketsDdl);
  const Section models = Gather(project.Config(PythonWithPydantic2(), {"m"}));
  const std::vector<Section> both = {app.Named("app"), copy.Named("copy"), models};
  constexpr char kRule[] = "model/comment-differs";
  EXPECT_THAT(SaidBy(kRule, both),
              ElementsAre("? : 2 models have their tables in each of app, copy; say which is meant "
                          "by `database` in the rules file"));
  v1::CheckConfig file;
  v1::ModelSetting& all = *file.add_models();
  all.set_name("*");
  all.set_database("copy");
  EXPECT_THAT(SaidBy(kRule, both, file), ElementsAre(::testing::StartsWith("info m.Ticket.title")));
}

}  // namespace
}  // namespace varve::testing
