// Rules about types of columns of PostgreSQL.
#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "snapshot/postgres_type.h"
#include "snapshot/rules/postgres_walk.h"

namespace varve {
namespace {

std::string AlterType(const EntityView& table, const v1::Column& column, absl::string_view type) {
  return absl::StrCat(AlterTable(table.key()), "alter column ", SqlName(column.name()), " type ",
                      type, ";");
}

// Each column of one of these types. A domain is taken for what it rests on.
void ForEachOfTypes(const RuleInput& input, std::initializer_list<absl::string_view> types,
                    absl::FunctionRef<void(const EntityView&, const v1::Column&)> look) {
  for (const SeenColumn& each : input.postgres.Columns()) {
    if (absl::c_linear_search(types, each.catalog_type)) look(*each.table, *each.column);
  }
}

// Finds each of them; `better` is what it is altered to, empty where that is not for us to say.
void FindTypes(const RuleInput& input, std::initializer_list<absl::string_view> types,
               absl::string_view better, RuleOutput& output) {
  ForEachOfTypes(input, types, [&](const EntityView& entity, const v1::Column& column) {
    output.Find(ObjectOfPart(entity.key(), column.name()),
                absl::StrCat("is ", TypeText(column.type())),
                better.empty() ? "" : AlterType(entity, column, better));
  });
}

void TimestampWithoutTimeZone(const RuleInput& input, RuleOutput& output) {
  FindTypes(input, {"timestamp"}, "timestamptz", output);
}

void CharacterType(const RuleInput& input, RuleOutput& output) {
  FindTypes(input, {"bpchar"}, "text", output);
}

void JsonType(const RuleInput& input, RuleOutput& output) {
  FindTypes(input, {"json"}, "jsonb", output);
}

void MoneyType(const RuleInput& input, RuleOutput& output) {
  FindTypes(input, {"money"}, "numeric", output);
}

void TimeWithTimeZone(const RuleInput& input, RuleOutput& output) {
  FindTypes(input, {"timetz"}, "", output);
}

void InternalType(const RuleInput& input, RuleOutput& output) {
  FindTypes(input, {"char", "name"}, "text", output);
}

// pg_upgrade takes regclass, regrole and regtype: their numbers stay.
void RegistryType(const RuleInput& input, RuleOutput& output) {
  FindTypes(input,
            {"regcollation", "regconfig", "regdictionary", "regnamespace", "regoper", "regoperator",
             "regproc", "regprocedure"},
            "text", output);
}

void VaryingCharacterLength(const RuleInput& input, RuleOutput& output) {
  ForEachColumn(input, [&output](const EntityView& entity, const v1::Column& column) {
    if (!IsOneOf(column.type(), {"varchar"}) || column.type().modifier().empty()) return;
    output.Find(ObjectOfPart(entity.key(), column.name()),
                absl::StrCat("is ", TypeText(column.type())), AlterType(entity, column, "text"));
  });
}

// Whether a word of the name says that it holds money ("unit_price"), and none that it holds a
// share of it ("price_ratio").
bool NamesMoney(absl::string_view name) {
  static constexpr absl::string_view kMoney[] = {"amount", "balance", "fee", "price", "salary"};
  static constexpr absl::string_view kShare[] = {"factor",     "fraction", "pct",   "percent",
                                                 "percentage", "rate",     "ratio", "share"};
  const std::vector<absl::string_view> words = absl::StrSplit(name, '_');
  const auto has_any = [&words](absl::Span<const absl::string_view> of) {
    return std::find_first_of(words.begin(), words.end(), of.begin(), of.end()) != words.end();
  };
  return has_any(kMoney) && !has_any(kShare);
}

void FloatForMoney(const RuleInput& input, RuleOutput& output) {
  ForEachOfTypes(input, {"float4", "float8"}, [&](const auto& entity, const auto& column) {
    if (!NamesMoney(absl::AsciiStrToLower(column.name()))) return;
    output.Find(ObjectOfPart(entity.key(), column.name()),
                absl::StrCat("is ", TypeText(column.type()), ", and is called like money"),
                AlterType(entity, column, "numeric"));
  });
}

void UuidKeptAsText(const RuleInput& input, RuleOutput& output) {
  ForEachOfTypes(input, {"text", "varchar", "bpchar"}, [&](const auto& entity, const auto& column) {
    const absl::string_view text = ColumnText(entity, column.name());
    if (!absl::StrContains(text, "gen_random_uuid()") &&
        !absl::StrContains(text, "uuid_generate_v")) {
      return;
    }
    output.Find(ObjectOfPart(entity.key(), column.name()),
                absl::StrCat("is ", TypeText(column.type()), ", and is filled with UUIDs"));
  });
}

// Columns of one name and one type.
struct TypeGroup {
  const v1::DataType* type;
  size_t columns = 0;
  const TypeGroup* meant = nullptr;  // of the same name; itself where it is the one
};
using TypeGroups = std::deque<TypeGroup>;  // whose places stay where they are

bool IsWrittenAlike(const v1::DataType& a, const v1::DataType& b) {
  return a.array() == b.array() && a.type().kind() == b.type().kind() &&
         absl::c_equal(a.type().names(), b.type().names());
}

// The type that most columns of a name have is taken for the one that was meant; of several, the
// first by its name.
void SayWhichIsMeant(TypeGroups& groups) {
  const TypeGroup* most = &groups.front();
  for (const TypeGroup& group : groups) {
    if (group.columns < most->columns) continue;
    if (group.columns > most->columns || TypeName(*group.type) < TypeName(*most->type)) {
      most = &group;
    }
  }
  for (TypeGroup& group : groups) group.meant = most;
}

// The group of each column, in their order. To spell out the type of each would take longer than
// all else here.
std::vector<const TypeGroup*> GroupsOfColumns(
    const RuleInput& input, absl::flat_hash_map<absl::string_view, TypeGroups>& by_name) {
  std::vector<const TypeGroup*> places;
  for (const SeenColumn& column : input.postgres.Columns()) {
    const v1::DataType& type = column.column->type();
    TypeGroups& groups = by_name[column.name];
    auto group = absl::c_find_if(
        groups, [&type](const TypeGroup& each) { return IsWrittenAlike(*each.type, type); });
    if (group == groups.end()) group = groups.insert(group, {&type});
    ++group->columns;
    places.push_back(&*group);
  }
  for (auto& [name, groups] : by_name) SayWhichIsMeant(groups);
  return places;
}

void ColumnTypeDiffers(const RuleInput& input, RuleOutput& output) {
  absl::flat_hash_map<absl::string_view, TypeGroups> by_name;
  const std::vector<const TypeGroup*> groups = GroupsOfColumns(input, by_name);
  auto group = groups.begin();
  for (const SeenColumn& column : input.postgres.Columns()) {
    const TypeGroup& own = **group++;
    if (own.meant == &own) continue;
    output.Find(ObjectOfPart(column.table->key(), column.name),
                absl::StrCat("is ", TypeText(column.column->type()), "; ", own.meant->columns,
                             " columns of its name are ", TypeName(*own.meant->type)));
  }
}

constexpr Need kColumns[] = {{"table", v1::FACET_STRUCTURE}, {"domain", v1::FACET_STRUCTURE}};
constexpr Need kDefaults[] = {{"table", v1::FACET_STRUCTURE},
                              {"table", v1::FACET_EXPRESSIONS},
                              {"domain", v1::FACET_STRUCTURE}};

constexpr RuleRun kRuns[] = {
    {{"pg/char-type", Severity::kWarning, "policy", kColumns,
      "char(n) pads with spaces, which count in some comparisons and not in others.",
      "Use text, with a check where the length matters.", kOnlyIfNamed},
     "postgres",
     CharacterType},
    {{"pg/column-type-differs", Severity::kWarning, "policy", kTables,
      "What is called the same and is not of one type is compared and joined wrongly.",
      "Give the columns one type, or different names.", kOnlyIfNamed},
     "postgres",
     ColumnTypeDiffers},
    {{"pg/float-for-money", Severity::kWarning, "correctness", kColumns,
      "Floating point does not hold decimal fractions: sums of money do not add up.",
      "Use numeric."},
     "postgres",
     FloatForMoney},
    {{"pg/internal-type", Severity::kInfo, "correctness", kColumns,
      "\"char\" and name are types of the system catalogs: they cut off what does not fit.",
      "Use text."},
     "postgres",
     InternalType},
    {{"pg/json-instead-of-jsonb", Severity::kInfo, "policy", kColumns,
      "json is parsed at every look, and can be neither indexed nor compared.",
      "Use jsonb, unless the text itself must stay as it was.", kOnlyIfNamed},
     "postgres",
     JsonType},
    {{"pg/money-type", Severity::kWarning, "correctness", kColumns,
      "What money means depends on lc_monetary: after a change the same value is another sum.",
      "Use numeric, and a column for the currency."},
     "postgres",
     MoneyType},
    {{"pg/reg-type", Severity::kWarning, "correctness", kColumns,
      "pg_upgrade refuses a database with such a column: the numbers in it change.",
      "Keep the name as text."},
     "postgres",
     RegistryType},
    {{"pg/timestamp-without-time-zone", Severity::kWarning, "policy", kColumns,
      "Which moment it means depends on who reads it.", "Use timestamptz.", kOnlyIfNamed},
     "postgres",
     TimestampWithoutTimeZone},
    {{"pg/timetz-type", Severity::kInfo, "correctness", kColumns,
      "A time of day with an offset and without a date cannot know of summer time.",
      "Use timestamptz, or time."},
     "postgres",
     TimeWithTimeZone},
    {{"pg/uuid-kept-as-text", Severity::kInfo, "policy", kDefaults,
      "A UUID as text takes more than twice the space, in every index too.", "Use uuid.",
      kOnlyIfNamed},
     "postgres",
     UuidKeptAsText},
    {{"pg/varchar-length", Severity::kInfo, "policy", kTables,
      "To change the length later locks the table.", "Use text with a check.", kOnlyIfNamed},
     "postgres",
     VaryingCharacterLength},
};

}  // namespace

absl::Span<const RuleRun> PostgresColumnTypeRules() { return kRuns; }

}  // namespace varve
