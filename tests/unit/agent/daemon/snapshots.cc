#include "tests/unit/agent/daemon/snapshots.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "snapshot/section_builder.h"

namespace varve::testing {

std::string TestId(int number) { return absl::StrFormat("00000000-0000-4000-8000-%012d", number); }

Snapshot TestSnapshot(int number, const std::map<std::string, std::string>& tables) {
  SectionBuilder builder("postgres", "postgres", 1);
  builder.SetServer("PostgreSQL 15.18");
  builder.CoverWhole("table");
  for (const auto& [table, column] : tables) {
    const EntityKey key{"table", {"public", table}};
    v1::Shape shape;
    shape.mutable_table()->add_columns()->set_name(column);
    builder.Add(key, v1::FACET_STRUCTURE, std::move(shape));
    builder.MeasureNumber(key, "rows_estimate", number);
  }
  Snapshot snapshot;
  snapshot.header.set_environment("prod");
  snapshot.header.set_snapshot_id(TestId(number));
  snapshot.header.set_taken_at_us(1'772'000'000'000'000 + number);
  snapshot.sections.push_back(builder.Finish());
  *snapshot.header.add_sections() = snapshot.sections.back().header;
  return snapshot;
}

}  // namespace varve::testing
