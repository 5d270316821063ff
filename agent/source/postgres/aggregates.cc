// What an aggregate has beyond other routines. pg_aggregate.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"
#include "agent/source/postgres/operator_names.h"

namespace varve::postgres {
namespace {

const char* KindOf(char aggkind) {
  switch (aggkind) {
    case 'o':
      return "ordered_set";
    case 'h':
      return "hypothetical_set";
    default:
      return "normal";
  }
}

const char* ModifyOf(char aggfinalmodify) {
  switch (aggfinalmodify) {
    case 's':
      return "shareable";
    case 'w':
      return "read_write";
    default:
      return "read_only";
  }
}

void FillSteps(const Catalog& catalog, const AggregateStepsRow& row, absl::string_view name,
               FacetShape& facet, v1::AggregateSteps& steps) {
  using Message = v1::AggregateSteps;
  SetReference(catalog, row.transition, RoutineIdentity, steps, &Message::mutable_transition);
  SetReference(catalog, row.inverse, RoutineIdentity, steps, &Message::mutable_inverse);
  SetReference(catalog, row.state_type, PlainType, steps, &Message::mutable_state_type);
  steps.set_state_space_bytes(row.state_space);
  SetReference(catalog, row.final, RoutineIdentity, steps, &Message::mutable_final);
  steps.set_final_extra(row.final_extra);
  steps.set_final_modify(ModifyOf(row.final_modify));
  if (row.has_initial) steps.set_initial_condition(facet.MaskValue(name, row.initial));
}

}  // namespace

void FillAggregate(const Catalog& catalog, const RoutineRow& routine, FacetShape& facet) {
  const auto found = catalog.aggregates.find(routine.oid);
  if (found == catalog.aggregates.end()) return;
  using Message = v1::Aggregate;
  const AggregateRow& row = found->second;
  Message& aggregate = *facet.shape.mutable_routine()->mutable_aggregate();
  aggregate.set_kind(KindOf(row.kind));
  aggregate.set_direct_argument_count(static_cast<uint32_t>(row.direct_argument_count));
  FillSteps(catalog, row.steps, routine.name, facet, *aggregate.mutable_steps());
  if (row.moving.transition != 0) {
    FillSteps(catalog, row.moving, routine.name, facet, *aggregate.mutable_moving());
  }
  SetReference(catalog, row.combine, RoutineIdentity, aggregate, &Message::mutable_combine);
  SetReference(catalog, row.serial, RoutineIdentity, aggregate, &Message::mutable_serial);
  SetReference(catalog, row.deserial, RoutineIdentity, aggregate, &Message::mutable_deserial);
  SetReference(catalog, row.sort_operator, OperatorIdentity, aggregate,
               &Message::mutable_sort_operator);
}

}  // namespace varve::postgres
