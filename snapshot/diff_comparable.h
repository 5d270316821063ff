// Which fields of two shapes can be compared at all.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "snapshot/diff_shape.h"

namespace varve {

// Whether `message` says (option `names_unknown`) that it could not tell what is called `name`.
bool NamesUnknown(const google::protobuf::Message& message, absl::string_view name);

// Whether `field` is newer than revision `low`, or was mended after it and up to `high`.
bool IsNewerOrMended(const google::protobuf::FieldDescriptor& field, uint32_t low, uint32_t high);

// Says it of messages inside two shapes, `a` of the first and `b` of the second. Borrows the sides.
class Comparable {
 public:
  Comparable(const ShapeSide& before, const ShapeSide& after) : before_(before), after_(after) {}

  // Why `field`, which differs between messages of one type, cannot be compared: "revision" or
  // "way", as NotComparable has it. Empty where it can.
  absl::string_view WhyNot(const google::protobuf::Message& a, const google::protobuf::Message& b,
                           const google::protobuf::FieldDescriptor& field) const;

  // Whether a side says (option `names_unknown`) that it could not tell what is called `name`, a
  // field, a oneof or "FIELD.order", and the other could. Where two reads of one way could not tell
  // all of it, each has told what it saw.
  bool IsUnknown(const google::protobuf::Message& a, const google::protobuf::Message& b,
                 absl::string_view name) const;

 private:
  bool IsUnknownToStatic(const google::protobuf::Message& a, const google::protobuf::Message& b,
                         const google::protobuf::FieldDescriptor& field) const;

  const ShapeSide& before_;
  const ShapeSide& after_;
};

}  // namespace varve
