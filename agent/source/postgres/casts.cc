// Casts. pg_cast.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"
#include "agent/source/postgres/operator_names.h"

namespace varve::postgres {
namespace {

const char* MethodOf(char castmethod) {
  switch (castmethod) {
    case 'b':
      return "binary";
    case 'i':
      return "inout";
    default:
      return "function";
  }
}

const char* ContextOf(char castcontext) {
  switch (castcontext) {
    case 'a':
      return "assignment";
    case 'i':
      return "implicit";
    default:
      return "explicit";
  }
}

FacetShape Structure(const Catalog& catalog, const CastRow& row, FacetShape facet) {
  using Message = v1::CastStructure;
  Message& shape = *facet.shape.mutable_cast();
  SetReference(catalog, row.source, PlainType, shape, &Message::mutable_source);
  SetReference(catalog, row.target, PlainType, shape, &Message::mutable_target);
  shape.set_method(MethodOf(row.method));
  SetReference(catalog, row.function, RoutineIdentity, shape, &Message::mutable_function);
  shape.set_context(ContextOf(row.context));
  return facet;
}

}  // namespace

void WriteCasts(const Catalog& catalog, SectionWriter& writer) {
  for (const CastRow& row : catalog.casts) {
    if (!Belongs(catalog, kCastCatalog, row.oid, 0, "cast", writer)) continue;
    const EntityKey entity{"cast", {TypeName(catalog, row.source), TypeName(catalog, row.target)}};
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, row, writer.NewShape()),
               ObjectLocator(catalog, row.oid));
    WriteDocs(catalog, entity, {kCastCatalog, row.oid, 0}, writer);
  }
}

}  // namespace varve::postgres
