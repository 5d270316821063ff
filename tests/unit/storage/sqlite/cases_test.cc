// The cases of docs/data-model.md on SQLite; they are in tests/unit/storage/conformance/.
#include "tests/unit/storage/conformance/store_cases.h"
#include "tests/unit/storage/sqlite/sqlite_kind.h"

namespace varve::testing {

INSTANTIATE_TEST_SUITE_P(Store, StoreCases, ::testing::Values(SqliteKind()),
                         [](const auto& info) { return info.param.name; });

}  // namespace varve::testing
