#include "agent/daemon/known_databases_file.h"

#include "absl/strings/str_cat.h"
#include "agent/daemon/durable_file.h"
#include "base/log.h"
#include "google/protobuf/text_format.h"
#include "varve/v1/agent_state.pb.h"

namespace varve {
namespace {

KnownDatabases::BySource ReadFrom(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadWhole(path);
  if (absl::IsNotFound(text.status())) return {};
  v1::AgentDatabases file;
  if (!text.ok() || !google::protobuf::TextFormat::ParseFromString(*text, &file)) {
    log::Warning("list of databases not read", {{"file", path}});
    return {};
  }
  KnownDatabases::BySource known;
  for (const v1::SourceDatabases& source : file.sources()) {
    known[source.source()].assign(source.databases().begin(), source.databases().end());
  }
  return known;
}

void WriteTo(const std::string& path, const KnownDatabases::BySource& known) {
  v1::AgentDatabases file;
  for (const auto& [name, databases] : known) {
    v1::SourceDatabases& source = *file.add_sources();
    source.set_source(name);
    for (const std::string& database : databases) source.add_databases(database);
  }
  std::string text;
  google::protobuf::TextFormat::PrintToString(file, &text);
  const absl::Status written = WriteDurably(path, text);
  if (!written.ok()) {
    log::Warning("list of databases not kept", {{"file", path}, {"error", written.message()}});
  }
}

}  // namespace

std::shared_ptr<KnownDatabases> OpenKnownDatabases(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/databases.textproto");
  return std::make_shared<KnownDatabases>(
      ReadFrom(path), [path](const KnownDatabases::BySource& known) { WriteTo(path, known); });
}

}  // namespace varve
