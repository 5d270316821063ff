// Rules of models: nothing where an application's own metadata made the database, one finding for
// one change of it.
#include <fstream>
#include <iterator>

#include "tests/integration/models/models_project.h"
#include "tests/integration/models/rules_case.h"

namespace varve::testing {
namespace {

using ::testing::IsEmpty;

constexpr char kSqlAlchemy[] = R"py(
import enum
from sqlalchemy import *
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Mood(enum.Enum):
    good = 1
    bad = 2


class Customer(Base):
    __tablename__ = "customers"
    __table_args__ = (
        CheckConstraint("age > 0", name="age_is_positive"), UniqueConstraint("code", "age"),
        Index("ix_old", "age", postgresql_where=text("age > 60")), {"schema": "shop"})
    id = Column(Integer, primary_key=True)
    code = Column(String(40), nullable=False, unique=True, server_default="it's")
    age = Column(SmallInteger, index=True, default=3)
    mood = Column(Enum(Mood), nullable=False, server_default=text("'good'"))
    size = Column(Enum("s", "m", "l", native_enum=False, create_constraint=True, name="size"))
    price = Column(Numeric(10, 2), server_default=text("1.10"))
    whole = Column(DECIMAL(5))
    any_number = Column(Numeric)
    tags = Column(ARRAY(String(10)), server_default=text("'{}'"))
    document = Column(postgresql.JSONB, server_default=text("'{}'::jsonb"))
    uid = Column(postgresql.UUID(as_uuid=True), server_default=text("gen_random_uuid()"))
    made = Column(DateTime(timezone=True), nullable=False, server_default=func.now())
    noted = Column(DateTime, server_default=text("CURRENT_TIMESTAMP"))
    seen = Column(DateTime)
    at = Column(Time)
    wait = Column(Interval, server_default=text("'00:01:30'"))
    born = Column(Date)
    ratio = Column(Float)
    small = Column(Float(20))
    flag = Column(Boolean, server_default=text("true"))
    off = Column(Boolean, server_default="0")
    letters = Column(String, server_default="5%")
    fixed = Column(postgresql.CHAR(3))
    bits = Column(postgresql.BIT(8))
    network = Column(postgresql.INET)
    data = Column(LargeBinary)
    twice = Column(Integer, Computed("age * 2", persisted=True))
    orders = relationship("Order")


class Order(Base):
    __tablename__ = "orders"
    number = Column(BigInteger, Identity(always=True), primary_key=True)
    customer_id = Column(ForeignKey("shop.customers.id", ondelete="CASCADE"))
    line = Column("order_line", String)
    __table_args__ = (Index("ix_line", func.lower(line), unique=True),)


class Rush(Order):
    """In the table of Order."""


class Note(Base):
    __tablename__ = "notes"
    order_number = Column(BigInteger, primary_key=True, autoincrement=False)
    place = Column(Integer, primary_key=True, autoincrement=False)
    of_order = Column(BigInteger)
    __table_args__ = (ForeignKeyConstraint(["of_order"], ["orders.number"], name="of_order",
                                           deferrable=True, initially="DEFERRED"),)
)py";

// What one change of that database is found as.
std::vector<DatabaseChange> SqlAlchemyChanges() {
  return {
      {"ALTER TABLE shop.customers DROP COLUMN fixed",
       {"error model/field-without-column m.Customer.fixed"}},
      {"ALTER TABLE shop.customers ADD COLUMN nickname text",
       {"info model/column-without-field m.Customer.nickname"}},
      {"ALTER TABLE shop.customers ADD COLUMN nickname text NOT NULL",
       {"error model/column-without-field m.Customer.nickname"}},
      {"ALTER TABLE shop.customers RENAME COLUMN letters TO letter",
       {"error model/field-without-column m.Customer.letters",
        "info model/column-without-field m.Customer.letter",
        "warn model/renamed-field m.Customer.letters"}},
      {"ALTER TABLE shop.customers ALTER COLUMN code TYPE varchar(20)",
       {"error model/orm-type-differs m.Customer.code"}},
      {"ALTER TABLE shop.customers ALTER COLUMN seen TYPE timestamptz",
       {"warn model/orm-type-differs m.Customer.seen"}},
      {"ALTER TABLE shop.customers ALTER COLUMN whole TYPE numeric",
       {"info model/orm-type-differs m.Customer.whole"}},
      {"ALTER TABLE shop.customers ALTER COLUMN code DROP NOT NULL",
       {"error model/orm-nullable-differs m.Customer.code"}},
      {"ALTER TABLE shop.customers ALTER COLUMN seen SET NOT NULL",
       {"error model/orm-nullable-differs m.Customer.seen"}},
      {"ALTER TABLE shop.customers ALTER COLUMN price SET DEFAULT 2",
       {"warn model/orm-server-default-differs m.Customer.price"}},
      {"ALTER TABLE shop.customers ALTER COLUMN flag DROP DEFAULT",
       {"warn model/orm-server-default-differs m.Customer.flag"}},
      {"ALTER TABLE shop.customers ALTER COLUMN made SET DEFAULT clock_timestamp()",
       {"warn model/orm-server-default-differs m.Customer.made"}},
      {"ALTER TABLE shop.customers ALTER COLUMN born SET DEFAULT '2020-01-01'",
       {"info model/orm-server-default-differs m.Customer.born"}},
      {"ALTER TABLE shop.customers ALTER COLUMN twice DROP EXPRESSION",
       {"error model/orm-server-default-differs m.Customer.twice"}},
      {"ALTER TABLE orders ALTER COLUMN number DROP IDENTITY",
       {"error model/orm-server-default-differs m.Order.number"}},
      {"ALTER TABLE shop.customers DROP COLUMN ratio, ADD COLUMN ratio float8 GENERATED ALWAYS AS "
       "(1.0) STORED",
       {"error model/generated-column-written m.Customer.ratio"}},
      {"ALTER TYPE mood ADD VALUE 'sad'", {"warn model/unknown-enum-value m.Customer.mood"}},
      {"ALTER TYPE mood RENAME VALUE 'bad' TO 'sad'",
       {"error model/enum-value-missing m.Customer.mood",
        "warn model/unknown-enum-value m.Customer.mood"}},
      {"ALTER TABLE shop.customers DROP CONSTRAINT size, ADD CONSTRAINT size CHECK (size IN ('s', "
       "'m'))",
       {"error model/enum-value-missing m.Customer.size"}},
      {"ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey",
       {"warn model/orm-foreign-key-differs m.Order.customer_id"}},
      {"ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey, ADD FOREIGN KEY (customer_id) "
       "REFERENCES shop.customers",
       {"warn model/orm-foreign-key-differs m.Order.customer_id"}},
      {"ALTER TABLE notes ALTER CONSTRAINT of_order NOT DEFERRABLE",
       {"warn model/orm-foreign-key-differs m.Note.of_order"}},
      {"ALTER TABLE notes ADD FOREIGN KEY (order_number) REFERENCES orders",
       {"info model/orm-foreign-key-differs m.Note.order_number"}},
      {"ALTER TABLE shop.customers DROP CONSTRAINT customers_code_age_key",
       {"warn model/orm-unique-differs m.Customer(code, age)"}},
      {"CREATE UNIQUE INDEX ON notes (of_order)",
       {"info model/orm-unique-differs m.Note.of_order"}},
      {"DROP INDEX shop.ix_old", {"info model/orm-index-differs m.Customer"}},
      {"DROP INDEX ix_line", {"warn model/orm-index-differs m.Order"}},
      {"ALTER TABLE shop.customers DROP CONSTRAINT age_is_positive",
       {"warn model/orm-check-missing m.Customer"}},
      {"ALTER TABLE notes DROP CONSTRAINT notes_pkey, ADD PRIMARY KEY (order_number)",
       {"error model/orm-primary-key-differs m.Note"}},
      {"DROP TABLE notes", {"error model/table-missing m.Note"}},
      {"CREATE SCHEMA app; ALTER TABLE shop.customers SET SCHEMA app",
       {"error model/table-missing m.Customer",
        "warn model/orm-foreign-key-differs m.Order.customer_id"}},
      {"COMMENT ON TABLE notes IS 'Nothing of it matters'; ALTER TABLE notes SET (fillfactor = 70)",
       {}},
  };
}

class SqlAlchemyRules : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    python_ = PythonWith(GetParam());
    if (python_.empty()) {
      GTEST_SKIP() << "no Python with " << GetParam() << " (tests/run.sh --matrix)";
    }
    project_.Write("m.py", kSqlAlchemy);
  }
  std::string python_;
  ModelsProject project_;
};
INSTANTIATE_TEST_SUITE_P(Of, SqlAlchemyRules, ::testing::Values("sqlalchemy-1.4", "sqlmodel"),
                         [](const auto& info) {
                           return std::string(info.param) == "sqlmodel" ? "Newest" : "Of1_4";
                         });

