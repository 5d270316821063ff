// Rules about who owns what, which takes knowing the roles of the cluster.
#include <map>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/postgres_access.h"
#include "snapshot/rules/postgres_walk.h"

namespace varve {
namespace {

struct OwnedKind {
  absl::string_view kind;
  absl::string_view sql;  // as ALTER … OWNER TO has it
};
constexpr OwnedKind kOwnedKinds[] = {{"function", "routine"},
                                     {"materialized_view", "materialized view"},
                                     {"table", "table"},
                                     {"view", "view"}};

// Nothing where the role was not seen. Predefined roles are no superusers, and no entities.
std::optional<bool> IsSuperuser(const SectionView& cluster, const std::string& role) {
  if (absl::StartsWith(role, "pg_")) return false;
  const EntityView* const entity = cluster.Find({"role", {role}});
  if (entity == nullptr || !entity->Saw(v1::FACET_ACCESS)) return std::nullopt;
  return entity->Shape(v1::FACET_ACCESS).role().superuser();
}

bool RunsAsItsOwner(const EntityView& entity) {
  return entity.Shape(v1::FACET_STRUCTURE).routine().security_definer();
}

void FindOwned(const EntityView& entity, const OwnedKind& kind, const std::string& owner,
               RuleOutput& output) {
  const std::string object = DisplayName(entity.key());
  const std::string remedy =
      absl::StrCat("alter ", kind.sql, " ", Sql(entity.key()), " owner to …;");
  if (kind.kind == "function" && RunsAsItsOwner(entity)) {
    output.FindAt(Severity::kWarning, object,
                  absl::StrCat("runs with the rights of superuser ", owner), remedy);
  } else {
    output.Find(object, absl::StrCat("is owned by superuser ", owner), remedy);
  }
}

// Of a partition nothing is said that is not said of its parent.
bool IsPartition(const EntityView& entity, absl::string_view kind) {
  return kind == "table" && StructureOf(entity).partition();
}

void SuperuserOwned(const RuleInput& input, RuleOutput& output) {
  std::map<std::string, std::optional<bool>> is_superuser;  // by role
  for (const OwnedKind& kind : kOwnedKinds) {
    ForEachOf(input, kind.kind, [&](const EntityView& entity) {
      if (!entity.Saw(v1::FACET_ACCESS) || IsPartition(entity, kind.kind)) return;
      const std::string& owner = AccessOf(entity).owner();
      const auto [known, is_new] = is_superuser.try_emplace(owner);
      if (is_new && input.cluster != nullptr) known->second = IsSuperuser(*input.cluster, owner);
      if (known->second.value_or(false)) return FindOwned(entity, kind, owner, output);
      if (!is_new || known->second.has_value() || input.cluster == nullptr) return;
      output.CannotSay("", absl::StrCat("what role ", owner, " may do was not seen"));
    });
  }
  if (input.cluster == nullptr && !is_superuser.empty()) {
    output.CannotSay("", "the roles of its server were not captured: read the cluster too");
  }
}

constexpr Need kOwned[] = {{"function", v1::FACET_STRUCTURE},
                           {"function", v1::FACET_ACCESS},
                           {"materialized_view", v1::FACET_ACCESS},
                           {"table", v1::FACET_STRUCTURE},
                           {"table", v1::FACET_ACCESS},
                           {"view", v1::FACET_ACCESS}};

constexpr RuleRun kRuns[] = {
    {{"pg/superuser-owned", Severity::kInfo, "security", kOwned,
      "Who is to change what a superuser owns must be one, and what runs with its owner's rights "
      "may do everything on the server.",
      "Give it to a role that nobody logs in as and that may do no more than it needs. Which "
      "roles are superusers is told by the section of the server's cluster.",
      kOnlyIfNamed},
     "postgres",
     SuperuserOwned},
};

}  // namespace

absl::Span<const RuleRun> PostgresOwnerRules() { return kRuns; }

}  // namespace varve
