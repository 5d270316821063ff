// Values of shapes as text: what a diff shows of both sides.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace varve {

// The value of a field as people read it: an enum's word in lower case, "[a, b]" of a list, an
// identity's name, a type as PostgreSQL writes it. Nothing where the field is unset, an empty text
// or list, or an enum's "unspecified".
std::optional<std::string> FieldText(const google::protobuf::Message& message,
                                     const google::protobuf::FieldDescriptor& field);

// A message as one line: its fields' texts in order, a flag by its name. Fields that `leave_out`
// names (separated by commas) are not in it: an element's name stands in its path already.
std::string MessageText(const google::protobuf::Message& message, absl::string_view leave_out = "");

// "by default" of COLUMN_IDENTITY_BY_DEFAULT; "value 7" of a number that this build does not know.
std::string EnumText(const google::protobuf::EnumDescriptor& type, int number);

}  // namespace varve
