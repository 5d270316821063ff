// The catalogs of one database in memory: raw rows of one moment, joined by OID. Rows are as
// pg_catalog has them; names of members say which column they are. Views point into the catalog's
// arena.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "agent/source/postgres/arena.h"
#include "agent/source/postgres/array_text.h"
#include "agent/source/postgres/object_rows.h"
#include "agent/source/postgres/row_reader.h"
#include "agent/source/postgres/text_form.h"
#include "agent/source/postgres/type_rows.h"

namespace varve::postgres {

// The catalogs that others refer to by OID, whose numbers no release changes.
constexpr Oid kTypeCatalog = 1247, kProcCatalog = 1255, kClassCatalog = 1259,
              kDefaultCatalog = 2604, kConstraintCatalog = 2606, kNamespaceCatalog = 2615,
              kRewriteCatalog = 2618, kTriggerCatalog = 2620, kExtensionCatalog = 3079,
              kDatabaseCatalog = 1262;
constexpr Oid kConversionCatalog = 2607, kCollationCatalog = 3456;
constexpr Oid kForeignDataWrapperCatalog = 2328, kForeignServerCatalog = 1417,
              kUserMappingCatalog = 1418, kStatisticsCatalog = 3381, kEventTriggerCatalog = 3466,
              kTextSearchDictionaryCatalog = 3600, kTextSearchParserCatalog = 3601,
              kTextSearchConfigurationCatalog = 3602, kTextSearchTemplateCatalog = 3764,
              kDefaultPrivilegesCatalog = 826, kSubscriptionCatalog = 6100,
              kPublicationCatalog = 6104, kPublishedTableCatalog = 6106;
constexpr Oid kAccessMethodCatalog = 2601, kCastCatalog = 2605, kLanguageCatalog = 2612,
              kOperatorClassCatalog = 2616, kOperatorCatalog = 2617, kOperatorFamilyCatalog = 2753,
              kTransformCatalog = 3576;
constexpr Oid kPolicyCatalog = 3256, kOperatorMemberCatalog = 2602, kFunctionMemberCatalog = 2603;
constexpr Oid kLargeObjectCatalog = 2613, kRoleCatalog = 1260, kTablespaceCatalog = 1213;
// FirstNormalObjectId: what initdb made is below it.
constexpr Oid kFirstUserOid = 16384;

struct DatabaseRow {
  Oid oid = 0;
  absl::string_view encoding, collate, ctype, comment;
  char locale_provider = 0;
  Oid owner = 0;
  AclText acl;
  absl::string_view locale, icu_rules, collation_version, actual_collation_version;
  Oid tablespace = 0;
  int32_t connection_limit = -1;
  bool allow_connections = true, is_template = false;
  // Identifier of the cluster; empty where the role may not ask.
  absl::string_view system_identifier;
};

struct SchemaRow {
  Oid oid = 0;
  absl::string_view name;
  Oid owner = 0;
  AclText acl;
};

struct ExtensionRow {
  Oid oid = 0;
  absl::string_view name, version;
  Oid schema = 0, owner = 0;
};

struct AttributeRow {
  Oid relation = 0;
  int16_t number = 0;
  absl::string_view name;
  Oid type = 0, collation = 0;
  int32_t modifier = -1;  // atttypmod
  bool not_null = false, has_default = false;
  char identity = 0, generated = 0, storage = 0, compression = 0;
  int32_t statistics_target = -1;
  bool inherited = false, local = true;
  absl::string_view options, foreign_options;  // raw
  AclText acl;
};

// What was said of a column of an index, where something was.
struct IndexColumnRow {
  int32_t statistics_target = -1;
  absl::string_view options;  // of its operator class, raw
};

struct RelationRow {
  Oid oid = 0;
  absl::string_view name;
  Oid schema = 0, owner = 0, type = 0, access_method = 0, toast = 0, tablespace = 0, of_type = 0;
  char kind = 0, persistence = 0, replica_identity = 0;
  bool row_security = false, force_row_security = false, partition = false, populated = true;
  int64_t tuples = -1;  // reltuples
  int64_t pages = 0;
  AclText acl;
  absl::string_view options;  // reloptions, raw
  // Joined after reading: its columns that are not dropped, by number.
  absl::Span<const AttributeRow> columns;
  // Places in the catalog's vectors.
  std::vector<uint32_t> constraints, indexes, triggers, rules, policies;
};

struct ConstraintRow {
  Oid oid = 0;
  absl::string_view name;
  char type = 0;
  Oid relation = 0, index = 0, parent = 0, referenced = 0;
  bool deferrable = false, deferred = false, validated = true, no_inherit = false;
  bool enforced = true, period = false, inherited = false, local = true;
  char on_update = 0, on_delete = 0, match = 0;
  std::vector<int16_t> key, referenced_key, delete_set;
  std::vector<Oid> operators;
};

struct IndexRow {
  Oid oid = 0, relation = 0;
  int16_t key_count = 0;  // indnkeyatts
  bool unique = false, primary = false, nulls_not_distinct = false, clustered = false;
  bool replica_identity = false, valid = true, ready = true, partial = false, expressions = false;
  bool live = true;
  std::vector<int16_t> key;
  std::vector<int16_t> options;
  std::vector<Oid> collations, classes;
  bool of_constraint = false;  // joined
};

struct TriggerRow {
  Oid oid = 0;
  absl::string_view name;
  Oid relation = 0, function = 0, constraint = 0, parent = 0, referenced = 0;
  int16_t type = 0;
  char enabled = 'O';
  bool deferrable = false, deferred = false, has_when = false;
  std::vector<int16_t> columns;
  absl::string_view arguments;  // bytea, in hex
  absl::string_view old_table, new_table;
};

// pg_attrdef: the text is deparsed.
struct ColumnDefaultRow {
  Oid relation = 0;
  int16_t column = 0;
};

// pg_rewrite: a rule, `_RETURN` of a view.
struct RewriteRow {
  Oid relation = 0;
  absl::string_view name;
};

struct RuleRow {
  Oid oid = 0;
  absl::string_view name;
  Oid relation = 0;
  char event = 0, enabled = 'O';
  bool instead = false;
};

struct PolicyRow {
  Oid oid = 0;
  absl::string_view name;
  Oid relation = 0;
  char command = '*';
  bool permissive = true, has_text = false;
  absl::string_view roles;  // names, a raw array
};

struct PartitionedRow {
  char strategy = 0;
  std::vector<int16_t> key;
};

struct ForeignTableRow {
  Oid server = 0;
  absl::string_view options;  // raw
};

struct TypeRow {
  Oid oid = 0;
  absl::string_view name;
  Oid schema = 0, owner = 0, relation = 0, element = 0, array = 0, collation = 0;
  char type = 0;  // typtype
  char storage = 0;
  AclText acl;
};

// Of the server's own (oid below kFirstUserOid) the name and input types alone.
struct RoutineRow {
  Oid oid = 0;
  absl::string_view name;
  Oid schema = 0, owner = 0, language = 0, returns = 0;
  char kind = 0, volatility = 0, parallel = 0;
  bool security_definer = false, leakproof = false, strict = false, returns_set = false;
  absl::string_view cost, rows, source, library;
  bool has_sql_body = false;
  // The server made it for a type (deptype i): a range's constructor.
  bool of_type = false;
  int16_t default_count = 0;
  Oid support = 0;
  std::vector<Oid> input_types, all_types, transform_types;
  absl::string_view modes, argument_names, settings;  // raw arrays
  AclText acl;
};

struct SequenceRow {
  Oid type = 0;
  int64_t start = 0, increment = 0, maximum = 0, minimum = 0, cache = 0;
  bool cycle = false;
  // Joined from pg_depend: the column that owns it.
  Oid owner_relation = 0;
  int16_t owner_column = 0;
  bool of_identity = false;
};

// pg_aggregate, of one way to compute: a… and am….
struct AggregateStepsRow {
  Oid transition = 0, inverse = 0, state_type = 0, final = 0;
  int32_t state_space = 0;
  bool final_extra = false;
  char final_modify = 0;
  bool has_initial = false;
  absl::string_view initial;
};

struct AggregateRow {
  char kind = 0;  // aggkind
  int16_t direct_argument_count = 0;
  Oid combine = 0, serial = 0, deserial = 0, sort_operator = 0;
  AggregateStepsRow steps, moving;
};

struct LanguageRow {
  absl::string_view name;
  Oid owner = 0, handler = 0, inline_handler = 0, validator = 0;
  bool trusted = false;
  AclText acl;
};

struct OperatorRow {
  absl::string_view name;
  Oid schema = 0, owner = 0, left = 0, right = 0, result = 0, function = 0;
  Oid commutator = 0, negator = 0, restriction = 0, join = 0;
  char kind = 0;  // oprkind
  bool hashes = false, merges = false;
};

// pg_amop and pg_amproc.
struct OperatorMemberRow {
  Oid oid = 0;
  int16_t strategy = 0;
  Oid left = 0, right = 0, operator_oid = 0, order_by = 0;
};

struct FunctionMemberRow {
  Oid oid = 0;
  int16_t number = 0;
  Oid left = 0, right = 0, function = 0;
};

// Of a class or family, whichever they depend on (pg_depend).
struct IndexMembers {
  std::vector<OperatorMemberRow> operators;
  std::vector<FunctionMemberRow> functions;
};

struct OperatorClassRow {
  absl::string_view name;
  Oid schema = 0, owner = 0, method = 0, family = 0, type = 0, storage = 0;
  bool is_default = false;
};

struct OperatorFamilyRow {
  absl::string_view name;
  Oid schema = 0, owner = 0, method = 0;
};

struct CastRow {
  Oid oid = 0, source = 0, target = 0, function = 0;
  char context = 0, method = 0;
};

struct TransformRow {
  Oid oid = 0, type = 0, language = 0, from_sql = 0, to_sql = 0;
};

struct AccessMethodRow {
  Oid oid = 0, handler = 0;
  absl::string_view name;
  char type = 0;  // amtype
};

// A name in a schema, for what is only referred to: collations.
struct NamedRow {
  absl::string_view name;
  Oid schema = 0;
};

// Settings of the database for a role; for all where `role` is empty.
struct DatabaseSettingsRow {
  absl::string_view role;
  absl::string_view settings;  // raw
};

// Something of the server's own, or of an extension, whose privileges are no longer those that it
// came with.
struct ChangedPrivilegesRow {
  Oid catalog = 0, object = 0, extension = 0;  // 0: the server's own
  absl::string_view schema, name, column;      // column: "" where they are the object's
  char relkind = 0;
  absl::string_view argument_types;  // of a routine, a raw array
  AclText acl;
};

struct LabelRow {
  absl::string_view provider, label;
};

// An object, or a part of one (a column), as pg_depend and pg_description address it.
struct ObjectAddress {
  Oid catalog = 0, object = 0;
  int32_t part = 0;
  friend bool operator==(const ObjectAddress&, const ObjectAddress&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const ObjectAddress& a) {
    return H::combine(std::move(h), a.catalog, a.object, a.part);
  }
};

// pg_depend: `object` needs `referenced`.
struct DependencyRow {
  ObjectAddress object, referenced;
  char type = 0;  // deptype
};

// A role, as pg_roles shows it: without its password.
struct RoleRow {
  Oid oid = 0;
  absl::string_view name;
  bool superuser = false, inherit = false, create_role = false, create_database = false;
  bool login = false, replication = false, bypass_row_security = false;
  int64_t connection_limit = -1;
  absl::string_view valid_until;
  absl::string_view settings;  // joined: pg_db_role_setting.setconfig, raw
};

struct MembershipRow {
  Oid role = 0, member = 0, grantor = 0;
  bool admin = false, inherit = true, set = true;
};

struct TablespaceRow {
  Oid oid = 0;
  absl::string_view name;
  Oid owner = 0;
  AclText acl;
  absl::string_view options;  // spcoptions, raw
  absl::string_view location;
};

struct SettingRow {
  absl::string_view name, value, unit, source;
  bool pending_restart = false;
};

// A database in the cluster's list.
struct ListedDatabaseRow {
  absl::string_view name;
  DatabaseRow database;
};

// What the databases of a server share.
// What may be done with a setting by whom. 15 and newer.
struct ParameterRow {
  Oid oid = 0;
  absl::string_view name;
  AclText acl;
};

struct ClusterRows {
  std::vector<ListedDatabaseRow> databases;
  std::vector<RoleRow> roles;
  std::vector<MembershipRow> memberships;
  std::vector<TablespaceRow> tablespaces;
  std::vector<SettingRow> settings;  // all of them, in the session's view
  std::vector<ParameterRow> parameters;
};

// Not thread-safe while it is filled; afterwards it never changes.
struct Catalog {
  Arena arena;
  TextForm text_form = TextForm::kUtf8;  // of all texts, and of raw ones once taken apart
  int server_version = 0;
  DatabaseRow database;
  std::vector<SchemaRow> schemas;
  std::vector<ExtensionRow> extensions;
  std::vector<RelationRow> relations;  // of all kinds, indexes included; no TOAST tables
  // Of relations that have columns of their own: no indexes. By relation and number once joined.
  std::vector<AttributeRow> attributes;
  absl::flat_hash_set<Oid> column_owners;
  std::vector<ConstraintRow> constraints;
  std::vector<IndexRow> indexes;
  std::vector<TriggerRow> triggers;
  std::vector<RuleRow> rules;
  std::vector<PolicyRow> policies;
  absl::flat_hash_map<std::pair<Oid, int16_t>, IndexColumnRow> index_columns;  // index, number
  absl::flat_hash_map<Oid, absl::string_view> toast_options;  // raw, by TOAST table
  absl::flat_hash_map<Oid, absl::string_view> tablespaces;
  std::vector<DatabaseSettingsRow> database_settings;
  std::vector<ChangedPrivilegesRow> changed_privileges;
  std::vector<RoutineRow> routines;
  absl::flat_hash_map<Oid, ColumnDefaultRow> column_defaults;
  absl::flat_hash_map<Oid, RewriteRow> rewrites;
  absl::flat_hash_map<Oid, std::vector<Oid>> parents;  // pg_inherits, by inhseqno
  absl::flat_hash_set<Oid> half_detached;              // partitions; pg_inherits.inhdetachpending
  absl::flat_hash_map<Oid, PartitionedRow> partitioned;
  absl::flat_hash_map<Oid, ForeignTableRow> foreign_tables;
  absl::flat_hash_map<Oid, absl::string_view> access_methods, roles;
  absl::flat_hash_map<Oid, TypeRow> types;
  absl::flat_hash_map<Oid, SequenceRow> sequences;
  absl::flat_hash_map<Oid, OperatorClassRow> operator_classes;
  absl::flat_hash_map<Oid, NamedRow> collations;
  absl::flat_hash_map<Oid, AggregateRow> aggregates;  // by the routine
  absl::flat_hash_map<Oid, LanguageRow> languages;
  absl::flat_hash_map<Oid, OperatorRow> operators;
  absl::flat_hash_map<Oid, OperatorFamilyRow> operator_families;
  // Of the class or family at that address.
  absl::flat_hash_map<ObjectAddress, IndexMembers> index_members;
  std::vector<CastRow> casts;
  std::vector<TransformRow> transforms;
  std::vector<AccessMethodRow> own_access_methods;                       // not the server's
  absl::flat_hash_map<Oid, std::vector<absl::string_view>> enum_labels;  // in enumsortorder
  // Types of the database by their sort; collations and conversions of its own.
  absl::flat_hash_map<Oid, DomainRow> domains;
  absl::flat_hash_map<Oid, std::vector<DomainConstraintRow>> domain_constraints;
  absl::flat_hash_map<Oid, RangeRow> ranges;
  absl::flat_hash_map<Oid, BaseTypeRow> base_types;
  absl::flat_hash_map<Oid, CollationRow> own_collations;
  std::vector<ConversionRow> conversions;
  absl::flat_hash_map<ObjectAddress, absl::string_view> comments;
  absl::flat_hash_map<ObjectAddress, std::vector<LabelRow>> labels;
  TextSearchRows text_search;
  ForeignRows foreign;
  ReplicationRows replication;
  std::vector<ExtendedStatisticsRow> extended_statistics;
  std::vector<EventTriggerRow> event_triggers;
  std::vector<DefaultPrivilegesRow> default_privileges;
  std::vector<LargeObjectsRow> large_objects;
  std::vector<CommentedLargeObjectRow> commented_large_objects;  // by OID
  // Members of extensions, with the extension.
  absl::flat_hash_map<ObjectAddress, Oid> members;
  // Extensions that an object DEPENDS ON.
  absl::flat_hash_map<ObjectAddress, std::vector<Oid>> extensions_needed;
  std::vector<DependencyRow> dependencies;  // until they are joined
  // format_type(): by type without a modifier (as a routine's identity names it), and with one.
  absl::flat_hash_map<std::pair<Oid, int32_t>, absl::string_view> type_names;

