#include "agent/source/postgres/catalog_query.h"

#include "absl/strings/str_cat.h"

namespace varve::postgres {

std::string CopyStatement(const CatalogQuery& query, int server_version) {
  const int major = server_version / 10000;
  std::string statement = "COPY (SELECT ";
  absl::string_view separator = "";
  for (const QueryColumn& column : query.columns) {
    absl::StrAppend(&statement, separator,
                    major >= column.since ? column.expression : column.otherwise);
    separator = ",";
  }
  absl::StrAppend(&statement, " ", query.from, ") TO STDOUT");
  return statement;
}

std::vector<absl::Span<const CatalogQuery>> DatabaseQueryGroups() {
  return {ObjectQueries(),     RelationQueries(),  ElementQueries(),     RuleQueries(),
          PlaceQueries(),      TypeQueries(),      OwnTypeQueries(),     RoutineQueries(),
          TextSearchQueries(), ForeignQueries(),   ReplicationQueries(), DatabaseWideQueries(),
          OperatorQueries(),   DependencyQueries()};
}

std::vector<const CatalogQuery*> DatabaseQueries() {
  std::vector<const CatalogQuery*> all;
  for (const absl::Span<const CatalogQuery> queries : DatabaseQueryGroups()) {
    for (const CatalogQuery& query : queries) all.push_back(&query);
  }
  return all;
}

}  // namespace varve::postgres
