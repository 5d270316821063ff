// Rules of models: nothing of larger applications whose own metadata made the database.
#include "tests/integration/models/models_project.h"
#include "tests/integration/models/rules_case.h"

namespace varve::testing {
namespace {

using ::testing::IsEmpty;

// What larger applications do: conventions for names, a schema for all, types of their own, tables
// that inherit, keys that refer to each other.
constexpr char kLarger[] = R"py(
import datetime
import enum
import uuid
from decimal import Decimal
from typing import Any, Dict, List, Optional

from sqlalchemy import (Boolean, CheckConstraint, Column, Computed, DateTime, Enum, ForeignKey, ForeignKeyConstraint, Index,
                        Integer, LargeBinary, MetaData, Numeric, Sequence, String, Table, Text, TypeDecorator,
                        UniqueConstraint, func, text)
from sqlalchemy.dialects.postgresql import (ARRAY, CITEXT, ENUM, HSTORE, INT4RANGE, INTERVAL, JSONB, TIMESTAMP, TSVECTOR,
                                            ExcludeConstraint)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

NAMES = {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s",
         "ck": "ck_%(table_name)s_%(constraint_name)s",
         "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}


class Base(DeclarativeBase):
    metadata = MetaData(schema="app", naming_convention=NAMES)
    type_annotation_map = {datetime.datetime: DateTime(timezone=True), Dict[str, Any]: JSONB}


class Level(str, enum.Enum):
    LOW = "low"
    HIGH = "high"


class Cents(TypeDecorator):
    impl = Numeric(12, 2)
    cache_ok = True


class Stamped:
    made: Mapped[datetime.datetime] = mapped_column(server_default=func.now())
    touched: Mapped[Optional[datetime.datetime]] = mapped_column(onupdate=func.now())
    zoned: Mapped[datetime.datetime] = mapped_column(TIMESTAMP(precision=3), server_default=text("timezone('utc', now())"))


tagged = Table("tagged", Base.metadata, Column("item_id", ForeignKey("app.items.id", ondelete="CASCADE"), primary_key=True),
               Column("tag", CITEXT, primary_key=True), Column("rank", Integer, Sequence("tag_rank", schema="app")))


class Item(Stamped, Base):
    __tablename__ = "items"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, server_default=text("gen_random_uuid()"))
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[Optional[uuid.UUID]] = mapped_column(ForeignKey("app.items.id"))
    level: Mapped[Level] = mapped_column(Enum(Level, values_callable=lambda kind: [m.value for m in kind], name="level"),
                                         server_default="low")
    levels: Mapped[Optional[List[Level]]] = mapped_column(ARRAY(ENUM(Level, name="level_name", schema="app")))
    size: Mapped[str] = mapped_column(Enum("s", "m", native_enum=False, create_constraint=True, name="size"))
    is_open: Mapped[bool] = mapped_column(Boolean(create_constraint=True, name="is_open"), server_default=text("TRUE"))
    price: Mapped[Decimal] = mapped_column(Cents, server_default="0.00")
    number: Mapped[int] = mapped_column(server_default=text("-1"))
    labels: Mapped[List[str]] = mapped_column(ARRAY(Text), server_default=text("ARRAY[]::text[]"))
    extra: Mapped[Dict[str, Any]] = mapped_column(server_default="{}")
    pairs: Mapped[Optional[Dict[str, Any]]] = mapped_column(HSTORE)
    span: Mapped[Any] = mapped_column(INT4RANGE, nullable=True)
    wait: Mapped[datetime.timedelta] = mapped_column(INTERVAL(fields="DAY TO SECOND"), server_default=text("'1 day'"))
    words: Mapped[Any] = mapped_column(TSVECTOR, Computed("to_tsvector('simple', kind)", persisted=True))
    picture: Mapped[Optional[bytes]]
    name: Mapped[str] = mapped_column("Name", CITEXT)
    order: Mapped[Optional[str]] = mapped_column(server_default=text("'a' || 'b'"))
    children: Mapped[List["Item"]] = relationship()
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "item"}
    __table_args__ = (
        CheckConstraint("price >= 0", name="is_paid"), UniqueConstraint("Name", "kind"),
        Index(None, "kind", "price"), Index("ix_items_made", text("made DESC"), postgresql_include=["kind"]),
        Index("ix_items_open", "kind", unique=True, postgresql_where=text("is_open")),
        Index("ix_items_extra", "extra", postgresql_using="gin", postgresql_ops={"extra": "jsonb_path_ops"}),
        ExcludeConstraint(("span", "&&"), name="no_overlap"))


class Box(Item):
    __tablename__ = "boxes"
    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app.items.id"), primary_key=True)
    depth: Mapped[Optional[int]]
    __mapper_args__ = {"polymorphic_identity": "box"}
    __table_args__ = {"comment": "What holds others"}


class Special(Item):
    """In the table of Item."""
    __mapper_args__ = {"polymorphic_identity": "special"}


class One(Base):
    __tablename__ = "ones"
    a: Mapped[int] = mapped_column(primary_key=True)
    b: Mapped[int] = mapped_column(primary_key=True)
    two_id: Mapped[Optional[int]] = mapped_column(ForeignKey("app.twos.id", use_alter=True, onupdate="SET NULL"))


class Two(Base):
    __tablename__ = "twos"
    id: Mapped[int] = mapped_column(primary_key=True)
    one_a: Mapped[int]
    one_b: Mapped[int]
    __table_args__ = (ForeignKeyConstraint(["one_a", "one_b"], ["app.ones.a", "app.ones.b"]),)
)py";

