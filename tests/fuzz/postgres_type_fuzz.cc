// Names of types and objects, from a server: what quoting does can be undone, and a type's text
// ends as its array and modifier say.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "snapshot/postgres_type.h"
#include "tests/fuzz/property.h"

namespace {

std::string Unquoted(absl::string_view identifier) {
  if (!absl::StartsWith(identifier, "\"")) return std::string(identifier);
  return absl::StrReplaceAll(identifier.substr(1, identifier.size() - 2), {{"\"\"", "\""}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = varve::testing::AsText(data, size);
  VARVE_HOLDS(Unquoted(varve::QuotedIdentifier(text)) == text);

  // The input as names, parted by bytes 0; the last is the modifier.
  std::vector<std::string> names = absl::StrSplit(text, '\0');
  varve::v1::DataType type;
  type.set_modifier(names.back());
  names.pop_back();
  for (const std::string& name : names) type.mutable_type()->add_names(name);
  const std::string plain = varve::TypeText(type);
  type.set_array(true);
  VARVE_HOLDS(varve::TypeText(type) == (names.empty() ? "?" : absl::StrCat(plain, "[]")));
  VARVE_HOLDS(absl::StrContains(plain, type.modifier()) || names.empty());
  return 0;
}
