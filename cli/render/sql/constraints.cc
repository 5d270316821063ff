// Constraints of tables.
#include "absl/strings/str_cat.h"
#include "cli/render/sql/relation.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {
namespace {

absl::string_view ActionText(v1::ReferentialAction action) {
  switch (action) {
    case v1::REFERENTIAL_ACTION_RESTRICT:
      return "RESTRICT";
    case v1::REFERENTIAL_ACTION_CASCADE:
      return "CASCADE";
    case v1::REFERENTIAL_ACTION_SET_NULL:
      return "SET NULL";
    case v1::REFERENTIAL_ACTION_SET_DEFAULT:
      return "SET DEFAULT";
    default:
      return "";
  }
}

// "a, b WITHOUT OVERLAPS", "a, PERIOD b".
std::string KeyColumns(const Repeated<std::string>& columns, absl::string_view before_last,
                       absl::string_view after_last) {
  std::string text;
  for (int i = 0; i < columns.size(); ++i) {
    const bool is_last = i + 1 == columns.size();
    absl::StrAppend(&text, i > 0 ? ", " : "", is_last ? before_last : "", Name(columns[i]),
                    is_last ? after_last : "");
  }
  return text;
}

std::string UniqueText(const EntityView& table, const v1::Constraint& constraint) {
  const bool is_primary = constraint.type() == v1::CONSTRAINT_TYPE_PRIMARY_KEY;
  const v1::Index* const index = Named(TableOf(table).indexes(), constraint.index());
  std::string text = is_primary ? "PRIMARY KEY" : "UNIQUE";
  if (index != nullptr && index->nulls_not_distinct())
    absl::StrAppend(&text, " NULLS NOT DISTINCT");
  absl::StrAppend(
      &text, " (",
      KeyColumns(constraint.columns(), "", constraint.period() ? " WITHOUT OVERLAPS" : ""), ")");
  if (index == nullptr) return text;
  if (!index->included().empty()) {
    absl::StrAppend(&text, " INCLUDE (", Names(index->included()), ")");
  }
  absl::StrAppend(&text, Parameters(index->storage_parameters(), {}));
  if (!index->tablespace().empty()) {
    absl::StrAppend(&text, " USING INDEX TABLESPACE ", Name(index->tablespace()));
  }
  return text;
}

std::string ForeignKeyText(const v1::Constraint& constraint) {
  const absl::string_view period = constraint.period() ? "PERIOD " : "";
  std::string text = absl::StrCat("FOREIGN KEY (", KeyColumns(constraint.columns(), period, ""),
                                  ") REFERENCES ", Qualified(constraint.references()), " (",
                                  KeyColumns(constraint.referenced_columns(), period, ""), ")");
  if (constraint.match() == "full") absl::StrAppend(&text, " MATCH FULL");
  const absl::string_view on_update = ActionText(constraint.on_update());
  if (!on_update.empty()) absl::StrAppend(&text, " ON UPDATE ", on_update);
  const absl::string_view on_delete = ActionText(constraint.on_delete());
  if (!on_delete.empty()) absl::StrAppend(&text, " ON DELETE ", on_delete);
  if (!constraint.delete_set_columns().empty()) {
    absl::StrAppend(&text, " (", Names(constraint.delete_set_columns()), ")");
  }
  return text;
}

class ConstraintWriter {
 public:
  ConstraintWriter(const EntityView& table, Writing& writing, Object& object)
      : table_(table), writing_(writing), object_(object) {}

  void Write(const v1::Constraint& constraint) {
    if (!IsSaid(constraint)) return;
    const std::string text = Text(constraint);
    if (text.empty()) return;
    const std::string named = absl::StrCat("CONSTRAINT ", Name(constraint.name()), " ", text);
    const bool recurses = constraint.type() == v1::CONSTRAINT_TYPE_FOREIGN_KEY;
    const std::string add =
        absl::StrCat(recurses ? "ALTER TABLE " : "ALTER TABLE ONLY ", NameOf(table_), " ADD ");
    Statement& statement =
        AddPart(object_, {"constraint", constraint.name()}, absl::StrCat(add, named, ";"));
    if (!constraint.index().empty()) statement.makes.push_back({"index", constraint.index()});
    AddNeeds(constraint, statement);
    const bool waits = WaitsForPartitions(constraint);
    if (!waits && !constraint.not_valid() && IsTable(table_)) {
      statement.fold = Fold{Fold::kOwnLine, static_cast<uint32_t>(add.size()),
                            static_cast<uint32_t>(named.size())};
    }
  }

