// Owners, privileges and security labels of objects; default privileges.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {
namespace {

using Grants = google::protobuf::RepeatedPtrField<v1::Grant>;
using Words = google::protobuf::RepeatedPtrField<std::string>;

constexpr absl::string_view kEveryone = "public";

// What the owner of a new object has, and what everyone has: acldefault().
struct DefaultPrivileges {
  absl::string_view type;  // as GRANT names it
  std::vector<absl::string_view> owner;
  std::vector<absl::string_view> everyone;
};

DefaultPrivileges DefaultsOf(absl::string_view type, int major) {
  if (type == "TABLE" || type == "VIEW" || type == "MATERIALIZED VIEW" || type == "FOREIGN TABLE") {
    DefaultPrivileges table = {
        "TABLE", {"DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"}, {}};
    if (major >= 17) table.owner.insert(table.owner.begin() + 2, "MAINTAIN");
    return table;
  }
  if (type == "SEQUENCE") return {"SEQUENCE", {"SELECT", "UPDATE", "USAGE"}, {}};
  if (type == "FUNCTION" || type == "AGGREGATE") return {"FUNCTION", {"EXECUTE"}, {"EXECUTE"}};
  if (type == "PROCEDURE") return {"PROCEDURE", {"EXECUTE"}, {"EXECUTE"}};
  if (type == "TYPE" || type == "DOMAIN") return {"TYPE", {"USAGE"}, {"USAGE"}};
  if (type == "LANGUAGE") return {"LANGUAGE", {"USAGE"}, {"USAGE"}};
  if (type == "SCHEMA") return {"SCHEMA", {"CREATE", "USAGE"}, {}};
  if (type == "DATABASE") {
    return {"DATABASE", {"CONNECT", "CREATE", "TEMPORARY"}, {"CONNECT", "TEMPORARY"}};
  }
  if (type == "TABLESPACE") return {"TABLESPACE", {"CREATE"}, {}};
  if (type == "FOREIGN DATA WRAPPER") return {"FOREIGN DATA WRAPPER", {"USAGE"}, {}};
  if (type == "SERVER") return {"FOREIGN SERVER", {"USAGE"}, {}};
  return {"", {}, {}};
}

bool HasExactly(const Words& words, const std::vector<absl::string_view>& others) {
  return std::equal(words.begin(), words.end(), others.begin(), others.end());
}

std::string Role(absl::string_view role) { return role == kEveryone ? "PUBLIC" : Name(role); }

// "SELECT, INSERT", with the columns of a grant on some: "SELECT (a)".
std::string PrivilegeWords(const std::vector<std::string>& privileges, absl::string_view column) {
  const std::string suffix = column.empty() ? "" : absl::StrCat(" (", Name(column), ")");
  return absl::StrJoin(privileges, ", ", [&](std::string* out, const std::string& privilege) {
    absl::StrAppend(out, privilege, suffix);
  });
}

// The GRANTs of one grant: those with grant option apart.
void AddGrant(const v1::Grant& grant, const std::string& on, absl::string_view column, bool is_all,
              std::vector<std::string>& statements) {
  std::vector<std::string> with_option(grant.grantable().begin(), grant.grantable().end());
  std::vector<std::string> plain;
  for (const std::string& privilege : grant.privileges()) {
    if (std::find(with_option.begin(), with_option.end(), privilege) == with_option.end()) {
      plain.push_back(privilege);
    }
  }
  const auto add = [&](const std::vector<std::string>& privileges, absl::string_view option) {
    if (privileges.empty()) return;
    const bool whole = is_all && privileges.size() == static_cast<size_t>(grant.privileges_size());
    statements.push_back(absl::StrCat("GRANT ", whole ? "ALL" : PrivilegeWords(privileges, column),
                                      " ON ", on, " TO ", Role(grant.grantee()), option, ";"));
  };
  add(plain, "");
  add(with_option, " WITH GRANT OPTION");
}

class AccessWriter {
 public:
  AccessWriter(const v1::Access& access, const Target& target, Writing& writing, Object& object)
      : access_(access),
        defaults_(DefaultsOf(target.type, writing.major())),
        on_(absl::StrCat(defaults_.type, " ", target.name)),
        object_(object) {}

