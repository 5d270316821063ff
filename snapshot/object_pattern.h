// A pattern that names objects of a PostgreSQL database: `[!][KIND:]SCHEMA[.NAME]`, or `KIND:NAME`
// of objects that stand in no schema. docs/operations.md tells people how to write one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "snapshot/line.h"

namespace varve {

// `*` is any run of characters, `?` any one; in double quotes every character is itself, and `""` a
// double quote.
class NameGlob {
 public:
  // Takes the glob off the front of `text`, up to what can be no part of one.
  // Errors: kInvalidArgument (a quote without its end).
  static absl::StatusOr<NameGlob> Take(absl::string_view& text);

  bool Matches(absl::string_view name) const;
  bool matches_all() const { return tokens_.size() == 1 && tokens_[0].wild == Wild::kRun; }
  bool empty() const { return tokens_.empty(); }
  // As it is written with the fewest quotes; Take gives the same glob back.
  std::string Text() const;

 private:
  enum class Wild { kNone, kOne, kRun };
  struct Token {
    Wild wild = Wild::kNone;
    char byte = 0;  // of kNone
  };
  std::vector<Token> tokens_;  // never two runs side by side
};

// Immutable once made.
class ObjectPattern {
 public:
  // Whether the kind must be one that this build knows: yes of a configuration, no of what a newer
  // agent wrote.
  enum class Kinds { kKnown, kAny };

  // Errors: kInvalidArgument (the message names the pattern, and what to write).
  static absl::StatusOr<ObjectPattern> Parse(absl::string_view text, Kinds kinds);

  // Takes back what earlier patterns of its list took.
  bool takes_back() const { return takes_back_; }
  // Normalised: equal for patterns that say the same.
  std::string Text() const;

  bool Matches(const EntityKey& entity) const;
  // Whether it can match an entity of `kind` at all; whether it matches each.
  bool MayMatch(absl::string_view kind) const;
  bool MatchesAll(absl::string_view kind) const;

 private:
  bool takes_back_ = false;
  std::string kind_;  // "" is every kind whose objects stand in a schema, and `schema` itself
  NameGlob first_;
  NameGlob second_;  // empty: the pattern has one part
};

}  // namespace varve