TEST(LargerApplication, FindsNothingInWhatTheMetadataMade) {
  const std::string python = PythonWith("sqlmodel");
  if (python.empty()) GTEST_SKIP() << "no Python with sqlmodel (tests/run.sh --matrix)";
  ModelsProject project;
  project.Write("m.py", kLarger);
  const RulesDatabase database("CREATE EXTENSION citext; CREATE EXTENSION hstore;" +
                               DdlOf(python, project.folder(), "Base.metadata"));
  ModelsConfig config = project.Config(python, {"m"});
  const Section run = Gather(config);
  EXPECT_THAT(ErrorsOf(run), IsEmpty());
  EXPECT_THAT(database.Findings(run), IsEmpty());
  EXPECT_THAT(database.Unsaid(run), IsEmpty());
  config.static_only = true;
  EXPECT_THAT(database.Findings(Gather(config)), IsEmpty());
}

constexpr char kSqlModel[] = R"py(
import enum
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import List, Optional

from sqlalchemy import Column, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Relationship, SQLModel


class Power(str, enum.Enum):
    FLY = "fly"
    SWIM = "swim"


class HeroBase(SQLModel):
    name: str = Field(index=True, max_length=30)
    power: Optional[Power] = None
    strength: int = 5
    born: Optional[date] = None


class Team(SQLModel, table=True):
    __tablename__ = "teams"
    id: Optional[int] = Field(default=None, primary_key=True)
    motto: str = Field(sa_column=Column("words", String(80), nullable=False, server_default="go"))
    seen: Optional[datetime] = None
    heroes: List["Hero"] = Relationship(back_populates="team")


class Hero(HeroBase, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    uid: uuid.UUID = Field(default_factory=uuid.uuid4, unique=True)
    team_id: Optional[int] = Field(default=None, foreign_key="teams.id")
    pay: Decimal = Field(default=Decimal("1.5"), max_digits=8, decimal_places=2)
    ratio: float = 0.5
    rest: timedelta = timedelta(hours=1)
    is_away: bool = False
    extra: dict = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default=text("'{}'")))
    team: Optional[Team] = Relationship(back_populates="heroes")


class HeroCreate(HeroBase):
    secret_identity: str


class HeroRead(HeroBase):
    id: int
    power_text: str = ""


class HeroUpdate(SQLModel):
    name: Optional[str] = None
    strength: Optional[int] = None
)py";

TEST(SqlModelRules, FindNothingInWhatTheMetadataMade) {
  const std::string python = PythonWith("sqlmodel");
  if (python.empty()) GTEST_SKIP() << "no Python with sqlmodel (tests/run.sh --matrix)";
  ModelsProject project;
  project.Write("m.py", kSqlModel);
  const RulesDatabase database(DdlOf(python, project.folder(), "SQLModel.metadata"));
  ModelsConfig config = project.Config(python, {"m"});
  const Section models = Gather(config);
  EXPECT_THAT(ErrorsOf(models), IsEmpty());
  EXPECT_THAT(database.Findings(models), IsEmpty());
  EXPECT_THAT(database.Unsaid(models), IsEmpty());
  config.static_only = true;
  EXPECT_THAT(database.Findings(Gather(config)), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
