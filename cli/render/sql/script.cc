#include "cli/render/sql/script.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace varve::sql {
namespace {

constexpr uint32_t kNone = static_cast<uint32_t>(-1);

class Sorter {
 public:
  explicit Sorter(std::vector<Object> objects);

  Script Sort() &&;

 private:
  enum class Visit : uint8_t { kNew, kOpen, kDone };

  // A statement while it waits.
  struct Waiting {
    uint32_t object = 0;
    uint32_t at = 0;              // in the object's statements
    uint32_t unmet = 0;           // needs that are not there yet
    bool follows_object = false;  // needs the object itself too
    bool is_placed = false;
    bool is_object_made = false;      // by a lesser form of it
    std::vector<uint32_t> wanted_by;  // statements that need what it makes
  };
  struct Progress {
    uint32_t first = 0;        // its first statement's number
    uint32_t first_maker = 0;  // where its parts stand in makers_
    uint32_t end_of_makers = 0;
    Visit visit = Visit::kNew;
    bool is_made = false;
    bool has_block = false;
    std::vector<uint32_t> fetches;  // objects that go before it
  };

  void Number();
  void Connect();
  uint32_t MakerOf(const Need& need) const;
  uint32_t MakerOf(uint32_t object, const Part& part) const;
  void Place(uint32_t root);
  void Emit(uint32_t object);
  bool IsReady(const Waiting& statement) const;
  void Put(uint32_t number);
  void Append(uint32_t object, std::string text);
  std::string WithLines(uint32_t number);
  void Met(uint32_t number);
  void Made(uint32_t object);
  void Drain();
  bool UseStandIn();
  void Leave(Script& script);

  Object& ObjectOf(const Waiting& statement) { return objects_[statement.object]; }
  Statement& Source(const Waiting& statement) {
    return objects_[statement.object].statements[statement.at];
  }

  std::vector<Object> objects_;
  std::vector<Progress> progress_;
  std::vector<Waiting> statements_;
  struct HashKey {
    size_t operator()(const EntityKey* key) const { return absl::HashOf(*key); }
  };
  struct EqualKeys {
    bool operator()(const EntityKey* a, const EntityKey* b) const { return *a == *b; }
  };
  // The statement that makes a part of an object.
  struct Maker {
    const Part* part;
    uint32_t number;
  };
  static bool IsBefore(const Maker& a, const Maker& b) {
    return std::tie(a.part->kind, a.part->name, a.number) <
           std::tie(b.part->kind, b.part->name, b.number);
  }

