// How the table of change rules is written: which differences a rule answers for.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/changes/change_rules.h"

namespace varve {

// One thing that differs, as rules look at it. Borrows the difference.
struct Change {
  absl::string_view kind;  // of the entity; "column" of a renamed one; empty: a whole section
  v1::Facet facet = v1::FACET_UNSPECIFIED;
  v1::Difference::Op op = v1::Difference::OP_UNSPECIFIED;  // of the property, else of the entity
  absl::Span<const std::string* const> path;  // of the property; empty: the entity itself
  absl::string_view before;                   // empty where there is none
  absl::string_view after;
};

// What a rule answers for. What is empty or unspecified holds for all.
struct ChangeCase {
  ChangeRule rule;
  absl::string_view kinds = {};  // "table view"
  v1::Facet facet = v1::FACET_UNSPECIFIED;
  v1::Difference::Op op = v1::Difference::OP_UNSPECIFIED;
  // "columns/*/type": a `*` is any one name, `**` at the end any rest. Empty: the entity itself,
  // else `**` is written.
  absl::string_view path = {};
  bool (*applies)(const Change& change) = nullptr;
};

// The tables of the three sources, and what holds for all; in this order a change is looked up.
absl::Span<const ChangeCase> SectionChangeCases();
absl::Span<const ChangeCase> PostgresRelationChangeCases();
absl::Span<const ChangeCase> PostgresObjectChangeCases();
absl::Span<const ChangeCase> RedisChangeCases();
absl::Span<const ChangeCase> ModelChangeCases();
absl::Span<const ChangeCase> OtherChangeCases();

// Whether a flag came to be true, or false.
bool IsSet(const Change& change);
bool IsCleared(const Change& change);
// A list without an item that it had: "[a, b]" to "[a]"; with all of them, and more.
bool LostItems(const Change& change);
bool OnlyGainedItems(const Change& change);

}  // namespace varve
