// Which tables a class may stand for, by its name alone.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace varve {

// "HTTPServerLog" → "http_server_log", "OAuth2Token" → "o_auth2_token".
std::string SnakeCase(absl::string_view name);

// Names of tables that a class called `class_name` may stand for, the likeliest first, in groups: a
// name of an earlier group that exists wins over all of later ones. The first group is of the name
// as it is, each next one of the name with one more word taken off that tells what a model is for:
// "CanonicalEntityMinimal" gives canonical_entity_minimal, canonical_entity_minimals, …; then
// canonical_entity, canonical_entities, …. Plurals are made and undone.
std::vector<std::vector<std::string>> TableCandidates(absl::string_view class_name);

// How many things a name says that it is of.
enum class NounNumber { kUnknown, kOne, kMany };

// By the last word of a snake-case name: "order_items" many, "order_item" one. Unknown of words
// that do not tell ("status", "metadata"), and of those for a heap of things ("order_history").
NounNumber NumberOf(absl::string_view name);

// The words that tell what a model is for, from the outside in: "OrderCreateRequest" has "Request"
// and "Create". Borrowed of `class_name`.
std::vector<absl::string_view> PurposeWords(absl::string_view class_name);

}  // namespace varve
