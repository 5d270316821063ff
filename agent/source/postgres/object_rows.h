// Rows of text search, foreign data, logical replication, extended statistics, event triggers and
// default privileges. Names of members say which catalog column they are.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "agent/source/postgres/row_reader.h"

namespace varve::postgres {

struct TextSearchConfigurationRow {
  Oid oid = 0;
  absl::string_view name;
  Oid schema = 0, owner = 0, parser = 0;
};

// What is done with one type of token; rows of one token are in mapseqno order.
struct TokenMappingRow {
  int32_t token = 0;
  Oid dictionary = 0;
};

struct TextSearchDictionaryRow {
  absl::string_view name;
  Oid schema = 0, owner = 0, template_oid = 0;
  absl::string_view options;  // dictinitoption, raw
};

struct TextSearchParserRow {
  absl::string_view name;
  Oid schema = 0, start = 0, token = 0, end = 0, headline = 0, lextypes = 0;
};

struct TextSearchTemplateRow {
  absl::string_view name;
  Oid schema = 0, init = 0, lexize = 0;
};

// Dictionaries, parsers and templates of the server too: others refer to them.
struct TextSearchRows {
  std::vector<TextSearchConfigurationRow> configurations;
  absl::flat_hash_map<Oid, std::vector<TokenMappingRow>> mappings;  // by configuration
  absl::flat_hash_map<Oid, TextSearchDictionaryRow> dictionaries;
  absl::flat_hash_map<Oid, TextSearchParserRow> parsers;
  absl::flat_hash_map<Oid, TextSearchTemplateRow> templates;
  // ts_token_type(): aliases by parser and number.
  absl::flat_hash_map<std::pair<Oid, int32_t>, absl::string_view> token_names;
  // Parsers whose function for that failed, and how.
  absl::flat_hash_map<Oid, std::string> nameless;
};

struct ForeignDataWrapperRow {
  absl::string_view name;
  Oid owner = 0, handler = 0, validator = 0;
  AclText acl;
  absl::string_view options;  // raw
};

struct ServerRow {
  absl::string_view name;
  Oid owner = 0, wrapper = 0;
  absl::string_view type, version;
  AclText acl;
  absl::string_view options;  // raw
};

struct UserMappingRow {
  Oid oid = 0;
  absl::string_view user, server;
  // Whether the view shows this role the options; NULL is none of them then.
  bool permitted = false;
  absl::string_view options;  // raw
};

struct ForeignRows {
  absl::flat_hash_map<Oid, ForeignDataWrapperRow> wrappers;
  absl::flat_hash_map<Oid, ServerRow> servers;
  std::vector<UserMappingRow> user_mappings;
};

struct PublicationRow {
  Oid oid = 0;
  absl::string_view name;
  Oid owner = 0;
  bool all_tables = false, insert = false, update = false, delete_rows = false, truncate = false;
  bool via_root = false;
  char generated_columns = 'n';
};

struct PublishedTableRow {
  Oid oid = 0, relation = 0;
  bool filtered = false;
  std::vector<int16_t> columns;
};

// Only what `readable` and `permitted` say is read.
struct SubscriptionRow {
  Oid oid = 0, owner = 0;
  bool enabled = false;
  absl::string_view publications;  // raw
  absl::string_view slot, synchronous_commit;
  bool binary = false;
  char streaming = 'f', two_phase = 'd';
  bool disable_on_error = false, password_required = true, run_as_owner = false;
  absl::string_view origin;
  bool failover = false;
  // Whether this role may read the other columns, and subconninfo.
  bool readable = false, permitted = false;
  absl::string_view connection;
};

struct ReplicationRows {
  std::vector<PublicationRow> publications;
  absl::flat_hash_map<Oid, std::vector<PublishedTableRow>> tables;  // by publication
  absl::flat_hash_map<Oid, std::vector<Oid>> schemas;               // by publication
  std::map<absl::string_view, SubscriptionRow> subscriptions;       // by name
};

struct ExtendedStatisticsRow {
  Oid oid = 0;
  absl::string_view name;
  Oid schema = 0, owner = 0, relation = 0;
  std::vector<int16_t> columns;
  absl::string_view kinds;  // stxkind, raw
  bool expressions = false;
  std::optional<int32_t> target;
};

struct EventTriggerRow {
  Oid oid = 0;
  absl::string_view name, event;
  Oid owner = 0, function = 0;
  char enabled = 'O';
  absl::string_view tags;  // raw
};

struct DefaultPrivilegesRow {
  Oid oid = 0, role = 0, schema = 0;
  char object_type = 0;
  AclText acl;
};

// Large objects of one owner with the same privileges.
struct LargeObjectsRow {
  Oid owner = 0;
  AclText acl;
};

// A large object that has a comment.
struct CommentedLargeObjectRow {
  Oid oid = 0, owner = 0;
};

}  // namespace varve::postgres
