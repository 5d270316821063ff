#include "base/status.h"

#include <set>

#include "tests/support/matchers.h"

namespace varve {
namespace {

using testing::StatusIs;

absl::StatusOr<int> Half(int number) {
  if (number % 2 == 0) return number / 2;
  return absl::OutOfRangeError("odd");
}

absl::StatusOr<int> Quarter(int number) {
  VARVE_ASSIGN_OR_RETURN(const int half, Half(number));
  return Half(half);
}

absl::Status BothAreEven(int a, int b) {
  VARVE_RETURN_IF_ERROR(Half(a).status());
  VARVE_RETURN_IF_ERROR(Half(b).status());
  return absl::OkStatus();
}

TEST(AssignOrReturn, PassesAnErrorOnAndAValueThrough) {
  EXPECT_EQ(*Quarter(12), 3);
  EXPECT_THAT(Quarter(3), StatusIs(absl::StatusCode::kOutOfRange, "odd"));
}

TEST(ReturnIfError, StopsAtTheFirstError) {
  VARVE_EXPECT_OK(BothAreEven(2, 4));
  EXPECT_THAT(BothAreEven(2, 3), StatusIs(absl::StatusCode::kOutOfRange, "odd"));
}

TEST(Annotate, AddsWhatWasBeingDoneAndKeepsTheCode) {
  EXPECT_THAT(Annotate(absl::NotFoundError("no such file"), "reading agent.yaml"),
              StatusIs(absl::StatusCode::kNotFound, "reading agent.yaml: no such file"));
}

TEST(Annotate, LeavesOkAsItIs) { VARVE_EXPECT_OK(Annotate(absl::OkStatus(), "reading")); }

TEST(CodeWord, EachCodeThatWeUseHasItsOwnWord) {
  std::set<std::string> words;
  for (const absl::StatusCode code :
       {absl::StatusCode::kOk, absl::StatusCode::kCancelled, absl::StatusCode::kInvalidArgument,
        absl::StatusCode::kDeadlineExceeded, absl::StatusCode::kNotFound,
        absl::StatusCode::kAlreadyExists, absl::StatusCode::kPermissionDenied,
        absl::StatusCode::kUnauthenticated, absl::StatusCode::kResourceExhausted,
        absl::StatusCode::kFailedPrecondition, absl::StatusCode::kAborted,
        absl::StatusCode::kOutOfRange, absl::StatusCode::kUnimplemented,
        absl::StatusCode::kUnavailable, absl::StatusCode::kDataLoss, absl::StatusCode::kInternal}) {
    EXPECT_TRUE(words.emplace(CodeWord(code)).second) << CodeWord(code);
  }
}

TEST(CodeWord, ACodeOfANewerServerIsAnInternalError) {
  EXPECT_EQ(CodeWord(static_cast<absl::StatusCode>(77)), "internal error");
}

}  // namespace
}  // namespace varve
