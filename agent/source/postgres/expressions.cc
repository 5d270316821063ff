#include "agent/source/postgres/expressions.h"

#include "agent/source/postgres/printings.h"

namespace varve::postgres {

std::unique_ptr<Expressions> ReadExpressions(ObjectReader& reader, const Catalog& catalog) {
  auto expressions = std::make_unique<Expressions>();
  for (const Printing& printing : Printings()) {
    if (catalog.server_version / 10000 < printing.since) continue;
    reader.Read(
        printing.query, printing.object, printing.objects(catalog), expressions->arena,
        [&](RowReader& row) { printing.load(row, *expressions); },
        [&](Oid object, const Unseen& why) {
          expressions->unseen.emplace(std::pair(printing.catalog, object), why);
        });
  }
  return expressions;
}

}  // namespace varve::postgres
