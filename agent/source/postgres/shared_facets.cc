// Facets that kinds share: access, docs, state; and who belongs in a snapshot.
#include "agent/source/postgres/acl.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

FacetShape NewAccess(const Catalog& catalog, const ObjectAddress& address, Oid owner,
                     const AclText& acl, const SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  v1::Access& access = *facet.shape.mutable_access();
  if (owner != 0) access.set_owner(catalog.RoleName(owner));
  access.set_has_acl(acl.present);
  FillGrants(acl, catalog.text_form, *access.mutable_grants());
  FillLabels(catalog, address, *access.mutable_labels());
  return facet;
}

// Of columns with privileges or labels of their own.
void FillColumnAccess(const Catalog& catalog, const RelationRow& relation, v1::Access& access) {
  for (const AttributeRow& column : relation.columns) {
    const ObjectAddress address{kClassCatalog, relation.oid, column.number};
    if (!column.acl.present && !catalog.labels.contains(address)) continue;
    v1::ElementAccess& element = *access.add_columns();
    element.set_name(std::string(column.name));
    FillGrants(column.acl, catalog.text_form, *element.mutable_grants());
    FillLabels(catalog, address, *element.mutable_labels());
  }
}

void AddElementDoc(absl::string_view part, absl::string_view name, absl::string_view comment,
                   FacetShape& facet, v1::Docs& docs) {
  if (comment.empty()) return;
  v1::ElementDoc& element = *docs.add_elements();
  element.set_part(std::string(part));
  element.set_name(std::string(name));
  element.set_comment(facet.Mask(comment));
}

}  // namespace

void FillLabels(const Catalog& catalog, const ObjectAddress& address,
                Repeated<v1::SecurityLabel>& labels) {
  const auto rows = catalog.labels.find(address);
  if (rows == catalog.labels.end()) return;
  for (const LabelRow& row : rows->second) {
    v1::SecurityLabel& label = *labels.Add();
    label.set_provider(std::string(row.provider));
    label.set_label(std::string(row.label));
  }
}

void FillGrants(const AclText& acl, TextForm form, Repeated<v1::Grant>& grants) {
  std::vector<std::string> unknown;
  for (v1::Grant& grant : ParseAcl(acl.items, form, unknown)) *grants.Add() = std::move(grant);
}

bool IsOwn(const Catalog& catalog, const RelationRow& relation) {
  return !IsSystemSchema(catalog.SchemaName(relation.schema)) &&
         !catalog.IsMember(kClassCatalog, relation.oid);
}

bool Belongs(const Catalog& catalog, Oid catalog_of, Oid object, Oid schema, absl::string_view kind,
             SectionWriter& writer) {
  if (IsSystemSchema(catalog.SchemaName(schema))) return false;
  const auto member = catalog.members.find({catalog_of, object, 0});
  if (member == catalog.members.end()) return true;
  const absl::string_view extension = catalog.ExtensionName(member->second);
  writer.CountMember(kind, extension.empty() ? "?" : extension);
  return false;
}

v1::Locator ObjectLocator(const Catalog& catalog, Oid object) {
  v1::Locator locator;
  locator.set_id(LocatorId(catalog, object));
  return locator;
}

v1::Locator RelationLocator(const Catalog& catalog, const RelationRow& relation) {
  v1::Locator locator = ObjectLocator(catalog, relation.oid);
  for (const AttributeRow& column : relation.columns) {
    v1::Locator::Part& part = *locator.add_parts();
    part.set_number(column.number);
    part.set_name(std::string(column.name));
  }
  return locator;
}

void AddExpressions(const Reading& reading, Oid catalog, Oid object, const EntityKey& entity,
                    bool printed, FacetShape facet, SectionWriter& writer) {
  const auto unseen = reading.expressions.unseen.find({catalog, object});
  if (unseen != reading.expressions.unseen.end()) {
    writer.AddUnseen(entity, v1::FACET_EXPRESSIONS, unseen->second);
  } else if (!printed) {
    writer.AddUnseen(entity, v1::FACET_EXPRESSIONS,
                     {v1::SIGHT_FAILED, "changed while it was read", "read again"});
  } else {
    writer.Add(entity, v1::FACET_EXPRESSIONS, std::move(facet));
  }
}

void WriteAccess(const Catalog& catalog, const EntityKey& entity, const ObjectAddress& address,
                 Oid owner, const AclText& acl, SectionWriter& writer) {
  writer.Add(entity, v1::FACET_ACCESS, NewAccess(catalog, address, owner, acl, writer));
}

