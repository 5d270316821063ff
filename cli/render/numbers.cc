#include "cli/render/numbers.h"

#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace varve {
namespace {

constexpr double kStep = 1024;

}  // namespace

std::string WithCommas(int64_t number) {
  const std::string digits = absl::StrCat(number);
  const size_t first = number < 0 ? 1 : 0;
  std::string text;
  for (size_t at = 0; at < digits.size(); ++at) {
    const size_t left = digits.size() - at;
    if (at > first && left % 3 == 0) text += ',';
    text += digits[at];
  }
  return text;
}

std::string Counted(int64_t number, absl::string_view thing) {
  return absl::StrCat(WithCommas(number), " ", thing, number == 1 ? "" : "s");
}

std::string MemoryText(uint64_t bytes) {
  static constexpr const char* kUnits[] = {"KB", "MB", "GB", "TB"};
  if (bytes < 1024) return absl::StrCat(bytes, " B");
  double amount = static_cast<double>(bytes) / kStep;
  size_t unit = 0;
  // By what is printed, so that no "1024.00 KB" appears.
  while (amount >= 1023.995 && unit + 1 < std::size(kUnits)) {
    amount /= kStep;
    ++unit;
  }
  return absl::StrFormat("%.2f %s", amount, kUnits[unit]);
}

std::string SizeText(uint64_t bytes) {
  static constexpr const char* kUnits[] = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1000) return absl::StrCat(bytes, " B");
  double amount = static_cast<double>(bytes) / kStep;
  size_t unit = 0;
  while (amount >= 999.5 && unit + 1 < std::size(kUnits)) {
    amount /= kStep;
    ++unit;
  }
  if (amount < 99.95) return absl::StrFormat("%.1f %s", amount, kUnits[unit]);
  return absl::StrFormat("%.0f %s", amount, kUnits[unit]);
}

std::string FigureText(absl::string_view measure, int64_t number) {
  const absl::string_view name = measure.substr(0, measure.find(':'));
  const bool is_memory = absl::EndsWith(name, "_bytes") || absl::StartsWith(name, "used_memory") ||
                         name == "maxmemory";
  return is_memory && number >= 0 ? SizeText(static_cast<uint64_t>(number)) : WithCommas(number);
}

}  // namespace varve