  absl::flat_hash_map<const EntityKey*, uint32_t, HashKey, EqualKeys> by_key_;
  std::vector<Maker> makers_;  // by object, then by part; of several that make one the first counts
  std::deque<uint32_t> ready_;  // their object's place is past
  uint32_t last_ = kNone;       // the object of the last block
  Script script_;
};

Sorter::Sorter(std::vector<Object> objects) : objects_(std::move(objects)) {
  Number();
  Connect();
}

void Sorter::Number() {
  progress_.resize(objects_.size());
  size_t count = 0;
  for (const Object& object : objects_) count += object.statements.size();
  statements_.reserve(count);
  for (uint32_t object = 0; object < objects_.size(); ++object) {
    by_key_.emplace(&objects_[object].key, object);
    progress_[object].first = static_cast<uint32_t>(statements_.size());
    progress_[object].first_maker = static_cast<uint32_t>(makers_.size());
    bool follows = false;
    for (uint32_t at = 0; at < objects_[object].statements.size(); ++at) {
      const auto number = static_cast<uint32_t>(statements_.size());
      Waiting& waiting = statements_.emplace_back();
      waiting.object = object;
      waiting.at = at;
      waiting.follows_object = follows;
      for (const Part& part : objects_[object].statements[at].makes) {
        makers_.push_back({&part, number});
        if (part == Part()) follows = true;
      }
    }
    std::sort(makers_.begin() + progress_[object].first_maker, makers_.end(), IsBefore);
    progress_[object].end_of_makers = static_cast<uint32_t>(makers_.size());
    progress_[object].is_made = !follows;  // nothing makes it: it is there
  }
}

// The statement that makes it: that of the part, else that of the whole object; kNone where the
// script has neither.
uint32_t Sorter::MakerOf(const Need& need) const {
  const auto object = by_key_.find(&*need.object);
  if (object == by_key_.end()) return kNone;
  const uint32_t maker = MakerOf(object->second, need.part);
  return maker == kNone ? MakerOf(object->second, Part()) : maker;
}

uint32_t Sorter::MakerOf(uint32_t object, const Part& part) const {
  const auto end = makers_.begin() + progress_[object].end_of_makers;
  const auto found = std::lower_bound(makers_.begin() + progress_[object].first_maker, end,
                                      Maker{&part, 0}, IsBefore);
  return found == end || *found->part != part ? kNone : found->number;
}

void Sorter::Connect() {
  for (uint32_t number = 0; number < statements_.size(); ++number) {
    Waiting& statement = statements_[number];
    for (const Need& need : Source(statement).needs) {
      const uint32_t maker = MakerOf(need);
      if (maker == kNone || maker == number) continue;
      Waiting& other = statements_[maker];
      const bool is_own = other.object == statement.object;
      if (is_own && Source(other).makes.front() == Part() && statement.follows_object) continue;
      ++statement.unmet;
      other.wanted_by.push_back(number);
      if (!is_own && !need.is_awaited) progress_[statement.object].fetches.push_back(other.object);
    }
    Source(statement).needs = {};  // connected; there are many
  }
}

Script Sorter::Sort() && {
  for (uint32_t object = 0; object < objects_.size(); ++object) Place(object);
  while (UseStandIn()) Drain();
  Leave(script_);
  return std::move(script_);
}

// Depth first, without recursion: chains of objects can be as long as there are objects.
void Sorter::Place(uint32_t root) {
  std::vector<std::pair<uint32_t, size_t>> path;
  const auto open = [&](uint32_t object) {
    if (progress_[object].visit != Visit::kNew) return;
    progress_[object].visit = Visit::kOpen;
    path.emplace_back(object, 0);
  };
  open(root);
  while (!path.empty()) {
    auto& [object, next] = path.back();
    if (next < progress_[object].fetches.size()) {
      open(progress_[object].fetches[next++]);
      continue;
    }
    const uint32_t done = object;
    path.pop_back();
    Emit(done);
    Drain();
  }
}

void Sorter::Emit(uint32_t object) {
  progress_[object].visit = Visit::kDone;
  const auto count = static_cast<uint32_t>(objects_[object].statements.size());
  for (uint32_t at = 0; at < count; ++at) {
    const uint32_t number = progress_[object].first + at;
    if (IsReady(statements_[number])) Put(number);
  }
}

bool Sorter::IsReady(const Waiting& statement) const {
  return !statement.is_placed && statement.unmet == 0 &&
         progress_[statement.object].visit == Visit::kDone &&
         (!statement.follows_object || progress_[statement.object].is_made);
}

void Sorter::Drain() {
  while (!ready_.empty()) {
    const uint32_t number = ready_.front();
    ready_.pop_front();
    if (IsReady(statements_[number])) Put(number);
  }
}

void Sorter::Put(uint32_t number) {
  Waiting& statement = statements_[number];
  statement.is_placed = true;
  const std::vector<Part>& makes = Source(statement).makes;
  const bool makes_object = !statement.is_object_made && !makes.empty() && makes.front() == Part();
  Append(statement.object, makes_object && ObjectOf(statement).has_lines
                               ? WithLines(number)
                               : std::move(Source(statement).text));
  Met(number);
  if (makes_object) Made(statement.object);
}

// What a statement made is there.
void Sorter::Met(uint32_t number) {
  for (const uint32_t other : statements_[number].wanted_by) {
    --statements_[other].unmet;
    if (IsReady(statements_[other])) ready_.push_back(other);
  }
}

void Sorter::Made(uint32_t object) {
  progress_[object].is_made = true;
  const auto count = static_cast<uint32_t>(objects_[object].statements.size());
  for (uint32_t at = 0; at < count; ++at) {
    const uint32_t number = progress_[object].first + at;
    if (IsReady(statements_[number])) ready_.push_back(number);
  }
}

std::string Sorter::WithLines(uint32_t number) {
  Object& object = ObjectOf(statements_[number]);
  for (uint32_t at = statements_[number].at + 1; at < object.statements.size(); ++at) {
    const uint32_t other = progress_[statements_[number].object].first + at;
    Statement& source = object.statements[at];
    if (!source.fold.has_value() || statements_[other].unmet != 0) continue;
    const std::string folded = source.text.substr(source.fold->begin, source.fold->size);
    if (source.fold->line == Fold::kOwnLine) {
      object.lines.push_back(folded);
    } else {
      object.lines[source.fold->line].append(folded);
    }
    statements_[other].is_placed = true;
    Met(other);
  }
  std::string text = std::move(Source(statements_[number]).text);
  absl::StrAppend(&text, " (");
  if (!object.lines.empty()) {
    absl::StrAppend(&text, "\n    ", absl::StrJoin(object.lines, ",\n    "), "\n");
  }
  return absl::StrCat(text, ")", object.tail);
}

void Sorter::Append(uint32_t object, std::string text) {
  if (text.empty()) return;  // another object's statement made it
  if (std::exchange(last_, object) != object) {
    Block& block = script_.blocks.emplace_back();
    block.object = objects_[object].key;
    block.is_rest = std::exchange(progress_[object].has_block, true);
  }
  script_.blocks.back().statements.push_back(std::move(text));
}

// Makes the first object that waits in a cycle and has a lesser form; false where none has.
bool Sorter::UseStandIn() {
  for (uint32_t number = 0; number < statements_.size(); ++number) {
    Waiting& statement = statements_[number];
    Object& object = ObjectOf(statement);
    if (statement.is_placed || progress_[statement.object].is_made || statement.follows_object ||
        !object.stand_in.has_value()) {
      continue;
    }
    bool is_possible = true;
    for (const Need& need : object.stand_in->needs) {
      const uint32_t maker = MakerOf(need);
      if (maker != kNone && !statements_[maker].is_placed) is_possible = false;
    }
    if (!is_possible) continue;
    Append(statement.object, std::move(object.stand_in->text));
    Source(statement).text = std::move(object.stand_in->full_text);
    object.stand_in.reset();
    statement.is_object_made = true;
    Met(number);
    statements_[number].wanted_by.clear();
    Made(statement.object);
    return true;
  }
  return false;
}

void Sorter::Leave(Script& script) {
  for (Waiting& statement : statements_) {
    if (statement.is_placed) continue;
    if (script.in_cycles.empty() || script.in_cycles.back().object != ObjectOf(statement).key) {
      script.in_cycles.push_back({ObjectOf(statement).key, {}, false});
    }
    script.in_cycles.back().statements.push_back(std::move(Source(statement).text));
  }
}

}  // namespace

absl::string_view KindOfPart(absl::string_view kind) {
  for (const absl::string_view known :
       {"default", "constraint", "index", "trigger", "rule", "policy"}) {
    if (kind == known) return known;
  }
  return "";
}

Script InOrder(std::vector<Object> objects) { return Sorter(std::move(objects)).Sort(); }

}  // namespace varve::sql
