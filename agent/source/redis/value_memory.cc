#include "agent/source/redis/value_memory.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/source/redis/value_shape.h"

namespace varve::redis {
namespace {

constexpr absl::Duration kForgetAfter = absl::Hours(24 * 7);

std::string PathPart(absl::string_view path) { return absl::StrCat("path ", path); }
std::string TypePart(absl::string_view path, absl::string_view type) {
  return absl::StrCat("type ", type, " ", path);
}
std::string FormatPart(absl::string_view format) { return absl::StrCat("format ", format); }
std::string GroupPart(absl::string_view group) { return absl::StrCat("group ", group); }

std::set<std::string> PartsOf(const v1::ValueShape& shape) {
  std::set<std::string> parts;
  for (const v1::ValuePath& path : shape.paths()) {
    parts.insert(PathPart(path.path()));
    for (const std::string& type : path.types()) parts.insert(TypePart(path.path(), type));
  }
  for (const std::string& format : shape.formats()) parts.insert(FormatPart(format));
  for (const std::string& group : shape.groups()) parts.insert(GroupPart(group));
  return parts;
}

// `shape` without `parts`.
v1::ValueShape Without(const std::set<std::string>& parts, const v1::ValueShape& shape) {
  v1::ValueShape left;
  left.set_type(shape.type());
  left.set_is_map(shape.is_map());
  for (const v1::ValuePath& path : shape.paths()) {
    if (parts.count(PathPart(path.path())) > 0) continue;
    v1::ValuePath& kept = *left.add_paths();
    kept.set_path(path.path());
    for (const std::string& type : path.types()) {
      if (parts.count(TypePart(path.path(), type)) == 0) kept.add_types(type);
    }
  }
  for (const std::string& format : shape.formats()) {
    if (parts.count(FormatPart(format)) == 0) left.add_formats(format);
  }
  for (const std::string& group : shape.groups()) {
    if (parts.count(GroupPart(group)) == 0) left.add_groups(group);
  }
  return left;
}

}  // namespace

void ValueMemory::Know(const Pattern& pattern, const v1::KeyPatternStructure& structure) {
  const auto [at, is_new] = patterns_.try_emplace(pattern);
  if (!is_new) return;
  for (const v1::ValueShape& shape : structure.values()) {
    at->second.types[shape.type()].shape = shape;
  }
}

void ValueMemory::LearnType(const SeenValues& seen, absl::Time now, Known& known) {
  std::set<std::string> shown = PartsOf(GeneralisedAs(known.shape, seen.shape));
  // What became rare is still there, with all below it.
  for (const v1::ValuePath& path : known.shape.paths()) {
    const bool is_rare = std::any_of(seen.rare.begin(), seen.rare.end(), [&](const auto& rare) {
      return absl::StartsWith(path.path(), rare.first);
    });
    if (!is_rare) continue;
    shown.insert(PathPart(path.path()));
    for (const std::string& type : path.types()) shown.insert(TypePart(path.path(), type));
  }
  std::set<std::string> forgotten;
  std::map<std::string, absl::Time> missing;
  for (const std::string& part : PartsOf(known.shape)) {
    if (shown.count(part) > 0) continue;
    const auto before = known.missing_since.find(part);
    const absl::Time since = before == known.missing_since.end() ? now : before->second;
    if (now - since >= kForgetAfter) {
      forgotten.insert(part);
    } else {
      missing.emplace(part, since);
    }
  }
  known.shape = UnionOf(Without(forgotten, known.shape), seen.shape);
  known.missing_since = std::move(missing);
}

std::vector<v1::ValueShape> ValueMemory::Learn(const Pattern& pattern,
                                               const std::set<std::string>& types,
                                               const std::vector<SeenValues>& seen,
                                               absl::Time now) {
  KnownPattern& entry = patterns_[pattern];
  entry.learnt_at = now;
  std::map<std::string, Known>& known = entry.types;
  for (const SeenValues& one : seen) LearnType(one, now, known[one.shape.type()]);
  std::vector<v1::ValueShape> shapes;
  for (auto at = known.begin(); at != known.end();) {
    if (types.count(at->first) == 0) {
      at = known.erase(at);
      continue;
    }
    shapes.push_back(at->second.shape);
    ++at;
  }
  return shapes;
}

void ValueMemory::Forget(absl::Time now) {
  for (auto at = patterns_.begin(); at != patterns_.end();) {
    at = now - at->second.learnt_at >= kForgetAfter ? patterns_.erase(at) : std::next(at);
  }
}

}  // namespace varve::redis
