// Extended statistics. pg_statistic_ext.
#include "agent/source/postgres/array_text.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

// STATS_EXT_… of statistics.h. Expressions bring a kind of their own ('e'), which nobody asks for.
void FillKinds(absl::string_view stxkind, v1::ExtendedStatisticsStructure& statistics) {
  for (const std::string& kind : ArrayItems(stxkind)) {
    if (kind == "d") statistics.add_kinds("ndistinct");
    if (kind == "f") statistics.add_kinds("dependencies");
    if (kind == "m") statistics.add_kinds("mcv");
  }
}

FacetShape Structure(const Catalog& catalog, const ExtendedStatisticsRow& row, FacetShape facet) {
  v1::ExtendedStatisticsStructure& statistics = *facet.shape.mutable_extended_statistics();
  *statistics.mutable_table() = RelationIdentity(catalog, row.relation);
  for (const int16_t number : row.columns) {
    statistics.add_columns(std::string(catalog.ColumnName(row.relation, number)));
  }
  FillKinds(row.kinds, statistics);
  statistics.set_has_expressions(row.expressions);
  if (row.target.has_value()) statistics.set_target(*row.target);
  return facet;
}

void WriteExpressions(const Reading& reading, const ExtendedStatisticsRow& row,
                      const EntityKey& entity, SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  auto& expressions = *facet.shape.mutable_extended_statistics_expressions();
  if (row.expressions) {
    *expressions.mutable_table() = RelationIdentity(reading.catalog, row.relation);
  }
  const auto texts = reading.expressions.statistics.find(row.oid);
  const bool printed = texts != reading.expressions.statistics.end();
  if (printed) {
    for (const absl::string_view text : texts->second) {
      expressions.add_expressions(facet.Mask(text));
    }
  }
  AddExpressions(reading, kStatisticsCatalog, row.expressions ? row.relation : 0, entity,
                 printed || !row.expressions, std::move(facet), writer);
}

}  // namespace

void WriteExtendedStatistics(const Reading& reading, SectionWriter& writer) {
  constexpr absl::string_view kKind = "extended_statistics";
  const Catalog& catalog = reading.catalog;
  for (const ExtendedStatisticsRow& row : catalog.extended_statistics) {
    const ObjectAddress address{kStatisticsCatalog, row.oid, 0};
    if (!Belongs(catalog, address.catalog, row.oid, row.schema, kKind, writer)) continue;
    const EntityKey entity{std::string(kKind),
                           {std::string(catalog.SchemaName(row.schema)), std::string(row.name)}};
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, row, writer.NewShape()),
               ObjectLocator(catalog, row.oid));
    WriteExpressions(reading, row, entity, writer);
    WriteAccess(catalog, entity, address, row.owner, {}, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

}  // namespace varve::postgres
