// References to snapshots: one that is understood, printed and read again is the same; one that is
// refused is told on one line.
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "snapshot/reference.h"
#include "tests/fuzz/property.h"

namespace {

using varve::Reference;

struct Printer {
  std::string operator()(const varve::NewestBut& newest) const {
    return absl::StrCat("~", newest.steps);
  }
  std::string operator()(const varve::Numbered& numbered) const {
    return absl::StrCat("@", numbered.seq);
  }
  std::string operator()(const varve::AtTime& at) const {
    return absl::FormatTime("@%E4Y-%m-%dT%H:%M:%E*SZ", at.time, absl::UTCTimeZone());
  }
  std::string operator()(const varve::OnDay& on) const {
    return absl::StrFormat("@%04d-%02d-%02d", on.day.year(), on.day.month(), on.day.day());
  }
  std::string operator()(const varve::Yesterday&) const { return "@yesterday"; }
  std::string operator()(const varve::Tagged& tagged) const {
    return absl::StrCat("@", tagged.tag);
  }
  std::string operator()(const varve::StoredReference& stored) const {
    return absl::StrCat(stored.environment, std::visit(*this, stored.which));
  }
  std::string operator()(const varve::FilesReference& files) const {
    return absl::StrCat("file:", files.base);
  }
  std::string operator()(const varve::NowReference& now) const {
    return absl::StrCat("now:", now.environment);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<Reference> reference =
      varve::ParseReference(varve::testing::AsText(data, size));
  if (!reference.ok()) {
    VARVE_HOLDS(reference.status().code() == absl::StatusCode::kInvalidArgument);
    VARVE_HOLDS(varve::testing::IsOneLine(reference.status().message()));
    VARVE_HOLDS(reference.status().message().size() < 2048);
    return 0;
  }
  const std::string printed = std::visit(Printer(), *reference);
  const absl::StatusOr<Reference> again = varve::ParseReference(printed);
  VARVE_HOLDS(again.ok());
  VARVE_HOLDS(again->index() == reference->index());
  VARVE_HOLDS(std::visit(Printer(), *again) == printed);
  return 0;
}
