#include "cli/render/sql/sql_words.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "snapshot/postgres_type.h"

namespace varve::sql {
namespace {

// Words that are no name everywhere unless they are quoted: pg_get_keywords() of 15 and 18, all but
// the unreserved ones.
constexpr absl::string_view kKeywords =
    "all analyse analyze and any array as asc asymmetric authorization between bigint binary "
    "bit boolean both case cast char character check coalesce collate collation column "
    "concurrently constraint create cross current_catalog current_date current_role "
    "current_schema current_time current_timestamp current_user dec decimal default deferrable "
    "desc distinct do else end except exists extract false fetch float for foreign freeze from "
    "full grant greatest group grouping having ilike in initially inner inout int integer "
    "intersect interval into is isnull join json json_array json_arrayagg json_exists "
    "json_object json_objectagg json_query json_scalar json_serialize json_table json_value "
    "lateral leading least left like limit localtime localtimestamp merge_action national "
    "natural nchar none normalize not notnull null nullif numeric offset on only or order out "
    "outer overlaps overlay placing position precision primary real references returning right "
    "row select session_user setof similar smallint some substring symmetric system_user table "
    "tablesample then time timestamp to trailing treat trim true union unique user using "
    "values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement "
    "xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable";

bool IsKeyword(absl::string_view name) {
  static const auto* const words = new absl::flat_hash_set<absl::string_view>(
      absl::StrSplit(kKeywords, ' '));  // lives as long as the program
  return words->contains(name);
}

}  // namespace

std::string Name(absl::string_view name) {
  return IsKeyword(name) ? absl::StrCat("\"", name, "\"") : QuotedIdentifier(name);
}

std::string Names(const google::protobuf::RepeatedPtrField<std::string>& names) {
  return absl::StrJoin(names, ", ",
                       [](std::string* out, const std::string& name) { out->append(Name(name)); });
}

std::string Qualified(absl::string_view schema, absl::string_view name) {
  return absl::StrCat(Name(schema), ".", Name(name));
}

std::string Qualified(const v1::Identity& identity) {
  if (identity.names_size() < 2) return identity.names().empty() ? "" : Name(identity.names(0));
  return Qualified(identity.names(0), identity.names(1));
}

std::string Type(const v1::DataType& type) { return TypeText(type, Name); }

std::string Literal(absl::string_view text) {
  if (absl::StrContains(text, '\\')) {
    return absl::StrCat("E'", absl::StrReplaceAll(text, {{"'", "''"}, {"\\", "\\\\"}}), "'");
  }
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "''"}}), "'");
}

std::string DollarQuoted(absl::string_view text) {
  std::string tag = "$$";
  const std::string taken = absl::StrCat(text, "$");  // its last dollar may be the tag's first
  for (std::string name = "_"; absl::StrContains(taken, tag); name.push_back('_')) {
    tag = absl::StrCat("$", name, "$");
  }
  return absl::StrCat(tag, text, tag);
}

size_t AfterQuoted(absl::string_view text, size_t at) {
  const char quote = text[at];
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] != quote) continue;
    if (i + 1 == text.size() || text[i + 1] != quote) return i + 1;
    ++i;
  }
  return text.size();
}

std::vector<absl::string_view> ListItems(absl::string_view list) {
  std::vector<absl::string_view> items;
  size_t begin = 0;
  int depth = 0;
  for (size_t i = 0; i < list.size();) {
    const char c = list[i];
    if (c == '\'' || c == '"') {
      i = AfterQuoted(list, i);
      continue;
    }
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (c == ',' && depth == 0) {
      items.push_back(list.substr(begin, i - begin));
      begin = i + 1;
    }
    ++i;
  }
  items.push_back(list.substr(begin));
  return items;
}

}  // namespace varve::sql
