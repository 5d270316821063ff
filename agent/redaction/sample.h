// Excerpts of values, as they may leave the host.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "agent/redaction/redaction.h"

namespace varve {

// How much of a value may leave the host.
enum class SampleMode {
  kOff,     // nothing: values are not even read
  kMasked,  // its structure: of JSON the keys, each scalar masked; of all else that there is
            // something
  kPlain,   // its text, with what looks like a secret masked
};

// An excerpt of `value`, the beginning of a value that goes on where `cut` holds; then it ends in
// "...". `name` is that of the field it stands in, "" for none. In UTF-8; empty where the value is,
// or the mode is kOff.
std::string SampleOf(const Redactor& redactor, absl::string_view name, absl::string_view value,
                     bool cut, SampleMode mode, Masked& masked);

}  // namespace varve
