// Rules about row level security of PostgreSQL.
#include <map>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/postgres_access.h"
#include "snapshot/rules/postgres_walk.h"

namespace varve {
namespace {

bool IsForCommand(const v1::Policy& policy, absl::string_view command) {
  return policy.command() == "all" || policy.command() == command;
}

bool IsForRole(const v1::Policy& policy, absl::string_view role) {
  return absl::c_linear_search(policy.roles(), role) ||
         absl::c_linear_search(policy.roles(), kEveryone);
}

// A partition's policies are its own.
void PoliciesWithoutRowSecurity(const RuleInput& input, RuleOutput& output) {
  ForEachOf(input, "table", [&output](const EntityView& entity) {
    const v1::TableStructure& table = StructureOf(entity);
    if (table.row_security() || table.policies().empty()) return;
    output.Find(DisplayName(entity.key()),
                absl::StrCat("has policies, the first of them ", table.policies(0).name(),
                             ", and row level security is off"),
                absl::StrCat(AlterTable(entity.key()), "enable row level security;"));
  });
}

// A partition is closed in this way on purpose: rows are to be had through its parent.
void RowSecurityWithoutPolicy(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&output](const EntityView& entity, const v1::TableStructure& table) {
    const bool lets_rows_pass = absl::c_any_of(
        table.policies(), [](const v1::Policy& policy) { return policy.permissive(); });
    if (!table.row_security() || lets_rows_pass) return;
    output.Find(DisplayName(entity.key()),
                "row level security is on, and no policy lets a row pass",
                absl::StrCat("create policy … on ", Sql(entity.key()), " using (…);"));
  });
}

const v1::PolicyExpression* PolicyText(const EntityView& table, absl::string_view policy) {
  for (const v1::PolicyExpression& text : TextsOf(table).policies()) {
    if (text.name() == policy) return &text;
  }
  return nullptr;
}

// Of insert, update and delete those that a policy lets do with any row.
std::vector<std::string> AlwaysAllowed(const v1::Policy& policy, const v1::PolicyExpression& text) {
  const bool takes_any = text.using_() == "true";
  const bool gives_any = text.with_check().empty() ? takes_any : text.with_check() == "true";
  std::vector<std::string> commands;
  if (IsForCommand(policy, "insert") && gives_any) commands.emplace_back("insert");
  if (IsForCommand(policy, "update") && (takes_any || gives_any)) commands.emplace_back("update");
  if (IsForCommand(policy, "delete") && takes_any) commands.emplace_back("delete");
  return commands;
}

// A restrictive policy narrows what others let pass.
bool IsNarrowed(const v1::TableStructure& table, absl::string_view command) {
  return absl::c_any_of(table.policies(), [command](const v1::Policy& policy) {
    return !policy.permissive() && IsForCommand(policy, command) && IsForRole(policy, kEveryone);
  });
}

// What one role may do with any row is how that role is let through.
void PolicyAlwaysTrue(const RuleInput& input, RuleOutput& output) {
  ForEachOf(input, "table", [&output](const EntityView& entity) {
    const v1::TableStructure& table = StructureOf(entity);
    if (!table.row_security()) return;
    for (const v1::Policy& policy : table.policies()) {
      const v1::PolicyExpression* const text = PolicyText(entity, policy.name());
      if (!policy.permissive() || !IsForRole(policy, kEveryone) || text == nullptr) continue;
      std::vector<std::string> commands = AlwaysAllowed(policy, *text);
      commands.erase(std::remove_if(commands.begin(), commands.end(),
                                    [&table](const auto& each) { return IsNarrowed(table, each); }),
                     commands.end());
      if (commands.empty()) continue;
      output.Find(
          ObjectOfPart(entity.key(), policy.name()),
          absl::StrCat("lets everyone ", absl::StrJoin(commands, ", "),
                       " and is true of every row"),
          absl::StrCat("alter policy ", SqlName(policy.name()), " on ", Sql(entity.key()), " …;"));
    }
  });
}

// Names of the permissive policies of one command and role, and the commands for which they are
// several.
std::map<std::vector<std::string>, std::set<std::string>> SeveralOf(
    const v1::TableStructure& table) {
  std::set<std::string> roles;
  for (const v1::Policy& policy : table.policies()) {
    roles.insert(policy.roles().begin(), policy.roles().end());
  }
  std::map<std::vector<std::string>, std::set<std::string>> several;
  for (const char* const command : {"select", "insert", "update", "delete"}) {
    for (const std::string& role : roles) {
      std::vector<std::string> names;
      for (const v1::Policy& policy : table.policies()) {
        if (!policy.permissive() || !IsForCommand(policy, command)) continue;
        if (IsForRole(policy, role)) names.push_back(policy.name());
      }
      if (names.size() > 1) several[names].insert(command);
    }
  }
  return several;
}

