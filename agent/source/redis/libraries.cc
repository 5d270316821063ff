#include "agent/source/redis/libraries.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "agent/source/redis/reply_cursor.h"
#include "base/utf8.h"
#include "snapshot/hash.h"

namespace varve::redis {
namespace {

std::string HashOf(const Value& code) {
  const auto hash =
      code.is_cut ? Sha256(absl::StrCat(code.text, " ", code.number)) : Sha256(code.text);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
}

// Each takes a map as RESP2 has it: a list of names and values.
Function FunctionFrom(ReplyCursor& cursor) {
  Function function;
  for (int64_t left = cursor.Array(); left > 0 && cursor.is_good(); left -= 2) {
    const absl::string_view field = cursor.Text().text;
    if (field == "name") {
      function.name = ToUtf8(cursor.Text().text);
    } else if (field == "description") {
      function.description = ToUtf8(cursor.Text().text);
    } else if (field == "flags") {
      for (int64_t flags = cursor.Array(); flags > 0 && cursor.is_good(); --flags) {
        function.flags.push_back(ToUtf8(cursor.Text().text));
      }
    } else {
      cursor.Skip();
    }
  }
  return function;
}

Library LibraryFrom(ReplyCursor& cursor) {
  Library library;
  for (int64_t left = cursor.Array(); left > 0 && cursor.is_good(); left -= 2) {
    const absl::string_view field = cursor.Text().text;
    if (field == "library_name") {
      library.name = ToUtf8(cursor.Text().text);
    } else if (field == "engine") {
      library.engine = ToUtf8(cursor.Text().text);
    } else if (field == "functions") {
      for (int64_t functions = cursor.Array(); functions > 0 && cursor.is_good(); --functions) {
        library.functions.push_back(FunctionFrom(cursor));
      }
    } else if (field == "library_code") {
      library.code_hash = HashOf(cursor.Text());
    } else {
      cursor.Skip();
    }
  }
  if (library.name.empty()) cursor.Fail();
  return library;
}

Module ModuleFrom(ReplyCursor& cursor) {
  Module loaded;
  for (int64_t left = cursor.Array(); left > 0 && cursor.is_good(); left -= 2) {
    const absl::string_view field = cursor.Text().text;
    if (field == "name") {
      loaded.name = ToUtf8(cursor.Text().text);
    } else if (field == "ver") {
      loaded.version = cursor.Number();
    } else {
      cursor.Skip();
    }
  }
  if (loaded.name.empty()) cursor.Fail();
  return loaded;
}

template <typename Item>
std::optional<std::vector<Item>> ListFrom(Reply reply, Item (*from)(ReplyCursor&)) {
  ReplyCursor cursor(reply);
  std::vector<Item> items;
  for (int64_t left = cursor.Array(); left > 0 && cursor.is_good(); --left) {
    items.push_back(from(cursor));
  }
  if (!cursor.is_good()) return std::nullopt;
  return items;
}

}  // namespace

std::optional<std::vector<Module>> ModulesFrom(Reply reply) { return ListFrom(reply, ModuleFrom); }

std::vector<Module> ModulesFrom(absl::Span<const std::string> lines) {
  std::vector<Module> modules;
  for (const std::string& line : lines) {
    Module loaded;
    for (absl::string_view part : absl::StrSplit(line, ',')) {
      if (absl::ConsumePrefix(&part, "name=")) {
        loaded.name = ToUtf8(part);
      } else if (absl::ConsumePrefix(&part, "ver=") && !absl::SimpleAtoi(part, &loaded.version)) {
        loaded.version = 0;
      }
    }
    if (!loaded.name.empty()) modules.push_back(std::move(loaded));
  }
  return modules;
}

std::optional<std::vector<Library>> LibrariesFrom(Reply reply) {
  return ListFrom(reply, LibraryFrom);
}

}  // namespace varve::redis
