// How long drift takes over a fleet in a store, turn by turn beside a peer in the same run: reading
// one of its snapshots whole. Prints a table with the ratios; no assertion on time.
//
//   build/release/bench/drift_bench [ENVIRONMENTS [TABLES [VARIANTS [SNAPSHOTS]]]]
//
// 1,000 environments of 1,000 tables in 50 structural variants, 3 snapshots each, where nothing is
// named. Locators differ by environment, as OIDs do. What the store keeps in its file was written
// by its own Commit; the file is read again after it was closed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "snapshot/canonical.h"
#include "snapshot/section_builder.h"
#include "storage/fleet.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/bench/contest.h"
#include "tests/support/matchers.h"

namespace varve::testing {
namespace {

struct Size {
  int environments = 1000;
  int tables = 1000;
  int variants = 50;
  int snapshots = 3;
};

v1::Shape TableShape(int table, int variant) {
  v1::Shape shape;
  v1::TableStructure& structure = *shape.mutable_table();
  structure.set_kind(v1::TABLE_KIND_PLAIN);
  const bool differs = variant > 0 && table % 97 == variant % 97;  // some ten tables of a variant
  for (int column = 0; column < 8 + (differs ? 1 : 0); ++column) {
    v1::Column& added = *structure.add_columns();
    added.set_name(absl::StrCat("column_", column, column == 8 ? absl::StrCat("_", variant) : ""));
    v1::Identity& type = *added.mutable_type()->mutable_type();
    type.set_kind("type");
    type.add_names("pg_catalog");
    type.add_names(column == 0 ? "int8" : "text");
    added.set_not_null(column == 0);
  }
  return shape;
}

Section Database(const Size& size, int environment) {
  SectionBuilder builder("postgres", "postgres", 1);
  for (int table = 0; table < size.tables; ++table) {
    const EntityKey key = {"table", {"public", absl::StrCat("table_", table)}};
    LineFacts facts;
    facts.locator.set_id(absl::StrCat(environment, "/1/", table));
    builder.Add(key, v1::FACET_STRUCTURE, TableShape(table, environment % size.variants), facts);
    v1::Shape expressions;
    expressions.mutable_table_expressions();
    builder.Add(key, v1::FACET_EXPRESSIONS, std::move(expressions));
    v1::Shape access;
    access.mutable_access()->set_owner(absl::StrCat("owner_", environment));
    builder.Add(key, v1::FACET_ACCESS, std::move(access));
  }
  builder.CoverWhole("table");
  return builder.Finish();
}

PendingSnapshot Pending(const Section& section, int environment, int number) {
  PendingSnapshot pending;
  pending.header.set_environment(absl::StrCat("environment-", environment));
  pending.header.set_snapshot_id(absl::StrCat(environment, "-", number));
  pending.header.set_taken_at_us(number * int64_t{3'600'000'000});
  pending.received_at = absl::FromUnixMicros(number * int64_t{3'600'000'000} + 1);
  *pending.header.add_sections() = section.header;
  PendingSection& part = pending.sections.emplace_back();
  part.header = section.header;
  part.form = number == 1 ? PendingSection::Form::kWhole : PendingSection::Form::kSame;
  if (number > 1) return pending;
  for (const ReadLine& line : section.lines) part.set.push_back(line.line);
  for (const auto& [hash, bytes] : *section.shapes) {
    pending.blobs[*BlobHash::FromBytes(hash.bytes())] = bytes;
  }
  pending.blobs[HashOf<BlobHash>(section.coverage)] = section.coverage;
  return pending;
}

int Fill(const std::string& file, const Size& size) {
  auto store = OpenSqliteStore(file);
  if (!store.ok()) return 1;
  for (int environment = 0; environment < size.environments; ++environment) {
    const Section section = Database(size, environment);
    for (int number = 1; number <= size.snapshots; ++number) {
      const auto committed = (*store)->Commit(Pending(section, environment, number));
      if (committed.ok()) continue;
      std::fprintf(stderr, "%s\n", std::string(committed.status().message()).c_str());
      return 1;
    }
  }
  return 0;
}

bool IsAnswered(const SnapshotStore& store, const Size& size, v1::DriftGrouping grouping) {
  const auto rows = NewestOf(store, *Selector::Parse(""));
  if (!rows.ok()) return false;
  const auto fleet = LoadFleet(store, *rows, false);
  if (!fleet.ok()) return false;
  const auto result = Drift(*fleet, {false, grouping, std::nullopt}, ShapesOf(store));
  return result.ok() &&
         result->units(0).classes_size() == std::min(size.variants, size.environments);
}

int Main(int argc, char** argv) {
  Size size;
  int* const numbers[] = {&size.environments, &size.tables, &size.variants, &size.snapshots};
  for (int i = 1; i < argc && i <= 4; ++i) *numbers[i - 1] = std::atoi(argv[i]);
  const TemporaryFolder folder;
  const std::string file = folder.Path("fleet.db");
  if (Fill(file, size) != 0) return 1;
  // Each runs in a process of its own, which opens the file.
  const auto with_store = [&file](const std::function<bool(const SnapshotStore&)>& ask) {
    return [&file, ask] {
      const auto store = OpenSqliteStore(file);
      return store.ok() && ask(**store) ? 0 : 1;
    };
  };
  return Compare({{"one snapshot, whole", with_store([](const SnapshotStore& store) {
                     return LoadSnapshot(store, "environment-0", 1).ok();
                   }),
                   "one snapshot"},
                  {"drift of all", with_store([&](const SnapshotStore& store) {
                     return IsAnswered(store, size, v1::DRIFT_GROUPING_WHOLE);
                   })},
                  {"drift by schema", with_store([&](const SnapshotStore& store) {
                     return IsAnswered(store, size, v1::DRIFT_GROUPING_SCHEMA);
                   })},
                  {"newest of all", with_store([](const SnapshotStore& store) {
                     return NewestOf(store, *Selector::Parse("")).ok();
                   })}},
                 5);
}

}  // namespace
}  // namespace varve::testing

int main(int argc, char** argv) { return varve::testing::Main(argc, argv); }
