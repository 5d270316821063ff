// What the values of a pattern's keys of one type look like: learnt from a sample, never what they
// say.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "agent/redaction/redaction.h"
#include "agent/source/redis/path_node.h"
#include "agent/source/redis/resp.h"
#include "varve/v1/redis.pb.h"

namespace varve::redis {

// Of a value's bytes so many are looked at.
inline constexpr size_t kLookedAtBytes = 64 << 10;

// Collects the values of one type. Not thread-safe; the redactor is borrowed.
class ValueSampleShape {
 public:
  ValueSampleShape(absl::string_view type, const Redactor& redactor)
      : type_(type), redactor_(redactor) {}

  // A string's beginning.
  void AddText(const Value& text);
  // A hash's fields, or those of one entry of a stream: names and values in turn.
  void AddFields(Reply flat);
  // Elements of one list, set or sorted set.
  void AddElements(Reply elements) { AddElementsOf(elements, 1); }
  // Further elements of the one that was added last.
  void AddMoreElements(Reply elements) { AddElementsOf(elements, 0); }
  // A consumer group of a stream. Returns its name as it stands in the shape.
  std::string AddGroup(absl::string_view name);

  uint32_t values() const { return root_.values; }

  // What at least a twentieth of the sample has. `rare`: the paths that less have, each with how
  // many values.
  v1::ValueShape Finish(std::vector<std::pair<std::string, uint32_t>>& rare);

 private:
  std::string NameOf(absl::string_view name, bool is_field) const;
  void AddElementsOf(Reply elements, uint32_t values);
  void AddPlace(PathNode& place, const Value& text) const;

  std::string type_;
  const Redactor& redactor_;
  PathNode root_;
  std::map<std::string, uint32_t> formats_;
  std::map<std::string, uint32_t> groups_;
};

// What was seen, its names generalised as they are in what is known.
v1::ValueShape GeneralisedAs(const v1::ValueShape& known, const v1::ValueShape& seen);

// Both together: what a value has that is of either. Once names are taken for identifiers they stay
// so, and new ones beside them are of them.
v1::ValueShape UnionOf(const v1::ValueShape& known, const v1::ValueShape& seen);

}  // namespace varve::redis
