// Small snapshots for rules, and what the rules say of them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "snapshot/kinds.h"
#include "snapshot/rules/rules.h"
#include "tests/support/matchers.h"
#include "tests/support/sample_snapshot.h"

namespace varve::testing {

// Every kind that a database has was looked at.
inline void CoverDatabase(SectionBuilder& builder) {
  for (const Kind& kind : Kinds()) {
    if (kind.source_kind == "postgres" && IsInSection(kind, KindScope::kDatabase)) {
      builder.CoverWhole(kind.name);
    }
  }
}

// A PostgreSQL section whose kinds were all looked at; `fill` adds what is there. The database has
// a figure, so that measures were taken.
inline Section PostgresWith(const std::function<void(SectionBuilder&)>& fill,
                            absl::string_view name = "postgres") {
  SectionBuilder builder(name, "postgres", 1);
  CoverDatabase(builder);
  builder.MeasureNumber({"database", {"shop"}}, "database_bytes", 1);
  fill(builder);
  return builder.Finish();
}

inline Section ModelsWith(const std::function<void(SectionBuilder&)>& fill) {
  SectionBuilder builder("models", "models", 1);
  builder.CoverWhole("model");
  fill(builder);
  return builder.Finish();
}

// A table with columns "id", "total" and "customer_id", a primary key and its index.
inline v1::TableStructure OrdersTable() {
  v1::TableStructure table;
  table.set_kind(v1::TABLE_KIND_PLAIN);
  *table.add_columns() = RequiredColumn("id", CatalogType("int8"));
  *table.add_columns() = RequiredColumn("total", CatalogType("numeric", "12,2"));
  *table.add_columns() = NullableColumn("customer_id", CatalogType("int8"));
  *table.add_constraints() = PrimaryKey("orders_pkey", {"id"});
  v1::Index primary = BtreeIndex("orders_pkey", {"id"});
  primary.set_unique(true);
  primary.set_primary(true);
  primary.set_of_constraint(true);
  *table.add_indexes() = primary;
  return table;
}

inline EntityKey Orders() { return Table("public", "orders"); }

inline CheckResult Checked(std::vector<Section> sections) {
  const absl::StatusOr<CheckResult> result =
      Check(Assemble(std::move(sections)), RulesNamed({}).value());
  if (result.ok()) return *result;
  ADD_FAILURE() << result.status();
  return {};
}

// "warn public.orders: has no primary key", of one rule's findings.
inline std::vector<std::string> Findings(const CheckResult& result, absl::string_view rule) {
  std::vector<std::string> texts;
  for (const Finding& finding : result.findings) {
    if (finding.rule != rule) continue;
    texts.push_back(std::string(SeverityName(finding.severity)) + " " + finding.object + ": " +
                    finding.message);
  }
  return texts;
}

inline std::vector<std::string> Remedies(const CheckResult& result, absl::string_view rule) {
  std::vector<std::string> texts;
  for (const Finding& finding : result.findings) {
    if (finding.rule == rule) texts.push_back(finding.remedy);
  }
  return texts;
}

// "public.orders: state: locked", of what one rule could not say.
inline std::vector<std::string> Unsaid(const CheckResult& result, absl::string_view rule) {
  std::vector<std::string> texts;
  for (const CannotSay& each : result.cannot_say) {
    if (each.rule == rule) texts.push_back(each.object + ": " + each.reason);
  }
  return texts;
}

}  // namespace varve::testing
