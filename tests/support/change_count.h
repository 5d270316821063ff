// How many changes a test makes one by one, and how many acts it holds to be none: properties of
// the running test in GoogleTest's XML, which tests/single_changes.sh adds up.
#pragma once

namespace varve::testing {

// A further change that the running test expects to be seen and named.
void CountSingleChange();
// A further act of which the running test expects no difference.
void CountActThatChangesNothing();

}  // namespace varve::testing
