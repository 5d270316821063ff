// Log lines: an event of constant text, then facts. One line each, on stderr, safe against newlines
// in values.
//
//   log::Info("snapshot committed", {{"environment", env}, {"seq", seq}});
//   [info] snapshot committed environment=prod-eu seq=42
//
// The level says who must act: error (someone, now), warning (someone, this week), info (nobody;
// the day's story), debug (us). Never a connection string, a value or a sample. Thread-safe.
#pragma once

#include <initializer_list>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace varve::log {

enum class Level { kDebug, kInfo, kWarning, kError };

// One fact: its name (with its unit, "duration_ms") and its value as text.
struct Fact {
  Fact(absl::string_view name, const absl::AlphaNum& value) : name(name), value(value.Piece()) {}
  absl::string_view name;
  std::string value;
};

using Facts = std::initializer_list<Fact>;

// Lines below `level` are dropped. kInfo at start.
void SetLevel(Level level);

void Debug(absl::string_view event, Facts facts = {});
void Info(absl::string_view event, Facts facts = {});
void Warning(absl::string_view event, Facts facts = {});
void Error(absl::string_view event, Facts facts = {});

// The line for an event, without the newline: a value that is empty or holds a space, a quote or a
// control character is quoted and escaped; one that is not UTF-8, or holds a character that steers
// a terminal, in hexadecimal.
std::string Line(Level level, absl::string_view event, Facts facts);

}  // namespace varve::log
