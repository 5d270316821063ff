// Options that catalogs keep as one text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace varve::postgres {

struct OptionText {
  std::string name;
  std::string value;
  friend bool operator==(const OptionText&, const OptionText&) = default;
};

// Of dictinitoption, as the server writes a list of definitions: `a = 'it''s', "B" = E'\\', c = 2`.
// What is not of that form comes last, as a value without a name.
std::vector<OptionText> DefinitionOptions(absl::string_view text);

// Of a conninfo, a keyword string or a URL (subconninfo), under libpq's keywords. Nothing where it
// cannot be taken apart, or not without losing a part: then any of it may be a password.
std::optional<std::vector<OptionText>> ConnectionOptions(absl::string_view conninfo);

}  // namespace varve::postgres
