#include "cli/render/sql/split.h"

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "snapshot/hash.h"
#include "snapshot/kinds.h"

namespace varve::sql {
namespace {

// Together with what is added to it, less than the 255 bytes that file systems take.
constexpr size_t kLongestName = 180;

bool IsPlain(char letter) {
  return absl::ascii_isalnum(static_cast<unsigned char>(letter)) || letter == '_' ||
         absl::StrContains("-(),[]{}=+", letter);
}

std::string FileName(absl::string_view name) {
  std::string text;
  for (const char letter : name) {
    if (IsPlain(letter)) {
      text.push_back(letter);
    } else {
      absl::StrAppendFormat(&text, "%%%02X", static_cast<unsigned char>(letter));
    }
  }
  if (text.size() <= kLongestName) return text;
  const auto hash = Sha256(name);
  const absl::string_view bytes(reinterpret_cast<const char*>(hash.data()), 8);
  return absl::StrCat(text.substr(0, kLongestName - 17), "~", absl::BytesToHexString(bytes));
}

// "public/table/orders", "public/function/total(integer)", "extension/citext".
std::string PathOf(const EntityKey& key) {
  const bool is_in_schema = StandsInSchema(key.kind) && key.names.size() > 1;
  std::string name = key.names.empty() ? "" : key.names[is_in_schema ? 1 : 0];
  const size_t rest = is_in_schema ? 2 : 1;
  if (key.kind == "function") {
    absl::StrAppend(&name, "(");
    for (size_t i = rest; i < key.names.size(); ++i) {
      absl::StrAppend(&name, i > rest ? "," : "", key.names[i]);
    }
    absl::StrAppend(&name, ")");
  } else {
    for (size_t i = rest; i < key.names.size(); ++i) absl::StrAppend(&name, " ", key.names[i]);
  }
  return absl::StrCat(is_in_schema ? absl::StrCat(FileName(key.names[0]), "/") : "",
                      FileName(key.kind), "/", FileName(name));
}

}  // namespace

std::vector<FileToWrite> SplitFiles(const SqlScript& script) {
  std::vector<FileToWrite> files(1);
  std::string index = script.head;
  absl::flat_hash_map<EntityKey, int> rests;
  for (const SqlBlock& block : script.blocks) {
    std::string path = PathOf(block.object);
    if (block.is_rest) {
      const int rest = ++rests[block.object];
      absl::StrAppend(&path, ".rest", rest > 1 ? absl::StrCat(rest) : "");
    }
    absl::StrAppend(&path, ".sql");
    absl::StrAppend(&index, "\\ir '", path, "'\n");
    files.push_back({std::move(path), block.text});
  }
  files[0] = {"index.sql", absl::StrCat(index, script.tail)};
  return files;
}

}  // namespace varve::sql
