// The results of the rules in the analysis.
#include "absl/strings/str_cat.h"
#include "cli/render/analysis_sources.h"
#include "cli/render/check_text.h"

namespace varve {

std::string ValidationAnalysis(const v1::CheckResult& result) {
  return absl::StrCat("## Validation Results\n\n", CheckAnswer(result), ".\n", CheckTables(result));
}

}  // namespace varve
