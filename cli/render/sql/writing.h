// What the writers of objects share.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "cli/render/sql/script.h"
#include "cli/render/sql/sql.h"
#include "cli/render/sql/table_kin.h"
#include "cli/render/sql/variables.h"
#include "snapshot/section_view.h"

namespace varve::sql {

// How commands name an object: "TABLE", "public.orders".
struct Target {
  std::string type;
  std::string name;
};

// One script while it is written. Borrows the view. Not thread-safe.
class Writing {
 public:
  // Variables of several writings of one script must not meet: they share `variables`.
  Writing(const SectionView& view, const SqlOptions& options, Variables& variables);

  const SectionView& view() const { return view_; }
  const SqlOptions& options() const { return options_; }
  // The major version of the server that was read; 0 where it is not known.
  int major() const { return major_; }
  Variables& variables() { return variables_; }

  // The tables that have parents or partitions, while those are written: none else asks for it.
  const TableKin& kin() const { return kin_; }
  void UseKin(TableKin kin) { kin_ = std::move(kin); }

  // How a statement calls what it needs.
  KeyRef KeyOf(const v1::Identity& identity) const;

  // The sequence of an identity column, as its table's CREATE says it: "public.orders_id_seq START
  // WITH 100"; null where none was noted.
  const std::string* IdentitySequence(const EntityKey& table, absl::string_view column) const;
  void NoteIdentitySequence(EntityKey table, std::string column, std::string sequence);

  // Notes that something of the object cannot be said, in a comment in its place.
  void Miss(Object& object, absl::string_view what, absl::string_view why);
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  const SectionView& view_;
  const SqlOptions& options_;
  int major_ = 0;
  Variables& variables_;
  TableKin kin_;
  absl::flat_hash_map<std::pair<EntityKey, std::string>, std::string> identity_sequences_;
  std::vector<std::string> missing_;
};

// Why a facet of the entity is not there: "locked", "not permitted".
std::string WhyUnseen(const EntityView& entity, v1::Facet facet);

// The entity as its own statements call it.
inline KeyRef OwnKey(const EntityView& entity) { return KeyRef::Borrowed(entity.key()); }

// Adds a statement that makes nothing others need.
Statement& Add(Object& object, std::string text);
// Adds one that makes `part`.
Statement& AddPart(Object& object, Part part, std::string text);
// Adds the one that makes the object.
Statement& AddObject(Object& object, std::string text);

// "name 'value', …" of OPTIONS (…); secrets are variables.
std::string OptionItems(const google::protobuf::RepeatedPtrField<v1::Option>& options,
                        absl::string_view owner, Writing& writing);
// " WITH (fillfactor=70)"; "" where there are none.
std::string Parameters(const google::protobuf::RepeatedPtrField<v1::Option>& options,
                       const google::protobuf::RepeatedPtrField<v1::Option>& toast);
// "fillfactor=70, …".
std::string ParameterItems(const google::protobuf::RepeatedPtrField<v1::Option>& options,
                           absl::string_view prefix = "");

// "search_path TO 'public'" of SET and of ALTER … SET.
std::string SettingText(const v1::Option& setting, absl::string_view owner, Writing& writing);

// "search_path": the name of a setting, which has two parts where it is an extension's.
std::string SettingName(absl::string_view name);

// GRANT statements of one grant on "PARAMETER work_mem" or the like.
std::vector<std::string> GrantStatements(const v1::Grant& grant, const std::string& on);

// How commands name the entity.
Target TargetOf(const EntityView& entity);
// "public.total(integer)" as commands name a routine.
std::string Signature(const EntityKey& key, const v1::RoutineStructure& routine);

// What is said of every kind: owner and privileges, comments.
void WriteAccess(const EntityView& entity, const Target& target, Writing& writing, Object& object);
void WriteComments(const EntityView& entity, const Target& target, Writing& writing,
                   Object& object);

// Parts of tables and views.
void WriteConstraints(const EntityView& table, Writing& writing, Object& object);
void WriteIndexes(const EntityView& relation, Writing& writing, Object& object);
void WriteTriggers(const EntityView& relation, Writing& writing, Object& object);
void WriteRules(const EntityView& relation, Writing& writing, Object& object);
void WritePolicies(const EntityView& table, Writing& writing, Object& object);

// Roles and tablespaces of a cluster's section, each made where it is not there yet; what a
// transaction cannot hold.
std::string RolesText(Writing& writing);

// Kinds. Each adds the statement that makes the object, and those of its parts.
using WriteKind = void (*)(const EntityView& entity, Writing& writing, Object& object);
void WriteTable(const EntityView& table, Writing& writing, Object& object);
void WriteView(const EntityView& entity, Writing& writing, Object& object);
void WriteSequence(const EntityView& entity, Writing& writing, Object& object);
// What the table needs of it, where it is an identity column's: before the table is written.
void NoteIdentity(const EntityView& entity, Writing& writing);
void WriteRoutine(const EntityView& routine, Writing& writing, Object& object);
void WriteEnum(const EntityView& type, Writing& writing, Object& object);
void WriteDomain(const EntityView& entity, Writing& writing, Object& object);
void WriteCompositeType(const EntityView& type, Writing& writing, Object& object);
void WriteRangeType(const EntityView& entity, Writing& writing, Object& object);
void WriteBaseType(const EntityView& entity, Writing& writing, Object& object);
void WriteCollation(const EntityView& entity, Writing& writing, Object& object);
void WriteConversion(const EntityView& entity, Writing& writing, Object& object);
void WriteSchema(const EntityView& schema, Writing& writing, Object& object);
void WriteExtension(const EntityView& entity, Writing& writing, Object& object);
void WriteDatabase(const EntityView& entity, Writing& writing, Object& object);
void WriteLanguage(const EntityView& entity, Writing& writing, Object& object);
void WriteOperator(const EntityView& entity, Writing& writing, Object& object);
void WriteOperatorClass(const EntityView& entity, Writing& writing, Object& object);
void WriteOperatorFamily(const EntityView& entity, Writing& writing, Object& object);
void WriteCast(const EntityView& entity, Writing& writing, Object& object);
void WriteTransform(const EntityView& entity, Writing& writing, Object& object);
void WriteAccessMethod(const EntityView& entity, Writing& writing, Object& object);
void WriteTextSearchConfiguration(const EntityView& entity, Writing& writing, Object& object);
void WriteTextSearchDictionary(const EntityView& entity, Writing& writing, Object& object);
void WriteTextSearchParser(const EntityView& entity, Writing& writing, Object& object);
void WriteTextSearchTemplate(const EntityView& entity, Writing& writing, Object& object);
void WriteForeignDataWrapper(const EntityView& entity, Writing& writing, Object& object);
void WriteServer(const EntityView& entity, Writing& writing, Object& object);
void WriteUserMapping(const EntityView& entity, Writing& writing, Object& object);
void WritePublication(const EntityView& entity, Writing& writing, Object& object);
void WriteSubscription(const EntityView& entity, Writing& writing, Object& object);
void WriteExtendedStatistics(const EntityView& entity, Writing& writing, Object& object);
void WriteEventTrigger(const EntityView& entity, Writing& writing, Object& object);
void WriteDefaultPrivileges(const EntityView& entity, Writing& writing, Object& object);

}  // namespace varve::sql
