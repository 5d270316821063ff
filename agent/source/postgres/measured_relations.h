// What figures of a database are of, by OID: kept, they can be read without the catalogs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "agent/source/postgres/catalog.h"
#include "snapshot/line.h"
#include "snapshot/selection.h"

namespace varve::postgres {

// The entity that a figure is of, and which part of it: "" for itself.
struct Subject {
  const EntityKey& entity;
  absl::string_view element;
};

// The bounds of a sequence, and which way it goes.
struct SequenceBounds {
  int64_t minimum = 0, maximum = 0;
  bool ascending = true;
};

// The relations of a section: neither the server's own nor an extension's, and nothing that the
// configuration leaves out. Owns all; never changes.
class MeasuredRelations {
 public:
  MeasuredRelations(const Catalog& catalog, const Selection& selection);

  // What the figures of relation `oid` are of; nothing where it is in no snapshot.
  std::optional<Subject> SubjectOf(Oid oid) const;
  std::optional<SequenceBounds> SequenceOf(Oid oid) const;

  // By what can be asked of them.
  const std::vector<Oid>& tables() const { return tables_; }  // with rows of their own
  const std::vector<Oid>& toasted() const { return toasted_; }
  const std::vector<Oid>& indexes() const { return indexes_; }
  const std::vector<Oid>& sequences() const { return sequences_; }

  // "system identifier/database/oid" of the database; empty where it is not known.
  const std::string& database() const { return database_; }
  int server_version() const { return server_version_; }

 private:
  struct Index {
    Oid table = 0;
    std::string name;
  };

  absl::flat_hash_map<Oid, EntityKey> entities_;
  absl::flat_hash_map<Oid, Index> index_names_;
  absl::flat_hash_map<Oid, SequenceBounds> bounds_;
  std::vector<Oid> tables_, toasted_, indexes_, sequences_;
  std::string database_;
  int server_version_ = 0;
};

}  // namespace varve::postgres
