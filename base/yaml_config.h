// Reads a YAML file into a protobuf message that describes the configuration.
//
// Keys are the message's field names. A scalar fills a string, bool, number or enum (by its last
// words in lower case: `gentle` for PACE_GENTLE); a map fills a message; a list fills a repeated
// field, and a single scalar a list of one. A number `line` of a message is no key: it is set to
// the line, from 1, where the map (or the name) begins. What the file leaves out stays as it is in
// the message.
//
// A map fills a repeated message, too, whose first field is `name` and which has `value` alone
// beside it, or a `line`: each key is a name, and has a scalar, which fills the second field, or,
// where there are more fields, a map of them.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace varve {

// Errors: kNotFound (no such file), kPermissionDenied (not readable), kInvalidArgument (not UTF-8
// or YAML, an unknown or doubled key, a value of another type; the message begins "FILE:LINE: " and
// names the keys that exist).
absl::Status ReadYamlConfig(absl::string_view path, google::protobuf::Message& config);

// The same of text; `path` is for messages only.
absl::Status ParseYamlConfig(absl::string_view text, absl::string_view path,
                             google::protobuf::Message& config);

}  // namespace varve
