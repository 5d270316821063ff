#include "tests/bench/bench_snapshot.h"

#include <cstdio>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/source/postgres/postgres_source.h"
#include "base/zstd.h"

namespace varve::testing {

Snapshot GatherDatabase(const std::string& connection, int64_t number) {
  PostgresConfig config;
  config.connection = connection;
  config.cluster = false;
  const auto redactor = std::make_shared<const Redactor>(MaskKey{"bench", std::string(32, 'k')});
  const auto source =
      MakePostgresSource(std::move(config), redactor, std::make_shared<KnownDatabases>());
  Snapshot snapshot;
  snapshot.sections = source->Gather(GatherLimits());
  snapshot.header.set_snapshot_id(absl::StrCat("bench-", number));
  snapshot.header.set_agent_version("bench");
  snapshot.header.set_taken_at_us(absl::ToUnixMicros(absl::Now()));
  for (const Section& section : snapshot.sections) {
    *snapshot.header.add_sections() = section.header;
  }
  return snapshot;
}

absl::Status Keep(SnapshotStore& store, const Snapshot& snapshot, const std::string& environment) {
  PendingSnapshot pending;
  pending.header = snapshot.header;
  pending.header.set_environment(environment);
  pending.received_at = absl::Now();
  for (const Section& section : snapshot.sections) {
    PendingSection& kept = pending.sections.emplace_back();
    kept.form = PendingSection::Form::kWhole;
    kept.header = section.header;
    for (const ReadLine& line : section.lines) kept.set.push_back(line.line);
    kept.measures = Compressed(section.measures->SerializeAsString());
    for (const auto& [hash, bytes] : section.shapes) {
      pending.blobs[HashOf<BlobHash>(bytes)] = bytes;
    }
    pending.blobs[HashOf<BlobHash>(section.coverage)] = section.coverage;
  }
  return store.Commit(pending).status();
}

bool Said(const absl::Status& status) {
  if (!status.ok()) std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return status.ok();
}

}  // namespace varve::testing
