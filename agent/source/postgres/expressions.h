// What only the server can print: defaults, checks, index expressions, trigger conditions, view
// queries, rules, policies, partition keys and bounds, bodies of SQL routines, row filters of
// publications, expressions of statistics.
//
// Printing opens relations, waits for their locks, ignores the snapshot of the transaction, and
// raises for what has just gone. So it is done last, in short transactions with a lock timeout, by
// sets first; where a set fails, what is to blame is found and the rest is read without it.
#pragma once

#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "agent/source/postgres/arena.h"
#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/section_writer.h"

namespace varve::postgres {

struct IndexTexts {
  std::vector<absl::string_view> keys;  // of the keys that are expressions, in key order
  absl::string_view predicate;
};

struct PolicyTexts {
  absl::string_view using_text, with_check;
};

// Relations, routines and domains (catalog, object) of which something could not be printed; of
// published tables and extended statistics their relation.
using UnseenObjects = absl::flat_hash_map<std::pair<Oid, Oid>, Unseen>;

// Texts by the OID of what they belong to. What is missing was not printed: it went meanwhile, or
// is `unseen`.
struct Expressions {
  Arena arena;
  absl::flat_hash_map<std::pair<Oid, int16_t>, absl::string_view> columns;  // relation, number
  absl::flat_hash_map<Oid, absl::string_view> constraints, triggers, queries, partition_keys,
      partition_bounds, argument_defaults, sql_bodies, domain_defaults, rules;
  absl::flat_hash_map<Oid, PolicyTexts> policies;
  absl::flat_hash_map<Oid, IndexTexts> indexes;
  absl::flat_hash_map<Oid, absl::string_view> publication_filters;  // pg_publication_rel
  absl::flat_hash_map<Oid, std::vector<absl::string_view>> statistics;
  UnseenObjects unseen;
};

}  // namespace varve::postgres
