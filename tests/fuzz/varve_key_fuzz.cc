// The key `varve` of an exported file: any text is answered in words of one line, and what is
// written into a file is found there, whatever stands around it.
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "base/utf8.h"
#include "cli/render/varve_key_reader.h"
#include "nlohmann/json.hpp"
#include "tests/fuzz/property.h"

namespace {

using nlohmann::json;

void CheckAnyText(absl::string_view text) {
  const absl::StatusOr<varve::VarveKey> key = varve::ReadVarveKey(text);
  if (!key.ok()) {
    VARVE_HOLDS(varve::testing::IsOneLine(key.status().message()));
    return;
  }
  size_t bytes = key->snapshot.size();
  for (const auto& [name, section] : key->data) bytes += name.size() + section.size();
  VARVE_HOLDS(bytes <= text.size());
}

// The pieces of the input as section names, as their content, and as what the file holds beside.
void CheckRoundTrip(const std::vector<std::string>& pieces) {
  json beside = json::object();
  json data = json::object();
  for (size_t i = 0; i < pieces.size(); ++i) {
    beside[pieces[i]] = json::array({pieces[i], {{"varve", pieces[i]}, {"data", 1}}});
    data[pieces[i]] = std::to_string(i);
  }
  const json varve = {{"format", 1}, {"snapshot", pieces[0]}, {"data", data}, {"more", beside}};
  beside["varve"] = varve;
  const absl::StatusOr<varve::VarveKey> key = varve::ReadVarveKey(beside.dump());
  VARVE_HOLDS(key.ok());
  VARVE_HOLDS(key->snapshot == pieces[0]);
  json found = json::object();
  for (const auto& [name, section] : key->data) found[name] = section;
  VARVE_HOLDS(found == data);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = varve::testing::AsText(data, size);
  CheckAnyText(text);
  std::vector<std::string> pieces;
  for (const absl::string_view piece : absl::StrSplit(text, '\n')) {
    pieces.push_back(varve::ToUtf8(piece));
  }
  CheckRoundTrip(pieces);
  return 0;
}
