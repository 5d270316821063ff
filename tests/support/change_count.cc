#include "tests/support/change_count.h"

#include <string>

#include "absl/strings/numbers.h"
#include "gtest/gtest.h"

namespace varve::testing {
namespace {

// GoogleTest keeps the last value of a property: what was counted before is read from there.
void CountOneMore(const std::string& property) {
  const ::testing::TestResult& result =
      *::testing::UnitTest::GetInstance()->current_test_info()->result();
  int count = 0;
  for (int i = 0; i < result.test_property_count(); ++i) {
    const ::testing::TestProperty& recorded = result.GetTestProperty(i);
    if (recorded.key() == property && !absl::SimpleAtoi(recorded.value(), &count)) count = 0;
  }
  ::testing::Test::RecordProperty(property, count + 1);
}

}  // namespace

void CountSingleChange() { CountOneMore("single_changes"); }

void CountActThatChangesNothing() { CountOneMore("acts_that_change_nothing"); }

}  // namespace varve::testing
