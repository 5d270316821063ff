// The settings that a server shows to superusers and pg_read_all_settings alone: their rows are not
// in pg_settings for others, as if they were not there.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"

namespace varve::postgres {

// Their names on a server of that version number (150018), sorted. A server newer than any we know
// hides what the newest does. Settings that extensions or distributions add are not among them.
std::vector<absl::string_view> HiddenSettings(int server_version);

}  // namespace varve::postgres
