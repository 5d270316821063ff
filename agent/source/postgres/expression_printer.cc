#include "agent/source/postgres/expression_printer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "agent/source/postgres/names.h"

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

void PrintStep(PrintingStep step, ObjectReader& reader, const Catalog& catalog,
               const Objects& left_out, Expressions& expressions, UnseenObjects& unseen) {
  for (const Printing& printing : Printings()) {
    if (printing.step != step || catalog.server_version / 10000 < printing.since) continue;
    std::vector<Oid> objects = printing.objects(catalog);
    objects.erase(std::remove_if(objects.begin(), objects.end(),
                                 [&](Oid object) {
                                   return left_out.contains({printing.catalog, object});
                                 }),
                  objects.end());
    reader.Read(
        printing.query, printing.object, std::move(objects), expressions.arena,
        [&](RowReader& row) { printing.load(row, expressions); },
        [&](Oid object, const Unseen& why) {
          unseen.emplace(std::pair(printing.catalog, object), why);
        });
  }
}

}  // namespace

ExpressionPrinter::ExpressionPrinter(ObjectReader& reader, const Catalog& catalog,
                                     const Selection& selection)
    : thread_([this, &reader, &catalog, &selection] { Print(reader, catalog, selection); }) {}

ExpressionPrinter::~ExpressionPrinter() { thread_.join(); }

void ExpressionPrinter::Print(ObjectReader& reader, const Catalog& catalog,
                              const Selection& selection) {
  const Objects left_out = LeftOut(catalog, selection);
  for (const PrintingStep step : kPrintingSteps) {
    Step& its = steps_[static_cast<size_t>(step)];
    PrintStep(step, reader, catalog, left_out, expressions_, its.unseen);
    its.done.Notify();
  }
}

const Expressions& ExpressionPrinter::Await(PrintingStep step) {
  for (const PrintingStep each : kPrintingSteps) {
    Step& its = steps_[static_cast<size_t>(each)];
    its.done.WaitForNotification();
    expressions_.unseen.merge(its.unseen);
    if (each == step) break;
  }
  return expressions_;
}

}  // namespace varve::postgres