 private:
  bool IsPartition() const { return TableOf(table_).partition(); }

  // Others come with a parent, or with a column.
  bool IsSaid(const v1::Constraint& constraint) const {
    if (constraint.type() == v1::CONSTRAINT_TYPE_NOT_NULL) return constraint.not_valid();
    return IsPartition() || !constraint.not_local();
  }

  std::string Text(const v1::Constraint& constraint) {
    std::string text;
    switch (constraint.type()) {
      case v1::CONSTRAINT_TYPE_PRIMARY_KEY:
      case v1::CONSTRAINT_TYPE_UNIQUE:
        text = UniqueText(table_, constraint);
        break;
      case v1::CONSTRAINT_TYPE_FOREIGN_KEY:
        text = ForeignKeyText(constraint);
        break;
      case v1::CONSTRAINT_TYPE_NOT_NULL:
        text = absl::StrCat("NOT NULL ", Names(constraint.columns()));
        break;
      case v1::CONSTRAINT_TYPE_CHECK:
      case v1::CONSTRAINT_TYPE_EXCLUSION:
        return PrintedText(constraint);
      default:
        return "";
    }
    absl::StrAppend(&text, Deferral(constraint.deferrable(), constraint.initially_deferred()));
    return absl::StrCat(text, Validity(constraint));
  }

  static std::string Validity(const v1::Constraint& constraint) {
    return absl::StrCat(constraint.no_inherit() ? " NO INHERIT" : "",
                        constraint.not_enforced() ? " NOT ENFORCED"
                        : constraint.not_valid()  ? " NOT VALID"
                                                  : "");
  }

  std::string PrintedText(const v1::Constraint& constraint) {
    const v1::ConstraintExpression* const text = Named(
        table_.Shape(v1::FACET_EXPRESSIONS).table_expressions().constraints(), constraint.name());
    if (text == nullptr) {
      writing_.Miss(object_, absl::StrCat("constraint ", constraint.name()),
                    WhyUnseen(table_, v1::FACET_EXPRESSIONS));
      return "";
    }
    const std::string expression = writing_.variables().Expression(
        text->expression(), absl::StrCat(NameOf(table_), " ", constraint.name()));
    if (constraint.type() == v1::CONSTRAINT_TYPE_EXCLUSION) return expression;
    return absl::StrCat("CHECK (", expression, ")", Validity(constraint));
  }

  // A partition's own is made first, and then found by the parent's.
  bool WaitsForPartitions(const v1::Constraint& constraint) const {
    if (!IsPartitioned(table_) || constraint.index().empty()) return false;
    if (constraint.type() != v1::CONSTRAINT_TYPE_PRIMARY_KEY) return true;
    for (const EntityView* const child : writing_.kin().PartitionsOf(table_.key())) {
      bool has_it = false;
      for (const v1::Constraint& of_child : TableOf(*child).constraints()) {
        has_it = has_it || of_child.parent() == constraint.name();
      }
      if (!has_it) return true;
    }
    return false;
  }

  void AddNeeds(const v1::Constraint& constraint, Statement& statement) {
    if (WaitsForPartitions(constraint)) {
      for (const EntityView* const child : writing_.kin().PartitionsOf(table_.key())) {
        statement.needs.push_back({KeyRef::Borrowed(child->key()), {"attach", ""}, true});
      }
    }
    if (constraint.type() != v1::CONSTRAINT_TYPE_FOREIGN_KEY) return;
    // A key of a partitioned table serves once every partition's is attached.
    statement.needs.push_back(
        {writing_.KeyOf(constraint.references()), {"partitions indexed", ""}, true});
  }

  const EntityView& table_;
  Writing& writing_;
  Object& object_;
};

}  // namespace

void WriteConstraints(const EntityView& table, Writing& writing, Object& object) {
  ConstraintWriter writer(table, writing, object);
  // Keys first: what refers to them comes after.
  const auto write = [&](auto of_this_pass) {
    for (const v1::Constraint& constraint : TableOf(table).constraints()) {
      if (of_this_pass(constraint.type())) writer.Write(constraint);
    }
  };
  write([](v1::ConstraintType type) { return type == v1::CONSTRAINT_TYPE_PRIMARY_KEY; });
  write([](v1::ConstraintType type) {
    return type != v1::CONSTRAINT_TYPE_PRIMARY_KEY && type != v1::CONSTRAINT_TYPE_FOREIGN_KEY;
  });
  write([](v1::ConstraintType type) { return type == v1::CONSTRAINT_TYPE_FOREIGN_KEY; });
}

}  // namespace varve::sql
