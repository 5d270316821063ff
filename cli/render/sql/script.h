// A script that makes a database: objects with their statements, and the order in which they can
// be made.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "snapshot/line.h"

namespace varve::sql {

// A named part of an object that a statement makes on its own: a column's `default`, a
// `constraint`, `index`, `trigger`, `rule`, `policy`; the `shell` of a type, where a partition is
// to `attach`, `partitions indexed` of a table: every index of a partition that belongs to one of
// its own is attached. The empty part is the object itself.
struct Part {
  absl::string_view kind;  // a constant: of a text that was read KindOfPart
  std::string name;

  friend bool operator==(const Part&, const Part&) = default;
};

// The constant for a kind of part as shapes have it; "", the object itself, for what no statement
// makes on its own: a column.
absl::string_view KindOfPart(absl::string_view kind);

// The key of an object: one's own, or borrowed from what outlives the script's making. A script of
// a large database has hundreds of thousands.
class KeyRef {
 public:
  KeyRef(EntityKey key)  // NOLINT(google-explicit-constructor): it is a key
      : key_(std::make_shared<const EntityKey>(std::move(key))) {}
  static KeyRef Borrowed(const EntityKey& key) {
    return KeyRef(std::shared_ptr<const EntityKey>(std::shared_ptr<void>(), &key));
  }

  const EntityKey& operator*() const { return *key_; }
  const EntityKey* operator->() const { return key_.get(); }

 private:
  explicit KeyRef(std::shared_ptr<const EntityKey> key) : key_(std::move(key)) {}

  std::shared_ptr<const EntityKey> key_;
};

// What has to be there before a statement. What no object of the script makes is taken to be there
// already.
struct Need {
  KeyRef object;
  Part part;
  // It is waited for, not fetched: the needed object keeps its own place.
  bool is_awaited = false;
};

// How the CREATE of an object says what a statement of it says: by a part of its text.
struct Fold {
  static constexpr uint32_t kOwnLine = static_cast<uint32_t>(-1);
  uint32_t line = kOwnLine;  // of Object::lines, to whose end it goes
  uint32_t begin = 0;        // in the statement's text
  uint32_t size = 0;
};

struct Statement {
  std::string text;         // with its semicolon, or a comment
  std::vector<Part> makes;  // {Part()}: the object; empty: nothing that others need
  std::vector<Need> needs;  // beside the object itself
  std::optional<Fold> fold;
};

// A lesser form of an object, for a cycle that has no other way out: a view without its query.
struct StandIn {
  std::string text;
  std::vector<Need> needs;
  std::string full_text;  // what then makes the object what it is
};

// One entity. Its statements come in the order in which a reader wants them; those behind the one
// that makes the object need it.
struct Object {
  EntityKey key;
  std::vector<Statement> statements;
  // Where the CREATE has lines in brackets, which what folds is added to: they stand behind the
  // text of the statement that makes the object, before `tail`.
  bool has_lines = false;
  std::vector<std::string> lines;
  std::string tail;
  std::optional<StandIn> stand_in;
};

// Statements of one object that stand together.
struct Block {
  EntityKey object;
  std::vector<std::string> statements;
  bool is_rest = false;  // others of the object stand further above
};

struct Script {
  std::vector<Block> blocks;
  // Statements that could not be put in order, by their object.
  std::vector<Block> in_cycles;
};

// In the order of `objects` wherever their needs allow it: what an object needs goes before it,
// whole; what closes a cycle comes as soon as it can. No object is there twice. Nearly linear
// in statements and needs.
Script InOrder(std::vector<Object> objects);

}  // namespace varve::sql
