// PostgreSQL as a source: what is in a database, or in several of one server, and what they share,
// by the catalogs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "agent/redaction/redaction.h"
#include "agent/source/known_databases.h"
#include "agent/source/source.h"

namespace varve {

struct PostgresConfig {
  // Name of the section of one database; of several they are called `name/database`. That of the
  // cluster is called `name/`.
  std::string name = "postgres";
  // A libpq keyword string or URL; what it does not say libpq takes from PG*, its service and
  // password files. May hold a password: it is never logged, nor put in a message.
  std::string connection;
  // Which databases of the server to read, as databases.h takes patterns; `connection` only says
  // then where their list is read. Empty: the one that `connection` names.
  std::vector<std::string> databases;
  // Read what the databases of the server share, too: roles, tablespaces, settings, their list.
  bool cluster = true;
  // Count the rows of every table that the role may read. Reads each table whole.
  bool include_counts = false;
  // A whole read at least that often, whatever the server's marks say.
  absl::Duration full_read_every = absl::Hours(24);
  // Ask sizes and activity of relations, and positions of sequences: some file look-ups a relation.
  bool include_measures = true;
  // How old sizes and positions of sequences may be that a read takes from one before it.
  absl::Duration sizes_every = absl::Hours(1);

  // So many sessions share the read of a database, one moment of it; no more than 16.
  int connections = 1;

  absl::Duration connect_timeout = absl::Seconds(10);
  absl::Duration statement_timeout = absl::Seconds(60);
  // How long a statement waits for a lock, and others behind it: short, for a migration may be
  // running.
  absl::Duration lock_timeout = absl::Milliseconds(200);
  // For all counts of one database together; what was counted by then is kept.
  absl::Duration counts_budget = absl::Minutes(2);

  // Patterns of what to read, and of what not (docs/operations.md). What they leave out is counted,
  // and nothing of it is opened.
  std::vector<std::string> include, exclude;
};

// A source that reads with no more than CONNECT, takes no lock beyond AccessShare, and never
// writes. Several databases are read one after the other, each over sessions of its own. A server
// that does not answer gives the sections of the databases that it had last, by `known`.
// `redactor` is shared by all sources: it never changes; so is `known`.
std::unique_ptr<Source> MakePostgresSource(PostgresConfig config,
                                           std::shared_ptr<const Redactor> redactor,
                                           std::shared_ptr<KnownDatabases> known);

}  // namespace varve
