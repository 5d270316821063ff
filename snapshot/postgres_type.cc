#include "snapshot/postgres_type.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace varve {
namespace {

// How format_type() writes a built-in type: the modifier in brackets stands between the two halves.
struct BuiltIn {
  absl::string_view catalog_name;
  absl::string_view before;
  absl::string_view after = "";
  // What it is called without a modifier, where that differs: bpchar without one is no
  // character(1).
  absl::string_view bare = "";
};

constexpr BuiltIn kBuiltIns[] = {
    {"any", "\"any\""},
    {"bit", "bit", "", "\"bit\""},
    {"bool", "boolean"},
    {"bpchar", "character", "", "bpchar"},
    {"char", "\"char\""},
    {"float4", "real"},
    {"float8", "double precision"},
    {"int2", "smallint"},
    {"int4", "integer"},
    {"int8", "bigint"},
    {"time", "time", " without time zone"},
    {"timestamp", "timestamp", " without time zone"},
    {"timestamptz", "timestamp", " with time zone"},
    {"timetz", "time", " with time zone"},
    {"varbit", "bit varying"},
    {"varchar", "character varying"},
};

const BuiltIn* FindBuiltIn(absl::string_view catalog_name) {
  for (const BuiltIn& type : kBuiltIns) {
    if (type.catalog_name == catalog_name) return &type;
  }
  return nullptr;
}

bool IsPrecision(absl::string_view modifier) {
  return !modifier.empty() && std::all_of(modifier.begin(), modifier.end(), absl::ascii_isdigit);
}

// The modifier as it follows a type: "(12,2)"; of an interval its fields are words before the
// precision.
std::string ModifierText(absl::string_view type, absl::string_view modifier) {
  if (modifier.empty()) return "";
  if (type == "interval" && !IsPrecision(modifier)) return absl::StrCat(" ", modifier);
  return absl::StrCat("(", modifier, ")");
}

using Quote = absl::FunctionRef<std::string(absl::string_view)>;

std::string CatalogTypeText(absl::string_view name, absl::string_view modifier) {
  const BuiltIn* const type = FindBuiltIn(name);
  if (type == nullptr) return absl::StrCat(QuotedIdentifier(name), ModifierText(name, modifier));
  if (modifier.empty() && !type->bare.empty()) return std::string(type->bare);
  return absl::StrCat(type->before, ModifierText(name, modifier), type->after);
}

std::string TextWith(const v1::DataType& type, absl::string_view modifier, Quote quote) {
  const auto& names = type.type().names();
  if (names.empty()) return "?";
  std::string text;
  if (names.size() == 1) {
    text = CatalogTypeText(names[0], modifier);
  } else if (names[0] == "pg_catalog") {
    text = CatalogTypeText(names[1], modifier);
  } else {
    text = absl::StrCat(quote(names[0]), ".", quote(names[1]), ModifierText("", modifier));
  }
  return type.array() ? absl::StrCat(text, "[]") : text;
}

}  // namespace

std::string QuotedIdentifier(absl::string_view name) {
  const bool is_plain = !name.empty() &&
                        !absl::ascii_isdigit(static_cast<unsigned char>(name[0])) &&
                        std::all_of(name.begin(), name.end(), [](unsigned char c) {
                          return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_';
                        });
  if (is_plain) return std::string(name);
  return absl::StrCat("\"", absl::StrReplaceAll(name, {{"\"", "\"\""}}), "\"");
}

std::string TypeText(const v1::DataType& type) { return TypeText(type, QuotedIdentifier); }

std::string TypeText(const v1::DataType& type, Quote quote) {
  return TextWith(type, type.modifier(), quote);
}

std::string TypeName(const v1::DataType& type) { return TextWith(type, "", QuotedIdentifier); }

}  // namespace varve
