#include "agent/source/postgres/token_names.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "agent/source/postgres/row_reader.h"
#include "base/status.h"

namespace varve::postgres {
namespace {

absl::Status ReadParser(Connection& connection, Oid parser, Catalog& catalog) {
  RowReader reader(catalog.arena, catalog.text_form);
  return connection.Copy(
      absl::StrCat("SAVEPOINT varve;COPY (SELECT tokid, alias FROM ts_token_type(", parser,
                   "::oid)) TO STDOUT;RELEASE SAVEPOINT varve"),
      [&](absl::Span<const CopyField> row) {
        reader.Begin(row);
        const auto token = static_cast<int32_t>(reader.TakeInt());
        catalog.text_search.token_names.emplace(std::pair(parser, token), reader.TakeText());
      });
}

}  // namespace

absl::Status ReadTokenNames(Connection& connection, Catalog& catalog) {
  std::set<Oid> parsers;
  for (const TextSearchConfigurationRow& row : catalog.text_search.configurations) {
    if (row.parser >= kFirstUserOid) parsers.insert(row.parser);
  }
  for (const Oid parser : parsers) {
    const absl::Status status = ReadParser(connection, parser, catalog);
    if (status.ok()) continue;
    if (IsConnectionLost(status) || SqlState(status).empty()) return status;
    VARVE_RETURN_IF_ERROR(connection.Execute("ROLLBACK TO SAVEPOINT varve"));
    catalog.text_search.nameless.emplace(parser, std::string(status.message()));
  }
  return absl::OkStatus();
}

}  // namespace varve::postgres
