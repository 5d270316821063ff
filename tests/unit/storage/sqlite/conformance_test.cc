// The conformance suite on SQLite; its tests are in tests/unit/storage/conformance/.
#include "tests/unit/storage/sqlite/sqlite_kind.h"

namespace varve::testing {

INSTANTIATE_TEST_SUITE_P(Store, StoreConformance, ::testing::Values(SqliteKind()),
                         [](const auto& info) { return info.param.name; });

}  // namespace varve::testing
