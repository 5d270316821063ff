// Constraints, indexes, triggers, rules and policies of relations.
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {
namespace {

template <typename Item>
using Repeated = google::protobuf::RepeatedPtrField<Item>;

// The item of that name; null where there is none.
template <typename Item>
const Item* Named(const Repeated<Item>& items, absl::string_view name) {
  for (const Item& item : items) {
    if (item.name() == name) return &item;
  }
  return nullptr;
}

std::string NameOf(const EntityView& relation) {
  return Qualified(relation.key().names[0], relation.key().names[1]);
}

std::string AlterTable(const EntityView& relation) {
  return absl::StrCat("ALTER TABLE ", NameOf(relation), " ");
}

const v1::TableStructure& TableOf(const EntityView& relation) {
  return relation.Shape(v1::FACET_STRUCTURE).table();
}
const v1::ViewStructure& ViewOf(const EntityView& relation) {
  return relation.Shape(v1::FACET_STRUCTURE).view();
}
bool IsTable(const EntityView& relation) { return relation.key().kind == "table"; }

bool IsPartitioned(const EntityView& relation) {
  return IsTable(relation) && TableOf(relation).kind() == v1::TABLE_KIND_PARTITIONED;
}

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

std::string Deferral(bool deferrable, bool initially_deferred) {
  if (!deferrable) return "";
  return initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
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
    Statement& statement = AddPart(object_, {"constraint", constraint.name()},
                                   absl::StrCat(recurses ? "ALTER TABLE " : "ALTER TABLE ONLY ",
                                                NameOf(table_), " ADD ", named, ";"));
    if (!constraint.index().empty()) statement.makes.push_back({"index", constraint.index()});
    AddNeeds(constraint, statement);
    const bool waits = WaitsForPartitions(constraint);
    if (!waits && !constraint.not_valid() && IsTable(table_)) {
      statement.fold = Fold{Fold::kOwnLine, named};
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
    for (const EntityView* const child : writing_.PartitionsOf(table_.key())) {
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
      for (const EntityView* const child : writing_.PartitionsOf(table_.key())) {
        statement.needs.push_back({child->key(), {"attach", ""}, true});
      }
    }
    if (constraint.type() != v1::CONSTRAINT_TYPE_FOREIGN_KEY) return;
    // A key of a partitioned table serves once every partition's is attached.
    const EntityKey referenced = KeyOf(constraint.references());
    for (const EntityView* const child : writing_.PartitionsOf(referenced)) {
      for (const v1::Index& index : TableOf(*child).indexes()) {
        if (index.parent().empty()) continue;
        statement.needs.push_back({child->key(), {"index attach", index.name()}, true});
      }
    }
  }

  const EntityView& table_;
  Writing& writing_;
  Object& object_;
};

class IndexWriter {
 public:
  IndexWriter(const EntityView& relation, Writing& writing, Object& object)
      : relation_(relation), writing_(writing), object_(object), name_(NameOf(relation)) {}

  void Write(const v1::Index& index) {
    if (!index.of_constraint()) WriteIndex(index);
    const std::string name = Qualified(relation_.key().names[0], index.name());
    const Need own = {relation_.key(), {"index", index.name()}};
    for (int at = 0; at < index.keys_size(); ++at) {
      if (!index.keys(at).has_statistics_target()) continue;
      Add(object_, absl::StrCat("ALTER INDEX ", name, " ALTER COLUMN ", at + 1, " SET STATISTICS ",
                                index.keys(at).statistics_target(), ";"))
          .needs.push_back(own);
    }
    for (const std::string& extension : index.depends_on_extensions()) {
      Add(object_,
          absl::StrCat("ALTER INDEX ", name, " DEPENDS ON EXTENSION ", Name(extension), ";"))
          .needs.push_back(own);
    }
    if (!index.parent().empty()) WriteAttach(index, name, own);
  }

 private:
  void WriteIndex(const v1::Index& index) {
    const auto& all = IsTable(relation_)
                          ? relation_.Shape(v1::FACET_EXPRESSIONS).table_expressions().indexes()
                          : relation_.Shape(v1::FACET_EXPRESSIONS).view_expressions().indexes();
    const v1::IndexExpression* const texts = Named(all, index.name());
    if (texts == nullptr && HasTexts(index)) {
      writing_.Miss(object_, absl::StrCat("index ", index.name()),
                    WhyUnseen(relation_, v1::FACET_EXPRESSIONS));
      return;
    }
    Statement& statement =
        AddPart(object_, {"index", index.name()},
                Text(index, texts == nullptr ? v1::IndexExpression::default_instance() : *texts));
    if (!IsPartitioned(relation_)) return;
    for (const EntityView* const child : writing_.PartitionsOf(relation_.key())) {
      statement.needs.push_back({child->key(), {"attach", ""}, true});
    }
  }

  static bool HasTexts(const v1::Index& index) {
    for (const v1::IndexKey& key : index.keys()) {
      if (key.column().empty()) return true;
    }
    return index.partial();
  }

  std::string Text(const v1::Index& index, const v1::IndexExpression& texts) {
    const std::string hint = absl::StrCat(name_, " ", index.name());
    std::string text =
        absl::StrCat("CREATE ", index.unique() ? "UNIQUE INDEX " : "INDEX ", Name(index.name()),
                     IsPartitioned(relation_) ? " ON ONLY " : " ON ", name_, " USING ",
                     Name(index.method()), " (");
    int expression = 0;
    for (const v1::IndexKey& key : index.keys()) {
      absl::StrAppend(&text, &key == &index.keys(0) ? "" : ", ");
      if (!key.column().empty()) {
        absl::StrAppend(&text, Name(key.column()));
      } else if (expression < texts.keys_size()) {
        absl::StrAppend(&text, "(", writing_.variables().Expression(texts.keys(expression++), hint),
                        ")");
      }
      absl::StrAppend(&text, KeyOptions(key));
    }
    absl::StrAppend(&text, ")");
    if (!index.included().empty()) {
      absl::StrAppend(&text, " INCLUDE (", Names(index.included()), ")");
    }
    if (index.nulls_not_distinct()) absl::StrAppend(&text, " NULLS NOT DISTINCT");
    absl::StrAppend(&text, Parameters(index.storage_parameters(), {}));
    if (!index.tablespace().empty()) {
      absl::StrAppend(&text, " TABLESPACE ", Name(index.tablespace()));
    }
    if (!texts.predicate().empty()) {
      absl::StrAppend(&text, " WHERE ", writing_.variables().Expression(texts.predicate(), hint));
    }
    return absl::StrCat(text, ";");
  }

  static std::string KeyOptions(const v1::IndexKey& key) {
    std::string text;
    if (key.has_collation()) absl::StrAppend(&text, " COLLATE ", Qualified(key.collation()));
    if (key.has_operator_class()) {
      absl::StrAppend(&text, " ", Qualified(key.operator_class()));
    }
    if (!key.operator_class_options().empty()) {
      absl::StrAppend(&text, key.has_operator_class() ? "" : " ", "(",
                      ParameterItems(key.operator_class_options()), ")");
    }
    if (key.descending()) absl::StrAppend(&text, " DESC");
    if (key.descending() != key.nulls_first()) {
      absl::StrAppend(&text, key.nulls_first() ? " NULLS FIRST" : " NULLS LAST");
    }
    return text;
  }

  void WriteAttach(const v1::Index& index, const std::string& name, const Need& own) {
    const v1::TableStructure& table = TableOf(relation_);
    if (table.parents().empty()) return;
    Statement& statement =
        AddPart(object_, {"index attach", index.name()},
                absl::StrCat("ALTER INDEX ", Qualified(table.parents(0).names(0), index.parent()),
                             " ATTACH PARTITION ", name, ";"));
    statement.needs.push_back(own);
    statement.needs.push_back({relation_.key(), {"attach", ""}});
    statement.needs.push_back({KeyOf(table.parents(0)), {"index", index.parent()}, true});
  }

  const EntityView& relation_;
  Writing& writing_;
  Object& object_;
  const std::string name_;
};

// "ENABLE ALWAYS"; "" of what fires as usual.
absl::string_view FiringText(absl::string_view enabled) {
  if (enabled == "disabled") return "DISABLE";
  if (enabled == "replica") return "ENABLE REPLICA";
  if (enabled == "always") return "ENABLE ALWAYS";
  return "";
}

class TriggerWriter {
 public:
  TriggerWriter(const EntityView& relation, Writing& writing, Object& object)
      : relation_(relation), writing_(writing), object_(object), name_(NameOf(relation)) {}

  void Write(const v1::Trigger& trigger) {
    const Need own = {relation_.key(), {"trigger", trigger.name()}};
    if (!trigger.inherited()) {
      const std::string text = Text(trigger);
      if (text.empty()) return;
      Statement& statement = AddPart(object_, own.part, text);
      if (trigger.has_referenced()) {
        statement.needs.push_back({KeyOf(trigger.referenced()), {}});
      }
    }
    const absl::string_view firing = FiringText(trigger.enabled());
    if (!firing.empty() || trigger.inherited()) {
      Statement& statement =
          Add(object_, absl::StrCat("ALTER TABLE ", name_, " ",
                                    firing.empty() ? absl::string_view("ENABLE") : firing,
                                    " TRIGGER ", Name(trigger.name()), ";"));
      if (trigger.inherited()) {
        AddParents(trigger, statement);
      } else {
        statement.needs.push_back(own);
      }
    }
    for (const std::string& extension : trigger.depends_on_extensions()) {
      Add(object_, absl::StrCat("ALTER TRIGGER ", Name(trigger.name()), " ON ", name_,
                                " DEPENDS ON EXTENSION ", Name(extension), ";"))
          .needs.push_back(own);
    }
  }

 private:
  // A partition has it once it is attached and its parent has it.
  void AddParents(const v1::Trigger& trigger, Statement& statement) const {
    statement.needs.push_back({relation_.key(), {"attach", ""}});
    for (const v1::Identity& parent : TableOf(relation_).parents()) {
      statement.needs.push_back({KeyOf(parent), {"trigger", trigger.name()}, true});
    }
  }

  std::string Text(const v1::Trigger& trigger) {
    std::string text =
        absl::StrCat("CREATE ", trigger.constraint() ? "CONSTRAINT TRIGGER " : "TRIGGER ",
                     Name(trigger.name()), " ", absl::AsciiStrToUpper(trigger.timing()), " ");
    for (int i = 0; i < trigger.events_size(); ++i) {
      absl::StrAppend(&text, i > 0 ? " OR " : "", absl::AsciiStrToUpper(trigger.events(i)));
      if (trigger.events(i) == "update" && !trigger.columns().empty()) {
        absl::StrAppend(&text, " OF ", Names(trigger.columns()));
      }
    }
    absl::StrAppend(&text, " ON ", name_);
    if (trigger.has_referenced()) absl::StrAppend(&text, " FROM ", Qualified(trigger.referenced()));
    absl::StrAppend(&text, Deferral(trigger.deferrable(), trigger.initially_deferred()));
    if (!trigger.old_table().empty() || !trigger.new_table().empty()) {
      absl::StrAppend(&text, " REFERENCING");
      if (!trigger.old_table().empty()) {
        absl::StrAppend(&text, " OLD TABLE AS ", Name(trigger.old_table()));
      }
      if (!trigger.new_table().empty()) {
        absl::StrAppend(&text, " NEW TABLE AS ", Name(trigger.new_table()));
      }
    }
    absl::StrAppend(&text, trigger.for_each_row() ? " FOR EACH ROW" : " FOR EACH STATEMENT");
    if (trigger.has_when()) {
      const std::string when = When(trigger);
      if (when.empty()) return "";
      absl::StrAppend(&text, " WHEN (", when, ")");
    }
    return absl::StrCat(text, " EXECUTE FUNCTION ", Qualified(trigger.function()), "(",
                        Arguments(trigger), ");");
  }

  std::string When(const v1::Trigger& trigger) {
    const auto& all = IsTable(relation_)
                          ? relation_.Shape(v1::FACET_EXPRESSIONS).table_expressions().triggers()
                          : relation_.Shape(v1::FACET_EXPRESSIONS).view_expressions().triggers();
    const v1::TriggerExpression* const text = Named(all, trigger.name());
    if (text == nullptr) {
      writing_.Miss(object_, absl::StrCat("trigger ", trigger.name()),
                    WhyUnseen(relation_, v1::FACET_EXPRESSIONS));
      return "";
    }
    return writing_.variables().Expression(text->when(), absl::StrCat(name_, " ", trigger.name()));
  }

  std::string Arguments(const v1::Trigger& trigger) {
    std::vector<std::string> literals;
    for (const std::string& argument : trigger.arguments()) {
      literals.push_back(
          writing_.variables().Literal(argument, absl::StrCat(name_, " ", trigger.name())));
    }
    return absl::StrJoin(literals, ", ");
  }

  const EntityView& relation_;
  Writing& writing_;
  Object& object_;
  const std::string name_;
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

void WriteIndexes(const EntityView& relation, Writing& writing, Object& object) {
  IndexWriter writer(relation, writing, object);
  const auto& indexes =
      IsTable(relation) ? TableOf(relation).indexes() : ViewOf(relation).indexes();
  for (const v1::Index& index : indexes) writer.Write(index);
}

void WriteTriggers(const EntityView& relation, Writing& writing, Object& object) {
  TriggerWriter writer(relation, writing, object);
  const auto& triggers =
      IsTable(relation) ? TableOf(relation).triggers() : ViewOf(relation).triggers();
  for (const v1::Trigger& trigger : triggers) writer.Write(trigger);
}

void WriteRules(const EntityView& relation, Writing& writing, Object& object) {
  const auto& rules = IsTable(relation) ? TableOf(relation).rules() : ViewOf(relation).rules();
  const auto& texts = IsTable(relation)
                          ? relation.Shape(v1::FACET_EXPRESSIONS).table_expressions().rules()
                          : relation.Shape(v1::FACET_EXPRESSIONS).view_expressions().rules();
  for (const v1::Rule& rule : rules) {
    const v1::RuleExpression* const text = Named(texts, rule.name());
    if (text == nullptr) {
      writing.Miss(object, absl::StrCat("rule ", rule.name()),
                   WhyUnseen(relation, v1::FACET_EXPRESSIONS));
      continue;
    }
    AddPart(object, {"rule", rule.name()},
            writing.variables().Expression(text->definition(),
                                           absl::StrCat(NameOf(relation), " ", rule.name())));
    const absl::string_view firing = FiringText(rule.enabled());
    if (firing.empty()) continue;
    Add(object, absl::StrCat(AlterTable(relation), firing, " RULE ", Name(rule.name()), ";"))
        .needs.push_back({relation.key(), {"rule", rule.name()}});
  }
}

void WritePolicies(const EntityView& table, Writing& writing, Object& object) {
  for (const v1::Policy& policy : TableOf(table).policies()) {
    const v1::PolicyExpression* const text =
        Named(table.Shape(v1::FACET_EXPRESSIONS).table_expressions().policies(), policy.name());
    if (!table.Saw(v1::FACET_EXPRESSIONS)) {
      writing.Miss(object, absl::StrCat("policy ", policy.name()),
                   WhyUnseen(table, v1::FACET_EXPRESSIONS));
      continue;
    }
    const std::string hint = absl::StrCat(NameOf(table), " ", policy.name());
    std::string statement =
        absl::StrCat("CREATE POLICY ", Name(policy.name()), " ON ", NameOf(table),
                     policy.permissive() ? "" : " AS RESTRICTIVE");
    if (policy.command() != "all") {
      absl::StrAppend(&statement, " FOR ", absl::AsciiStrToUpper(policy.command()));
    }
    std::vector<std::string> roles;
    for (const std::string& role : policy.roles()) {
      if (role != "public") roles.push_back(Name(role));
    }
    if (!roles.empty()) absl::StrAppend(&statement, " TO ", absl::StrJoin(roles, ", "));
    if (text != nullptr && !text->using_().empty()) {
      absl::StrAppend(&statement, " USING (", writing.variables().Expression(text->using_(), hint),
                      ")");
    }
    if (text != nullptr && !text->with_check().empty()) {
      absl::StrAppend(&statement, " WITH CHECK (",
                      writing.variables().Expression(text->with_check(), hint), ")");
    }
    AddPart(object, {"policy", policy.name()}, absl::StrCat(statement, ";"));
  }
}

}  // namespace varve::sql
