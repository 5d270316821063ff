// What the databases of a server share: roles with their memberships and settings, tablespaces.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {
namespace {

// Runs `statement` of psql where `catalog` has no such name yet.
std::string Unless(absl::string_view catalog, absl::string_view column, absl::string_view name,
                   absl::string_view statement) {
  return absl::StrCat("SELECT ", Literal(statement), " WHERE NOT EXISTS (SELECT FROM pg_catalog.",
                      catalog, " WHERE ", column, " = ", Literal(name), ") \\gexec\n");
}

std::string AttributeText(const v1::RoleAccess& role, const v1::RoleOptions& options) {
  std::string text;
  const auto add = [&text](bool has, absl::string_view attribute) {
    absl::StrAppend(&text, has ? " " : " NO", attribute);
  };
  add(role.superuser(), "SUPERUSER");
  add(role.inherit(), "INHERIT");
  add(role.create_role(), "CREATEROLE");
  add(role.create_database(), "CREATEDB");
  add(role.login(), "LOGIN");
  add(role.replication(), "REPLICATION");
  add(role.bypass_row_security(), "BYPASSRLS");
  absl::StrAppend(&text, " CONNECTION LIMIT ", options.connection_limit());
  if (!options.valid_until().empty()) {
    absl::StrAppend(&text, " VALID UNTIL ", Literal(options.valid_until()));
  }
  return text;
}

class RolesWriter {
 public:
  explicit RolesWriter(Writing& writing) : writing_(writing) {}

  std::string Text() {
    for (const EntityView& role : writing_.view().OfKind("role")) {
      if (role.Saw(v1::FACET_ACCESS)) WriteRole(role);
    }
    WriteMemberships();
    for (const EntityView& tablespace : writing_.view().OfKind("tablespace")) {
      if (tablespace.Saw(v1::FACET_STRUCTURE)) WriteTablespace(tablespace);
    }
    for (const EntityView& setting : writing_.view().OfKind("parameter_privileges")) {
      if (writing_.options().privileges) WriteParameter(setting);
    }
    return std::move(text_);
  }

 private:
  void WriteRole(const EntityView& entity) {
    const std::string name = Name(entity.key().names[0]);
    const v1::RoleOptions& options = entity.Shape(v1::FACET_OPTIONS).role_options();
    absl::StrAppend(&text_, Unless("pg_roles", "rolname", entity.key().names[0],
                                   absl::StrCat("CREATE ROLE ", name)));
    absl::StrAppend(&text_, "ALTER ROLE ", name, " WITH",
                    AttributeText(entity.Shape(v1::FACET_ACCESS).role(), options), ";\n");
    for (const v1::Option& setting : options.settings()) {
      absl::StrAppend(&text_, "ALTER ROLE ", name, " SET ",
                      SettingText(setting, entity.key().names[0], writing_), ";\n");
    }
    WriteComment(entity, "ROLE", name);
  }

  void WriteComment(const EntityView& entity, absl::string_view type, const std::string& name) {
    const std::string& comment = entity.Shape(v1::FACET_DOCS).docs().comment();
    if (comment.empty()) return;
    absl::StrAppend(&text_, "COMMENT ON ", type, " ", name, " IS ",
                    writing_.variables().Literal(comment, absl::StrCat(name, " comment")), ";\n");
  }

  struct Membership {
    const v1::RoleMembership* row;
    const std::string* member;
  };

  // Who may give a membership on has to have it first: those that superusers gave come before
  // others, and those that may be given on before those that may not.
  void WriteMemberships() {
    std::vector<Membership> all;
    for (const EntityView& role : writing_.view().OfKind("role")) {
      for (const v1::RoleMembership& row : role.Shape(v1::FACET_ACCESS).role().memberships()) {
        all.push_back({&row, &role.key().names[0]});
      }
    }
    std::stable_sort(all.begin(), all.end(), [this](const Membership& a, const Membership& b) {
      return Rank(a) < Rank(b);
    });
    for (const Membership& each : all) WriteMembership(*each.row, *each.member);
  }

  std::pair<bool, bool> Rank(const Membership& membership) const {
    const EntityView* const grantor = writing_.view().Find(KeyOf(membership.row->grantor()));
    const bool by_superuser =
        grantor == nullptr || grantor->Shape(v1::FACET_ACCESS).role().superuser();
    return {!by_superuser, !membership.row->admin()};
  }

  void WriteMembership(const v1::RoleMembership& row, const std::string& member) {
    if (row.role().names().empty()) return;
    std::vector<std::string> options;
    if (row.admin()) options.emplace_back(writing_.major() >= 16 ? "ADMIN TRUE" : "ADMIN OPTION");
    if (row.no_inherit()) options.emplace_back("INHERIT FALSE");
    if (row.no_set()) options.emplace_back("SET FALSE");
    // From 16 on what is not said follows the member.
    if (writing_.major() >= 16 && !row.no_inherit()) options.emplace_back("INHERIT TRUE");
    absl::StrAppend(&text_, "GRANT ", Name(row.role().names(0)), " TO ", Name(member));
    if (!options.empty()) absl::StrAppend(&text_, " WITH ", absl::StrJoin(options, ", "));
    if (!row.grantor().names().empty()) {
      absl::StrAppend(&text_, " GRANTED BY ", Name(row.grantor().names(0)));
    }
    absl::StrAppend(&text_, ";\n");
  }

  void WriteTablespace(const EntityView& entity) {
    const std::string& location = entity.Shape(v1::FACET_OPTIONS).tablespace_options().location();
    if (location.empty()) return;  // the server's own
    const std::string name = Name(entity.key().names[0]);
    const std::string& owner = entity.Shape(v1::FACET_ACCESS).access().owner();
    absl::StrAppend(&text_,
                    Unless("pg_tablespace", "spcname", entity.key().names[0],
                           absl::StrCat("CREATE TABLESPACE ", name,
                                        owner.empty() ? "" : absl::StrCat(" OWNER ", Name(owner)),
                                        " LOCATION ", Literal(location))));
    const auto& options = entity.Shape(v1::FACET_STRUCTURE).tablespace().options();
    if (!options.empty()) {
      absl::StrAppend(&text_, "ALTER TABLESPACE ", name, " SET (", ParameterItems(options), ");\n");
    }
    WriteComment(entity, "TABLESPACE", name);
    Object object;
    object.key = entity.key();
    WriteAccess(entity, {"TABLESPACE", name}, writing_, object);
    for (const Statement& statement : object.statements) {
      absl::StrAppend(&text_, statement.text, "\n");
    }
  }

  // What a superuser has by the first grant it does not give itself.
  void WriteParameter(const EntityView& entity) {
    const std::string on = absl::StrCat("PARAMETER ", SettingName(entity.key().names[0]));
    for (const v1::Grant& grant : entity.Shape(v1::FACET_ACCESS).access().grants()) {
      if (grant.grantee() == grant.grantor()) continue;
      for (const std::string& statement : GrantStatements(grant, on)) {
        absl::StrAppend(&text_, statement, "\n");
      }
    }
  }

  Writing& writing_;
  std::string text_;
};

}  // namespace

std::string RolesText(Writing& writing) { return RolesWriter(writing).Text(); }

}  // namespace varve::sql
