// A PostgreSQL section of a snapshot as SQL that makes the same database again.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "snapshot/section.h"

namespace varve::sql {

struct SqlOptions {
  bool owners = true;
  bool privileges = true;
  // The section of the server that the database is of; its roles and tablespaces are made too.
  // Null: they are taken to be there.
  const Section* cluster = nullptr;
  // Which objects are written; empty: all. The others are taken to be there.
  std::function<bool(const EntityKey& entity)> takes;
};

// Statements of one object that stand together, each with its semicolon.
struct SqlBlock {
  EntityKey object;
  std::string text;
  bool is_rest = false;  // closes a cycle: the object itself is made further above
};

struct SqlScript {
  // Comments and settings that go before all: of whom it is, how to run it, its variables.
  std::string head;
  std::vector<SqlBlock> blocks;
  std::string tail;
  // Variables of psql that must be given, for what was masked.
  std::vector<std::string> variables;
  // What the script lacks, and why: "public.orders: default of total (locked)".
  std::vector<std::string> missing;
};

// The script of one section of the snapshot, which is a PostgreSQL database's. Equal snapshots give
// equal bytes. A section that is moved here is freed on the way, part by part. Errors: kDataLoss (a
// shape is damaged), kFailedPrecondition (the section was unavailable).
absl::StatusOr<SqlScript> RenderSql(const Snapshot& snapshot, Section section,
                                    const SqlOptions& options);

// The whole, piece by piece; valid as long as the script.
std::vector<absl::string_view> Pieces(const SqlScript& script);
// As one text.
std::string Joined(const SqlScript& script);

}  // namespace varve::sql
