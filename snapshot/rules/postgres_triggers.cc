// Rules about triggers and rewrite rules of PostgreSQL.
#include "absl/strings/str_cat.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/postgres_walk.h"

namespace varve {
namespace {

// Of a partition, too: its parent's trigger is listed there where it is switched otherwise. Those
// of views cannot be switched.
void ForEachTrigger(const RuleInput& input,
                    absl::FunctionRef<void(const EntityView&, const v1::Trigger&)> look) {
  ForEachOf(input, "table", [&look](const EntityView& entity) {
    for (const v1::Trigger& trigger : StructureOf(entity).triggers()) look(entity, trigger);
  });
}

void ForEachRewriteRule(const RuleInput& input,
                        absl::FunctionRef<void(const EntityView&, const v1::Rule&)> look) {
  ForEachOf(input, "table", [&look](const EntityView& entity) {
    for (const v1::Rule& rule : StructureOf(entity).rules()) look(entity, rule);
  });
}

void DisabledTrigger(const RuleInput& input, RuleOutput& output) {
  ForEachTrigger(input, [&output](const EntityView& entity, const v1::Trigger& trigger) {
    if (trigger.enabled() != "disabled") return;
    output.Find(
        ObjectOfPart(entity.key(), trigger.name()), "is a trigger that is switched off",
        absl::StrCat(AlterTable(entity.key()), "enable trigger ", SqlName(trigger.name()), ";"));
  });
}

void ReplicaTrigger(const RuleInput& input, RuleOutput& output) {
  ForEachTrigger(input, [&output](const EntityView& entity, const v1::Trigger& trigger) {
    const bool is_always = trigger.enabled() == "always";
    if (!is_always && trigger.enabled() != "replica") return;
    output.Find(
        ObjectOfPart(entity.key(), trigger.name()),
        is_always ? "fires for what replication applies, too"
                  : "fires for what replication applies, and for nothing else",
        absl::StrCat(AlterTable(entity.key()), "enable trigger ", SqlName(trigger.name()), ";"));
  });
}

void DisabledEventTrigger(const RuleInput& input, RuleOutput& output) {
  ForEachOf(input, "event_trigger", [&output](const EntityView& entity) {
    if (entity.Shape(v1::FACET_STRUCTURE).event_trigger().enabled() != "disabled") return;
    output.Find(DisplayName(entity.key()), "is an event trigger that is switched off",
                absl::StrCat("alter event trigger ", Sql(entity.key()), " enable;"));
  });
}

void RewriteRule(const RuleInput& input, RuleOutput& output) {
  ForEachRewriteRule(input, [&output](const EntityView& entity, const v1::Rule& rule) {
    output.Find(ObjectOfPart(entity.key(), rule.name()),
                absl::StrCat("rewrites ", rule.event(), " on a table",
                             rule.instead() ? " into something else" : ""));
  });
}

void DisabledRewriteRule(const RuleInput& input, RuleOutput& output) {
  ForEachRewriteRule(input, [&output](const EntityView& entity, const v1::Rule& rule) {
    if (rule.enabled() != "disabled") return;
    output.Find(ObjectOfPart(entity.key(), rule.name()), "is a rewrite rule that is switched off",
                absl::StrCat(AlterTable(entity.key()), "enable rule ", SqlName(rule.name()), ";"));
  });
}

constexpr Need kEventTriggers[] = {{"event_trigger", v1::FACET_STRUCTURE}};

constexpr RuleRun kRuns[] = {
    {{"pg/disabled-event-trigger", Severity::kWarning, "correctness", kEventTriggers,
      "What the trigger checks or writes down is not done.", "Enable it, or drop it."},
     "postgres",
     DisabledEventTrigger},
    {{"pg/disabled-rewrite-rule", Severity::kWarning, "correctness", kTables,
      "What the rule does to a statement is not done.", "Enable it, or drop it."},
     "postgres",
     DisabledRewriteRule},
    {{"pg/disabled-trigger", Severity::kWarning, "correctness", kTables,
      "What the trigger keeps true is not kept: often it was switched off for a load, and "
      "forgotten.",
      "Enable it, and mend the rows that came meanwhile; or drop it."},
     "postgres",
     DisabledTrigger},
    {{"pg/replica-trigger", Severity::kInfo, "policy", kTables,
      "The trigger fires by another rule than most: a replica and its source may differ by it.",
      "Let it fire as others do, unless replication needs it so.", kOnlyIfNamed},
     "postgres",
     ReplicaTrigger},
    {{"pg/rewrite-rule", Severity::kWarning, "policy", kTables,
      "A rule changes the text of a statement: what is volatile in it may run twice, and counts of "
      "rows mislead.",
      "Use a trigger.", kOnlyIfNamed},
     "postgres",
     RewriteRule},
};

}  // namespace

absl::Span<const RuleRun> PostgresTriggerRules() { return kRuns; }

}  // namespace varve
