// Event triggers. pg_event_trigger.
#include "agent/source/postgres/array_text.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {

void WriteEventTriggers(const Catalog& catalog, SectionWriter& writer) {
  for (const EventTriggerRow& row : catalog.event_triggers) {
    const ObjectAddress address{kEventTriggerCatalog, row.oid, 0};
    if (!Belongs(catalog, address.catalog, row.oid, 0, "event_trigger", writer)) continue;
    const EntityKey entity{"event_trigger", {std::string(row.name)}};
    FacetShape facet = writer.NewShape();
    v1::EventTriggerStructure& trigger = *facet.shape.mutable_event_trigger();
    trigger.set_event(std::string(row.event));
    *trigger.mutable_function() = RoutineIdentity(catalog, row.function);
    trigger.set_enabled(FiringOf(row.enabled));
    for (const std::string& tag : ArrayItems(row.tags)) {
      trigger.add_tags(TextFrom(tag, catalog.text_form));
    }
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, row.oid));
    WriteAccess(catalog, entity, address, row.owner, {}, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

}  // namespace varve::postgres
