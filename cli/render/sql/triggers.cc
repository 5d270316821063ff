// Triggers, rules and policies of relations.
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/sql/relation.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {
namespace {

std::string AlterTable(const EntityView& relation) {
  return absl::StrCat("ALTER TABLE ", NameOf(relation), " ");
}

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
    const Need own = {OwnKey(relation_), {"trigger", trigger.name()}};
    if (!trigger.inherited()) {
      const std::string text = Text(trigger);
      if (text.empty()) return;
      Statement& statement = AddPart(object_, own.part, text);
      if (trigger.has_referenced()) {
        statement.needs.push_back({writing_.KeyOf(trigger.referenced()), {}});
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
    statement.needs.push_back({OwnKey(relation_), {"attach", ""}});
    for (const v1::Identity& parent : TableOf(relation_).parents()) {
      statement.needs.push_back({writing_.KeyOf(parent), {"trigger", trigger.name()}, true});
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
        .needs.push_back({OwnKey(relation), {"rule", rule.name()}});
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
