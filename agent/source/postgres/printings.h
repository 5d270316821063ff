// The queries that make the server print expressions: one entry for each kind of text.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/expressions.h"
#include "agent/source/postgres/row_reader.h"

namespace varve::postgres {

// What waits for what is printed. A step is printed after the one before it, in this order, so that
// what is ready can be written meanwhile; what takes the server longest and is read soonest written
// comes last.
enum class PrintingStep { kTables, kOthers, kQueries };
inline constexpr PrintingStep kPrintingSteps[] = {PrintingStep::kTables, PrintingStep::kOthers,
                                                  PrintingStep::kQueries};

struct Printing {
  // SELECT … FROM … WHERE …, to which conditions can be added.
  absl::string_view query;
  // The column of it that tells which object, of which catalog, is not seen where it fails.
  absl::string_view object;
  Oid catalog;
  // The objects that have such a text. None: the query is not asked.
  std::vector<Oid> (*objects)(const Catalog& catalog);
  void (*load)(RowReader& row, Expressions& expressions);
  PrintingStep step = PrintingStep::kTables;  // no other loads the same member of Expressions
  int since = 0;                              // major version
};

absl::Span<const Printing> Printings();

}  // namespace varve::postgres