void WriteAccessWithMembers(const Catalog& catalog, const EntityKey& entity,
                            const ObjectAddress& address, Oid owner, const AclText& acl,
                            Oid extension, SectionWriter& writer) {
  FacetShape facet = NewAccess(catalog, address, owner, acl, writer);
  FillMemberAccess(catalog, extension, *facet.shape.mutable_access()->mutable_members());
  writer.Add(entity, v1::FACET_ACCESS, std::move(facet));
}

void WriteRelationAccess(const Catalog& catalog, const EntityKey& entity,
                         const RelationRow& relation, SectionWriter& writer) {
  FacetShape facet =
      NewAccess(catalog, {kClassCatalog, relation.oid, 0}, relation.owner, relation.acl, writer);
  FillColumnAccess(catalog, relation, *facet.shape.mutable_access());
  writer.Add(entity, v1::FACET_ACCESS, std::move(facet));
}

void WriteCompositeAccess(const Catalog& catalog, const EntityKey& entity, const TypeRow& type,
                          const RelationRow& relation, SectionWriter& writer) {
  FacetShape facet = NewAccess(catalog, {kTypeCatalog, type.oid, 0}, type.owner, type.acl, writer);
  FillColumnAccess(catalog, relation, *facet.shape.mutable_access());
  writer.Add(entity, v1::FACET_ACCESS, std::move(facet));
}

void WriteDocs(const EntityKey& entity, absl::string_view comment, SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  facet.shape.mutable_docs()->set_comment(facet.Mask(comment));
  writer.Add(entity, v1::FACET_DOCS, std::move(facet));
}

void WriteDocs(const Catalog& catalog, const EntityKey& entity, const ObjectAddress& address,
               SectionWriter& writer) {
  WriteDocs(entity, catalog.Comment(address.catalog, address.object, address.part), writer);
}

void WriteDocs(const EntityKey& entity, absl::string_view comment,
               absl::Span<const ElementComment> elements, SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  v1::Docs& docs = *facet.shape.mutable_docs();
  docs.set_comment(facet.Mask(comment));
  for (const ElementComment& element : elements) {
    AddElementDoc(element.part, element.name, element.comment, facet, docs);
  }
  writer.Add(entity, v1::FACET_DOCS, std::move(facet));
}

void WriteRelationDocs(const Catalog& catalog, const EntityKey& entity, const RelationRow& relation,
                       SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  v1::Docs& docs = *facet.shape.mutable_docs();
  docs.set_comment(facet.Mask(catalog.Comment(kClassCatalog, relation.oid)));
  for (const AttributeRow& column : relation.columns) {
    AddElementDoc("column", column.name,
                  catalog.Comment(kClassCatalog, relation.oid, column.number), facet, docs);
  }
  for (const uint32_t at : relation.constraints) {
    const ConstraintRow& row = catalog.constraints[at];
    AddElementDoc("constraint", row.name, catalog.Comment(kConstraintCatalog, row.oid), facet,
                  docs);
  }
  for (const uint32_t at : relation.indexes) {
    const RelationRow* const index = catalog.Relation(catalog.indexes[at].oid);
    if (index == nullptr) continue;
    AddElementDoc("index", index->name, catalog.Comment(kClassCatalog, index->oid), facet, docs);
  }
  for (const uint32_t at : relation.triggers) {
    const TriggerRow& row = catalog.triggers[at];
    AddElementDoc("trigger", row.name, catalog.Comment(kTriggerCatalog, row.oid), facet, docs);
  }
  for (const uint32_t at : relation.rules) {
    const RuleRow& row = catalog.rules[at];
    AddElementDoc("rule", row.name, catalog.Comment(kRewriteCatalog, row.oid), facet, docs);
  }
  for (const uint32_t at : relation.policies) {
    const PolicyRow& row = catalog.policies[at];
    AddElementDoc("policy", row.name, catalog.Comment(kPolicyCatalog, row.oid), facet, docs);
  }
  writer.Add(entity, v1::FACET_DOCS, std::move(facet));
}

void WriteRelationState(const Catalog& catalog, const EntityKey& entity,
                        const RelationRow& relation, SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  v1::RelationState& state = *facet.shape.mutable_relation_state();
  for (const uint32_t at : relation.indexes) {
    const IndexRow& row = catalog.indexes[at];
    const RelationRow* const as_relation = catalog.Relation(row.oid);
    if (as_relation == nullptr) continue;
    v1::IndexState& index = *state.add_indexes();
    index.set_name(std::string(as_relation->name));
    index.set_valid(row.valid);
    index.set_ready(row.ready);
    index.set_not_live(!row.live);
  }
  state.set_not_populated(!relation.populated);
  state.set_detach_pending(catalog.half_detached.contains(relation.oid));
  writer.Add(entity, v1::FACET_STATE, std::move(facet));
}

}  // namespace varve::postgres
