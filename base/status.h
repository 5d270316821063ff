// Status macros that this Abseil lacks, and how an error gains what each layer knows.
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#define VARVE_STATUS_JOIN_(a, b) a##b
#define VARVE_STATUS_JOIN(a, b) VARVE_STATUS_JOIN_(a, b)

// Returns from the calling function when `expression`, an absl::Status, is not OK.
#define VARVE_RETURN_IF_ERROR(expression)          \
  do {                                             \
    absl::Status varve_status_ = (expression);     \
    if (!varve_status_.ok()) return varve_status_; \
  } while (false)

// Declares or assigns `target` from `expression`, an absl::StatusOr, or returns its error.
#define VARVE_ASSIGN_OR_RETURN(target, expression) \
  VARVE_ASSIGN_OR_RETURN_(VARVE_STATUS_JOIN(varve_status_or_, __LINE__), target, expression)
#define VARVE_ASSIGN_OR_RETURN_(result, target, expression) \
  auto result = (expression);                               \
  if (!result.ok()) return std::move(result).status();      \
  target = *std::move(result)

namespace varve {

// `status` with "doing: " before its message; an OK status as it is. The code and the payloads
// stay.
absl::Status Annotate(const absl::Status& status, absl::string_view doing);

// The word for a code in a message to people: "not found", "unavailable".
absl::string_view CodeWord(absl::StatusCode code);

}  // namespace varve