  // `is_new`: the object has what a new one has; else unknown privileges, which are taken first.
  void Write(bool is_new) {
    if (defaults_.type.empty()) return;
    if (access_.has_acl()) WriteGrants(is_new);
    for (const v1::ElementAccess& column : access_.columns()) {
      std::vector<std::string> statements;
      WriteOthers(column.grants(), column.name(), statements);
      AddAll(statements);
    }
  }

 private:
  void WriteGrants(bool is_new) {
    std::vector<std::string> statements;
    const auto [owner, everyone] = OwnerAndEveryone();
    const bool owner_is_default = owner != nullptr && owner->grantable().empty() &&
                                  HasExactly(owner->privileges(), defaults_.owner);
    const bool everyone_is_default =
        everyone == nullptr ? defaults_.everyone.empty()
                            : everyone->grantable().empty() &&
                                  HasExactly(everyone->privileges(), defaults_.everyone);
    if (!everyone_is_default && (!is_new || !defaults_.everyone.empty())) {
      statements.push_back(absl::StrCat("REVOKE ALL ON ", on_, " FROM PUBLIC;"));
    }
    if (!owner_is_default) {
      statements.push_back(absl::StrCat("REVOKE ALL ON ", on_, " FROM ", Owner(), ";"));
      if (owner != nullptr) AddGrant(*owner, on_, "", false, statements);
    }
    if (!everyone_is_default && everyone != nullptr) {
      AddGrant(*everyone, on_, "", HasExactly(everyone->privileges(), defaults_.owner), statements);
    }
    WriteOthers(access_.grants(), "", statements);
    // Said and not said differ, though they mean the same.
    if (statements.empty()) {
      statements.push_back(absl::StrCat("GRANT ALL ON ", on_, " TO ", Owner(), ";"));
    }
    AddAll(statements);
  }

  std::string Owner() const {
    return access_.owner().empty() ? "CURRENT_USER" : Name(access_.owner());
  }

  // What the owner gave itself and everyone.
  std::pair<const v1::Grant*, const v1::Grant*> OwnerAndEveryone() const {
    const v1::Grant* owner = nullptr;
    const v1::Grant* everyone = nullptr;
    for (const v1::Grant& grant : access_.grants()) {
      if (grant.grantor() != access_.owner()) continue;
      if (grant.grantee() == access_.owner()) owner = &grant;
      if (grant.grantee() == kEveryone) everyone = &grant;
    }
    return {owner, everyone};
  }

  bool IsOwners(const v1::Grant& grant) const { return grant.grantor() == access_.owner(); }

  // What others have: first from the owner, then from those that may give it on.
  void WriteOthers(const Grants& grants, absl::string_view column,
                   std::vector<std::string>& statements) {
    const auto is_done = [&](const v1::Grant& grant) {
      return column.empty() && IsOwners(grant) &&
             (grant.grantee() == access_.owner() || grant.grantee() == kEveryone);
    };
    for (const v1::Grant& grant : grants) {
      if (!IsOwners(grant) || is_done(grant)) continue;
      AddGrant(grant, on_, column,
               column.empty() && HasExactly(grant.privileges(), defaults_.owner), statements);
    }
    for (const v1::Grant& grant : grants) {
      if (IsOwners(grant)) continue;
      std::vector<std::string> given;
      AddGrant(grant, on_, column, false, given);
      statements.push_back(absl::StrCat("SET SESSION AUTHORIZATION ", Name(grant.grantor()), ";\n",
                                        absl::StrJoin(given, "\n"),
                                        "\nRESET SESSION AUTHORIZATION;"));
    }
  }

  void AddAll(std::vector<std::string>& statements) {
    for (std::string& statement : statements) Add(object_, std::move(statement));
  }

