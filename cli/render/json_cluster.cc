// What the databases of a PostgreSQL server share, as JSON.
#include <optional>

#include "cli/render/json_parts.h"
#include "cli/render/json_sources.h"
#include "cli/render/words.h"
#include "snapshot/header_words.h"

namespace varve {
namespace {

void WriteComment(JsonWriter& out, const EntityView& entity) {
  out.TextOrNull("comment", entity.Shape(v1::FACET_DOCS).docs().comment());
}

void WriteMemberships(JsonWriter& out, const v1::RoleAccess& role) {
  out.BeginArray("member_of");
  for (const v1::RoleMembership& membership : role.memberships()) {
    out.BeginObject();
    out.Text("role", ObjectName(membership.role()));
    out.Text("grantor", ObjectName(membership.grantor()));
    out.Flag("admin", membership.admin());
    out.Flag("inherit", !membership.no_inherit());
    out.Flag("set", !membership.no_set());
    out.EndObject();
  }
  out.EndArray();
}

void WriteRole(JsonWriter& out, const EntityView& entity) {
  const v1::RoleAccess& role = entity.Shape(v1::FACET_ACCESS).role();
  const v1::RoleOptions& options = entity.Shape(v1::FACET_OPTIONS).role_options();
  WriteName(out, entity.key());
  out.Flag("superuser", role.superuser());
  out.Flag("inherit", role.inherit());
  out.Flag("create_role", role.create_role());
  out.Flag("create_database", role.create_database());
  out.Flag("login", role.login());
  out.Flag("replication", role.replication());
  out.Flag("bypass_row_security", role.bypass_row_security());
  WriteMemberships(out, role);
  out.TextOrNull("valid_until", options.valid_until());
  const bool is_limited = entity.Saw(v1::FACET_OPTIONS) && options.connection_limit() >= 0;
  out.NumberOrNull("connection_limit",
                   is_limited ? std::optional<int64_t>(options.connection_limit()) : std::nullopt);
  WriteOptions(out, "settings", options.settings());
  WriteComment(out, entity);
}

void WriteTablespace(JsonWriter& out, const EntityView& entity) {
  WriteName(out, entity.key());
  WriteOptions(out, "options", entity.Shape(v1::FACET_STRUCTURE).tablespace().options());
  out.TextOrNull("location", entity.Shape(v1::FACET_OPTIONS).tablespace_options().location());
  WriteOwnerAndComment(out, entity);
}

void WriteSetting(JsonWriter& out, const EntityView& entity) {
  const v1::SettingOptions& setting = entity.Shape(v1::FACET_OPTIONS).setting();
  WriteName(out, entity.key());
  out.Text("value", setting.value());
  out.TextOrNull("unit", setting.unit());
  out.TextOrNull("source", setting.source());
  out.Flag("pending_restart", setting.pending_restart());
}

void WriteListedDatabase(JsonWriter& out, const EntityView& entity) {
  WriteName(out, entity.key());
  WriteFacet(out, entity.Shape(v1::FACET_STRUCTURE));
  WriteOwnerAndComment(out, entity);
}

}  // namespace

void WriteCluster(JsonWriter& out, const SectionView& cluster) {
  WriteEntities(out, "roles", cluster.OfKind("role"), WriteRole);
  WriteEntities(out, "tablespaces", cluster.OfKind("tablespace"), WriteTablespace);
  WriteEntities(out, "settings", cluster.OfKind("setting"), WriteSetting);
  out.BeginObject("cluster");
  out.Text("source", cluster.header().name());
  out.Text("status", StatusWord(cluster.header().status()));
  out.Unsigned("capture_revision", cluster.header().revision());
  WriteEntities(out, "databases", cluster.OfKind("database"), WriteListedDatabase);
  out.EndObject();
}

}  // namespace varve
