// The queries that make the server print expressions: one entry for each kind of text.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/expressions.h"
#include "agent/source/postgres/row_reader.h"

namespace varve::postgres {

struct Printing {
  // SELECT … FROM … WHERE …, to which conditions can be added.
  absl::string_view query;
  // The column of it that tells which object, of which catalog, is not seen where it fails.
  absl::string_view object;
  Oid catalog;
  // The objects that have such a text. None: the query is not asked.
  std::vector<Oid> (*objects)(const Catalog& catalog);
  void (*load)(RowReader& row, Expressions& expressions);
  int since = 0;  // major version
};

absl::Span<const Printing> Printings();

}  // namespace varve::postgres
