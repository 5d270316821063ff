// How a snapshot is shown.
#pragma once

namespace varve {

struct RenderOptions {
  bool validate = false;  // the analysis holds the results of the rules
  bool ascii = false;  // OK NO ?? in place of ✓ ✗ ? on the terminal; the files are UTF-8 either way
};

}  // namespace varve