void SeveralPermissivePolicies(const RuleInput& input, RuleOutput& output) {
  ForEachOf(input, "table", [&output](const EntityView& entity) {
    const v1::TableStructure& table = StructureOf(entity);
    if (!table.row_security()) return;
    std::vector<std::string> groups;
    for (const auto& [policies, commands] : SeveralOf(table)) {
      groups.push_back(absl::StrCat("for ", absl::StrJoin(commands, ", "), " there are ",
                                    absl::StrJoin(policies, ", ")));
    }
    if (groups.empty()) return;
    output.Find(DisplayName(entity.key()), absl::StrJoin(groups, "; "));
  });
}

void OwnerBypassesRowSecurity(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&output](const EntityView& entity, const v1::TableStructure& table) {
    if (!table.row_security() || table.force_row_security()) return;
    output.Find(DisplayName(entity.key()), "its policies do not hold for its owner",
                absl::StrCat(AlterTable(entity.key()), "force row level security;"));
  });
}

bool OthersMayRead(const v1::Access& access) {
  const auto is_others = [&access](const v1::Grant& grant) {
    return grant.grantee() != access.owner() && absl::c_linear_search(grant.privileges(), "SELECT");
  };
  return absl::c_any_of(access.grants(), is_others) ||
         absl::c_any_of(access.columns(), [&is_others](const v1::ElementAccess& column) {
           return absl::c_any_of(column.grants(), is_others);
         });
}

// Whether a table's policies do not hold of what `owner` reads.
bool IsOpenTo(const EntityView& table, absl::string_view owner) {
  const v1::TableStructure& structure = StructureOf(table);
  return structure.row_security() && !structure.force_row_security() &&
         table.Saw(v1::FACET_ACCESS) && AccessOf(table).owner() == owner;
}

// That a superuser's view reads past the policies of others is not seen here: roles are the
// cluster's.
void ViewBypassesRowSecurity(const RuleInput& input, RuleOutput& output) {
  if (MajorVersion(input) < 15) return;
  ForEachOf(input, "view", [&](const EntityView& view) {
    const v1::Option* const invoker =
        OptionNamed(view.Shape(v1::FACET_STRUCTURE).view().options(), "security_invoker");
    if (invoker != nullptr && IsOn(invoker->value())) return;
    if (!view.Saw(v1::FACET_ACCESS) || !OthersMayRead(AccessOf(view))) return;
    for (const auto& dependency : view.Shape(v1::FACET_EXPRESSIONS).dependencies()) {
      const EntityView* const table = input.section.Find(KeyOf(dependency.on()));
      if (table == nullptr || table->key().kind != "table") continue;
      if (!IsOpenTo(*table, AccessOf(view).owner())) continue;
      return output.Find(
          DisplayName(view.key()),
          absl::StrCat("reads ", DisplayName(table->key()),
                       " with the rights of its owner, for whom no policy holds"),
          absl::StrCat("alter view ", Sql(view.key()), " set (security_invoker = true);"));
    }
  });
}

constexpr Need kViewsOverTables[] = {{"view", v1::FACET_STRUCTURE},
                                     {"view", v1::FACET_EXPRESSIONS},
                                     {"view", v1::FACET_ACCESS},
                                     {"table", v1::FACET_STRUCTURE},
                                     {"table", v1::FACET_ACCESS}};

constexpr RuleRun kRuns[] = {
    {{"pg/owner-bypasses-row-security", Severity::kWarning, "policy", kTables,
      "An application that owns its tables sees every row, whatever their policies say.",
      "Force row level security, or let another role own the table.", kOnlyIfNamed},
     "postgres",
     OwnerBypassesRowSecurity},
    {{"pg/policies-without-row-security", Severity::kError, "security", kTables,
      "Policies hold nothing back while row level security is off: everyone with a privilege sees "
      "every row.",
      "Enable row level security, or drop the policies."},
     "postgres",
     PoliciesWithoutRowSecurity},
    {{"pg/policy-always-true", Severity::kWarning, "security", kTableTexts,
      "A policy that is always true lets everyone with the privilege write any row.",
      "Give the policy a condition, or name the roles that it is for."},
     "postgres",
     PolicyAlwaysTrue},
    {{"pg/row-security-without-policy", Severity::kInfo, "security", kTables,
      "Nobody but the owner sees a row, or can write one.",
      "Create a policy; where all but the owner are meant to be kept out, take their privileges."},
     "postgres",
     RowSecurityWithoutPolicy},
    {{"pg/several-permissive-policies", Severity::kWarning, "policy", kTables,
      "Of several permissive policies one is enough, and every query computes all of them.",
      "Join their conditions in one policy.", kOnlyIfNamed},
     "postgres",
     SeveralPermissivePolicies},
    {{"pg/view-bypasses-row-security", Severity::kWarning, "security", kViewsOverTables,
      "Who may read the view sees rows that the policies of its tables would keep back.",
      "Let the view read with the rights of who asks (security_invoker)."},
     "postgres",
     ViewBypassesRowSecurity},
};

}  // namespace

absl::Span<const RuleRun> PostgresRowSecurityRules() { return kRuns; }

}  // namespace varve
