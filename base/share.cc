#include "base/share.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace varve {

absl::StatusOr<double> ParseShare(absl::string_view text) {
  absl::string_view number = text;
  double percent = 0;
  // Not a number compares as false.
  if (absl::ConsumeSuffix(&number, "%") && absl::SimpleAtod(number, &percent) && percent > 0 &&
      percent <= 100) {
    return percent / 100;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", text, "' is no share above 0% and up to 100%; write for example 5%"));
}

}  // namespace varve
