#include "storage/sqlite/schema.h"

#include <array>
#include <random>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace varve::sqlite {
namespace {

// Says whose file it is ("varv"), so that another program's is not taken for ours.
constexpr int64_t kApplicationId = 0x76617276;

// Numbers of rows are inside one environment. A to_seq of NULL: the row still holds. Names of
// identities are in the encoding of storage/name_key.h. Facets, ways, reasons and statuses are the
// numbers of the contract, whatever a newer agent sent.
constexpr const char* kFirst = R"(
  CREATE TABLE store(
    id INTEGER PRIMARY KEY CHECK (id = 1),
    incarnation TEXT NOT NULL
  ) STRICT;

  CREATE TABLE environment(
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    floor INTEGER NOT NULL DEFAULT 0      -- highest number acknowledged to its agent by an earlier life of the store
  ) STRICT;

  CREATE TABLE section(
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE entity(
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    names BLOB NOT NULL,
    UNIQUE (kind, names)
  ) STRICT;

  CREATE TABLE blob(                      -- shapes and coverages
    hash BLOB NOT NULL UNIQUE,            -- SHA-256 of the bytes before compression
    zstd BLOB NOT NULL
  ) STRICT;

  CREATE TABLE section_header(            -- each distinct v1.SectionHeader once: most repeat the one before
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    coverage BLOB NOT NULL,               -- hash of its coverage; empty when unavailable
    message BLOB NOT NULL
  ) STRICT;

  CREATE TABLE snapshot(
    environment INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,                     -- the agent's: the idempotency key
    taken_at_us INTEGER NOT NULL,
    received_at_us INTEGER NOT NULL,
    thinned INTEGER NOT NULL DEFAULT 0,
    message BLOB NOT NULL,                -- v1.SnapshotHeader without its sections
    PRIMARY KEY (environment, seq),
    UNIQUE (environment, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE snapshot_section(
    environment INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    position INTEGER NOT NULL,            -- in the header, from 0
    section INTEGER NOT NULL,
    available INTEGER NOT NULL,
    header INTEGER NOT NULL,
    PRIMARY KEY (environment, seq, position)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX snapshot_section_by_section
    ON snapshot_section(environment, section, seq, available, header);

  CREATE TABLE head(                      -- a section's last manifest
    environment INTEGER NOT NULL,
    section INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    manifest BLOB NOT NULL,
    PRIMARY KEY (environment, section)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE line(                      -- every line that ever had a row: one seek each reads any number
    environment INTEGER NOT NULL,
    section INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    facet INTEGER NOT NULL,
    PRIMARY KEY (environment, section, entity, facet)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE version(
    environment INTEGER NOT NULL,
    section INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    facet INTEGER NOT NULL,
    from_seq INTEGER NOT NULL,
    to_seq INTEGER,
    shape BLOB NOT NULL,
    way INTEGER NOT NULL,
    digest BLOB NOT NULL,                 -- of what was masked; empty: nothing was
    key_id TEXT NOT NULL,
    locator BLOB NOT NULL,                -- v1.Locator; empty: none
    PRIMARY KEY (environment, section, entity, facet, from_seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE unseen(
    environment INTEGER NOT NULL,
    section INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    facet INTEGER NOT NULL,
    from_seq INTEGER NOT NULL,
    to_seq INTEGER,
    reason INTEGER NOT NULL,
    sent INTEGER NOT NULL,                -- 0: written for a line that the agent did not list
    shape BLOB,                           -- what a static read saw; NULL: it is none
    way INTEGER,
    digest BLOB,
    key_id TEXT,
    locator BLOB,
    PRIMARY KEY (environment, section, entity, facet, from_seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE rename(
    environment INTEGER NOT NULL,
    section INTEGER NOT NULL,
    seq INTEGER NOT NULL,                 -- the first snapshot with the new name
    kind TEXT NOT NULL,                   -- 'column': the names are the relation's, then the column's
    from_names BLOB NOT NULL,
    to_names BLOB NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (environment, section, seq, kind, from_names)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE tag(
    environment INTEGER NOT NULL,
    tag TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (environment, tag)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE measures(
    environment INTEGER NOT NULL,
    section INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    zstd BLOB NOT NULL,                   -- v1.Measures, as the agent sent it
    UNIQUE (environment, section, seq)
  ) STRICT;
)";

// What begins and what ends by number: which objects some snapshots changed, without a look at the
// rest.
constexpr const char* kChangesByNumber = R"(
  CREATE INDEX version_by_begin ON version(environment, from_seq);
  CREATE INDEX version_by_end ON version(environment, to_seq) WHERE to_seq IS NOT NULL;
)";

// For comparing environments by their fingerprints: the lines that these do not cover whole.
constexpr const char* kUncommon = R"(
  CREATE INDEX version_uncommon ON version(environment, section)
    WHERE way <> 1 OR digest <> x'';
)";

// Never changed once released: a file out there has run them. A new one is added at the end.
constexpr std::array kMigrations = {kFirst, kChangesByNumber, kUncommon};

absl::StatusOr<int64_t> ReadNumber(Connection& connection, const char* sql) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(sql));
  VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
  return found ? row->Int64(0) : 0;
}

absl::Status NotOurs(Connection& connection, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("database ", sqlite3_db_filename(connection.db(), "main"), ": ", why));
}

absl::StatusOr<int64_t> ReadVersion(Connection& connection) {
  return ReadNumber(connection, "PRAGMA user_version");
}

std::string RandomIncarnation() {
  std::random_device random;
  std::array<uint32_t, 4> words;
  for (uint32_t& word : words) word = random();
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(words.data()), sizeof(words)));
}

absl::Status InsertIncarnation(Connection& connection) {
  const std::string incarnation = RandomIncarnation();
  VARVE_ASSIGN_OR_RETURN(
      Connection::Lease insert,
      connection.Prepare(
          "INSERT INTO store(id, incarnation) VALUES (1, ?1) ON CONFLICT DO NOTHING"));
  insert->BindText(0, incarnation);
  return insert->Run();
}

absl::Status RunMigration(Connection& connection, size_t index) {
  VARVE_RETURN_IF_ERROR(connection.Execute("BEGIN IMMEDIATE"));
  absl::Status status = connection.Execute(kMigrations[index]);
  if (status.ok()) status = InsertIncarnation(connection);
  const std::string stamp = absl::StrCat("PRAGMA user_version = ", index + 1,
                                         "; PRAGMA application_id = ", kApplicationId, "; COMMIT");
  if (status.ok()) status = connection.Execute(stamp.c_str());
  // The first error is the one to tell; a rollback that fails too leaves the file as it was all the
  // same.
  if (!status.ok() && connection.InTransaction()) connection.Execute("ROLLBACK").IgnoreError();
  return status;
}

}  // namespace

int SchemaVersion() { return static_cast<int>(kMigrations.size()); }

// An empty file is a new database; one with tables must say that it is ours.
absl::Status CheckOwner(Connection& connection) {
  VARVE_ASSIGN_OR_RETURN(const int64_t version, ReadVersion(connection));
  VARVE_ASSIGN_OR_RETURN(const int64_t owner, ReadNumber(connection, "PRAGMA application_id"));
  VARVE_ASSIGN_OR_RETURN(const int64_t tables,
                         ReadNumber(connection, "SELECT count(*) FROM sqlite_schema"));
  if (owner != kApplicationId && (owner != 0 || version != 0 || tables != 0)) {
    return NotOurs(connection, "it belongs to another program; name another file");
  }
  if (version > SchemaVersion()) {
    return NotOurs(connection,
                   absl::StrCat("its schema is number ", version, ", and this program knows 1 to ",
                                SchemaVersion(), "; run the newer varve-collector"));
  }
  return absl::OkStatus();
}

absl::Status Migrate(Connection& connection) {
  VARVE_ASSIGN_OR_RETURN(const int64_t version, ReadVersion(connection));
  for (size_t index = static_cast<size_t>(version); index < kMigrations.size(); ++index) {
    VARVE_RETURN_IF_ERROR(Annotate(RunMigration(connection, index),
                                   absl::StrCat("bringing the schema to number ", index + 1)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadIncarnation(Connection& connection) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row,
                         connection.Prepare("SELECT incarnation FROM store WHERE id = 1"));
  VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
  if (!found) return absl::DataLossError("the database has no incarnation; restore from a backup");
  return std::string(row->Text(0));
}

}  // namespace varve::sqlite
