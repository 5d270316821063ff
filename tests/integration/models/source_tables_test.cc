// Tables in source that is read without running it: what takes running is named as unknown.
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/models/models_project.h"
#include "tests/integration/models/table_lines.h"

namespace varve::testing {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// What source does not show is named, and no value stands for it. Nothing is installed for that.
struct UnclearTable {
  const char* name;
  const char* module;  // behind the imports
  std::vector<std::string> unknown;
  std::vector<std::string> columns = {};
  const char* schema = "";
};

void PrintTo(const UnclearTable& table, std::ostream* out) { *out << table.name; }

constexpr char kImports[] = R"py(
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declarative_base
from elsewhere import Mystery, make, settings
)py";

const std::vector<std::string> kAll = {"checks",  "columns",     "foreign_keys",
                                       "indexes", "primary_key", "uniques"};
const std::vector<std::string> kAllWithSchema = {
    "checks", "columns", "foreign_keys", "indexes", "primary_key", "schema", "uniques"};

class OneUnclearTable : public ::testing::TestWithParam<UnclearTable> {};
INSTANTIATE_TEST_SUITE_P(
    Of, OneUnclearTable,
    ::testing::Values(
        UnclearTable{"Type",
                     "T = Table('t', MetaData(), Column('a', Mystery(3)))",
                     {"a.enum_labels", "a.type"},
                     {"a: "}},
        UnclearTable{"Defaults",
                     "T = Table('t', MetaData(), Column('a', Text, default=make.it, "
                     "server_default=text(settings.start)))",
                     {"a.client_default", "a.server_default"},
                     {"a: text"}},
        UnclearTable{"SchemaOfTheMetadata",
                     "T = Table('t', MetaData(schema=settings.schema), Column('a', Text))",
                     {"schema"},
                     {"a: text"}},
        UnclearTable{"SchemaOfTheTable",
                     "T = Table('t', MetaData(), Column('a', Text), schema=settings.schema)",
                     {"schema"},
                     {"a: text"}},
        UnclearTable{"MetadataFromElsewhere",
                     "T = Table('t', settings.metadata, Column('a', Text, index=True))",
                     {"indexes", "schema"},
                     {"a: text"}},
        UnclearTable{"MetadataThatIsMovedLater",
                     "M = MetaData()\nT = Table('t', M, Column('a', Text))\nM.schema = 'x'",
                     {"schema"},
                     {"a: text"}},
        UnclearTable{"ColumnsInAList", "T = Table('t', MetaData(), *make.columns())",
                     kAllWithSchema},
        UnclearTable{
            "AColumnThatAFunctionMakes",
            "def key():\n    return Column(Integer, primary_key=True)\n"
            "Base = declarative_base()\nclass T(Base):\n    __tablename__ = 't'\n    id = key()",
            kAll},
        UnclearTable{"ABaseFromElsewhere",
                     "Base = declarative_base()\nclass T(Mystery, Base):\n    __tablename__ = 't'\n"
                     "    id = Column(Integer, primary_key=True)",
                     kAll},
        UnclearTable{
            "ATableOfTwoClasses",
            "Base = declarative_base()\nclass T(Base):\n    __tablename__ = 't'\n"
            "    id = Column(Integer, primary_key=True)\nclass U(T):\n    more = Column(Text)",
            kAll},
        UnclearTable{"AKeyOfATableThatIsNotRead",
                     "T = Table('t', MetaData(), Column('a', ForeignKey('gone.id')))",
                     {"a.enum_labels", "a.type"},
                     {"a: "}},
        UnclearTable{"AKeyOfAColumnObject",
                     "T = Table('t', MetaData(), Column('a', Text, ForeignKey(Mystery.id)))",
                     {"foreign_keys"},
                     {"a: text"}},
        UnclearTable{"AnIndexOfAnExpression",
                     "T = Table('t', MetaData(), Column('a', Text), Index('i', make.key()))",
                     {"indexes"},
                     {"a: text"}},
        UnclearTable{"Nullable",
                     "class Base(DeclarativeBase):\n    pass\nclass T(Base):\n    "
                     "__tablename__ = 't'\n    a: Mapped[Mystery]",
                     {"a.enum_labels", "a.nullable", "a.type"},
                     {"a: "}}),
    [](const auto& info) { return info.param.name; });

TEST_P(OneUnclearTable, SaysWhatIsNotKnown) {
  ModelsProject project;
  project.Write("m.py", absl::StrCat(kImports, GetParam().module, "\n"));
  ModelsConfig config = project.Config(PythonWithPydantic2(), {"m"});
  config.static_only = true;
  const Section section = Gather(config);
  EXPECT_THAT(ErrorsOf(section), Each(HasSubstr("what its base elsewhere.Mystery brings")));
  const std::vector<std::string> models = ModelsOf(section);
  ASSERT_THAT(models, Not(IsEmpty()));
  for (const std::string& model : models) {
    const v1::ModelTable table = StructureOf(section, "m", model.substr(2)).table();
    EXPECT_EQ(table.name(), "t");
    EXPECT_EQ(table.schema(), GetParam().schema);
    EXPECT_EQ(UnknownOf(table), GetParam().unknown);
    EXPECT_EQ(ColumnLines(table), GetParam().columns);
  }
}

}  // namespace
}  // namespace varve::testing
