#include "snapshot/object_pattern.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "base/nearest.h"
#include "base/status.h"
#include "snapshot/kinds.h"

namespace varve {
namespace {

constexpr absl::string_view kSchemaKind = "schema";

// Bytes that need no quotes. The rest is kept for what patterns may have to say one day.
bool IsPlain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return absl::ascii_isalnum(byte) || c == '_' || c == '$' || c == '-' || byte >= 0x80;
}

bool IsInsideCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Where the character at `at` ends.
size_t NextCharacter(absl::string_view name, size_t at) {
  ++at;
  while (at < name.size() && IsInsideCharacter(name[at])) ++at;
  return at;
}

absl::Status Bad(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("pattern '", text, "': ", why));
}

std::vector<std::string> KindNames() {
  std::vector<std::string> names;
  for (const Kind& kind : Kinds()) {
    if (kind.source_kind == "postgres") names.emplace_back(kind.name);
  }
  return names;
}

absl::Status CheckKind(absl::string_view text, absl::string_view kind) {
  const std::vector<std::string> names = KindNames();
  if (std::find(names.begin(), names.end(), kind) != names.end()) return absl::OkStatus();
  const std::string likely = LikelyName(kind, names);
  return Bad(text,
             absl::StrCat("'", kind, "' is no kind of object; ",
                          likely.empty() ? absl::StrCat("kinds are ", absl::StrJoin(names, ", "))
                                         : absl::StrCat("nearest is ", likely)));
}

// Takes "KIND:" off the front of `rest`; "" where there is none.
std::string TakeKind(absl::string_view& rest) {
  size_t end = 0;
  while (end < rest.size() &&
         (absl::ascii_islower(static_cast<unsigned char>(rest[end])) || rest[end] == '_')) {
    ++end;
  }
  if (end == 0 || end == rest.size() || rest[end] != ':') return "";
  std::string kind(rest.substr(0, end));
  rest.remove_prefix(end + 1);
  return kind;
}

absl::Status Unread(absl::string_view text, absl::string_view rest, bool is_second) {
  if (rest[0] == '.') {
    return Bad(text,
               "it has more parts than SCHEMA.NAME; a dot inside a name stands in double quotes");
  }
  if (rest[0] == ':' && !is_second) {
    return Bad(text, "a kind is lower-case letters and _; write for example table:public.*_old");
  }
  return Bad(text, absl::StrCat("'", rest.substr(0, NextCharacter(rest, 0)),
                                "' stands in double quotes when it is part of a name"));
}

}  // namespace

absl::StatusOr<NameGlob> NameGlob::Take(absl::string_view& text) {
  NameGlob glob;
  bool quoted = false;
  for (; !text.empty(); text.remove_prefix(1)) {
    const char c = text[0];
    if (quoted && c == '"' && absl::StartsWith(text, "\"\"")) {
      text.remove_prefix(1);
      glob.tokens_.push_back({Wild::kNone, '"'});
    } else if (c == '"') {
      quoted = !quoted;
    } else if (quoted || IsPlain(c)) {
      glob.tokens_.push_back({Wild::kNone, c});
    } else if (c == '?') {
      glob.tokens_.push_back({Wild::kOne, 0});
    } else if (c == '*') {
      if (glob.tokens_.empty() || glob.tokens_.back().wild != Wild::kRun) {
        glob.tokens_.push_back({Wild::kRun, 0});
      }
    } else {
      break;
    }
  }
  if (quoted) return absl::InvalidArgumentError("a double quote has no end");
  return glob;
}

bool NameGlob::Matches(absl::string_view name) const {
  size_t token = 0, at = 0;
  // The last run, and where what follows it is tried next.
  size_t run = tokens_.size(), retry = 0;
  while (at < name.size()) {
    const Wild wild = token < tokens_.size() ? tokens_[token].wild : Wild::kNone;
    if (wild == Wild::kRun) {
      run = token++;
      retry = at;
    } else if (wild == Wild::kOne) {
      at = NextCharacter(name, at);
      ++token;
    } else if (token < tokens_.size() && tokens_[token].byte == name[at]) {
      ++at;
      ++token;
    } else if (run < tokens_.size()) {
      retry = NextCharacter(name, retry);
      at = retry;
      token = run + 1;
    } else {
      return false;
    }
  }
  while (token < tokens_.size() && tokens_[token].wild == Wild::kRun) ++token;
  return token == tokens_.size();
}

std::string NameGlob::Text() const {
  std::string text, literal;
  const auto put_literal = [&] {
    const bool plain = std::all_of(literal.begin(), literal.end(), IsPlain);
    absl::StrAppend(
        &text,
        plain ? literal : absl::StrCat("\"", absl::StrReplaceAll(literal, {{"\"", "\"\""}}), "\""));
    literal.clear();
  };
  for (const Token& token : tokens_) {
    if (token.wild == Wild::kNone) {
      literal += token.byte;
      continue;
    }
    put_literal();
    text += token.wild == Wild::kOne ? '?' : '*';
  }
  put_literal();
  return text;
}

absl::StatusOr<ObjectPattern> ObjectPattern::Parse(absl::string_view text, Kinds kinds) {
  if (text.empty()) return Bad(text, "it is empty; write for example \"audit_*\", in quotes");
  ObjectPattern pattern;
  absl::string_view rest = text;
  pattern.takes_back_ = absl::ConsumePrefix(&rest, "!");
  pattern.kind_ = TakeKind(rest);
  if (kinds == Kinds::kKnown && !pattern.kind_.empty()) {
    VARVE_RETURN_IF_ERROR(CheckKind(text, pattern.kind_));
  }
  const auto take = [&](NameGlob& glob) -> absl::Status {
    absl::StatusOr<NameGlob> taken = NameGlob::Take(rest);
    if (!taken.ok()) return Bad(text, taken.status().message());
    glob = *std::move(taken);
    if (!glob.empty()) return absl::OkStatus();
    if (!rest.empty() && rest[0] != '.') return Unread(text, rest, false);
    return Bad(text, "a part of it is empty; write * for any name");
  };
  VARVE_RETURN_IF_ERROR(take(pattern.first_));
  const bool has_second = absl::ConsumePrefix(&rest, ".");
  if (has_second) VARVE_RETURN_IF_ERROR(take(pattern.second_));
  if (!rest.empty()) return Unread(text, rest, has_second);
  return pattern;
}

std::string ObjectPattern::Text() const {
  return absl::StrCat(takes_back_ ? "!" : "", kind_, kind_.empty() ? "" : ":", first_.Text(),
                      second_.empty() ? "" : ".", second_.Text());
}

bool ObjectPattern::MayMatch(absl::string_view kind) const {
  if (!kind_.empty()) return kind_ == kind;
  if (kind == kSchemaKind) return second_.empty();
  return StandsInSchema(kind);
}

bool ObjectPattern::MatchesAll(absl::string_view kind) const {
  if (!MayMatch(kind) || !first_.matches_all()) return false;
  // An object without a schema has one name, which a second part does not match.
  return second_.empty() || (second_.matches_all() && StandsInSchema(kind));
}

bool ObjectPattern::Matches(const EntityKey& entity) const {
  if (MatchesAll(entity.kind)) return true;
  if (!MayMatch(entity.kind) || entity.names.empty()) return false;
  // Of an object without a schema only who names its kind can speak.
  if (kind_.empty() && entity.names.size() == 1 && entity.kind != kSchemaKind) return false;
  if (!first_.Matches(entity.names[0])) return false;
  return second_.empty() || (entity.names.size() > 1 && second_.Matches(entity.names[1]));
}

}  // namespace varve
