// Arrays as PostgreSQL prints them: items that are printed so come back, numbers and bytes too.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "agent/source/postgres/array_text.h"
#include "tests/fuzz/property.h"

namespace {

// As array_out(): every item in quotes.
std::string Printed(const std::vector<std::string>& items) {
  std::vector<std::string> quoted;
  for (const std::string& item : items) {
    quoted.push_back(
        absl::StrCat("\"", absl::StrReplaceAll(item, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\""));
  }
  return absl::StrCat("{", absl::StrJoin(quoted, ","), "}");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using varve::postgres::ArrayItems;
  using varve::postgres::ArrayNumbers;
  using varve::postgres::ByteaBytes;
  const absl::string_view text = varve::testing::AsText(data, size);

  const std::vector<std::string> any = ArrayItems(text);
  VARVE_HOLDS(any.size() <= static_cast<size_t>(std::count(text.begin(), text.end(), ',')) + 1);
  VARVE_HOLDS(any.empty() || ArrayItems(Printed(any)) == any);

  const std::vector<std::string> items = absl::StrSplit(text, '\0');
  VARVE_HOLDS(ArrayItems(Printed(items)) == items);
  VARVE_HOLDS(ArrayItems(absl::StrCat("[0:9]=", Printed(items))) == items);

  const std::vector<int64_t> numbers = ArrayNumbers(text);
  VARVE_HOLDS(ArrayNumbers(absl::StrCat("{", absl::StrJoin(numbers, ","), "}")) == numbers);
  VARVE_HOLDS(ArrayNumbers(absl::StrJoin(numbers, " ")) == numbers);

  VARVE_HOLDS(ByteaBytes(text).size() <= text.size() / 2);
  VARVE_HOLDS(ByteaBytes(absl::StrCat("\\x", absl::BytesToHexString(text))) == text);
  return 0;
}
