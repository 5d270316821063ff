#include "tests/support/sample_snapshot.h"

#include <utility>

#include "absl/strings/str_replace.h"

namespace varve::testing {
namespace {

constexpr char kMaskedText[] = "‹masked›";

struct PartText {
  std::string part;
  std::string name;
  std::string text;
};

void AddDocs(SectionBuilder& builder, const EntityKey& key, absl::string_view comment,
             const std::vector<PartText>& parts) {
  v1::Shape shape;
  v1::Docs& docs = *shape.mutable_docs();
  docs.set_comment(std::string(comment));
  for (const auto& [part, name, text] : parts) {
    v1::ElementDoc& element = *docs.add_elements();
    element.set_part(part);
    element.set_name(name);
    element.set_comment(text);
  }
  builder.Add(key, v1::FACET_DOCS, std::move(shape));
}

void AddOwner(SectionBuilder& builder, const EntityKey& key, absl::string_view owner) {
  v1::Shape shape;
  shape.mutable_access()->set_owner(std::string(owner));
  shape.mutable_access()->set_has_acl(true);
  v1::Grant& grant = *shape.mutable_access()->add_grants();
  grant.set_grantee("reporting");
  grant.set_grantor(std::string(owner));
  grant.add_privileges("SELECT");
  builder.Add(key, v1::FACET_ACCESS, std::move(shape));
}

void AddState(SectionBuilder& builder, const EntityKey& key,
              const std::vector<std::pair<std::string, bool>>& indexes) {
  v1::Shape shape;
  shape.mutable_relation_state();
  for (const auto& [name, valid] : indexes) {
    v1::IndexState& state = *shape.mutable_relation_state()->add_indexes();
    state.set_name(name);
    state.set_valid(valid);
    state.set_ready(true);
  }
  builder.Add(key, v1::FACET_STATE, std::move(shape));
}

v1::Trigger TouchTrigger(absl::string_view name) {
  v1::Trigger trigger;
  trigger.set_name(std::string(name));
  trigger.set_timing("before");
  trigger.add_events("insert");
  trigger.add_events("update");
  trigger.set_for_each_row(true);
  trigger.mutable_function()->set_kind("function");
  trigger.mutable_function()->add_names("public");
  trigger.mutable_function()->add_names("touch_updated_at");
  trigger.set_enabled("origin");
  return trigger;
}

void AddDocuments(SectionBuilder& builder) {
  const EntityKey key = Table("public", "source_documents");
  v1::TableStructure table;
  table.set_kind(v1::TABLE_KIND_PLAIN);
  table.set_persistence(v1::PERSISTENCE_PERMANENT);
  table.set_replica_identity("default");
  *table.add_columns() = RequiredColumn("document_uuid", CatalogType("uuid"));
  table.mutable_columns(0)->set_has_default(true);
  *table.add_columns() = RequiredColumn("title", CatalogType("varchar", "200"));
  *table.add_columns() = RequiredColumn("status", UserType("enum", "public", "document_status"));
  *table.add_columns() = NullableColumn("callback_url", CatalogType("text"));
  table.mutable_columns(3)->set_has_default(true);
  *table.add_columns() = NullableColumn("page_count", CatalogType("int4"));
  *table.add_columns() = RequiredColumn("updated_at", CatalogType("timestamptz"));
  *table.add_constraints() = PrimaryKey("source_documents_pkey", {"document_uuid"});
  v1::Constraint& check = *table.add_constraints();
  check.set_name("pages_are_counted");
  check.set_type(v1::CONSTRAINT_TYPE_CHECK);
  check.add_columns("page_count");
  v1::Index index = BtreeIndex("source_documents_pkey", {"document_uuid"});
  index.set_unique(true);
  index.set_primary(true);
  index.set_of_constraint(true);
  *table.add_indexes() = index;
  *table.add_indexes() = BtreeIndex("documents_status", {"status"});
  *table.add_indexes() = BtreeIndex("documents_status_again", {"status"});
  *table.add_triggers() = TouchTrigger("touch");
  AddTable(builder, key, table);

  v1::Shape texts;
  v1::TableExpressions& expressions = *texts.mutable_table_expressions();
  v1::ColumnExpression* column = expressions.add_columns();
  column->set_name("document_uuid");
  column->set_expression("gen_random_uuid()");
  column = expressions.add_columns();
  column->set_name("callback_url");
  column->set_expression(std::string("'https://worker:") + kMaskedText + "@hooks/'::text");
  v1::ConstraintExpression& positive = *expressions.add_constraints();
  positive.set_name("pages_are_counted");
  positive.set_expression("(page_count > 0) OR (title ~ 'a|b'::text)");
  LineFacts facts;
  facts.masked = {std::string(32, '\x2a'), "key-1"};
  builder.Add(key, v1::FACET_EXPRESSIONS, std::move(texts), facts);
  AddOwner(builder, key, "app");
  AddDocs(builder, key, "One row for each uploaded file",
          {{"column", "title", "As the user typed it | never <b>HTML</b>"}});
  AddState(builder, key,
           {{"source_documents_pkey", true},
            {"documents_status", true},
            {"documents_status_again", false}});
  builder.MeasureNumber(key, "rows_estimate", 1200);
  builder.MeasureNumber(key, "rows", 1234);
  builder.MeasureNumber(key, "table_bytes", 81920);
  builder.MeasureNumber(key, "index_scans", 17, "documents_status");
}

void AddEntities(SectionBuilder& builder) {
  const EntityKey key = Table("public", "canonical_entities");
  v1::TableStructure table;
  table.set_kind(v1::TABLE_KIND_PLAIN);
  table.set_persistence(v1::PERSISTENCE_PERMANENT);
  *table.add_columns() = RequiredColumn("canonical_entity_uuid", CatalogType("uuid"));
  *table.add_columns() = RequiredColumn("canonical_name", CatalogType("text"));
  v1::DataType aliases = CatalogType("text");
  aliases.set_array(true);
  *table.add_columns() = RequiredColumn("aliases", aliases);
  *table.add_columns() = NullableColumn("confidence", CatalogType("numeric", "4,3"));
  *table.add_columns() = RequiredColumn("mention_count", CatalogType("int4"));
  *table.add_constraints() = PrimaryKey("canonical_entities_pkey", {"canonical_entity_uuid"});
  v1::Index primary = BtreeIndex("canonical_entities_pkey", {"canonical_entity_uuid"});
  primary.set_unique(true);
  primary.set_primary(true);
  primary.set_of_constraint(true);
  *table.add_indexes() = primary;
  v1::Index by_name = BtreeIndex("canonical_entities_name", {""});
  by_name.set_unique(true);
  by_name.set_partial(true);
  *table.add_indexes() = by_name;
  AddTable(builder, key, table);
  v1::Shape texts;
  v1::IndexExpression& index = *texts.mutable_table_expressions()->add_indexes();
  index.set_name("canonical_entities_name");
  index.add_keys("lower(canonical_name)");
  index.set_predicate("(mention_count > 0)");
  builder.Add(key, v1::FACET_EXPRESSIONS, std::move(texts));
  AddState(builder, key, {{"canonical_entities_pkey", true}, {"canonical_entities_name", true}});
  builder.MeasureNumber(key, "rows_estimate", 50000);
}

void AddMentions(SectionBuilder& builder) {
  const EntityKey key = Table("app", "mentions|`x`<i>\n_odd_");
  v1::TableStructure table;
  table.set_kind(v1::TABLE_KIND_PLAIN);
  table.set_persistence(v1::PERSISTENCE_UNLOGGED);
  *table.add_columns() = RequiredColumn("mention_id", CatalogType("int8"));
  table.mutable_columns(0)->set_identity(v1::COLUMN_IDENTITY_ALWAYS);
  *table.add_columns() = RequiredColumn("entity_uuid", CatalogType("uuid"));
  *table.add_columns() = NullableColumn("a|b", CatalogType("text"));
  table.mutable_columns(2)->set_has_default(true);
  *table.add_columns() = NullableColumn("length", CatalogType("int4"));
  table.mutable_columns(3)->set_generated(v1::COLUMN_GENERATED_STORED);
  *table.add_constraints() = ForeignKey("mentions_entity_fkey", {"entity_uuid"}, "public",
                                        "canonical_entities", {"canonical_entity_uuid"});
  AddTable(builder, key, table);
  builder.AddUnseen(key, v1::FACET_EXPRESSIONS, v1::SIGHT_LOCKED);
}

void AddView(SectionBuilder& builder) {
  const EntityKey key = {"view", {"public", "open_documents"}};
  v1::Shape shape;
  *shape.mutable_view()->add_columns() = NullableColumn("title", CatalogType("varchar", "200"));
  builder.Add(key, v1::FACET_STRUCTURE, std::move(shape));
  v1::Shape text;
  text.mutable_view_expressions()->set_query(" SELECT title\n   FROM public.source_documents;");
  builder.Add(key, v1::FACET_EXPRESSIONS, std::move(text));
  const EntityKey stored = {"materialized_view", {"public", "document_counts"}};
  v1::Shape counts;
  *counts.mutable_view()->add_columns() = NullableColumn("documents", CatalogType("int8"));
  builder.Add(stored, v1::FACET_STRUCTURE, std::move(counts));
  v1::Shape state;
  state.mutable_relation_state()->set_not_populated(true);
  builder.Add(stored, v1::FACET_STATE, std::move(state));
}

void AddFunctions(SectionBuilder& builder) {
  v1::Shape touch;
  v1::RoutineStructure& routine = *touch.mutable_routine();
  routine.set_kind("function");
  routine.set_language("plpgsql");
  *routine.mutable_returns() = CatalogType("trigger");
  routine.set_source("BEGIN\n  NEW.updated_at := clock_timestamp();\n  RETURN NEW;\nEND");
  routine.set_volatility("volatile");
  routine.set_parallel("unsafe");
  routine.set_cost("100");
  builder.Add({"function", {"public", "touch_updated_at"}}, v1::FACET_STRUCTURE, std::move(touch));

  const EntityKey key = {"function", {"public", "archive", "date"}};
  v1::Shape archive;
  v1::RoutineStructure& procedure = *archive.mutable_routine();
  procedure.set_kind("procedure");
  procedure.set_language("sql");
  v1::RoutineArgument& before = *procedure.add_arguments();
  before.set_name("before");
  before.set_mode("in");
  *before.mutable_type() = CatalogType("date");
  procedure.set_default_count(1);
  procedure.set_volatility("volatile");
  procedure.set_security_definer(true);
  v1::Option& setting = *procedure.add_settings();
  setting.set_name("search_path");
  setting.set_value("public");
  builder.Add(key, v1::FACET_STRUCTURE, std::move(archive));
  v1::Shape texts;
  texts.mutable_routine_expressions()->set_argument_defaults("CURRENT_DATE");
  builder.Add(key, v1::FACET_EXPRESSIONS, std::move(texts));
}

void AddRest(SectionBuilder& builder) {
  v1::Shape database;
  database.mutable_database()->set_encoding("UTF8");
  database.mutable_database()->set_collate("C.UTF-8");
  builder.Add({"database", {"database"}}, v1::FACET_STRUCTURE, std::move(database));
  v1::Shape schema;
  schema.mutable_schema();
  builder.Add({"schema", {"public"}}, v1::FACET_STRUCTURE, schema);
  builder.Add({"schema", {"app"}}, v1::FACET_STRUCTURE, schema);
  v1::Shape status;
  for (const char* const label : {"pending", "done", "failed"}) {
    status.mutable_enumeration()->add_labels(label);
  }
  builder.Add({"enum", {"public", "document_status"}}, v1::FACET_STRUCTURE, std::move(status));
  v1::Shape extension;
  extension.mutable_extension()->set_version("1.6");
  extension.mutable_extension()->set_schema("public");
  builder.Add({"extension", {"pg_trgm"}}, v1::FACET_STRUCTURE, std::move(extension));
  const EntityKey key = {"sequence", {"public", "batch_seq"}};
  v1::Shape sequence;
  *sequence.mutable_sequence()->mutable_type() = CatalogType("int8");
  sequence.mutable_sequence()->set_start(1000);
  sequence.mutable_sequence()->set_minimum(1);
  sequence.mutable_sequence()->set_maximum(INT64_MAX);
  sequence.mutable_sequence()->set_increment(1);
  sequence.mutable_sequence()->set_cache(1);
  builder.Add(key, v1::FACET_STRUCTURE, std::move(sequence));
  builder.MeasureNumber(key, "last_value", 1004);
}

v1::RedisKey& AddKey(v1::RedisKeyspace& keyspace, absl::string_view name, absl::string_view type) {
  v1::RedisKey& key = *keyspace.add_keys();
  key.set_name(std::string(name));
  key.set_type(std::string(type));
  return key;
}

void AddPath(v1::ValueShape& shape, absl::string_view path, absl::string_view type) {
  v1::ValuePath& added = *shape.add_paths();
  added.set_path(std::string(path));
  added.add_types(std::string(type));
}

void AddValues(v1::KeyPatternStructure& pattern) {
  v1::ValueShape& shape = *pattern.add_values();
  shape.set_type(pattern.types(0));
  if (shape.type() == "string") {
    shape.add_formats("json");
    AddPath(shape, "$", "object");
    AddPath(shape, "$.status", "string");
  } else {
    shape.set_is_map(true);
    AddPath(shape, "item:*", "integer");
  }
}

void AddPattern(SectionBuilder& builder, absl::string_view pattern, absl::string_view type,
                v1::TtlClass ttl, int64_t keys) {
  const EntityKey key = {"key_pattern", {"0", std::string(pattern)}};
  v1::Shape shape;
  shape.mutable_key_pattern()->add_types(std::string(type));
  shape.mutable_key_pattern()->set_ttl(ttl);
  AddValues(*shape.mutable_key_pattern());
  builder.Add(key, v1::FACET_STRUCTURE, std::move(shape));
  builder.MeasureNumber(key, "keys", keys);
  builder.MeasureNumber(key, "memory_bytes", keys * 256);
  builder.MeasureNumber(key, "key_bytes_p50", 256);
  builder.MeasureNumber(key, "keys_of_size", keys, "1KiB");
  builder.MeasureText(key, "sample_key", absl::StrReplaceAll(pattern, {{"*", "7"}}), "1");
}

void AddBehaviour(SectionBuilder& builder, const EntityKey& key) {
  v1::Shape shape;
  v1::Option& option = *shape.mutable_model_behaviour()->add_config();
  option.set_name("str_max_length");
  option.set_value("500");
  v1::ModelFunction& validator = *shape.mutable_model_behaviour()->add_functions();
  validator.set_kind("field_validator");
  validator.set_name("title_is_not_blank");
  validator.add_fields("title");
  validator.set_mode("after");
  v1::ModelFunction& label = *shape.mutable_model_behaviour()->add_functions();
  label.set_kind("computed_field");
  label.set_name("label");
  label.set_type("str");
  label.set_deprecated("use title");
  builder.Add(key, v1::FACET_BEHAVIOUR, std::move(shape));
}

void AddDocumentModel(SectionBuilder& builder) {
  const EntityKey key = {"model", {"shop.models", "SourceDocumentMinimal"}};
  v1::ModelStructure model;
  model.set_kind("model");
  model.add_bases("pydantic.main:BaseModel");
  *model.add_fields() = Field("document_uuid", "UUID");
  v1::ModelField title = Field("title", "str");
  v1::Option& length = *title.add_constraints();
  length.set_name("max_length");
  length.set_value("200");
  *model.add_fields() = title;
  v1::ModelField pages = Field("page_count", "Optional[int]");
  pages.set_required(v1::KNOWN_NO);
  pages.set_nullable(v1::KNOWN_YES);
  pages.set_default_json("null");
  *model.add_fields() = pages;
  v1::ModelField tags = Field("tags", "list[str]");
  tags.set_required(v1::KNOWN_NO);
  tags.set_default_factory("builtins.list");
  *model.add_fields() = tags;
  AddModel(builder, key, model);
  AddBehaviour(builder, key);
  AddDocs(builder, key, "What the list of documents shows.",
          {{"field", "document_uuid", "Primary document identifier"},
           {"title", "document_uuid", "Document"},
           {"examples", "title", "[\"Annual report\"]"}});
  v1::Shape schema;
  schema.mutable_model_representation()->set_json_schema(
      R"({"properties":{"document_uuid":{"format":"uuid","type":"string"},"weight":{"default":1.10}},"type":"object"})");
  builder.Add(key, v1::FACET_REPRESENTATION, std::move(schema));
}

}  // namespace

v1::DataType CatalogType(absl::string_view name, absl::string_view modifier) {
  v1::DataType type = UserType("type", "pg_catalog", name);
  type.set_modifier(std::string(modifier));
  return type;
}

v1::DataType UserType(absl::string_view kind, absl::string_view schema, absl::string_view name) {
  v1::DataType type;
  type.mutable_type()->set_kind(std::string(kind));
  type.mutable_type()->add_names(std::string(schema));
  type.mutable_type()->add_names(std::string(name));
  return type;
}

v1::Column NullableColumn(absl::string_view name, const v1::DataType& type) {
  v1::Column column;
  column.set_name(std::string(name));
  *column.mutable_type() = type;
  return column;
}

v1::Column RequiredColumn(absl::string_view name, const v1::DataType& type) {
  v1::Column column = NullableColumn(name, type);
  column.set_not_null(true);
  return column;
}

v1::Constraint PrimaryKey(absl::string_view name, const std::vector<std::string>& columns) {
  v1::Constraint constraint;
  constraint.set_name(std::string(name));
  constraint.set_type(v1::CONSTRAINT_TYPE_PRIMARY_KEY);
  for (const std::string& column : columns) constraint.add_columns(column);
  constraint.set_index(std::string(name));
  return constraint;
}

v1::Constraint ForeignKey(absl::string_view name, const std::vector<std::string>& columns,
                          absl::string_view schema, absl::string_view table,
                          const std::vector<std::string>& referenced) {
  v1::Constraint constraint;
  constraint.set_name(std::string(name));
  constraint.set_type(v1::CONSTRAINT_TYPE_FOREIGN_KEY);
  for (const std::string& column : columns) constraint.add_columns(column);
  *constraint.mutable_references() = IdentityOf(Table(schema, table));
  for (const std::string& column : referenced) constraint.add_referenced_columns(column);
  constraint.set_on_update(v1::REFERENTIAL_ACTION_NO_ACTION);
  constraint.set_on_delete(v1::REFERENTIAL_ACTION_CASCADE);
  constraint.set_match("simple");
  return constraint;
}

v1::Index BtreeIndex(absl::string_view name, const std::vector<std::string>& columns) {
  v1::Index index;
  index.set_name(std::string(name));
  index.set_method("btree");
  for (const std::string& column : columns) index.add_keys()->set_column(column);
  return index;
}

EntityKey Table(absl::string_view schema, absl::string_view name) {
  return {"table", {std::string(schema), std::string(name)}};
}

v1::ModelField Field(absl::string_view name, absl::string_view type) {
  v1::ModelField field;
  field.set_name(std::string(name));
  field.set_type(std::string(type));
  field.set_required(v1::KNOWN_YES);
  field.set_nullable(v1::KNOWN_NO);
  return field;
}

void AddTable(SectionBuilder& builder, const EntityKey& key, const v1::TableStructure& table) {
  v1::Shape shape;
  *shape.mutable_table() = table;
  builder.Add(key, v1::FACET_STRUCTURE, std::move(shape));
}

void AddModel(SectionBuilder& builder, const EntityKey& key, const v1::ModelStructure& model) {
  v1::Shape shape;
  *shape.mutable_model() = model;
  builder.Add(key, v1::FACET_STRUCTURE, std::move(shape));
}

Section SamplePostgres() {
  SectionBuilder builder("postgres", "postgres", 1);
  builder.SetAddress("127.0.0.1:5432/shop");
  builder.SetServer("PostgreSQL 15.18");
  for (const char* const kind : {"database", "schema", "extension", "table", "view",
                                 "materialized_view", "function", "enum"}) {
    builder.CoverWhole(kind);
  }
  builder.Cover("sequence", v1::FACET_STRUCTURE, v1::SIGHT_CAPTURED);
  builder.Cover("sequence", v1::FACET_ACCESS, v1::SIGHT_NOT_PERMITTED,
                "permission denied for table pg_authid (42501)",
                "GRANT pg_read_all_settings TO varve");
  AddDocuments(builder);
  AddEntities(builder);
  AddMentions(builder);
  AddView(builder);
  AddFunctions(builder);
  AddRest(builder);
  builder.Error("deparsing app.mentions", "lock timeout (55P03)", "read again when it is free");
  return builder.Finish();
}

// A server of two users, one library, one masked setting.
void AddServerFacts(SectionBuilder& builder) {
  for (const char* const kind : {"redis_setting", "redis_user", "redis_module", "redis_library"}) {
    builder.CoverWhole(kind);
  }
  const EntityKey server = {"redis_server", {"server"}};
  v1::Shape state;
  state.mutable_redis_server_state()->set_role("master");
  v1::RedisReplica& replica = *state.mutable_redis_server_state()->add_replicas();
  replica.set_address("10.0.0.2:6379");
  replica.set_state("online");
  builder.Add(server, v1::FACET_STATE, std::move(state));
  builder.MeasureNumber(server, "connected_clients", 3);
  builder.MeasureText(server, "mem_fragmentation_ratio", "1.07");
  builder.MeasureNumber(server, "clients_of_user", 2, "app");
  builder.MeasureNumber(server, "clients_of_user", 1, "default");
  for (const auto& [name, value] : {std::pair<const char*, const char*>{"maxmemory", "104857600"},
                                    {"save", "3600 1|60 100"},
                                    {"port", "6379"},
                                    {"requirepass", "‹masked›"}}) {
    v1::Shape setting;
    setting.mutable_redis_setting()->set_value(value);
    LineFacts facts;
    if (setting.redis_setting().value() == "‹masked›") {
      facts.masked = {std::string(32, 'd'), "key-1"};
    }
    builder.Add({"redis_setting", {name}}, v1::FACET_OPTIONS, std::move(setting), facts);
  }
  v1::Shape everybody;
  everybody.mutable_redis_user()->set_passwords(1);
  everybody.mutable_redis_user()->add_commands("+@all");
  everybody.mutable_redis_user()->add_keys("~*");
  builder.Add({"redis_user", {"default"}}, v1::FACET_ACCESS, std::move(everybody));
  v1::Shape app;
  v1::RedisUserAccess& access = *app.mutable_redis_user();
  access.set_enabled(true);
  access.set_passwords(2);
  for (const char* const rule : {"-@all", "+get", "+set"}) access.add_commands(rule);
  access.add_keys("~app:*");
  access.add_channels("&news.*");
  access.add_flags("resetchannels");
  access.add_selectors("(~other:* resetchannels -@all +get)");
  builder.Add({"redis_user", {"app"}}, v1::FACET_ACCESS, std::move(app));
  v1::Shape loaded;
  loaded.mutable_redis_module()->set_version(20812);
  builder.Add({"redis_module", {"search"}}, v1::FACET_STRUCTURE, std::move(loaded));
  v1::Shape library;
  library.mutable_redis_library()->set_engine("LUA");
  library.mutable_redis_library()->set_code_hash(std::string(64, 'e'));
  v1::RedisFunction& function = *library.mutable_redis_library()->add_functions();
  function.set_name("add");
  function.set_description("adds up");
  function.add_flags("no-writes");
  builder.Add({"redis_library", {"counters"}}, v1::FACET_STRUCTURE, std::move(library));
}

Section SampleRedis() {
  SectionBuilder builder("redis", "redis", 1);
  builder.SetAddress("redis-host:6379");
  builder.SetServer("Redis 7.0.15");
  for (const char* const kind : {"redis_server", "redis_database", "key_pattern"}) {
    builder.CoverWhole(kind);
  }
  v1::Shape server;
  server.mutable_redis_server()->set_product("redis");
  server.mutable_redis_server()->set_version("7.0.15");
  server.mutable_redis_server()->set_mode("standalone");
  builder.Add({"redis_server", {"server"}}, v1::FACET_STRUCTURE, std::move(server));
  AddServerFacts(builder);
  v1::Shape database;
  database.mutable_redis_database();
  builder.Add({"redis_database", {"0"}}, v1::FACET_STRUCTURE, std::move(database));
  builder.MeasureNumber({"redis_database", {"0"}}, "keys", 150);
  AddPattern(builder, "cache:*", "hash", v1::TTL_CLASS_NEVER, 75);
  AddPattern(builder, "doc:state:*", "string", v1::TTL_CLASS_ALWAYS, 75);
  v1::RedisKeyspace& keyspace = builder.redis_keyspace();
  keyspace.set_total_keys(150);
  keyspace.set_memory_bytes(1048576);
  keyspace.set_keys_bytes(40000);
  for (const auto& [segment, keys] :
       {std::pair<const char*, uint64_t>{"doc", 74}, {"cache", 75}, {"a*|b", 1}}) {
    v1::RedisPrefix& prefix = *keyspace.add_prefixes();
    prefix.set_segment(segment);
    prefix.set_keys(keys);
  }
  v1::RedisKey& state = AddKey(keyspace, "doc:state:12345", "string");
  state.set_ttl_ms(3599600);
  state.set_size_bytes(256);
  state.set_encoding("embstr");
  state.set_sample("{\"status\": \"‹masked›\"}");
  state.set_masked(true);
  v1::RedisKey& cached = AddKey(keyspace, "cache:7", "hash");
  cached.set_ttl_ms(-1);
  cached.set_size_bytes(512);
  AddKey(keyspace, "bin:\xff\\", "set");
  v1::RedisKey& biggest = *keyspace.add_biggest();
  biggest = cached;
  biggest.set_length(12);
  biggest.set_idle_seconds(30);
  return builder.Finish();
}

// Columns, and one of each thing that a mapped table has; of some not all is known.
void AddColumns(v1::ModelTable& table) {
  v1::ModelColumn& id = *table.add_columns();
  id.set_name("canonical_entity_uuid");
  id.set_type("uuid");
  id.set_nullable(v1::KNOWN_NO);
  id.set_server_default("gen_random_uuid()");
  v1::ModelColumn& name = *table.add_columns();
  name.set_name("canonical_name");
  name.set_type("character varying(40)");
  name.set_nullable(v1::KNOWN_YES);
  v1::ModelColumn& rank = *table.add_columns();
  rank.set_name("rank");
  rank.add_unknown("server_default");
  rank.add_unknown("type");
  table.add_unknown("checks");
  table.add_primary_key("canonical_entity_uuid");
  v1::ModelForeignKey& key = *table.add_foreign_keys();
  key.set_name("canonical_entities_name_fkey");
  key.add_columns("canonical_name");
  key.set_target_table("names");
  key.add_target_columns("name");
  key.set_on_delete("CASCADE");
  v1::ModelUnique& unique = *table.add_uniques();
  unique.set_name("canonical_entities_canonical_name_key");
  unique.add_columns("canonical_name");
  v1::ModelIndex& index = *table.add_indexes();
  index.set_name("ix_lower");
  index.add_keys("lower(canonical_name)");
  v1::ModelCheck& check = *table.add_checks();
  check.set_name("is_named");
  check.set_expression("canonical_name <> ''");
}

void AddMood(SectionBuilder& builder) {
  v1::Shape shape;
  v1::ModelEnumStructure& mood = *shape.mutable_model_enum();
  mood.add_bases("builtins:str");
  mood.add_bases("enum:Enum");
  v1::ModelEnumMember& good = *mood.add_members();
  good.set_name("GOOD");
  good.set_value_json("\"good\"");
  v1::ModelEnumMember& odd = *mood.add_members();
  odd.set_name("ODD");
  odd.set_value_text("os.getenv('ODD')");
  builder.Add({"model_enum", {"shop.models", "Mood"}}, v1::FACET_STRUCTURE, std::move(shape));
}

Section SampleModels() {
  SectionBuilder builder("models", "models", 1);
  builder.SetAddress("shop.models");
  builder.SetServer("Python 3.11.2, Pydantic 2.11.1");
  builder.CoverWhole("model");
  builder.CoverWhole("model_enum");
  AddDocumentModel(builder);
  AddMood(builder);

  v1::ModelStructure entity;
  entity.set_kind("table");
  entity.add_bases("sqlmodel.main:SQLModel");
  entity.mutable_table()->set_schema("public");
  entity.mutable_table()->set_name("canonical_entities");
  AddColumns(*entity.mutable_table());
  *entity.add_fields() = Field("canonical_entity_uuid", "UUID");
  *entity.add_fields() = Field("canonical_name", "bool");
  *entity.add_fields() = Field("nickname", "str");
  AddModel(builder, {"model", {"shop.entities", "Entity"}}, entity);

  v1::ModelStructure settings;
  settings.set_kind("settings");
  settings.add_bases("pydantic_settings.main:BaseSettings");
  v1::ModelField password = Field("password", "SecretStr");
  password.set_required(v1::KNOWN_UNSPECIFIED);
  password.set_default_json(std::string("\"") + kMaskedText + "\"");
  *settings.add_fields() = password;
  const EntityKey other = {"model", {"shop.settings", "Entity"}};
  v1::Shape shape;
  *shape.mutable_model() = settings;
  LineFacts facts;
  facts.way = v1::WAY_STATIC;
  facts.masked = {std::string(32, '\x07'), "key-1"};
  builder.Add(other, v1::FACET_STRUCTURE, std::move(shape), facts);
  return builder.Finish();
}

Snapshot Assemble(std::vector<Section> sections) {
  Snapshot snapshot;
  snapshot.header.set_environment("prod-eu");
  snapshot.header.set_snapshot_id("0d0b6c1e-6f5e-4a44-9f0c-1f1f3f0a9b42");
  snapshot.header.set_taken_at_us(kSampleTimeUs);
  snapshot.header.set_occasion(v1::OCCASION_SCHEDULE);
  snapshot.header.set_agent_version("0.1.0");
  snapshot.header.set_agent_host("db-7.internal");
  for (const Section& section : sections) *snapshot.header.add_sections() = section.header;
  snapshot.sections = std::move(sections);
  snapshot.seq = 42;
  snapshot.time_us = kSampleTimeUs;
  snapshot.received_at_us = kSampleTimeUs + 1000000;
  return snapshot;
}

Snapshot SampleSnapshot() {
  std::vector<Section> sections;
  sections.push_back(SamplePostgres());
  sections.push_back(SampleRedis());
  sections.push_back(SampleModels());
  return Assemble(std::move(sections));
}

}  // namespace varve::testing
