// Commands as bytes to send.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace varve::redis {

// Appends a command to `output`, in RESP; its arguments may hold any bytes. Thread-safe.
void AppendCommand(absl::Span<const absl::string_view> arguments, std::string& output);

}  // namespace varve::redis
