#include "agent/source/redis/value_shape.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/redaction/key_name.h"
#include "agent/source/redis/json_shape.h"
#include "agent/source/redis/text_type.h"

namespace varve::redis {
namespace {

// More names than that in one place are taken for identifiers.
constexpr size_t kMostNames = 64;
// As are names of which nearly each value has its own.
constexpr size_t kFewestOwnNames = 20;
constexpr uint32_t kFewestValues = 5;
// line0, line1, line2: so many that differ by a number alone are numbered.
constexpr size_t kFewestNumbered = 3;
// Places of one shape; of more the deepest are left out.
constexpr size_t kMostPaths = 500;

// What stands before the name in a piece of a path.
absl::string_view PrefixOf(absl::string_view piece) {
  if (absl::StartsWith(piece, "$.")) return piece.substr(0, 2);
  return absl::StartsWith(piece, ".") ? piece.substr(0, 1) : piece.substr(0, 0);
}

// Whether a child is a name's: no element, and no document below a field.
bool IsName(absl::string_view piece) {
  return piece != kAnyElement && piece != "$" && piece != "$[*]";
}

std::string StemOf(absl::string_view piece) {
  size_t end = piece.size();
  while (end > 0 && absl::ascii_isdigit(piece[end - 1])) --end;
  return std::string(piece.substr(0, end));
}

// Makes one child `to` of the children `from`.
void MergeChildren(PathNode& node, const std::vector<std::string>& from, const std::string& to) {
  PathNode merged;
  for (const std::string& piece : from) {
    const auto at = node.children.find(piece);
    if (at == node.children.end()) continue;
    merged.AddUpTo(at->second, node.values);
    node.children.erase(at);
  }
  node.children[to].AddUpTo(merged, node.values);
}

void FoldNumbered(PathNode& node) {
  std::map<std::string, std::vector<std::string>> by_stem;
  for (const auto& [piece, child] : node.children) {
    const std::string stem = StemOf(piece);
    const bool is_numbered = stem.size() < piece.size() && stem.size() > PrefixOf(piece).size();
    if (IsName(piece) && is_numbered) by_stem[stem].push_back(piece);
  }
  for (const auto& [stem, pieces] : by_stem) {
    if (pieces.size() >= kFewestNumbered) MergeChildren(node, pieces, stem + "*");
  }
}

void FoldNames(PathNode& node) {
  FoldNumbered(node);
  std::vector<std::string> names;
  uint64_t uses = 0;
  for (const auto& [piece, child] : node.children) {
    if (!IsName(piece)) continue;
    names.push_back(piece);
    uses += child.values;
  }
  const bool are_own = node.values >= kFewestValues && names.size() > kFewestOwnNames &&
                       uses * 2 < uint64_t{3} * names.size();
  if (names.size() > kMostNames || are_own) {
    MergeChildren(node, names, absl::StrCat(PrefixOf(names[0]), "*"));
  }
  for (auto& [piece, child] : node.children) FoldNames(child);
}

size_t PlacesWithin(const PathNode& node, size_t depth) {
  size_t places = 0;
  for (const auto& [piece, child] : node.children) {
    places += 1 + (depth > 1 ? PlacesWithin(child, depth - 1) : 0);
  }
  return places;
}

void CutBelow(PathNode& node, size_t depth) {
  if (depth == 0) node.children.clear();
  for (auto& [piece, child] : node.children) CutBelow(child, depth - 1);
}

void CutToSize(PathNode& root) {
  size_t depth = 1;
  while (depth < 16 && PlacesWithin(root, depth + 1) <= kMostPaths) ++depth;
  CutBelow(root, depth);
}

bool IsJsonFormat(absl::string_view type) { return type == "string"; }

// Names of a hash that stand for several, all of them.
bool IsMap(absl::string_view type, const PathNode& root) {
  return type == "hash" && !root.children.empty() &&
         std::all_of(root.children.begin(), root.children.end(),
                     [](const auto& child) { return IsGeneralised(child.first); });
}

PathNode TreeOf(const v1::ValueShape& shape) {
  PathNode root;
  for (const v1::ValuePath& path : shape.paths()) {
    PathNode* node = &root;
    for (const std::string& piece : PiecesOf(path.path())) node = &node->children[piece];
    for (const std::string& type : path.types()) {
      for (size_t i = 0; i < kValueTypes; ++i) {
        if (ValueTypeWord(static_cast<ValueType>(i)) == type) node->types[i] = 1;
      }
    }
    node->values = 1;
  }
  return root;
}

// The one child that stands for all names of a node; null where there is none or others beside it.
const std::string* OnlyAnyName(const PathNode& node) {
  const std::string* any = nullptr;
  for (const auto& [piece, child] : node.children) {
    if (!IsName(piece)) continue;
    if (piece.substr(PrefixOf(piece).size()) != "*") return nullptr;
    any = &piece;
  }
  return any;
}

// Puts names of `node` where `pattern` has them generalised: all of them, or numbered ones.
void Generalise(PathNode& node, const PathNode& pattern) {
  std::vector<std::string> names;
  for (const auto& [piece, child] : node.children) {
    if (IsName(piece)) names.push_back(piece);
  }
  const std::string* const any = OnlyAnyName(pattern);
  for (const std::string& piece : names) {
    const std::string numbered = StemOf(piece) + "*";
    if (any != nullptr && piece != *any) {
      MergeChildren(node, {piece}, *any);
    } else if (StemOf(piece) != piece && pattern.children.count(numbered) > 0) {
      MergeChildren(node, {piece}, numbered);
    }
  }
  for (auto& [piece, child] : node.children) {
    const auto at = pattern.children.find(piece);
    if (at != pattern.children.end()) Generalise(child, at->second);
  }
}

void SetCounts(PathNode& node) {
  node.values = 1;
  for (auto& [piece, child] : node.children) SetCounts(child);
}

void AppendPaths(const PathNode& node, const std::string& path, bool is_text,
                 v1::ValueShape& shape) {
  for (const auto& [piece, child] : node.children) {
    v1::ValuePath& added = *shape.add_paths();
    added.set_path(path + piece);
    std::set<std::string> types;
    for (size_t i = 0; i < kValueTypes; ++i) {
      if (child.types[i] > 0) types.emplace(ValueTypeWord(static_cast<ValueType>(i)));
    }
    DropNarrowerTypes(types, is_text);
    for (const std::string& type : types) added.add_types(type);
    AppendPaths(child, path + piece, false, shape);
  }
}

bool IsCommon(uint32_t count, uint32_t of) { return uint64_t{count} * 20 >= of; }

// Drops what less than a twentieth of `all` values has.
void DropRare(PathNode& node, const std::string& path, uint32_t all,
              std::vector<std::pair<std::string, uint32_t>>& rare) {
  for (auto at = node.children.begin(); at != node.children.end();) {
    PathNode& child = at->second;
    const std::string child_path = path + at->first;
    if (!IsCommon(child.values, all)) {
      rare.emplace_back(child_path, child.values);
      at = node.children.erase(at);
      continue;
    }
    for (uint32_t& count : child.types) {
      if (!IsCommon(count, child.values)) count = 0;
    }
    DropRare(child, child_path, all, rare);
    ++at;
  }
}

}  // namespace

std::string ValueSampleShape::NameOf(absl::string_view name, bool is_field) const {
  // What would be masked of a key's name identifies something.
  Masked masked;
  MaskKeyName(redactor_, name, masked);
  return masked.empty() ? PathName(name, is_field) : "*";
}

// A text, and what a document in it holds.
void ValueSampleShape::AddPlace(PathNode& place, const Value& text) const {
  const absl::string_view shown = text.text.substr(0, kLookedAtBytes);
  const bool is_cut = text.is_cut || text.text.size() > shown.size();
  std::optional<PathNode> document =
      ShapeOfJson(shown, is_cut, [this](absl::string_view name) { return NameOf(name, false); });
  if (!document.has_value()) {
    place.Mark(TextType(shown, is_cut));
    return;
  }
  place.values = 1;
  for (size_t i = 0; i < kValueTypes; ++i) place.types[i] |= document->types[i];
  for (auto& [piece, child] : document->children) {
    place.children[absl::StrCat("$", piece)].AddUpTo(child, 1);
  }
}

void ValueSampleShape::AddText(const Value& text) {
  const absl::string_view shown = text.text.substr(0, kLookedAtBytes);
  const bool is_cut = text.is_cut || text.text.size() > shown.size();
  ++root_.values;
  std::optional<PathNode> document =
      ShapeOfJson(shown, is_cut, [this](absl::string_view name) { return NameOf(name, false); });
  ++formats_[document.has_value() ? "json" : std::string(TextFormat(shown, is_cut))];
  if (document.has_value()) root_.children["$"].Add(*document);
}

void ValueSampleShape::AddFields(Reply flat) {
  PathNode value;
  value.values = 1;
  for (size_t i = 0; i + 1 < flat.size(); i += 2) {
    if (flat[i].type != ReplyType::kBulk || flat[i + 1].type != ReplyType::kBulk) return;
    const std::string name = flat[i].is_cut ? "*" : NameOf(flat[i].text, true);
    AddPlace(value.children[name], flat[i + 1]);
  }
  root_.Add(value);
}

void ValueSampleShape::AddElementsOf(Reply elements, uint32_t values) {
  PathNode value;
  value.values = values;
  for (const Value& element : elements) {
    if (element.type != ReplyType::kBulk) return;
    AddPlace(value.children[std::string(kAnyElement)], element);
  }
  // What is added in two parts counts once.
  root_.values += values;
  for (const auto& [piece, child] : value.children) {
    root_.children[piece].AddUpTo(child, root_.values);
  }
}

std::string ValueSampleShape::AddGroup(absl::string_view name) {
  std::string shown = NameOf(name, true);
  ++groups_[shown];
  return shown;
}

v1::ValueShape ValueSampleShape::Finish(std::vector<std::pair<std::string, uint32_t>>& rare) {
  v1::ValueShape shape;
  shape.set_type(type_);
  FoldNames(root_);
  DropRare(root_, "", root_.values, rare);
  CutToSize(root_);
  shape.set_is_map(IsMap(type_, root_));
  AppendPaths(root_, "", !IsJsonFormat(type_), shape);
  std::set<std::string> formats;
  for (const auto& [format, count] : formats_) {
    if (IsCommon(count, root_.values)) formats.insert(format);
  }
  DropNarrowerFormats(formats);
  for (const std::string& format : formats) shape.add_formats(format);
  for (const auto& [group, count] : groups_) shape.add_groups(group);
  return shape;
}

v1::ValueShape GeneralisedAs(const v1::ValueShape& known, const v1::ValueShape& seen) {
  PathNode tree = TreeOf(seen);
  SetCounts(tree);
  Generalise(tree, TreeOf(known));
  v1::ValueShape shape = seen;
  shape.clear_paths();
  AppendPaths(tree, "", !IsJsonFormat(seen.type()), shape);
  return shape;
}

v1::ValueShape UnionOf(const v1::ValueShape& known, const v1::ValueShape& seen) {
  PathNode a = TreeOf(known);
  PathNode b = TreeOf(seen);
  SetCounts(a);
  SetCounts(b);
  Generalise(b, a);
  a.AddUpTo(b, 1);
  FoldNames(a);
  CutToSize(a);
  v1::ValueShape both;
  both.set_type(known.type().empty() ? seen.type() : known.type());
  both.set_is_map(IsMap(both.type(), a));
  AppendPaths(a, "", !IsJsonFormat(both.type()), both);
  std::set<std::string> formats(known.formats().begin(), known.formats().end());
  formats.insert(seen.formats().begin(), seen.formats().end());
  DropNarrowerFormats(formats);
  for (const std::string& format : formats) both.add_formats(format);
  std::set<std::string> groups(known.groups().begin(), known.groups().end());
  groups.insert(seen.groups().begin(), seen.groups().end());
  for (const std::string& group : groups) both.add_groups(group);
  return both;
}

}  // namespace varve::redis
