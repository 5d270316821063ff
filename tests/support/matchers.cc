#include "tests/support/matchers.h"

#include <cstdlib>
#include <filesystem>

namespace varve::testing {

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "varve-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // what is left in a temporary folder is no failure of the test
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace varve::testing
