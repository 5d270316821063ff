// Canonical form: the one sequence of bytes that stands for a message. docs/formats.md has a worked
// example.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace varve {

// Sorts, in `message` and all messages within, each repeated field that is not marked `ordered`:
// named elements by their names, those of one name and other messages by their canonical bytes,
// scalars by value. Lists of equal content become equal.
void SortUnordered(google::protobuf::Message& message);

// The canonical bytes of `message`, which is sorted as above. Fields in the order of their numbers,
// defaults left out; our messages have no maps, no floating point and no unknown fields, so these
// bytes are the same from any build. Made once, by who gathers; everyone after keeps, hashes and
// sends the bytes as received.
std::string CanonicalBytes(google::protobuf::Message& message);

// The same of a message that this program put together itself, which so has no unknown fields:
// faster, for it does not look for such.
std::string OwnCanonicalBytes(google::protobuf::Message& message);

// The key of a named element: the values of the fields that `element` names ("name" or
// "part,name"), joined; of an identity what people call it, and of "object.kind" its kind. An
// element that is an identity itself reads "table public.orders".
std::string ElementName(const google::protobuf::Message& element, absl::string_view fields);

}  // namespace varve
