#include "agent/source/postgres/expressions.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "agent/source/postgres/names.h"
#include "agent/source/postgres/printings.h"

namespace varve::postgres {

namespace {

// Catalog and OID of all that the selection leaves out and that can have something to print.
using Objects = absl::flat_hash_set<std::pair<Oid, Oid>>;

Objects LeftOut(const Catalog& catalog, const Selection& selection) {
  Objects objects;
  if (selection.TakesAll()) return objects;
  for (const RelationRow& relation : catalog.relations) {
    if (RelationKind(relation.kind).empty()) continue;
    if (selection.LeavesOut(RelationKey(catalog, relation))) {
      objects.insert({kClassCatalog, relation.oid});
    }
  }
  for (const RoutineRow& routine : catalog.routines) {
    if (selection.LeavesOut(RoutineKey(catalog, routine))) {
      objects.insert({kProcCatalog, routine.oid});
    }
  }
  for (const auto& [oid, type] : catalog.types) {
    if (selection.LeavesOut(TypeKey(catalog, type))) objects.insert({kTypeCatalog, oid});
  }
  return objects;
}

}  // namespace

std::unique_ptr<Expressions> ReadExpressions(ObjectReader& reader, const Catalog& catalog,
                                             const Selection& selection) {
  const Objects left_out = LeftOut(catalog, selection);
  auto expressions = std::make_unique<Expressions>();
  for (const Printing& printing : Printings()) {
    if (catalog.server_version / 10000 < printing.since) continue;
    std::vector<Oid> objects = printing.objects(catalog);
    objects.erase(std::remove_if(objects.begin(), objects.end(),
                                 [&](Oid object) {
                                   return left_out.contains({printing.catalog, object});
                                 }),
                  objects.end());
    reader.Read(
        printing.query, printing.object, std::move(objects), expressions->arena,
        [&](RowReader& row) { printing.load(row, *expressions); },
        [&](Oid object, const Unseen& why) {
          expressions->unseen.emplace(std::pair(printing.catalog, object), why);
        });
  }
  return expressions;
}

}  // namespace varve::postgres
