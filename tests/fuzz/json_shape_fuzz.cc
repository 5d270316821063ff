// JSON in the values of a Redis server: bounded whatever comes, the same for one document however
// it is written, and each path comes apart into the pieces that it was made of.
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/source/redis/json_shape.h"
#include "base/utf8.h"
#include "nlohmann/json.hpp"
#include "snapshot/value_path.h"
#include "tests/fuzz/property.h"

namespace {

using varve::PiecesOf;
using varve::redis::JsonLimits;
using varve::redis::PathNode;
using varve::redis::ShapeOfJson;

constexpr JsonLimits kTight = {.depth = 4, .places = 16};

std::string Name(absl::string_view key) { return varve::redis::PathName(key, false); }

void AppendLines(const PathNode& node, std::vector<std::string>& pieces,
                 std::vector<std::string>& lines) {
  VARVE_HOLDS(pieces.size() <= kTight.depth + 1);
  for (const auto& [piece, child] : node.children) {
    VARVE_HOLDS(child.values == 1);
    pieces.push_back(piece);
    const std::string path = absl::StrJoin(pieces, "");
    VARVE_HOLDS(varve::IsUtf8(path));
    VARVE_HOLDS(PiecesOf(path) == pieces);
    lines.push_back(absl::StrCat(path, " ", absl::StrJoin(child.types, ",")));
    AppendLines(child, pieces, lines);
    pieces.pop_back();
  }
}

std::vector<std::string> Lines(const PathNode& root) {
  std::vector<std::string> lines = {absl::StrJoin(root.types, ",")};
  std::vector<std::string> pieces = {"$"};
  AppendLines(root, pieces, lines);
  VARVE_HOLDS(lines.size() <= kTight.places + 1);
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = varve::testing::AsText(data, size);
  const std::optional<PathNode> whole = ShapeOfJson(text, false, Name, kTight);
  const std::optional<PathNode> cut = ShapeOfJson(text, true, Name, kTight);
  if (cut.has_value()) Lines(*cut);
  if (size > 4096) return 0;  // the library prints recursively
  const nlohmann::json parsed = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  VARVE_HOLDS(whole.has_value() == (parsed.is_object() || parsed.is_array()));
  if (!whole.has_value()) return 0;
  // Keys that stand twice are one, and their order is not kept: what then falls to a limit differs.
  const JsonLimits all = {.depth = 1000, .places = size + 1};
  const std::string again = parsed.dump();
  const std::optional<PathNode> rewritten = ShapeOfJson(again, false, Name, all);
  VARVE_HOLDS(rewritten.has_value());
  Lines(*whole);
  return 0;
}
