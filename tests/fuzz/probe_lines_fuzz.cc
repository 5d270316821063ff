// What the probe's process writes: the same lines however its bytes come, and a line that is
// refused is told in words of ours alone.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "agent/source/models/line_splitter.h"
#include "agent/source/models/probe_lines.h"
#include "tests/fuzz/property.h"

namespace {

constexpr size_t kPlenty = size_t{1} << 30;

std::vector<std::string> LinesOf(absl::string_view bytes, size_t step) {
  varve::LineSplitter splitter(kPlenty, kPlenty);
  std::vector<std::string> lines;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) {
    VARVE_HOLDS(splitter.Take(bytes.substr(0, step),
                              [&](absl::string_view line) { lines.emplace_back(line); }));
  }
  return lines;
}

void CheckLine(absl::string_view line) {
  const absl::StatusOr<varve::ProbeLine> parsed = varve::ParseProbeLine(line);
  if (parsed.ok()) {
    VARVE_HOLDS(varve::ParseProbeLine(line)->index() == parsed->index());
    return;
  }
  const absl::string_view message = parsed.status().message();
  VARVE_HOLDS(message.size() < 64);
  VARVE_HOLDS(std::all_of(message.begin(), message.end(), [](char c) {
    return absl::ascii_isprint(static_cast<unsigned char>(c));
  }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = varve::testing::AsText(data, size);
  const std::vector<std::string> whole = LinesOf(bytes, std::max<size_t>(size, 1));
  for (const size_t step : {1, 2, 7}) VARVE_HOLDS(LinesOf(bytes, step) == whole);
  for (const std::string& line : whole) CheckLine(line);
  return 0;
}
