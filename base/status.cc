#include "base/status.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace varve {

absl::Status Annotate(const absl::Status& status, absl::string_view doing) {
  if (status.ok()) return status;
  absl::Status annotated(status.code(), absl::StrCat(doing, ": ", status.message()));
  status.ForEachPayload([&annotated](absl::string_view url, const absl::Cord& payload) {
    annotated.SetPayload(url, payload);
  });
  return annotated;
}

absl::string_view CodeWord(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return "ok";
    case absl::StatusCode::kCancelled:
      return "cancelled";
    case absl::StatusCode::kInvalidArgument:
      return "invalid argument";
    case absl::StatusCode::kDeadlineExceeded:
      return "timed out";
    case absl::StatusCode::kNotFound:
      return "not found";
    case absl::StatusCode::kAlreadyExists:
      return "already there";
    case absl::StatusCode::kPermissionDenied:
      return "permission denied";
    case absl::StatusCode::kUnauthenticated:
      return "not authenticated";
    case absl::StatusCode::kResourceExhausted:
      return "out of resources";
    case absl::StatusCode::kFailedPrecondition:
      return "not possible now";
    case absl::StatusCode::kAborted:
      return "aborted";
    case absl::StatusCode::kOutOfRange:
      return "out of range";
    case absl::StatusCode::kUnimplemented:
      return "not supported";
    case absl::StatusCode::kUnavailable:
      return "unavailable";
    case absl::StatusCode::kDataLoss:
      return "data damaged";
    default:
      return "internal error";
  }
}

}  // namespace varve
