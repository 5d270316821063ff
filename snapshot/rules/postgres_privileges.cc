// Rules about privileges, owners and routines that run with their owner's rights.
#include <algorithm>
#include <map>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/postgres_access.h"
#include "snapshot/rules/postgres_walk.h"
#include "snapshot/rules/table_names.h"

namespace varve {
namespace {

// Each routine that runs with the rights of its owner.
void ForEachDefiner(const RuleInput& input,
                    absl::FunctionRef<void(const EntityView&, const v1::RoutineStructure&)> look) {
  ForEachOf(input, "function", [&look](const EntityView& entity) {
    const v1::RoutineStructure& routine = entity.Shape(v1::FACET_STRUCTURE).routine();
    if (routine.security_definer()) look(entity, routine);
  });
}

// Of a body that was parsed when it was written the names are settled.
bool LooksNamesUp(const v1::RoutineStructure& routine) {
  if (routine.language() == "c" || routine.language() == "internal") return false;
  return routine.language() != "sql" || !routine.source().empty();
}

void DefinerWithoutSearchPath(const RuleInput& input, RuleOutput& output) {
  ForEachDefiner(input, [&output](const EntityView& entity, const v1::RoutineStructure& routine) {
    if (!LooksNamesUp(routine) || OptionNamed(routine.settings(), "search_path") != nullptr) return;
    output.Find(DisplayName(entity.key()),
                "runs with its owner's rights and looks names up in its caller's search_path",
                absl::StrCat("alter routine ", Sql(entity.key()),
                             " set search_path = ", SqlName(entity.key().names[0]), ", pg_temp;"));
  });
}

// PUBLIC may execute what nobody granted or revoked. A trigger's function nobody can call.
void DefinerForEveryone(const RuleInput& input, RuleOutput& output) {
  ForEachDefiner(input, [&](const EntityView& entity, const v1::RoutineStructure& routine) {
    if (IsOneOf(routine.returns(), {"trigger", "event_trigger"})) return;
    if (!entity.Saw(v1::FACET_ACCESS) || !EveryoneReaches(input, entity.key())) return;
    const v1::Access& access = AccessOf(entity);
    const bool may_execute =
        !access.has_acl() ||
        absl::c_linear_search(PrivilegesOfEveryone(access.grants()), "EXECUTE");
    if (!may_execute) return;
    output.Find(DisplayName(entity.key()), "everyone may execute it with the rights of its owner",
                absl::StrCat("revoke execute on routine ", Sql(entity.key()), " from public;"));
  });
}

// "select, insert (note)": what everyone may do with a relation and its columns, as GRANT has it.
std::string GrantedToEveryone(const v1::Access& access) {
  std::vector<std::string> parts;
  for (const std::string& privilege : PrivilegesOfEveryone(access.grants())) {
    parts.push_back(absl::AsciiStrToLower(privilege));
  }
  for (const v1::ElementAccess& column : access.columns()) {
    for (const std::string& privilege : PrivilegesOfEveryone(column.grants())) {
      parts.push_back(
          absl::StrCat(absl::AsciiStrToLower(privilege), " (", SqlName(column.name()), ")"));
    }
  }
  return absl::StrJoin(parts, ", ");
}

bool OnlyOwnerGaveAll(const v1::Access& access) {
  return OnlyOwnerGave(access.grants(), access.owner()) &&
         absl::c_all_of(access.columns(), [&access](const v1::ElementAccess& column) {
           return OnlyOwnerGave(column.grants(), access.owner());
         });
}

std::string Revoke(absl::string_view privileges, absl::string_view on, const EntityView& from,
                   bool is_whole) {
  if (!is_whole) return "";
  return absl::StrCat("revoke ", privileges, " on ", on, " ", Sql(from.key()), " from public;");
}

void RelationsGrantedToEveryone(const RuleInput& input, RuleOutput& output) {
  for (const absl::string_view kind : {"table", "view", "materialized_view", "sequence"}) {
    ForEachOf(input, kind, [&](const EntityView& entity) {
      const v1::Access& access = AccessOf(entity);
      const std::string granted = GrantedToEveryone(access);
      if (granted.empty() || !EveryoneReaches(input, entity.key())) return;
      output.Find(DisplayName(entity.key()), absl::StrCat("is granted to everyone: ", granted),
                  Revoke(granted, kind == "sequence" ? "sequence" : "table", entity,
                         OnlyOwnerGaveAll(access)));
    });
  }
}

void GrantedToPublic(const RuleInput& input, RuleOutput& output) {
  RelationsGrantedToEveryone(input, output);
  ForEachOf(input, "schema", [&output](const EntityView& entity) {
    const v1::Access& access = AccessOf(entity);
    if (!absl::c_linear_search(PrivilegesOfEveryone(access.grants()), "CREATE")) return;
    output.Find(DisplayName(entity.key()),
                "everyone may create objects in it, which others then find in their search_path",
                Revoke("create", "schema", entity, OnlyOwnerGave(access.grants(), access.owner())));
  });
}

// Of functions and types everyone has privileges by default.
absl::string_view PluralOf(absl::string_view object_type) {
  if (object_type == "table") return "tables";
  if (object_type == "sequence") return "sequences";
  if (object_type == "schema") return "schemas";
  return "";
}

void DefaultPrivilegesForEveryone(const RuleInput& input, RuleOutput& output) {
  ForEachOf(input, "default_privileges", [&output](const EntityView& entity) {
    const std::vector<std::string>& names = entity.key().names;  // role, schema, type
    std::vector<std::string> privileges = PrivilegesOfEveryone(AccessOf(entity).grants());
    if (names.size() != 3 || PluralOf(names[2]).empty() || privileges.empty()) return;
    for (std::string& privilege : privileges) absl::AsciiStrToLower(&privilege);
    const std::string list = absl::StrJoin(privileges, ", ");
    const std::string where =
        names[1].empty() ? "" : absl::StrCat(" in schema ", SqlName(names[1]));
    output.Find(DisplayName(entity.key()),
                absl::StrCat("will be granted to everyone when they are made: ", list),
                absl::StrCat("alter default privileges for role ", SqlName(names[0]), where,
                             " revoke ", list, " on ", PluralOf(names[2]), " from public;"));
  });
}

constexpr absl::string_view kSecretWords[] = {
    "password",    "passwd",     "passphrase", "pwd",           "secret",
    "token",       "api_key",    "apikey",     "private_key",   "secret_key",
    "access_key",  "credential", "ssn",        "credit_card",   "card_number",
    "credentials", "cvv",        "pin_code",   "security_code", "social_security_number"};
constexpr absl::string_view kOfASecret[] = {"_hash", "_digest", "_salt", "_encrypted"};

// "user_password", "passwordHash", "api_key": by its last words.
bool LooksSecret(absl::string_view column) {
  const std::string snake = SnakeCase(column);
  absl::string_view name = snake;
  for (const absl::string_view suffix : kOfASecret) absl::ConsumeSuffix(&name, suffix);
  return absl::c_any_of(kSecretWords, [name](absl::string_view word) {
    return name == word || absl::EndsWith(name, absl::StrCat("_", word));
  });
}

bool MayRead(const Grants& grants) {
  return absl::c_linear_search(PrivilegesOfEveryone(grants), "SELECT");
}

const Grants& GrantsOfColumn(const v1::Access& access, absl::string_view column) {
  static const auto* const none = new Grants;  // lives as long as the program
  const auto found = absl::c_find_if(access.columns(),
                                     [column](const auto& each) { return each.name() == column; });
  return found == access.columns().end() ? *none : found->grants();
}

void SecretColumnForEveryone(const RuleInput& input, const EntityView& relation,
                             const google::protobuf::RepeatedPtrField<v1::Column>& columns,
                             RuleOutput& output) {
  const v1::Access& access = AccessOf(relation);
  const bool may_read_all = MayRead(access.grants());
  if (!may_read_all && access.columns().empty()) return;
  if (!EveryoneReaches(input, relation.key())) return;
  for (const v1::Column& column : columns) {
    if (!may_read_all && !MayRead(GrantsOfColumn(access, column.name()))) continue;
    if (!LooksSecret(column.name())) continue;
    const std::string select =
        may_read_all ? "select" : absl::StrCat("select (", SqlName(column.name()), ")");
    output.Find(ObjectOfPart(relation.key(), column.name()),
                "is named like a secret, and everyone may read it",
                Revoke(select, "table", relation, OnlyOwnerGaveAll(access)));
  }
}

void SecretColumnPublic(const RuleInput& input, RuleOutput& output) {
  ForEachOf(input, "table", [&](const EntityView& entity) {
    SecretColumnForEveryone(input, entity, StructureOf(entity).columns(), output);
  });
  for (const absl::string_view kind : {"view", "materialized_view"}) {
    ForEachOf(input, kind, [&](const EntityView& entity) {
      SecretColumnForEveryone(input, entity, entity.Shape(v1::FACET_STRUCTURE).view().columns(),
                              output);
    });
  }
}

void SeveralOwners(const RuleInput& input, RuleOutput& output) {
  std::map<std::string, std::map<std::string, int>> owners;  // by schema
  for (const EntityView& entity : input.section.entities()) {
    const EntityKey& key = entity.key();
    if (!StandsInSchema(key.kind) || !entity.Saw(v1::FACET_ACCESS)) continue;
    if (!AccessOf(entity).owner().empty()) ++owners[key.names[0]][AccessOf(entity).owner()];
  }
  for (const auto& [schema, counts] : owners) {
    if (counts.size() < 2) continue;
    output.Find(schema,
                absl::StrCat("its objects are owned by ",
                             absl::StrJoin(counts, ", ", [](std::string* out, const auto& each) {
                               absl::StrAppend(out, each.first, " (", each.second, ")");
                             })));
  }
}

constexpr Need kRoutines[] = {{"function", v1::FACET_STRUCTURE}};
constexpr Need kRoutineAccess[] = {{"function", v1::FACET_STRUCTURE},
                                   {"function", v1::FACET_ACCESS},
                                   {"schema", v1::FACET_ACCESS}};
constexpr Need kAccess[] = {{"table", v1::FACET_ACCESS},
                            {"view", v1::FACET_ACCESS},
                            {"materialized_view", v1::FACET_ACCESS},
                            {"sequence", v1::FACET_ACCESS},
                            {"schema", v1::FACET_ACCESS}};
constexpr Need kReadable[] = {
    {"table", v1::FACET_STRUCTURE},         {"table", v1::FACET_ACCESS},
    {"view", v1::FACET_STRUCTURE},          {"view", v1::FACET_ACCESS},
    {"schema", v1::FACET_ACCESS},           {"materialized_view", v1::FACET_STRUCTURE},
    {"materialized_view", v1::FACET_ACCESS}};
constexpr Need kOwned[] = {{"table", v1::FACET_ACCESS},
                           {"view", v1::FACET_ACCESS},
                           {"sequence", v1::FACET_ACCESS},
                           {"function", v1::FACET_ACCESS}};
constexpr Need kDefaults[] = {{"default_privileges", v1::FACET_ACCESS}};

constexpr RuleRun kRuns[] = {
    {{"pg/default-privileges-for-public", Severity::kWarning, "security", kDefaults,
      "Whatever is made later is everyone's from its first moment.",
      "Take the default back, and grant to the roles that need it."},
     "postgres",
     DefaultPrivilegesForEveryone},
    {{"pg/granted-to-public", Severity::kWarning, "security", kAccess,
      "Everyone who can connect has the privilege, roles that are made later included.",
      "Take the privilege from PUBLIC, and grant it to the roles that need it."},
     "postgres",
     GrantedToPublic},
    {{"pg/secret-column-public", Severity::kWarning, "security", kReadable,
      "Everyone who can connect can read what is named like a secret.",
      "Take the privilege from PUBLIC, and grant the columns that others need."},
     "postgres",
     SecretColumnPublic},
    {{"pg/security-definer-public", Severity::kWarning, "security", kRoutineAccess,
      "Everyone who can connect can do what the routine does, with the rights of its owner.",
      "Take EXECUTE from PUBLIC, and grant it to the roles that need it."},
     "postgres",
     DefinerForEveryone},
    {{"pg/security-definer-without-search-path", Severity::kError, "security", kRoutines,
      "Who calls the routine decides which objects its names mean, and can have it run other code "
      "with the rights of its owner.",
      "Set its search_path: the schemas that it needs and no others can write to, pg_temp last."},
     "postgres",
     DefinerWithoutSearchPath},
    {{"pg/several-owners", Severity::kInfo, "policy", kOwned,
      "What one owner makes in a schema the other can neither change nor drop.",
      "Give the objects of a schema one owner.", kOnlyIfNamed},
     "postgres",
     SeveralOwners},
};

}  // namespace

absl::Span<const RuleRun> PostgresPrivilegeRules() { return kRuns; }

}  // namespace varve