TEST_P(SqlAlchemyRules, FindNothingInWhatTheMetadataMade) {
  const RulesDatabase database(DdlOf(python_, project_.folder(), "Base.metadata"));
  ModelsConfig config = project_.Config(python_, {"m"});
  const Section run = Gather(config);
  EXPECT_THAT(ErrorsOf(run), IsEmpty());
  EXPECT_THAT(database.Findings(run), IsEmpty());
  EXPECT_THAT(database.Unsaid(run), IsEmpty());
  config.static_only = true;
  const Section source = Gather(config);
  EXPECT_THAT(database.Findings(source), IsEmpty());
}

TEST_P(SqlAlchemyRules, FindEachChangeOfTheDatabaseAsItself) {
  const RulesDatabase database(DdlOf(python_, project_.folder(), "Base.metadata"));
  database.ExpectFound(Gather(project_.Config(python_, {"m"})), SqlAlchemyChanges());
}

constexpr char kPydantic[] = R"py(
import enum
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Dict, List, Literal, Optional

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NaiveDatetime


class State(str, enum.Enum):
    NEW = "new"
    PAID = "paid"


class Line(BaseModel):
    sku: str
    count: int


class Order(BaseModel):
    """As it is in the database."""
    model_config = ConfigDict(json_schema_extra={"x-table": "shop.orders"})
    order_id: Optional[int] = None
    uid: uuid.UUID = Field(default_factory=uuid.uuid4)
    code: str = Field(max_length=40)
    state: State = State.NEW
    kind: Literal["b2b", "b2c"] = "b2c"
    total: Decimal = Field(max_digits=12, decimal_places=2)
    count: int = Field(default=1, ge=0, le=30000)
    tags: List[str] = Field(default_factory=list)
    lines: List[Line] = Field(default_factory=list)
    document: Dict[str, Any] = Field(default_factory=dict)
    placed_at: AwareDatetime
    noted_at: Optional[NaiveDatetime] = None
    due: Optional[date] = None
    wait: timedelta = timedelta(minutes=90)
    buyer_id: int
)py";

