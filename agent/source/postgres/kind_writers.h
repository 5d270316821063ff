// From rows to entities: one writer for each kind, one file each, and the parts that several kinds
// share.
#pragma once

#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/expressions.h"
#include "agent/source/postgres/section_writer.h"

namespace varve::postgres {

// All that was read of one database.
struct Reading {
  const Catalog& catalog;
  const Expressions& expressions;
};

void WriteDatabase(const Catalog& catalog, SectionWriter& writer);
void WriteSchemas(const Catalog& catalog, SectionWriter& writer);
void WriteExtensions(const Catalog& catalog, SectionWriter& writer);
void WriteTables(const Catalog& catalog, SectionWriter& writer);
void WriteViews(const Catalog& catalog, SectionWriter& writer);  // materialized ones too
void WriteSequences(const Catalog& catalog, SectionWriter& writer);
void WriteEnums(const Catalog& catalog, SectionWriter& writer);
void WriteCompositeTypes(const Catalog& catalog, SectionWriter& writer);
void WriteRangeTypes(const Catalog& catalog, SectionWriter& writer);
void WriteBaseTypes(const Catalog& catalog, SectionWriter& writer);
void WriteCollations(const Catalog& catalog, SectionWriter& writer);
void WriteConversions(const Catalog& catalog, SectionWriter& writer);
void WriteTextSearch(const Catalog& catalog, SectionWriter& writer);   // all four kinds of it
void WriteForeignData(const Catalog& catalog, SectionWriter& writer);  // user mappings too
void WriteSubscriptions(const Catalog& catalog, SectionWriter& writer);
void WriteEventTriggers(const Catalog& catalog, SectionWriter& writer);
void WriteDefaultPrivileges(const Catalog& catalog, SectionWriter& writer);
void WriteLargeObjects(const Catalog& catalog, SectionWriter& writer);
void WriteLanguages(const Catalog& catalog, SectionWriter& writer);
void WriteOperators(const Catalog& catalog, SectionWriter& writer);
void WriteOperatorClasses(const Catalog& catalog, SectionWriter& writer);  // families too
void WriteCasts(const Catalog& catalog, SectionWriter& writer);
void WriteTransforms(const Catalog& catalog, SectionWriter& writer);
void WriteAccessMethods(const Catalog& catalog, SectionWriter& writer);

// What has printed texts: of tables and views that facet alone, so that all else of them can be
// written while the server prints.
void WriteTableExpressions(const Reading& reading, SectionWriter& writer);
void WriteViewExpressions(const Reading& reading, SectionWriter& writer);
void WriteRoutines(const Reading& reading, SectionWriter& writer);
void WriteDomains(const Reading& reading, SectionWriter& writer);
void WritePublications(const Reading& reading, SectionWriter& writer);
void WriteExtendedStatistics(const Reading& reading, SectionWriter& writer);

// Of the cluster's section; its list of databases has an entity [name] for each.
void WriteDatabaseList(const Catalog& catalog, SectionWriter& writer);
void WriteRoles(const Catalog& catalog, SectionWriter& writer);
void WriteTablespaces(const Catalog& catalog, SectionWriter& writer);
void WriteParameterPrivileges(const Catalog& catalog, SectionWriter& writer);
// `user` is who read them: what to grant is said of it.
void WriteSettings(const Catalog& catalog, absl::string_view user, SectionWriter& writer);

// What a database is, in its own section and in the cluster's list.
void FillDatabase(const DatabaseRow& row, v1::DatabaseStructure& database);

// The part of an aggregate's structure that only aggregates have.
void FillAggregate(const Catalog& catalog, const RoutineRow& routine, FacetShape& facet);

// Parts of relations: columns.cc, constraints.cc, indexes.cc, triggers.cc, rules_and_policies.cc.
template <typename T>
using Repeated = google::protobuf::RepeatedPtrField<T>;
void FillColumns(const Catalog& catalog, const RelationRow& relation, FacetShape& facet,
                 Repeated<v1::Column>& columns);
void FillConstraints(const Catalog& catalog, const RelationRow& relation,
                     Repeated<v1::Constraint>& constraints);
void FillIndexes(const Catalog& catalog, const RelationRow& relation, FacetShape& facet,
                 Repeated<v1::Index>& indexes);
void FillTriggers(const Catalog& catalog, const RelationRow& relation, FacetShape& facet,
                  Repeated<v1::Trigger>& triggers);

// tgenabled, evtenabled and ev_enabled: "origin", "disabled", "replica", "always".
const char* FiringOf(char enabled);
// Where and how a table or materialized view is kept.
template <typename Structure>
void FillStorage(const Catalog& catalog, const RelationRow& relation, FacetShape& facet,
                 Structure& structure) {
  const auto method = catalog.access_methods.find(relation.access_method);
  if (method != catalog.access_methods.end()) {
    structure.set_access_method(std::string(method->second));
  }
  structure.set_tablespace(std::string(catalog.TablespaceName(relation.tablespace)));
  const auto toast = catalog.toast_options.find(relation.toast);
  if (toast == catalog.toast_options.end()) return;
  facet.MaskOptions(toast->second, catalog.text_form, *structure.mutable_toast_parameters());
}
void FillRules(const Catalog& catalog, const RelationRow& relation, Repeated<v1::Rule>& rules);
void FillPolicies(const Catalog& catalog, const RelationRow& relation,
                  Repeated<v1::Policy>& policies);
// Names of the extensions that the object DEPENDS ON.
void FillExtensionsNeeded(const Catalog& catalog, Oid catalog_of, Oid object,
                          Repeated<std::string>& extensions);

// Their deparsed texts. False where one that there must be was not printed.
bool FillColumnExpressions(const Reading& reading, const RelationRow& relation, FacetShape& facet,
                           Repeated<v1::ColumnExpression>& columns);
bool FillConstraintExpressions(const Reading& reading, const RelationRow& relation,
                               FacetShape& facet, Repeated<v1::ConstraintExpression>& constraints);
bool FillIndexExpressions(const Reading& reading, const RelationRow& relation, FacetShape& facet,
                          Repeated<v1::IndexExpression>& indexes);
bool FillTriggerExpressions(const Reading& reading, const RelationRow& relation, FacetShape& facet,
                            Repeated<v1::TriggerExpression>& triggers);
bool FillRuleExpressions(const Reading& reading, const RelationRow& relation, FacetShape& facet,
                         Repeated<v1::RuleExpression>& rules);
bool FillPolicyExpressions(const Reading& reading, const RelationRow& relation, FacetShape& facet,
                           Repeated<v1::PolicyExpression>& policies);

// Adds the facet of an object of `catalog`, or says that it could not be seen: `printed` is whether
// all its texts are there.
void AddExpressions(const Reading& reading, Oid catalog, Oid object, const EntityKey& entity,
                    bool printed, FacetShape facet, SectionWriter& writer);

// shared_facets.cc: facets that kinds share.
// Of the object at `address`: its owner (0: it has none), privileges and labels.
void WriteAccess(const Catalog& catalog, const EntityKey& entity, const ObjectAddress& address,
                 Oid owner, const AclText& acl, SectionWriter& writer);
// Labels of the object at `address`.
void FillLabels(const Catalog& catalog, const ObjectAddress& address,
                Repeated<v1::SecurityLabel>& labels);
// The same of what brought objects of its own: the database, or the extension of that OID; with
// those of them whose privileges were changed. `extension` is 0 for the database.
void WriteAccessWithMembers(const Catalog& catalog, const EntityKey& entity,
                            const ObjectAddress& address, Oid owner, const AclText& acl,
                            Oid extension, SectionWriter& writer);
// changed_privileges.cc: what WriteAccessWithMembers adds.
void FillMemberAccess(const Catalog& catalog, Oid extension, Repeated<v1::MemberAccess>& members);
// Grants of `acl`, in the catalog's order.
void FillGrants(const AclText& acl, TextForm form, Repeated<v1::Grant>& grants);
void WriteRelationAccess(const Catalog& catalog, const EntityKey& entity,
                         const RelationRow& relation, SectionWriter& writer);
// Of a composite type: its type's, and its attributes'.
void WriteCompositeAccess(const Catalog& catalog, const EntityKey& entity, const TypeRow& type,
                          const RelationRow& relation, SectionWriter& writer);
void WriteDocs(const EntityKey& entity, absl::string_view comment, SectionWriter& writer);
// The comment of the object at `address`.
void WriteDocs(const Catalog& catalog, const EntityKey& entity, const ObjectAddress& address,
               SectionWriter& writer);
// The same with the comments of its parts; one without a comment adds nothing.
struct ElementComment {
  absl::string_view part, name, comment;
};
void WriteDocs(const EntityKey& entity, absl::string_view comment,
               absl::Span<const ElementComment> elements, SectionWriter& writer);
void WriteRelationDocs(const Catalog& catalog, const EntityKey& entity, const RelationRow& relation,
                       SectionWriter& writer);
void WriteRelationState(const Catalog& catalog, const EntityKey& entity,
                        const RelationRow& relation, SectionWriter& writer);

// Proof of identity of a relation: its OID, and the numbers of its columns.
v1::Locator RelationLocator(const Catalog& catalog, const RelationRow& relation);
// Of anything else.
v1::Locator ObjectLocator(const Catalog& catalog, Oid object);

// Whether the relation is in the snapshot: neither the server's own nor an extension's.
bool IsOwn(const Catalog& catalog, const RelationRow& relation);

// Whether the entity belongs in the snapshot; a member of an extension is counted instead.
bool Belongs(const Catalog& catalog, Oid catalog_of, Oid object, Oid schema, absl::string_view kind,
             SectionWriter& writer);

}  // namespace varve::postgres
