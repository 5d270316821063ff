// Matchers for Status, which this Abseil lacks.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
absl::Status StatusOf(const absl::StatusOr<T>& status_or) {
  return status_or.status();
}

MATCHER(IsOk, "is OK") {
  const absl::Status status = StatusOf(arg);
  if (!status.ok()) *result_listener << status.ToString();
  return status.ok();
}

// EXPECT_THAT(result, StatusIs(absl::StatusCode::kNotFound, HasSubstr("it has 1 to 4")));
MATCHER_P2(StatusIs, code, message_matcher, "has that code and message") {
  const absl::Status status = StatusOf(arg);
  *result_listener << status.ToString();
  return status.code() == code &&
         ::testing::ExplainMatchResult(message_matcher, std::string(status.message()),
                                       result_listener);
}

// A folder of its own below the system's temporary folder, removed with its content when this goes.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string Path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace varve::testing

#define VARVE_ASSERT_OK(expression) ASSERT_THAT(expression, ::varve::testing::IsOk())
#define VARVE_EXPECT_OK(expression) EXPECT_THAT(expression, ::varve::testing::IsOk())
