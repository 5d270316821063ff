#include "tests/unit/storage/sqlite/sqlite_kind.h"

#include <sqlite3.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "storage/sqlite/error.h"
#include "storage/sqlite/sqlite_store.h"
#include "storage/sqlite/statement.h"

namespace varve::testing {
namespace {

using Database = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;

absl::StatusOr<Database> OpenFile(const std::string& path) {
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  Database database(opened, sqlite3_close_v2);
  if (code != SQLITE_OK) return sqlite::OpenErrorOf(opened, code, path);
  return database;
}

absl::Status FlipABit(const std::string& folder, const BlobHash& hash) {
  const std::string path = DatabaseIn(folder);
  const std::string where =
      absl::StrCat(" WHERE hash = x'", absl::BytesToHexString(hash.bytes()), "'");
  VARVE_ASSIGN_OR_RETURN(std::string frame, AskSql(path, "SELECT zstd FROM blob" + where));
  frame[frame.size() / 2] = static_cast<char>(frame[frame.size() / 2] ^ 1);
  return RunSql(
      path, absl::StrCat("UPDATE blob SET zstd = x'", absl::BytesToHexString(frame), "'", where));
}

}  // namespace

StoreKind SqliteKind() {
  return {"Sqlite", [](const std::string& folder) { return OpenSqliteStore(DatabaseIn(folder)); },
          FlipABit};
}

std::string DatabaseIn(const std::string& folder) { return folder + "/varve.db"; }

absl::Status RunSql(const std::string& path, const std::string& sql) {
  VARVE_ASSIGN_OR_RETURN(const Database database, OpenFile(path));
  return sqlite::ErrorOf(database.get(),
                         sqlite3_exec(database.get(), sql.c_str(), nullptr, nullptr, nullptr));
}

absl::StatusOr<std::string> AskSql(const std::string& path, const std::string& sql) {
  VARVE_ASSIGN_OR_RETURN(const Database database, OpenFile(path));
  VARVE_ASSIGN_OR_RETURN(sqlite::Statement row, sqlite::Statement::Prepare(database.get(), sql));
  VARVE_ASSIGN_OR_RETURN(const bool found, row.Step());
  if (!found) return absl::NotFoundError(absl::StrCat("no row: ", sql));
  return std::string(row.Blob(0));
}

std::map<std::string, int64_t> CountRows(const std::string& path) {
  std::map<std::string, int64_t> counts;
  for (const char* const table :
       {"environment", "section", "entity", "blob", "section_header", "snapshot",
        "snapshot_section", "head", "line", "version", "unseen", "rename", "tag", "measures"}) {
    const auto count = AskSql(path, absl::StrCat("SELECT count(*) FROM ", table));
    VARVE_EXPECT_OK(count);
    if (count.ok()) counts[table] = std::atoll(count->c_str());
  }
  return counts;
}

absl::Status DamageTable(const std::string& path, const std::string& table) {
  VARVE_ASSIGN_OR_RETURN(
      const std::string page,
      AskSql(path, absl::StrCat("SELECT rootpage FROM sqlite_schema WHERE name = '", table, "'")));
  VARVE_ASSIGN_OR_RETURN(const std::string page_size, AskSql(path, "PRAGMA page_size"));
  const auto at =
      static_cast<size_t>((std::atoll(page.c_str()) - 1) * std::atoll(page_size.c_str()));
  std::string bytes = ReadFile(path);
  WriteFile(path, bytes.replace(at, 8, 8, '\x55'));
  return absl::OkStatus();
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void WriteFile(const std::string& path, absl::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace varve::testing
