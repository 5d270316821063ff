// One session's part of a read of the catalogs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/catalog_query.h"
#include "agent/source/postgres/connection.h"

namespace varve::postgres {

// A catalog that could not be read; what it feeds is missing.
struct CatalogFailure {
  const CatalogQuery* query;
  absl::Status why;
};

// What the sessions of a read fill together.
struct SharedCatalog {
  // Empty, for rows in `client_encoding` as `session` gives them.
  SharedCatalog(const Connection& session, absl::string_view client_encoding);

  absl::Mutex loading;  // held while a row is loaded, or what was loaded is looked at
  std::unique_ptr<Catalog> catalog = std::make_unique<Catalog>();  // null once it was taken
};

// Whether `status` ends the whole read, not that of one catalog.
bool EndsTheRead(const absl::Status& status);

// A transaction that is rolled back in the end, whatever happened: nothing was written. Borrows
// what it is made with. Not thread-safe; each session of a read has its own.
class ReadTransaction {
 public:
  ReadTransaction(Connection& connection, SharedCatalog& shared)
      : connection_(connection), shared_(shared) {}
  ~ReadTransaction();
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

  // `statements` begin it. Errors: as Connection::Execute.
  absl::Status Begin(const std::string& statements);

  // Loads what `query` gives, where the server has it and it is wanted. One that fails is among the
  // failures. Errors: of what ends the whole read.
  absl::Status Read(const CatalogQuery& query);

  const std::vector<CatalogFailure>& failures() const { return failures_; }

 private:
  bool IsWanted(const CatalogQuery& query);
  absl::Status Load(const CatalogQuery& query);

  Connection& connection_;
  SharedCatalog& shared_;
  std::vector<CatalogFailure> failures_;
  bool begun_ = false;
};

}  // namespace varve::postgres
