#include "cli/render/sql/variables.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cli/render/sql/sql_words.h"
#include "snapshot/masked.h"

namespace varve::sql {
namespace {

// An argument of a psql command: it has escapes of its own.
std::string Argument(absl::string_view text) {
  return absl::StrCat(
      "'",
      absl::StrReplaceAll(
          text, {{"\\", "\\\\"}, {"'", "\\'"}, {"\n", "\\n"}, {"\r", "\\r"}, {"\t", "\\t"}}),
      "'");
}

// Lower-case letters, digits and single underscores: what psql takes in a name everywhere.
std::string Plain(absl::string_view hint) {
  std::string name;
  for (const char c : hint) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      name.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    } else if (!name.empty() && name.back() != '_') {
      name.push_back('_');
    }
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  return name.empty() ? "masked" : name;
}

// The content of a literal, whose quotes were doubled; in an E'…' its backslashes too.
std::string Content(absl::string_view quoted, bool has_escapes) {
  std::string text = absl::StrReplaceAll(quoted, {{"''", "'"}});
  return has_escapes ? absl::StrReplaceAll(text, {{"\\\\", "\\"}}) : text;
}

}  // namespace

std::string Variables::Literal(absl::string_view text, absl::string_view hint) {
  return absl::StrContains(text, kMasked) ? Quoted(text, hint) : sql::Literal(text);
}

std::string Variables::Body(absl::string_view text, absl::string_view hint) {
  return absl::StrContains(text, kMasked) ? Quoted(text, hint) : DollarQuoted(text);
}

std::string Variables::Expression(absl::string_view text, absl::string_view hint) {
  if (!absl::StrContains(text, kMasked)) return std::string(text);
  std::string out;
  for (size_t i = 0; i < text.size();) {
    if (text[i] != '\'' && text[i] != '"') {
      out.push_back(text[i++]);
      continue;
    }
    const size_t end = AfterQuoted(text, i);
    const absl::string_view quoted = text.substr(i, end - i);
    if (text[i] == '"' || !absl::StrContains(quoted, kMasked)) {
      absl::StrAppend(&out, quoted);
    } else {
      const bool has_escapes = absl::EndsWith(out, "E");
      if (has_escapes) out.pop_back();
      out.append(Quoted(Content(quoted.substr(1, quoted.size() - 2), has_escapes), hint));
    }
    i = end;
  }
  return out;
}

std::string Variables::Quoted(absl::string_view text, absl::string_view hint) {
  const std::string base = Plain(hint);
  if (text == kMasked) {
    names_.push_back(Taken(base));
    return absl::StrCat(":'", names_.back(), "'");
  }
  std::vector<std::string> parts;
  const std::vector<absl::string_view> between = absl::StrSplit(text, kMasked);
  for (size_t i = 0; i < between.size(); ++i) {
    if (i > 0) {
      names_.push_back(Taken(absl::StrCat(base, "_secret")));
      parts.push_back(absl::StrCat(":", names_.back()));
    }
    if (!between[i].empty()) parts.push_back(Argument(between[i]));
  }
  const std::string name = Taken(base);
  settings_.push_back(absl::StrCat("\\set ", name, " ", absl::StrJoin(parts, " ")));
  return absl::StrCat(":'", name, "'");
}

std::string Variables::Taken(absl::string_view hint) {
  std::string name(hint);
  for (int number = 2; !taken_.insert(name).second; ++number) {
    name = absl::StrCat(hint, "_", number);
  }
  return name;
}

}  // namespace varve::sql
