#include "agent/source/postgres/option_text.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "agent/source/address.h"

namespace varve::postgres {
namespace {

void SkipSpace(absl::string_view& text) { text = absl::StripLeadingAsciiWhitespace(text); }

// Takes a piece in quotes off the front of `text`, which begins with one: what stands between them,
// doubled ones once, and what follows a backslash where those escape. Nothing where it never ends.
std::optional<std::string> TakeQuoted(absl::string_view& text, bool doubled, bool escapes) {
  const char quote = text.front();
  std::string content;
  for (size_t i = 1; i < text.size(); ++i) {
    const bool has_next = i + 1 < text.size();
    const bool is_escape = has_next && ((escapes && text[i] == '\\') ||
                                        (doubled && text[i] == quote && text[i + 1] == quote));
    if (is_escape) {
      content += text[++i];
    } else if (text[i] != quote) {
      content += text[i];
    } else {
      text.remove_prefix(i + 1);
      return content;
    }
  }
  return std::nullopt;
}

std::string TakeUntil(absl::string_view& text, absl::string_view ends) {
  const size_t end = std::min(text.find_first_of(ends), text.size());
  std::string taken(text.substr(0, end));
  text.remove_prefix(end);
  return taken;
}

bool TakeEquals(absl::string_view& text) {
  SkipSpace(text);
  if (!absl::ConsumePrefix(&text, "=")) return false;
  SkipSpace(text);
  return true;
}

std::optional<std::string> TakeDefinedValue(absl::string_view& text) {
  const bool escapes = absl::ConsumePrefix(&text, "E");
  if (absl::StartsWith(text, "'")) return TakeQuoted(text, true, escapes);
  return TakeUntil(text, ", ");
}

std::optional<OptionText> TakeDefinition(absl::string_view& text) {
  OptionText option;
  if (absl::StartsWith(text, "\"")) {
    std::optional<std::string> name = TakeQuoted(text, true, false);
    if (!name.has_value()) return std::nullopt;
    option.name = *std::move(name);
  } else {
    option.name = TakeUntil(text, " =,'");
  }
  if (option.name.empty() || !TakeEquals(text)) return std::nullopt;
  std::optional<std::string> value = TakeDefinedValue(text);
  if (!value.has_value()) return std::nullopt;
  option.value = *std::move(value);
  SkipSpace(text);
  if (!text.empty() && !absl::ConsumePrefix(&text, ",")) return std::nullopt;
  SkipSpace(text);
  return option;
}

// Up to white space that no backslash stands before.
std::string TakePlainValue(absl::string_view& text) {
  std::string value;
  size_t i = 0;
  for (; i < text.size() && !absl::ascii_isspace(static_cast<unsigned char>(text[i])); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    value += text[i];
  }
  text.remove_prefix(i);
  return value;
}

std::optional<std::vector<OptionText>> KeywordOptions(absl::string_view text) {
  std::vector<OptionText> options;
  for (SkipSpace(text); !text.empty(); SkipSpace(text)) {
    OptionText& option = options.emplace_back();
    option.name = TakeUntil(text, "= \t\n\r\v\f");
    if (option.name.empty() || !TakeEquals(text)) return std::nullopt;
    if (!absl::StartsWith(text, "'")) {
      option.value = TakePlainValue(text);
      continue;
    }
    std::optional<std::string> value = TakeQuoted(text, false, true);
    if (!value.has_value()) return std::nullopt;
    option.value = *std::move(value);
  }
  return options;
}

}  // namespace

std::vector<OptionText> DefinitionOptions(absl::string_view text) {
  std::vector<OptionText> options;
  for (SkipSpace(text); !text.empty();) {
    const absl::string_view rest = text;
    std::optional<OptionText> option = TakeDefinition(text);
    if (!option.has_value()) {
      options.push_back({"", std::string(rest)});
      break;
    }
    options.push_back(*std::move(option));
  }
  return options;
}

std::optional<std::vector<OptionText>> ConnectionOptions(absl::string_view conninfo) {
  if (!absl::StartsWith(conninfo, "postgresql://") && !absl::StartsWith(conninfo, "postgres://")) {
    return KeywordOptions(conninfo);
  }
  const absl::StatusOr<Address> address = PostgresAddress(conninfo, "a connection");
  if (!address.ok() || !address->notes.empty()) return std::nullopt;
  return KeywordOptions(address->text);
}

}  // namespace varve::postgres
