// Rules about sequences of PostgreSQL, and about columns that take their numbers from them.
#include <algorithm>
#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/postgres_type.h"
#include "snapshot/rules/postgres_walk.h"

namespace varve {
namespace {

void ForEachSequence(
    const RuleInput& input,
    absl::FunctionRef<void(const EntityView&, const v1::SequenceStructure&)> look) {
  ForEachOf(input, "sequence", [&look](const EntityView& entity) {
    look(entity, entity.Shape(v1::FACET_STRUCTURE).sequence());
  });
}

// The greatest number that an integer type holds; that of bigint for all others.
int64_t MostOf(const v1::DataType& type) {
  if (IsOneOf(type, {"int2"})) return std::numeric_limits<int16_t>::max();
  if (IsOneOf(type, {"int4"})) return std::numeric_limits<int32_t>::max();
  return std::numeric_limits<int64_t>::max();
}

std::string ObjectOf(const FilledColumn& filled) {
  return ObjectOfPart(filled.table->key(), filled.column->name());
}

std::string Widen(const FilledColumn& filled) {
  return absl::StrCat(AlterTable(filled.table->key()), "alter column ",
                      SqlName(filled.column->name()), " type bigint;");
}

std::string WidenSequence(const EntityKey& sequence, absl::string_view type) {
  return absl::StrCat("alter sequence ", Sql(sequence), " as ", type, ";");
}

// A sequence beyond so many percent is found.
constexpr int64_t kWarnPercent = 70, kErrorPercent = 90;

int64_t PercentOf(const RuleInput& input, const FilledColumn& filled, int64_t position) {
  const int64_t most = MostOf(BaseType(input, filled.column->type()));
  return static_cast<int64_t>(100 * static_cast<long double>(position) / most);
}

// What widens the columns that are almost used up, then the sequence. Empty where that ends where
// somebody said that it shall.
std::string WidenAll(const RuleInput& input, const EntityView& entity,
                     absl::Span<const FilledColumn> users, int64_t percent, int64_t position) {
  const auto& sequence = entity.Shape(v1::FACET_STRUCTURE).sequence();
  const bool ends_by_type =
      sequence.maximum() == MostOf(sequence.type()) && !IsOneOf(sequence.type(), {"int8"});
  if (percent > kWarnPercent && !ends_by_type) return "";
  std::vector<std::string> statements;
  for (const FilledColumn& filled : users) {
    if (PercentOf(input, filled, position) > kWarnPercent) statements.push_back(Widen(filled));
  }
  if (percent > kWarnPercent) statements.push_back(WidenSequence(entity.key(), "bigint"));
  return absl::StrJoin(statements, " ");
}

// A sequence that nobody used has no position, and neither has one that may not be read: the rows
// of its table tell which.
bool HasRows(absl::Span<const FilledColumn> users) {
  return std::any_of(users.begin(), users.end(), [](const FilledColumn& filled) {
    return filled.table->Number("rows_estimate").value_or(0) > 0;
  });
}

// `percent` of the sequence's own numbers are used; a narrower column may end before it.
void FindUsage(const RuleInput& input, const EntityView& entity,
               absl::Span<const FilledColumn> users, int64_t percent, int64_t position,
               RuleOutput& output) {
  int64_t most_used = percent;
  std::string where;
  for (const FilledColumn& filled : users) {
    const int64_t used = PercentOf(input, filled, position);
    if (used <= most_used) continue;
    most_used = used;
    where = absl::StrCat(" in ", ObjectOf(filled), " ", TypeText(filled.column->type()));
  }
  if (most_used <= kWarnPercent) return;
  output.FindAt(
      most_used > kErrorPercent ? Severity::kError : Severity::kWarning, DisplayName(entity.key()),
      absl::StrCat(most_used, " % of its numbers", where, " are used: it is at ", position),
      WidenAll(input, entity, users, percent, position));
}

void SequenceAlmostUsedUp(const RuleInput& input, RuleOutput& output) {
  const SequenceUsers& users = input.postgres.UsersOfSequences();
  ForEachSequence(input, [&](const EntityView& entity, const v1::SequenceStructure& sequence) {
    if (sequence.cycle()) return;
    const absl::Span<const FilledColumn> filled = users.Of(entity.key());
    const std::optional<int64_t> percent = entity.Number("percent_used");
    const std::optional<int64_t> position = entity.Number("last_value");
    if (percent.has_value() && position.has_value()) {
      return FindUsage(input, entity, filled, *percent, *position, output);
    }
    if (HasRows(filled))
      output.CannotSay(DisplayName(entity.key()), "its position was not measured");
  });
}

void SequenceNarrowerThanColumn(const RuleInput& input, RuleOutput& output) {
  const SequenceUsers& users = input.postgres.UsersOfSequences();
  ForEachSequence(input, [&](const EntityView& entity, const v1::SequenceStructure& sequence) {
    if (sequence.increment() < 0 || sequence.cycle()) return;
    for (const FilledColumn& filled : users.Of(entity.key())) {
      const v1::DataType& type = BaseType(input, filled.column->type());
      if (!IsOneOf(type, {"int4", "int8"}) || MostOf(sequence.type()) >= MostOf(type)) continue;
      output.Find(DisplayName(entity.key()),
                  absl::StrCat("is ", TypeText(sequence.type()), ", and fills ", ObjectOf(filled),
                               " ", TypeText(filled.column->type())),
                  WidenSequence(entity.key(), TypeText(type)));
      break;
    }
  });
}

void SequenceWiderThanColumn(const RuleInput& input, RuleOutput& output) {
  const SequenceUsers& users = input.postgres.UsersOfSequences();
  ForEachSequence(input, [&](const EntityView& entity, const v1::SequenceStructure& sequence) {
    for (const FilledColumn& filled : users.Of(entity.key())) {
      if (sequence.maximum() <= MostOf(BaseType(input, filled.column->type()))) continue;
      output.Find(DisplayName(entity.key()),
                  absl::StrCat("gives numbers that ", ObjectOf(filled), " ",
                               TypeText(filled.column->type()), " cannot hold"),
                  Widen(filled));
      break;
    }
  });
}

void SerialColumn(const RuleInput& input, RuleOutput& output) {
  const SequenceUsers& users = input.postgres.UsersOfSequences();
  ForEachSequence(input, [&](const EntityView& entity, const v1::SequenceStructure& sequence) {
    if (sequence.of_identity() || !sequence.has_owner_table()) return;
    for (const FilledColumn& filled : users.Of(entity.key())) {
      if (filled.table->key() != KeyOf(sequence.owner_table()) ||
          filled.column->name() != sequence.owner_column()) {
        continue;
      }
      output.Find(ObjectOf(filled),
                  absl::StrCat("is a serial, of sequence ", DisplayName(entity.key())));
    }
  });
}

// A sequence is owned by a column of its own schema.
std::string OwnedBy(const EntityKey& sequence, const FilledColumn& filled) {
  if (filled.table->key().names[0] != sequence.names[0]) return "";
  return absl::StrCat("alter sequence ", Sql(sequence), " owned by ", Sql(filled.table->key()), ".",
                      SqlName(filled.column->name()), ";");
}

// Of a sequence that nobody owns and that fills one column, the column is the owner that was meant.
void SequenceWithoutOwner(const RuleInput& input, RuleOutput& output) {
  const SequenceUsers& users = input.postgres.UsersOfSequences();
  ForEachSequence(input, [&](const EntityView& entity, const v1::SequenceStructure& sequence) {
    if (sequence.has_owner_table()) return;
    const absl::Span<const FilledColumn> filled = users.Of(entity.key());
    if (filled.empty()) {
      return users.are_all
                 ? output.Find(DisplayName(entity.key()),
                               "no column owns it or takes its default from it")
                 : output.CannotSay(DisplayName(entity.key()), "not all defaults were seen");
    }
    output.Find(
        DisplayName(entity.key()),
        absl::StrCat("no column owns it, and ", ObjectOf(filled[0]), " takes its default from it"),
        filled.size() > 1 ? "" : OwnedBy(entity.key(), filled[0]));
  });
}

void SequenceOfAnotherTable(const RuleInput& input, RuleOutput& output) {
  const SequenceUsers& users = input.postgres.UsersOfSequences();
  ForEachSequence(input, [&](const EntityView& entity, const v1::SequenceStructure& sequence) {
    if (!sequence.has_owner_table()) return;
    const EntityKey owner = KeyOf(sequence.owner_table());
    for (const FilledColumn& filled : users.Of(entity.key())) {
      if (filled.table->key() == owner) continue;
      output.Find(ObjectOf(filled),
                  absl::StrCat("takes its default from sequence ", DisplayName(entity.key()),
                               ", which goes with ", ObjectOfPart(owner, sequence.owner_column())));
    }
  });
}

bool IsUniqueAlone(const v1::TableStructure& table, absl::string_view column) {
  return std::any_of(table.indexes().begin(), table.indexes().end(), [&column](const auto& index) {
    return index.unique() && !index.partial() && index.keys_size() == 1 &&
           index.keys(0).column() == column;
  });
}

void CyclingKeySequence(const RuleInput& input, RuleOutput& output) {
  const SequenceUsers& users = input.postgres.UsersOfSequences();
  ForEachSequence(input, [&](const EntityView& entity, const v1::SequenceStructure& sequence) {
    if (!sequence.cycle()) return;
    for (const FilledColumn& filled : users.Of(entity.key())) {
      if (!IsUniqueAlone(StructureOf(*filled.table), filled.column->name())) continue;
      output.Find(DisplayName(entity.key()),
                  absl::StrCat("begins again at its end, and fills ", ObjectOf(filled),
                               ", which is unique"),
                  absl::StrCat("alter sequence ", Sql(entity.key()), " no cycle;"));
      break;
    }
  });
}

constexpr Need kSequences[] = {{"sequence", v1::FACET_STRUCTURE},
                               {"table", v1::FACET_STRUCTURE},
                               {"table", v1::FACET_EXPRESSIONS}};
constexpr Need kPositions[] = {{"sequence", v1::FACET_STRUCTURE},
                               {"sequence", v1::FACET_UNSPECIFIED, "percent_used"},
                               {"table", v1::FACET_STRUCTURE},
                               {"table", v1::FACET_EXPRESSIONS}};

constexpr RuleRun kRuns[] = {
    {{"pg/cycling-key-sequence", Severity::kWarning, "correctness", kSequences,
      "When the sequence begins again, it gives numbers that are taken: inserts fail.",
      "Say NO CYCLE, and give the sequence and its column a wider type."},
     "postgres",
     CyclingKeySequence},
    {{"pg/sequence-almost-used-up", Severity::kWarning, "correctness", kPositions,
      "At the end of the sequence, or of the type of its column, every insert fails.",
      "Give both a wider type, before the end: it rewrites the table."},
     "postgres",
     SequenceAlmostUsedUp},
    {{"pg/sequence-narrower-than-column", Severity::kWarning, "correctness", kSequences,
      "The column was widened, and inserts fail all the same when the sequence ends.",
      "Give the sequence the type of the column."},
     "postgres",
     SequenceNarrowerThanColumn},
    {{"pg/sequence-of-another-table", Severity::kWarning, "correctness", kSequences,
      "The sequence goes with the table that owns it, or keeps that from being dropped.",
      "Give the column a sequence of its own, or let nobody own the shared one."},
     "postgres",
     SequenceOfAnotherTable},
    {{"pg/sequence-wider-than-column", Severity::kInfo, "policy", kSequences,
      "Inserts fail when the sequence passes what the column can hold.",
      "Give the column the type of the sequence.", kOnlyIfNamed},
     "postgres",
     SequenceWiderThanColumn},
    {{"pg/sequence-without-owner", Severity::kInfo, "policy", kSequences,
      "A sequence that no column owns stays when the table goes.",
      "Say which column owns it, or drop it.", kOnlyIfNamed},
     "postgres",
     SequenceWithoutOwner},
    {{"pg/serial-instead-of-identity", Severity::kInfo, "policy", kSequences,
      "The sequence of a serial has privileges and a default of its own, which can go astray.",
      "Make the column GENERATED BY DEFAULT AS IDENTITY.", kOnlyIfNamed},
     "postgres",
     SerialColumn},
};

}  // namespace

absl::Span<const RuleRun> PostgresSequenceRules() { return kRuns; }

}  // namespace varve