  // Of the cluster's section alone: then nothing else but roles, comments, and of `database` the
  // system identifier.
  ClusterRows cluster;

  // Filled by Join.
  absl::flat_hash_map<Oid, uint32_t> schema_at, relation_at, routine_at, constraint_at, index_at,
      trigger_at;

  // Makes the joins: call once, when all rows are there.
  void Join();

  // Null where there is no such row.
  const SchemaRow* Schema(Oid oid) const;
  const RelationRow* Relation(Oid oid) const;
  const RoutineRow* Routine(Oid oid) const;
  const ConstraintRow* Constraint(Oid oid) const;
  const IndexRow* Index(Oid oid) const;
  const TriggerRow* Trigger(Oid oid) const;
  const TypeRow* Type(Oid oid) const;
  absl::string_view SchemaName(Oid oid) const;
  // A role that is gone reads as its number.
  std::string RoleName(Oid oid) const;
  // "" where it is gone; of a tablespace also where the database's default is meant (0).
  absl::string_view ExtensionName(Oid oid) const;
  absl::string_view TablespaceName(Oid oid) const;
  // Name of a column that is not dropped; "" where there is none.
  absl::string_view ColumnName(Oid relation, int16_t number) const;
  const AttributeRow* Column(const RelationRow& relation, int16_t number) const;
  absl::string_view Comment(Oid catalog, Oid object, int32_t part = 0) const;
  bool IsMember(Oid catalog, Oid object) const;
};

// Whether objects of that schema are the server's own, or one session's: they are no part of a
// snapshot.
bool IsSystemSchema(absl::string_view name);

}  // namespace varve::postgres
