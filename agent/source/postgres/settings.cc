// Settings of the server that are not at their defaults.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/source/postgres/hidden_settings.h"
#include "agent/source/postgres/kind_writers.h"
#include "snapshot/postgres_type.h"

namespace varve::postgres {
namespace {

// Where pg_settings says that a value comes from, and what that makes of it.
enum class Origin { kDefault, kServer, kOverridden, kSession };

Origin OriginOf(const SettingRow& row) {
  const absl::string_view source = row.source;
  if (source == "database" || source == "user" || source == "database user") {
    return Origin::kOverridden;
  }
  // A transaction's own are no settings of a server; of the others BEGIN would show as one.
  if (source == "client" || source == "session") {
    return absl::StartsWith(row.name, "transaction_") ? Origin::kDefault : Origin::kSession;
  }
  if (source == "configuration file" || source == "command line" ||
      source == "environment variable" || source == "global") {
    return Origin::kServer;
  }
  return Origin::kDefault;  // "default", "override", …: the server's own doing
}

// Values that may hold a secret in any form, whatever they are called.
bool IsSecretWhole(absl::string_view name) {
  return name == "primary_conninfo" || name == "ssl_passphrase_command";
}

void AddSetting(const SettingRow& row, const EntityKey& entity, SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  v1::SettingOptions& setting = *facet.shape.mutable_setting();
  setting.set_value(
      row.value.empty()
          ? ""
          : facet.MaskValue(IsSecretWhole(row.name) ? "password" : row.name, row.value));
  setting.set_unit(std::string(row.unit));
  setting.set_source(std::string(row.source));
  setting.set_pending_restart(row.pending_restart);
  writer.Add(entity, v1::FACET_OPTIONS, std::move(facet));
}

// Who may read one of them may read all.
void CoverHidden(const Catalog& catalog, absl::string_view user, SectionWriter& writer) {
  const std::vector<absl::string_view> hidden = HiddenSettings(catalog.server_version);
  const auto& rows = catalog.cluster.settings;
  const bool sees_all = std::any_of(
      rows.begin(), rows.end(), [](const SettingRow& row) { return row.name == "config_file"; });
  if (sees_all) return;
  for (const absl::string_view name : hidden) {
    writer.CoverPart({"setting", {std::string(name)}}, v1::FACET_OPTIONS,
                     {v1::SIGHT_NOT_PERMITTED, "shown to superusers and pg_read_all_settings only",
                      absl::StrCat("GRANT pg_read_all_settings TO ", QuotedIdentifier(user))});
  }
}

}  // namespace

void WriteSettings(const Catalog& catalog, absl::string_view user, SectionWriter& writer) {
  for (const SettingRow& row : catalog.cluster.settings) {
    const EntityKey entity{"setting", {std::string(row.name)}};
    switch (OriginOf(row)) {
      case Origin::kServer:
        AddSetting(row, entity, writer);
        break;
      case Origin::kDefault:
        if (row.pending_restart) AddSetting(row, entity, writer);
        break;
      case Origin::kOverridden:
        writer.CoverPart(entity, v1::FACET_OPTIONS,
                         {v1::SIGHT_NOT_SUPPORTED,
                          "hidden by a value that ALTER ROLE or ALTER DATABASE set for our session",
                          "read it as a role, and by a database, without such a value"});
        break;
      case Origin::kSession:
        writer.CoverPart(entity, v1::FACET_OPTIONS,
                         {v1::SIGHT_EXCLUDED, "every session sets it for itself", ""});
        break;
    }
  }
  CoverHidden(catalog, user, writer);
}

}  // namespace varve::postgres
