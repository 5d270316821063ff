// Large objects: who owns some, who may read and write some, and their comments. How many, and what
// is in them, is data. pg_largeobject_metadata.
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/source/postgres/acl.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

// Of one owner.
constexpr size_t kMostComments = 1000;

// What is granted on some of an owner's large objects.
class GrantsOnSome {
 public:
  void Add(const AclText& acl, TextForm form) {
    has_acl_ |= acl.present;
    std::vector<std::string> unknown;
    for (const v1::Grant& grant : ParseAcl(acl.items, form, unknown)) {
      Held& held = held_[{grant.grantee(), grant.grantor()}];
      held.privileges.insert(grant.privileges().begin(), grant.privileges().end());
      held.grantable.insert(grant.grantable().begin(), grant.grantable().end());
    }
  }

  void Fill(v1::Access& access) const {
    access.set_has_acl(has_acl_);
    for (const auto& [roles, held] : held_) {
      v1::Grant& grant = *access.add_grants();
      grant.set_grantee(roles.first);
      grant.set_grantor(roles.second);
      grant.mutable_privileges()->Assign(held.privileges.begin(), held.privileges.end());
      grant.mutable_grantable()->Assign(held.grantable.begin(), held.grantable.end());
    }
  }

 private:
  struct Held {
    std::set<std::string> privileges, grantable;
  };

  bool has_acl_ = false;
  std::map<std::pair<std::string, std::string>, Held> held_;  // by grantee and grantor
};

void WriteComments(const Catalog& catalog, const EntityKey& entity,
                   const std::vector<Oid>& commented, SectionWriter& writer) {
  if (commented.size() > kMostComments) {
    return writer.AddUnseen(
        entity, v1::FACET_DOCS,
        {v1::SIGHT_CAPPED, absl::StrCat("more than ", kMostComments, " of them have a comment"),
         ""});
  }
  std::vector<std::string> names;
  names.reserve(commented.size());  // views of them are kept
  std::vector<ElementComment> comments;
  for (const Oid object : commented) {
    names.push_back(absl::StrCat(object));
    comments.push_back(
        {"large_object", names.back(), catalog.Comment(kLargeObjectCatalog, object)});
  }
  WriteDocs(entity, "", comments, writer);
}

}  // namespace

// An entity for each owner: one for each object would make data look like structure.
void WriteLargeObjects(const Catalog& catalog, SectionWriter& writer) {
  std::map<Oid, GrantsOnSome> grants;
  for (const LargeObjectsRow& row : catalog.large_objects) {
    grants[row.owner].Add(row.acl, catalog.text_form);
  }
  std::map<Oid, std::vector<Oid>> commented;
  for (const CommentedLargeObjectRow& row : catalog.commented_large_objects) {
    commented[row.owner].push_back(row.oid);
  }
  for (const auto& [owner, on_some] : grants) {
    const EntityKey entity{"large_objects", {catalog.RoleName(owner)}};
    FacetShape facet = writer.NewShape();
    v1::Access& access = *facet.shape.mutable_access();
    access.set_owner(entity.names[0]);
    on_some.Fill(access);
    writer.Add(entity, v1::FACET_ACCESS, std::move(facet), ObjectLocator(catalog, owner));
    WriteComments(catalog, entity, commented[owner], writer);
  }
}

}  // namespace varve::postgres