constexpr char kPydanticDdl[] =
    "CREATE SCHEMA shop; CREATE TYPE shop.state AS ENUM ('new', 'paid'); "
    "CREATE DOMAIN shop.money AS numeric(12,2) NOT NULL; "
    "CREATE TABLE shop.orders (order_id bigserial PRIMARY KEY, uid uuid NOT NULL DEFAULT "
    "gen_random_uuid(), code varchar(40) NOT NULL, state shop.state NOT NULL DEFAULT 'new', "
    "kind text NOT NULL DEFAULT 'b2c' CHECK (kind IN ('b2b', 'b2c')), total shop.money, count "
    "smallint NOT NULL DEFAULT 1, tags text[] NOT NULL DEFAULT '{}', lines jsonb NOT NULL DEFAULT "
    "'[]', document jsonb NOT NULL DEFAULT '{}', placed_at timestamptz NOT NULL, noted_at "
    "timestamp, due date, wait interval NOT NULL DEFAULT '90 minutes', buyer_id bigint NOT NULL)";

TEST(PydanticRules, FindNothingWhereAllFitsAndEachChangeAsItself) {
  ModelsProject project;
  project.Write("m.py", kPydantic);
  const RulesDatabase database(kPydanticDdl);
  ModelsConfig config = project.Config(PythonWithPydantic2(), {"m"});
  const Section models = Gather(config);
  EXPECT_THAT(ErrorsOf(models), IsEmpty());
  EXPECT_THAT(database.Findings(models), IsEmpty());
  EXPECT_THAT(database.Unsaid(models), IsEmpty());
  config.static_only = true;
  EXPECT_THAT(database.Findings(Gather(config)), IsEmpty());
  database.ExpectFound(
      models,
      {
          {"ALTER TABLE shop.orders DROP COLUMN due",
           {"error model/field-without-column m.Order.due"}},
          {"ALTER TABLE shop.orders ADD COLUMN region text NOT NULL",
           {"error model/column-without-field m.Order.region"}},
          {"ALTER TABLE shop.orders ADD COLUMN region text", {}},
          {"ALTER TABLE shop.orders RENAME COLUMN due TO dues",
           {"error model/field-without-column m.Order.due",
            "warn model/renamed-field m.Order.due"}},
          {"ALTER TABLE shop.orders ALTER COLUMN code TYPE varchar(20)",
           {"error model/too-long m.Order.code"}},
          {"ALTER TABLE shop.orders ALTER COLUMN total TYPE numeric(8,2), ALTER "
           "COLUMN total SET NOT NULL",
           {"warn model/bounds-exceed-column m.Order.total"}},
          {"ALTER TABLE shop.orders ALTER COLUMN buyer_id TYPE text",
           {"warn model/type-mismatch m.Order.buyer_id"}},
          {"ALTER TABLE shop.orders ALTER COLUMN tags DROP DEFAULT, ALTER COLUMN tags TYPE int[] "
           "USING '{}'",
           {"error model/type-mismatch m.Order.tags"}},
          {"ALTER TABLE shop.orders ALTER COLUMN placed_at TYPE timestamp",
           {"warn model/timezone-mismatch m.Order.placed_at"}},
          {"ALTER TABLE shop.orders ALTER COLUMN code DROP NOT NULL",
           {"warn model/nullable-column m.Order.code"}},
          {"ALTER TABLE shop.orders ALTER COLUMN due SET NOT NULL",
           {"warn model/nullable-field m.Order.due"}},
          {"ALTER TABLE shop.orders ALTER COLUMN kind SET DEFAULT 'b2b'",
           {"warn model/default-differs m.Order.kind"}},
          {"ALTER TABLE shop.orders ALTER COLUMN wait SET DEFAULT '1 day'",
           {"warn model/default-differs m.Order.wait"}},
          {"ALTER TYPE shop.state ADD VALUE 'sent'",
           {"warn model/unknown-enum-value m.Order.state"}},
          {"ALTER TYPE shop.state RENAME VALUE 'paid' TO 'sent'",
           {"error model/enum-value-missing m.Order.state",
            "warn model/unknown-enum-value m.Order.state"}},
          {"ALTER TABLE shop.orders DROP CONSTRAINT orders_kind_check, ADD CHECK (kind IN ('b2c'))",
           {"error model/enum-value-missing m.Order.kind"}},
          {"ALTER TABLE shop.orders DROP COLUMN buyer_id, ADD COLUMN buyer_id bigint NOT NULL "
           "GENERATED ALWAYS AS IDENTITY",
           {"error model/generated-column-written m.Order.buyer_id"}},
          {"ALTER TABLE shop.orders SET SCHEMA public", {"error model/table-missing m.Order"}},
      });
}

TEST(PydanticRules, FindInTheDemoWhatItWasMadeToHaveAndNothingElse) {
  const std::string demo = FixtureFolder() + "/../../../../deploy/demo";
  std::ifstream schema(demo + "/schema.sql");
  const RulesDatabase database(std::string(std::istreambuf_iterator<char>(schema), {}));
  ModelsConfig config;
  config.python = PythonWithPydantic2();
  config.path = {demo + "/models"};
  config.modules = {"demo_models"};
  EXPECT_THAT(
      database.Findings(Gather(config)),
      ::testing::ElementsAre(
          "warn model/field-without-column demo_models.entities.CanonicalEntity.embedding_model: "
          "no column of table public.canonical_entities is called so (matched by the model's name)",
          "warn model/type-mismatch demo_models.entities.RelationshipStaging.batch_number: str "
          "does not fit public.relationship_staging.batch_number bigint"));
  config.python = PythonWithPydantic1();
  config.modules = {"demo_models_v1"};
  EXPECT_THAT(database.Findings(Gather(config)), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
