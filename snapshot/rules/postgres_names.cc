// Rules about names in PostgreSQL, and about comments.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "snapshot/kinds.h"
#include "snapshot/postgres_type.h"
#include "snapshot/rules/postgres_walk.h"
#include "snapshot/rules/table_names.h"

namespace varve {
namespace {

// A name that a person gave: of an object, or of a column of a table.
struct Named {
  const EntityView* entity;
  absl::string_view column;  // empty: the object itself

  absl::string_view name() const {
    if (!column.empty()) return column;
    const std::vector<std::string>& names = entity->key().names;
    return names[StandsInSchema(entity->key().kind) ? 1 : 0];
  }
  std::string Object() const {
    return column.empty() ? DisplayName(entity->key()) : ObjectOfPart(entity->key(), column);
  }
};

// Of tables without partitions, which are named after their parents, and their columns; of the
// kinds. Indexes, constraints and sequences are mostly named by the server.
void ForEachName(const RuleInput& input, absl::Span<const absl::string_view> kinds,
                 absl::FunctionRef<void(const Named&)> look) {
  for (const absl::string_view kind : kinds) {
    ForEachOf(input, kind, [&look](const EntityView& entity) { look({&entity, ""}); });
  }
  ForEachTable(input, [&look](const EntityView& entity, const v1::TableStructure&) {
    look({&entity, ""});
  });
  for (const SeenColumn& column : input.postgres.Columns()) look({column.table, column.name});
}

constexpr absl::string_view kRelations[] = {"schema", "view", "materialized_view"};
constexpr absl::string_view kObjects[] = {"schema", "view",   "materialized_view", "function",
                                          "enum",   "domain", "composite_type"};

// "alter table public.\"Orders\" rename column \"Id\" to …;"
std::string Rename(const Named& named) {
  const EntityKey& key = named.entity->key();
  if (!named.column.empty()) {
    return absl::StrCat(AlterTable(key), "rename column ", SqlName(named.column), " to …;");
  }
  absl::string_view word = key.kind;
  if (word == "materialized_view") word = "materialized view";
  if (word == "function") word = "routine";
  if (word == "enum" || word == "composite_type") word = "type";
  return absl::StrCat("alter ", word, " ", Sql(key), " rename to …;");
}

void QuotedName(const RuleInput& input, RuleOutput& output) {
  absl::flat_hash_set<std::string> found;  // routines may share a name
  ForEachName(input, kObjects, [&](const Named& named) {
    if (QuotedIdentifier(named.name()) == named.name()) return;
    if (named.entity->key().kind == "function" &&
        !found.insert(absl::StrCat(named.entity->key().names[0], ".", named.name())).second) {
      return;
    }
    output.Find(named.Object(), "is no name unless it is quoted", Rename(named));
  });
}

// Words that are no error without quotes, and mean what the server knows: "select user from …".
bool IsValue(absl::string_view word) {
  return absl::StartsWith(word, "current_") || absl::EndsWith(word, "_user") || word == "user" ||
         word == "localtime" || word == "localtimestamp";
}

void ReservedWord(const RuleInput& input, RuleOutput& output) {
  ForEachName(input, kRelations, [&output](const Named& named) {
    if (!IsReservedWord(named.name())) return;
    output.Find(named.Object(),
                IsValue(named.name()) ? "is a word that means something else unless it is quoted"
                                      : "is a reserved word",
                Rename(named));
  });
}

void TruncatedName(const RuleInput& input, RuleOutput& output) {
  constexpr size_t kMost = 63;  // NAMEDATALEN - 1
  ForEachName(input, kObjects, [&output](const Named& named) {
    if (named.name().size() < kMost) return;
    output.Find(named.Object(), absl::StrCat("is as long as a name can be, ", kMost, " bytes"),
                Rename(named));
  });
}

enum class Style { kNone, kSnake, kCamel };

// A single word, or one in capitals, is of no style.
Style StyleOf(absl::string_view name) {
  bool has_lower = false, has_upper = false;
  for (const char c : name) {
    has_lower |= absl::ascii_islower(static_cast<unsigned char>(c));
    has_upper |= absl::ascii_isupper(static_cast<unsigned char>(c));
  }
  if (has_lower && has_upper) return Style::kCamel;
  return has_lower && absl::StrContains(name, "_") ? Style::kSnake : Style::kNone;
}

void MixedNaming(const RuleInput& input, RuleOutput& output) {
  std::vector<Named> snakes, camels;
  ForEachName(input, kObjects, [&](const Named& named) {
    const Style style = StyleOf(named.name());
    if (style == Style::kSnake) snakes.push_back(named);
    if (style == Style::kCamel) camels.push_back(named);
  });
  const bool camels_are_fewer = camels.size() <= snakes.size();
  if (std::min(snakes.size(), camels.size()) == 0) return;
  const std::string message =
      camels_are_fewer
          ? absl::StrCat("has upper case, and ", snakes.size(), " names have underscores")
          : absl::StrCat("has underscores, and ", camels.size(), " names have upper case");
  for (const Named& named : camels_are_fewer ? camels : snakes) {
    output.Find(named.Object(), message);
  }
}

void SingularAndPlural(const RuleInput& input, RuleOutput& output) {
  std::vector<std::pair<const EntityView*, NounNumber>> tables;
  size_t ones = 0, manys = 0;
  ForEachTable(input, [&](const EntityView& entity, const v1::TableStructure&) {
    const NounNumber number = NumberOf(SnakeCase(entity.key().names[1]));
    ones += number == NounNumber::kOne;
    manys += number == NounNumber::kMany;
    tables.emplace_back(&entity, number);
  });
  if (std::min(ones, manys) == 0) return;
  const bool ones_are_fewer = ones <= manys;
  const NounNumber other = ones_are_fewer ? NounNumber::kOne : NounNumber::kMany;
  for (const auto& [entity, number] : tables) {
    if (number != other) continue;
    output.Find(DisplayName(entity->key()),
                ones_are_fewer
                    ? absl::StrCat("is named in the singular, ", manys, " tables in the plural")
                    : absl::StrCat("is named in the plural, ", ones, " tables in the singular"));
  }
}

const v1::Docs& DocsOf(const EntityView& entity) { return entity.Shape(v1::FACET_DOCS).docs(); }

constexpr absl::string_view kIsSaid = " is '…';";

void MissingComment(const RuleInput& input, RuleOutput& output) {
  const auto look = [&output](const EntityView& entity, absl::string_view what) {
    if (!entity.Saw(v1::FACET_DOCS) || !DocsOf(entity).comment().empty()) return;
    output.Find(DisplayName(entity.key()), "has no comment",
                absl::StrCat("comment on ", what, " ", Sql(entity.key()), kIsSaid));
  };
  ForEachTable(input, [&look](const EntityView& entity, const v1::TableStructure&) {
    look(entity, "table");
  });
  ForEachOf(input, "view", [&look](const EntityView& entity) { look(entity, "view"); });
  ForEachOf(input, "materialized_view",
            [&look](const EntityView& entity) { look(entity, "materialized view"); });
}

absl::flat_hash_set<absl::string_view> CommentedColumns(const EntityView& table) {
  absl::flat_hash_set<absl::string_view> commented;
  for (const v1::ElementDoc& doc : DocsOf(table).elements()) {
    if (doc.part() == "column" && !doc.comment().empty()) commented.insert(doc.name());
  }
  return commented;
}

void MissingColumnComment(const RuleInput& input, RuleOutput& output) {
  const EntityView* table = nullptr;  // what follows is told once of it
  absl::flat_hash_set<absl::string_view> commented;
  std::string shown, sql;
  for (const SeenColumn& column : input.postgres.Columns()) {
    const EntityView& its = *column.table;
    if (table == nullptr || table != &its) {
      table = &its;
      commented = CommentedColumns(its);
      shown = DisplayName(its.key());
      sql = Sql(its.key());
    }
    if (!its.Saw(v1::FACET_DOCS) || commented.contains(column.name)) continue;
    output.Find(absl::StrCat(shown, ".", column.name), "has no comment",
                absl::StrCat("comment on column ", sql, ".", SqlName(column.name), kIsSaid));
  }
}

constexpr Need kNames[] = {
    {"table", v1::FACET_STRUCTURE},          {"view", v1::FACET_STRUCTURE},
    {"schema", v1::FACET_STRUCTURE},         {"materialized_view", v1::FACET_STRUCTURE},
    {"function", v1::FACET_STRUCTURE},       {"enum", v1::FACET_STRUCTURE},
    {"composite_type", v1::FACET_STRUCTURE}, {"domain", v1::FACET_STRUCTURE}};
constexpr Need kNamesOfRelations[] = {{"table", v1::FACET_STRUCTURE},
                                      {"view", v1::FACET_STRUCTURE},
                                      {"schema", v1::FACET_STRUCTURE},
                                      {"materialized_view", v1::FACET_STRUCTURE}};
constexpr Need kDocs[] = {
    {"table", v1::FACET_DOCS}, {"view", v1::FACET_DOCS}, {"materialized_view", v1::FACET_DOCS}};
constexpr Need kColumnDocs[] = {{"table", v1::FACET_STRUCTURE}, {"table", v1::FACET_DOCS}};

constexpr RuleRun kRuns[] = {
    {{"pg/missing-column-comment", Severity::kInfo, "policy", kColumnDocs,
      "What a column means is known to nobody but who made it.", "Say it in a comment.",
      kOnlyIfNamed},
     "postgres",
     MissingColumnComment},
    {{"pg/missing-comment", Severity::kInfo, "policy", kDocs,
      "What a table or view is for is known to nobody but who made it.", "Say it in a comment.",
      kOnlyIfNamed},
     "postgres",
     MissingComment},
    {{"pg/mixed-naming", Severity::kInfo, "naming", kNames,
      "Where names have two styles, nobody can guess a name.",
      "Rename those of the style that is rarer.", kOnlyIfNamed},
     "postgres",
     MixedNaming},
    {{"pg/quoted-name", Severity::kWarning, "naming", kNames,
      "Who forgets the quotes is told that there is no such name.",
      "Use lower-case letters, digits and underscores.", kOnlyIfNamed},
     "postgres",
     QuotedName},
    {{"pg/reserved-word", Severity::kWarning, "naming", kNamesOfRelations,
      "Without quotes it is an error, or worse: it means something else.", "Choose another name.",
      kOnlyIfNamed},
     "postgres",
     ReservedWord},
    {{"pg/singular-and-plural", Severity::kInfo, "naming", kTables,
      "Where some tables are named in the singular and others in the plural, nobody can guess a "
      "name.",
      "Rename those of the number that is rarer.", kOnlyIfNamed},
     "postgres",
     SingularAndPlural},
    {{"pg/truncated-name", Severity::kInfo, "naming", kNames,
      "Longer names are cut to 63 bytes: what was meant may have been longer, and two that begin "
      "alike are one.",
      "Choose a shorter name."},
     "postgres",
     TruncatedName},
};

}  // namespace

absl::Span<const RuleRun> PostgresNameRules() { return kRuns; }

}  // namespace varve
