// One change in a module of SQLAlchemy's or SQLModel's is one change of its table: by a run, and by
// source, which needs neither of them.
#include "tests/integration/models/models_project.h"
#include "tests/integration/models/module_edit.h"
#include "tests/support/change_count.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

struct TableChange {
  const char* name;
  const char* find;
  const char* replace;
  std::vector<std::string> seen;
};

void PrintTo(const TableChange& change, std::ostream* out) { *out << change.name; }

constexpr char kAlchemy[] = R"py(
import enum
from sqlalchemy import (CheckConstraint, Column, Computed, Enum, ForeignKey, ForeignKeyConstraint, Identity, Index, Integer,
                        Numeric, String, Table, UniqueConstraint, func, text)
from sqlalchemy.orm import declarative_base
Base = declarative_base()
def make():
    return 1
class Order(Base):
    """An order."""
    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("code", "size", name="one_code"),
                      CheckConstraint("size > 0", name="size_is_positive"),
                      Index("by_size", "size"),
                      ForeignKeyConstraint(["a", "b"], ["pairs.a", "pairs.b"], name="of_pair"),
                      {"comment": "Orders"})
    id = Column(Integer, primary_key=True)
    code = Column(String(40), nullable=False, server_default="x", comment="The code")
    other = Column(Integer, ForeignKey("others.id"))
    size = Column(Integer, default=1)
    mood = Column(Enum("good", "bad", name="mood"))
    twice = Column(Integer, Computed("size * 2"))
    number = Column(Integer, Identity())
    a = Column(Integer)
    b = Column(Integer)
class Other(Base):
    __tablename__ = "others"
    id = Column(Integer, primary_key=True)
    name = Column(String)
class Third(Base):
    __tablename__ = "thirds"
    id = Column(Integer, primary_key=True)
class Pair(Base):
    __tablename__ = "pairs"
    a = Column(Integer, primary_key=True)
    b = Column(Integer, primary_key=True)
notes = Table("notes", Base.metadata, Column("id", Integer), Column("note", String))
)py";

