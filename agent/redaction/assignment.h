// Secrets that are known by the name beside them: password='…', "token": "…", Authorization: Bearer
// ….
#pragma once

#include <array>
#include <cstddef>

#include "absl/strings/string_view.h"
#include "agent/redaction/tokens.h"

namespace varve {

// Reads assignments out of one text, from left to right. Not thread-safe; borrows the text.
//
// The cost of all calls over one text is linear in it: what a search for a closing quote learned is
// kept.
class AssignmentReader {
 public:
  explicit AssignmentReader(absl::string_view text) : text_(text) {}

  // The value that stands beside the name [begin, end), where that is a secret's name and a value
  // is there: its quotes and the scheme of an authorization header are not part of it. Empty
  // otherwise.
  Range ValueOf(size_t begin, size_t end);

 private:
  char At(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  size_t SkipSpace(size_t i) const;
  size_t AfterDeclaration(size_t i) const;
  Range QuotedInside(size_t at, size_t quotes) const;
  Range Quoted(size_t at);
  Range Bare(size_t at, absl::string_view name, bool adjacent);
  size_t BareEnd(size_t at);

  absl::string_view text_;
  // By quote (single, double): no such quote is at or after this place.
  std::array<size_t, 2> no_quote_from_ = {absl::string_view::npos, absl::string_view::npos};
  Range last_bare_;  // the last value without quotes: one that begins inside it ends where it does
};

}  // namespace varve
