// Triggers of tables and views. pg_trigger.
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

// TRIGGER_TYPE_… of pg_trigger.h.
constexpr int kRow = 1, kBefore = 2, kInsert = 4, kDelete = 8, kUpdate = 16, kTruncate = 32,
              kInstead = 64;

const char* TimingOf(int type) {
  if ((type & kInstead) != 0) return "instead of";
  return (type & kBefore) != 0 ? "before" : "after";
}

void FillEvents(int type, v1::Trigger& trigger) {
  if ((type & kInsert) != 0) trigger.add_events("insert");
  if ((type & kUpdate) != 0) trigger.add_events("update");
  if ((type & kDelete) != 0) trigger.add_events("delete");
  if ((type & kTruncate) != 0) trigger.add_events("truncate");
}

// tgargs: each argument ends with a NUL. Many functions take names and values in turn.
void FillArguments(absl::string_view tgargs, TextForm form, FacetShape& facet,
                   v1::Trigger& trigger) {
  const std::string bytes = ByteaBytes(tgargs);
  absl::string_view rest = bytes;
  std::string before;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\0'), rest.size());
    std::string argument = TextFrom(rest.substr(0, end), form);
    trigger.add_arguments(facet.MaskValue(before, argument));
    before = std::move(argument);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace

const char* FiringOf(char enabled) {
  switch (enabled) {
    case 'D':
      return "disabled";
    case 'R':
      return "replica";
    case 'A':
      return "always";
    default:
      return "origin";
  }
}

void FillTriggers(const Catalog& catalog, const RelationRow& relation, FacetShape& facet,
                  Repeated<v1::Trigger>& triggers) {
  for (const uint32_t at : relation.triggers) {
    const TriggerRow& row = catalog.triggers[at];
    v1::Trigger& trigger = *triggers.Add();
    trigger.set_name(std::string(row.name));
    trigger.set_timing(TimingOf(row.type));
    FillEvents(row.type, trigger);
    for (const int16_t number : row.columns) {
      trigger.add_columns(std::string(catalog.ColumnName(relation.oid, number)));
    }
    trigger.set_for_each_row((row.type & kRow) != 0);
    *trigger.mutable_function() = RoutineIdentity(catalog, row.function);
    FillArguments(row.arguments, catalog.text_form, facet, trigger);
    trigger.set_enabled(FiringOf(row.enabled));
    trigger.set_constraint(row.constraint != 0);
    trigger.set_deferrable(row.deferrable);
    trigger.set_initially_deferred(row.deferred);
    trigger.set_has_when(row.has_when);
    trigger.set_old_table(std::string(row.old_table));
    trigger.set_new_table(std::string(row.new_table));
    if (row.referenced != 0) {
      *trigger.mutable_referenced() = RelationIdentity(catalog, row.referenced);
    }
    trigger.set_inherited(row.parent != 0);
    FillExtensionsNeeded(catalog, kTriggerCatalog, row.oid,
                         *trigger.mutable_depends_on_extensions());
  }
}

bool FillTriggerExpressions(const Reading& reading, const RelationRow& relation, FacetShape& facet,
                            Repeated<v1::TriggerExpression>& triggers) {
  for (const uint32_t at : relation.triggers) {
    const TriggerRow& row = reading.catalog.triggers[at];
    if (!row.has_when) continue;
    const auto text = reading.expressions.triggers.find(row.oid);
    if (text == reading.expressions.triggers.end()) return false;
    v1::TriggerExpression& trigger = *triggers.Add();
    trigger.set_name(std::string(row.name));
    trigger.set_when(facet.Mask(text->second));
  }
  return true;
}

}  // namespace varve::postgres