constexpr char kSqlModel[] = R"py(from typing import Optional
from sqlmodel import Field, SQLModel
class Team(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
class Hero(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(max_length=40)
    age: Optional[int] = None
    team_id: Optional[int] = Field(default=None, foreign_key="team.id")
)py";

const TableChange kChanges[] = {
    {"Name",
     "\"orders\"",
     "\"sales\"",
     {"m.Order structure table/name: orders -> sales",
      ("m.Order structure table/foreign_keys/orders_other_fkey: columns [other] target table "
       "others target columns [id] -> "),
      ("m.Order structure table/foreign_keys/sales_other_fkey:  -> columns [other] target table "
       "others target columns [id]"),
      "m.Order docs elements/table orders: comment Orders -> ",
      "m.Order docs elements/table sales:  -> comment Orders"}},
    {"Schema",
     "{\"comment\": \"Orders\"}",
     "{\"comment\": \"Orders\", \"schema\": \"shop\"}",
     {"m.Order structure table/schema:  -> shop"}},
    {"Column",
     "    code =",
     "    weight = Column(Integer)\n    code =",
     {"m.Order structure table/columns/weight:  -> integer nullable yes"}},
    {"ColumnGone",
     "    mood = Column(Enum(\"good\", \"bad\", name=\"mood\"))\n",
     "",
     {"m.Order structure table/columns/mood: mood nullable yes enum labels [good, bad] -> "}},
    {"ColumnMoved",
     "    a = Column(Integer)\n    b = Column(Integer)\n",
     "    b = Column(Integer)\n    a = Column(Integer)\n",
     {"m.Order structure table/columns: [id, code, other, size, mood, twice, number, a, b] -> [id, "
      "code, other, size, mood, twice, number, b, a]"}},
    {"ColumnRenamed",
     "name = Column(String)",
     "name = Column(\"title\", String)",
     {"m.Other structure table/columns/name: character varying nullable yes -> ",
      "m.Other structure table/columns/title:  -> character varying nullable yes"}},
    {"Type",
     "String(40)",
     "String(50)",
     {"m.Order structure table/columns/code/type: character varying(40) -> character varying(50)"}},
    {"Nullable",
     "nullable=False, ",
     "",
     {"m.Order structure table/columns/code/nullable: no -> yes"}},
    {"ServerDefault",
     "server_default=\"x\"",
     "server_default=\"y\"",
     {"m.Order structure table/columns/code/server_default: 'x' -> 'y'"}},
    {"ServerDefaultGone",
     "server_default=\"x\", ",
     "",
     {"m.Order structure table/columns/code/server_default: 'x' -> "}},
    {"ServerDefaultByAFunction",
     "server_default=\"x\"",
     "server_default=func.now()",
     {"m.Order structure table/columns/code/server_default: 'x' -> now()"}},
    {"Identity",
     "Identity()",
     "Identity(always=True)",
     {"m.Order structure table/columns/number/identity: by default -> always"}},
    {"IdentityGone",
     "Column(Integer, Identity())",
     "Column(Integer)",
     {"m.Order structure table/columns/number/nullable: no -> yes",
      "m.Order structure table/columns/number/identity: by default -> "}},
    {"Serial",
     "id = Column(Integer, primary_key=True)\n    name",
     "id = Column(Integer, primary_key=True, autoincrement=False)\n    name",
     {"m.Other structure table/columns/id/identity: serial -> "}},
    {"Generated",
     "\"size * 2\"",
     "\"size * 3\"",
     {"m.Order structure table/columns/twice/generated: size * 2 -> size * 3"}},
    {"Stored",
     "Computed(\"size * 2\")",
     "Computed(\"size * 2\", persisted=False)",
     {"m.Order structure table/columns/twice/stored: true -> false"}},
    {"GeneratedGone",
     "Column(Integer, Computed(\"size * 2\"))",
     "Column(Integer)",
     {"m.Order structure table/columns/twice/generated: size * 2 -> ",
      "m.Order structure table/columns/twice/stored: true -> false"}},
    {"EnumLabels",
     "\"good\", \"bad\", name",
     "\"good\", \"bad\", \"ugly\", name",
     {"m.Order structure table/columns/mood/enum_labels: [good, bad] -> [good, bad, ugly]"}},
    {"OrderOfEnumLabels",
     "\"good\", \"bad\", name",
     "\"bad\", \"good\", name",
     {"m.Order structure table/columns/mood/enum_labels: [good, bad] -> [bad, good]"}},
    {"EnumType",
     "name=\"mood\"",
     "name=\"temper\"",
     {"m.Order structure table/columns/mood/type: mood -> temper"}},
    {"ClientDefault",
     "default=1",
     "default=2",
     {"m.Order structure table/columns/size/client_default: 1 -> 2"}},
    {"ClientDefaultByAFunction",
     "default=1",
     "default=make",
     {"m.Order structure table/columns/size/client_default: 1 -> m.make"}},
    {"ClientDefaultGone",
     "Column(Integer, default=1)",
     "Column(Integer)",
     {"m.Order structure table/columns/size/client_default: 1 -> "}},
    {"PrimaryKey",
     "name = Column(String)",
     "name = Column(String, primary_key=True)",
     {"m.Other structure table/columns/id/identity: serial -> ",
      "m.Other structure table/columns/name/nullable: yes -> no",
      "m.Other structure table/primary_key: [id] -> [id, name]"}},
    {"TargetTable",
     "\"others.id\"",
     "\"thirds.id\"",
     {"m.Order structure table/foreign_keys/orders_other_fkey/target_table: others -> thirds"}},
    {"TargetSchema",
     "\"others.id\"",
     "\"shop.others.id\"",
     {"m.Order structure table/foreign_keys/orders_other_fkey/target_schema:  -> shop"}},
    {"TargetColumn",
     "\"others.id\"",
     "\"others.name\"",
     {"m.Order structure table/foreign_keys/orders_other_fkey/target_columns: [id] -> [name]"}},
    {"ForeignKeyGone",
     "Column(Integer, ForeignKey(\"others.id\"))",
     "Column(Integer)",
     {"m.Order structure table/foreign_keys/orders_other_fkey: columns [other] target table others "
      "target columns [id] -> "}},
    {"ForeignKeyNamed",
     "\"others.id\"",
     "\"others.id\", name=\"whose\"",
     {"m.Order structure table/foreign_keys/orders_other_fkey: columns [other] target table others "
      "target columns [id] -> ",
      "m.Order structure table/foreign_keys/whose:  -> columns [other] target table others target "
      "columns [id]"}},
    {"OnDelete",
     "\"others.id\"",
     "\"others.id\", ondelete=\"SET NULL\"",
     {"m.Order structure table/foreign_keys/orders_other_fkey/on_delete:  -> SET NULL"}},
    {"OnUpdate",
     "\"others.id\"",
     "\"others.id\", onupdate=\"CASCADE\"",
     {"m.Order structure table/foreign_keys/orders_other_fkey/on_update:  -> CASCADE"}},
    {"Deferrable",
     "\"others.id\"",
     "\"others.id\", deferrable=True",
     {"m.Order structure table/foreign_keys/orders_other_fkey/deferrable: false -> true"}},
    {"Deferred",
     "\"others.id\"",
     "\"others.id\", deferrable=True, initially=\"DEFERRED\"",
     {"m.Order structure table/foreign_keys/orders_other_fkey/deferrable: false -> true",
      "m.Order structure table/foreign_keys/orders_other_fkey/initially_deferred: false -> true"}},
    {"ForeignKeysColumns",
     "[\"a\", \"b\"]",
     "[\"b\", \"a\"]",
     {"m.Order structure table/foreign_keys/of_pair/columns: [a, b] -> [b, a]"}},
    {"ForeignKeysTargets",
     "[\"pairs.a\", \"pairs.b\"]",
     "[\"pairs.b\", \"pairs.a\"]",
     {"m.Order structure table/foreign_keys/of_pair/target_columns: [a, b] -> [b, a]"}},
    {"UniqueColumns",
     "UniqueConstraint(\"code\", \"size\"",
     "UniqueConstraint(\"size\", \"code\"",
     {"m.Order structure table/uniques/one_code/columns: [code, size] -> [size, code]"}},
    {"UniqueRenamed",
     "\"one_code\"",
     "\"a_code\"",
     {"m.Order structure table/uniques/one_code: columns [code, size] -> ",
      "m.Order structure table/uniques/a_code:  -> columns [code, size]"}},
    {"UniqueOfAColumn",
     "nullable=False",
     "nullable=False, unique=True",
     {"m.Order structure table/uniques/orders_code_key:  -> columns [code]"}},
    {"UniqueGone",
     "UniqueConstraint(\"code\", \"size\", name=\"one_code\"),\n                      ",
     "",
     {"m.Order structure table/uniques/one_code: columns [code, size] -> "}},
    {"IndexOfAColumn",
     "nullable=False",
     "nullable=False, index=True",
     {"m.Order structure table/indexes/ix_orders_code:  -> keys [code]"}},
    {"IndexUnique",
     "\"by_size\", \"size\"",
     "\"by_size\", \"size\", unique=True",
     {"m.Order structure table/indexes/by_size/unique: false -> true"}},
    {"IndexKeys",
     "\"by_size\", \"size\"",
     "\"by_size\", \"size\", \"code\"",
     {"m.Order structure table/indexes/by_size/keys: [size] -> [size, code]"}},
    {"IndexMethod",
     "\"by_size\", \"size\"",
     "\"by_size\", \"size\", postgresql_using=\"hash\"",
     {"m.Order structure table/indexes/by_size/method:  -> hash"}},
    {"IndexPredicate",
     "\"by_size\", \"size\"",
     "\"by_size\", \"size\", postgresql_where=text(\"size > 1\")",
     {"m.Order structure table/indexes/by_size/predicate:  -> size > 1"}},
    {"IndexOfAnExpression",
     "\"by_size\", \"size\"",
     "\"by_size\", text(\"lower(code)\")",
     {"m.Order structure table/indexes/by_size/keys: [size] -> [lower(code)]"}},
    {"IndexGone",
     "Index(\"by_size\", \"size\"),\n                      ",
     "",
     {"m.Order structure table/indexes/by_size: keys [size] -> "}},
    {"Check",
     "\"size > 0\"",
     "\"size > 1\"",
     {"m.Order structure table/checks/size_is_positive/expression: size > 0 -> size > 1"}},
    {"CheckRenamed",
     "\"size_is_positive\"",
     "\"it_is_positive\"",
     {"m.Order structure table/checks/size_is_positive: size > 0 -> ",
      "m.Order structure table/checks/it_is_positive:  -> size > 0"}},
    {"CheckGone",
     "CheckConstraint(\"size > 0\", name=\"size_is_positive\"),\n                      ",
     "",
     {"m.Order structure table/checks/size_is_positive: size > 0 -> "}},
    {"CommentOfAColumn",
     "\"The code\"",
     "\"Its code\"",
     {"m.Order docs elements/column code/comment: The code -> Its code"}},
    {"CommentOfATable",
     "\"Orders\"",
     "\"All orders\"",
     {"m.Order docs elements/table orders/comment: Orders -> All orders"}},
    {"ColumnOfATableAlone",
     "Column(\"note\", String)",
     "Column(\"note\", String(9))",
     {"m.notes structure table/columns/note/type: character varying -> character varying(9)"}},
    {"TableAloneGone",
     "notes = Table(\"notes\", Base.metadata, Column(\"id\", Integer), Column(\"note\", String))\n",
     "",
     {"m.notes structure REMOVED", "m.notes behaviour REMOVED"}},
    {"TableAdded",
     "class Third(",
     "class Fourth(Base):\n    __tablename__ = \"fourths\"\n    id = Column(Integer, "
     "primary_key=True)\nclass Third(",
     {"m.Fourth structure ADDED", "m.Fourth behaviour ADDED"}},
};

const TableChange kNothing[] = {
    {"SizeByAKeyword", "String(40)", "String(length=40)", {}},
    {"KeywordOrder",
     "nullable=False, server_default=\"x\"",
     "server_default=\"x\", nullable=False",
     {}},
    {"NameOfItself", "name = Column(String)", "name = Column(\"name\", String)", {}},
    {"WhatPeopleKeepThere",
     "Column(Integer, default=1)",
     "Column(Integer, default=1, info={\"x\": 1})",
     {}},
    {"NullableAsItIs", "    a = Column(Integer)\n", "    a = Column(Integer, nullable=True)\n", {}},
    {"AFunction", "def make():", "def make_more():\n    return 2\ndef make():", {}},
    {"NameInParts", "\"size\", name=\"one_code\"", "\"size\", name=\"one\" + \"_code\"", {}},
    {"AMethod",
     "    b = Column(Integer)\n",
     "    b = Column(Integer)\n    def total(self):\n        return 1\n",
     {}},
    {"Formatting",
     "Column(\"id\", Integer), Column(\"note\", String))",
     "Column(\"id\", Integer),\n              Column(\"note\", String))",
     {}},
};

const TableChange kSqlModelChanges[] = {
    {"ColumnWithItsField",
     "max_length=40",
     "max_length=50",
     {"m.Hero structure fields/name/constraints/max_length/value: 40 -> 50",
      "m.Hero structure table/columns/name/type: character varying(40) -> character varying(50)"}},
    {"Index",
     "max_length=40",
     "max_length=40, index=True",
     {"m.Hero structure table/indexes/ix_hero_name:  -> keys [name]"}},
    {"Unique",
     "max_length=40",
     "max_length=40, unique=True",
     {"m.Hero structure table/uniques/hero_name_key:  -> columns [name]"}},
    {"Null",
     "age: Optional[int] = None",
     "age: int = 3",
     {"m.Hero structure fields/age/type: Optional[int] -> int",
      "m.Hero structure fields/age/nullable: yes -> no",
      "m.Hero structure fields/age/default: null -> 3",
      "m.Hero structure table/columns/age/nullable: yes -> no",
      "m.Hero structure table/columns/age/client_default:  -> 3"}},
    {"OnDelete",
     "foreign_key=\"team.id\"",
     "foreign_key=\"team.id\", ondelete=\"CASCADE\"",
     {"m.Hero structure table/foreign_keys/hero_team_id_fkey/on_delete:  -> CASCADE"}},
    {"ForeignKeyGone",
     ", foreign_key=\"team.id\"",
     "",
     {"m.Hero structure table/foreign_keys/hero_team_id_fkey: columns [team_id] target table team "
      "target columns [id] -> "}},
    {"ServerDefault",
     "max_length=40",
     "max_length=40, sa_column_kwargs={\"server_default\": \"x\"}",
     {"m.Hero structure table/columns/name/server_default:  -> 'x'"}},
    {"NoTableAnyMore",
     "class Team(SQLModel, table=True)",
     "class Team(SQLModel)",
     {"m.Team structure kind: table -> model",
      "m.Team structure table: team columns [id integer nullable no identity serial] primary key "
      "[id] -> "}},
};

// What a read of `module` before and after says of the change; nothing of the JSON schema.
std::vector<std::string> Seen(const char* module, const TableChange& change,
                              const std::string& python, bool is_static) {
  ModelsProject project;
  ModelsConfig config = project.Config(python, {"m"});
  config.static_only = is_static;
  project.Write("m.py", module);
  const Section before = Gather(config);
  EXPECT_THAT(ErrorsOf(before), IsEmpty());
  std::string changed = module;
  const size_t at = changed.find(change.find);
  if (at == std::string::npos) return {"there is no such text in the module"};
  project.Write("m.py", changed.replace(at, std::string(change.find).size(), change.replace));
  const Section after = Gather(config);
  EXPECT_THAT(ErrorsOf(after), IsEmpty());
  return WithoutRepresentation(ChangesBetween(before, after));
}

class OneTableChange : public ::testing::TestWithParam<TableChange> {};
INSTANTIATE_TEST_SUITE_P(Of, OneTableChange, ::testing::ValuesIn(kChanges),
                         [](const auto& info) { return info.param.name; });

TEST_P(OneTableChange, IsSeenAsItself) {
  const std::string python = PythonWith("sqlmodel");
  if (python.empty()) GTEST_SKIP() << "no Python with sqlmodel (tests/run.sh --matrix)";
  EXPECT_THAT(Seen(kAlchemy, GetParam(), python, false), ElementsAreArray(GetParam().seen));
}

TEST_P(OneTableChange, IsSeenBySource) {
  CountSingleChange();
  EXPECT_THAT(Seen(kAlchemy, GetParam(), PythonWithPydantic2(), true),
              ElementsAreArray(GetParam().seen));
}

class NoTableChange : public ::testing::TestWithParam<TableChange> {};
INSTANTIATE_TEST_SUITE_P(By, NoTableChange, ::testing::ValuesIn(kNothing),
                         [](const auto& info) { return info.param.name; });

TEST_P(NoTableChange, IsNone) {
  const std::string python = PythonWith("sqlmodel");
  if (python.empty()) GTEST_SKIP() << "no Python with sqlmodel (tests/run.sh --matrix)";
  EXPECT_THAT(Seen(kAlchemy, GetParam(), python, false), IsEmpty());
}

TEST_P(NoTableChange, IsNoneOfSource) {
  CountActThatChangesNothing();
  EXPECT_THAT(Seen(kAlchemy, GetParam(), PythonWithPydantic2(), true), IsEmpty());
}

class OneSqlModelChange : public ::testing::TestWithParam<TableChange> {};
INSTANTIATE_TEST_SUITE_P(Of, OneSqlModelChange, ::testing::ValuesIn(kSqlModelChanges),
                         [](const auto& info) { return info.param.name; });

TEST_P(OneSqlModelChange, IsSeenAsItself) {
  const std::string python = PythonWith("sqlmodel");
  if (python.empty()) GTEST_SKIP() << "no Python with sqlmodel (tests/run.sh --matrix)";
  EXPECT_THAT(Seen(kSqlModel, GetParam(), python, false), ElementsAreArray(GetParam().seen));
}

TEST_P(OneSqlModelChange, IsSeenBySource) {
  CountSingleChange();
  EXPECT_THAT(Seen(kSqlModel, GetParam(), PythonWithPydantic2(), true),
              ElementsAreArray(GetParam().seen));
}

}  // namespace
}  // namespace varve::testing
