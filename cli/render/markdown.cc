#include "cli/render/markdown.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/utf8.h"

namespace varve {
namespace {

bool IsWord(absl::string_view text, size_t at) {
  // Bytes of characters beyond ASCII count as letters: of an underscore beside one it does no harm
  // to be escaped, and none not to be.
  return at < text.size() && absl::ascii_isalnum(static_cast<unsigned char>(text[at]));
}

// Whether the character would be read as markup where it stands. Inside a word an underscore is
// none.
bool NeedsEscape(absl::string_view text, size_t at) {
  switch (text[at]) {
    case '\\':
    case '`':
    case '*':
    case '[':
    case '<':
    case '&':
    case '|':
    case '~':
    case '#':
    case '$':  // formulas
      return true;
    case '_':
      return at == 0 || !IsWord(text, at - 1) || !IsWord(text, at + 1);
    case ':':  // "://" would become a link in renderers that look for bare addresses
      return text.substr(at, 3) == "://";
    case '@':
      return true;
    case '.':  // "www." likewise
      return at >= 3 && absl::AsciiStrToLower(text.substr(at - 3, 3)) == "www";
    default:
      return false;
  }
}

std::string OneLine(absl::string_view bytes) {
  const std::string text = ToUtf8(bytes);
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || c == '\t' || c == '\r') {
      line += ' ';
    } else if (byte < 0x20 || byte == 0x7f) {
      absl::StrAppendFormat(&line, "\\x%02X", byte);
    } else {
      line += c;
    }
  }
  return line;
}

std::string Escaped(absl::string_view line) {
  std::string text;
  for (size_t at = 0; at < line.size(); ++at) {
    const bool at_edge = at == 0 || at + 1 == line.size();
    if (line[at] == ' ' && at_edge) {
      text += "␠";  // Markdown drops white space at the ends, and no emphasis may end beside it
      continue;
    }
    if (NeedsEscape(line, at)) text += '\\';
    text += line[at];
  }
  return text;
}

// Where the character after the first `most` characters of `text` begins.
size_t CutAt(absl::string_view text, size_t most) {
  size_t characters = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
    if (begins && characters++ == most) return at;
  }
  return text.size();
}

void AppendRow(const std::vector<std::string>& cells, std::string& text) {
  absl::StrAppend(&text, "| ", absl::StrJoin(cells, " | "), " |\n");
}

}  // namespace

std::string MarkdownText(absl::string_view text) { return Escaped(OneLine(text)); }

std::string MarkdownExcerpt(absl::string_view text, size_t most) {
  const std::string line = OneLine(text);
  const size_t cut = CutAt(line, most);
  if (cut == line.size()) return Escaped(line);
  return absl::StrCat(Escaped(absl::string_view(line).substr(0, cut)), "…");
}

std::string MarkdownTable::Text() const {
  if (rows_.empty()) return "";
  std::string text = "\n";
  AppendRow(head_, text);
  AppendRow(std::vector<std::string>(head_.size(), "---"), text);
  for (const std::vector<std::string>& row : rows_) AppendRow(row, text);
  text += '\n';
  return text;
}

}  // namespace varve