  const v1::Access& access_;
  const DefaultPrivileges defaults_;
  const std::string on_;
  Object& object_;
};

// Of an extension it cannot be said; a sequence of an identity column has its table's.
bool SaysOwner(const EntityView& entity, const Target& target) {
  return target.type != "EXTENSION" && !target.type.empty() &&
         !entity.Shape(v1::FACET_STRUCTURE).sequence().of_identity();
}

void WriteLabels(const v1::Access& access, const Target& target, Writing& writing, Object& object) {
  const auto write = [&](absl::string_view type, const std::string& name,
                         const v1::SecurityLabel& label) {
    Add(object, absl::StrCat("SECURITY LABEL FOR ", Name(label.provider()), " ON ", type, " ", name,
                             " IS ", writing.variables().Literal(label.label(), name), ";"));
  };
  for (const v1::SecurityLabel& label : access.labels()) write(target.type, target.name, label);
  for (const v1::ElementAccess& column : access.columns()) {
    for (const v1::SecurityLabel& label : column.labels()) {
      write("COLUMN", absl::StrCat(target.name, ".", Name(column.name())), label);
    }
  }
}

// How GRANT names a member of an extension, or an object of the server's own.
Target MemberTarget(const v1::Identity& member) {
  const std::string name = Qualified(member);
  if (member.kind() == "function") {
    std::vector<std::string> types(member.names().begin() + std::min(2, member.names_size()),
                                   member.names().end());
    return {"FUNCTION", absl::StrCat(name, "(", absl::StrJoin(types, ", "), ")")};
  }
  if (member.kind() == "sequence") return {"SEQUENCE", name};
  if (member.kind() == "schema") return {"SCHEMA", name};
  if (member.kind() == "language") return {"LANGUAGE", name};
  if (member.kind() == "foreign_data_wrapper") return {"FOREIGN DATA WRAPPER", name};
  if (member.kind() == "server") return {"SERVER", name};
  if (member.kind() == "table" || member.kind() == "view" || member.kind() == "materialized_view") {
    return {"TABLE", name};
  }
  return {"TYPE", name};
}

void WriteMembers(const v1::Access& access, Writing& writing, Object& object) {
  for (const v1::MemberAccess& member : access.members()) {
    v1::Access its;
    its.set_owner(access.owner());
    for (const v1::Grant& grant : member.grants()) {
      if (grant.grantee() == grant.grantor()) its.set_owner(grant.grantor());
    }
    its.set_has_acl(member.has_acl());
    *its.mutable_grants() = member.grants();
    *its.mutable_columns() = member.columns();
    AccessWriter(its, MemberTarget(member.object()), writing, object).Write(/*is_new=*/false);
  }
}

}  // namespace

std::vector<std::string> GrantStatements(const v1::Grant& grant, const std::string& on) {
  std::vector<std::string> statements;
  AddGrant(grant, on, "", false, statements);
  return statements;
}

void WriteAccess(const EntityView& entity, const Target& target, Writing& writing, Object& object) {
  if (entity.Find(v1::FACET_ACCESS) == nullptr || entity.key().kind == "default_privileges") return;
  if (!entity.Saw(v1::FACET_ACCESS)) {
    if (writing.options().owners || writing.options().privileges) {
      writing.Miss(object, "owner and privileges", WhyUnseen(entity, v1::FACET_ACCESS));
    }
    return;
  }
  const v1::Access& access = entity.Shape(v1::FACET_ACCESS).access();
  if (writing.options().owners && SaysOwner(entity, target) && !access.owner().empty()) {
    Add(object, absl::StrCat("ALTER ", target.type, " ", target.name, " OWNER TO ",
                             Name(access.owner()), ";"));
  }
  if (!writing.options().privileges) return;
  WriteLabels(access, target, writing, object);
  // A database has a schema public from the start, with privileges that differ by version.
  const bool is_new = !(target.type == "SCHEMA" && target.name == "public");
  AccessWriter(access, target, writing, object).Write(is_new);
  WriteMembers(access, writing, object);
}

void WriteDefaultPrivileges(const EntityView& entity, Writing& writing, Object& object) {
  if (!writing.options().privileges) return;
  const std::vector<std::string>& names = entity.key().names;  // role, schema or "", type
  const std::string head =
      absl::StrCat("ALTER DEFAULT PRIVILEGES FOR ROLE ", Name(names[0]),
                   names[1].empty() ? "" : absl::StrCat(" IN SCHEMA ", Name(names[1])), " ");
  std::string type = absl::StrCat(names[2], "S");
  for (char& letter : type) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  const v1::Access& access = entity.Shape(v1::FACET_ACCESS).access();
  std::string made;
  if (names[1].empty()) {
    // Said for all schemas, they replace what is given without being said.
    made = absl::StrCat(head, "REVOKE ALL ON ", type, " FROM PUBLIC;\n", head, "REVOKE ALL ON ",
                        type, " FROM ", Name(names[0]), ";");
  }
  for (const v1::Grant& grant : access.grants()) {
    std::vector<std::string> statements;
    AddGrant(grant, type, "", false, statements);
    for (const std::string& statement : statements) {
      absl::StrAppend(&made, made.empty() ? "" : "\n", head, statement);
    }
  }
  AddObject(object, made);
}

}  // namespace varve::sql
