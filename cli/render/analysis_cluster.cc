// What the databases of a PostgreSQL server share, in the analysis.
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/analysis_sources.h"
#include "cli/render/markdown.h"
#include "cli/render/words.h"

namespace varve {
namespace {

// What of a long text stands in a table's cell; the JSON has it whole.
constexpr size_t kCell = 120;

std::string Attributes(const v1::RoleAccess& role) {
  std::vector<absl::string_view> words;
  const auto add = [&words](bool has, absl::string_view word) {
    if (has) words.push_back(word);
  };
  add(role.superuser(), "superuser");
  add(role.login(), "login");
  add(role.create_role(), "create role");
  add(role.create_database(), "create database");
  add(role.replication(), "replication");
  add(role.bypass_row_security(), "bypass row security");
  add(!role.inherit(), "no inherit");
  return absl::StrJoin(words, ", ");
}

std::string MemberOf(const v1::RoleAccess& role) {
  return absl::StrJoin(
      role.memberships(), ", ", [](std::string* out, const v1::RoleMembership& membership) {
        absl::StrAppend(out, ObjectName(membership.role()), membership.admin() ? " (admin)" : "");
      });
}

std::string Roles(const SectionView& cluster) {
  MarkdownTable table({"Role", "Attributes", "Member Of", "Comment"});
  for (const EntityView& entity : cluster.OfKind("role")) {
    if (!entity.IsThere()) continue;
    const v1::RoleAccess& role = entity.Shape(v1::FACET_ACCESS).role();
    table.Add({MarkdownText(ObjectName(entity.key())), Attributes(role),
               MarkdownExcerpt(MemberOf(role), kCell),
               MarkdownExcerpt(entity.Shape(v1::FACET_DOCS).docs().comment(), kCell)});
  }
  return table.empty() ? "" : absl::StrCat("### Roles\n", table.Text());
}

std::string Tablespaces(const SectionView& cluster) {
  MarkdownTable table({"Tablespace", "Owner", "Location"});
  for (const EntityView& entity : cluster.OfKind("tablespace")) {
    if (!entity.IsThere()) continue;
    table.Add(
        {MarkdownText(ObjectName(entity.key())),
         MarkdownText(entity.Shape(v1::FACET_ACCESS).access().owner()),
         MarkdownExcerpt(entity.Shape(v1::FACET_OPTIONS).tablespace_options().location(), kCell)});
  }
  return table.empty() ? "" : absl::StrCat("### Tablespaces\n", table.Text());
}

std::string Settings(const SectionView& cluster) {
  MarkdownTable table({"Setting", "Value", "Unit", "Source"});
  for (const EntityView& entity : cluster.OfKind("setting")) {
    if (!entity.IsThere()) continue;
    const v1::SettingOptions& setting = entity.Shape(v1::FACET_OPTIONS).setting();
    table.Add({MarkdownText(ObjectName(entity.key())), MarkdownExcerpt(setting.value(), kCell),
               MarkdownText(setting.unit()),
               absl::StrCat(MarkdownText(setting.source()),
                            setting.pending_restart() ? ", another waits for a restart" : "")});
  }
  return table.empty() ? "" : absl::StrCat("### Settings\n", table.Text());
}

std::string Databases(const SectionView& cluster) {
  std::vector<std::string> names;
  for (const EntityView& entity : cluster.OfKind("database")) {
    if (entity.IsThere()) names.push_back(MarkdownText(ObjectName(entity.key())));
  }
  return names.empty() ? "" : absl::StrCat(Fact("Databases", absl::StrJoin(names, ", ")), "\n");
}

}  // namespace

std::string ClusterAnalysis(const SectionView& cluster, absl::string_view title) {
  return absl::StrCat(SourceHeading("Database Cluster", title, cluster), Databases(cluster),
                      Roles(cluster), Tablespaces(cluster), Settings(cluster));
}

}  // namespace varve
