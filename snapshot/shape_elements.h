// The named elements of shapes: columns, constraints, fields of models, paths of values.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "google/protobuf/message.h"
#include "varve/v1/shape.pb.h"

namespace varve {

// Where an element stands in its entity's shape.
struct ElementPath {
  // As a diff's paths write it: {"columns", "total"}, {"values", "hash", "paths", "email"}.
  std::vector<std::string> path;
  // So long as `path`: whether the item is the name of an element, and not that of a field.
  std::vector<bool> is_name;
};

// Calls `visit` with each element of `shape`, outer ones before those that they hold. The message
// is valid for the call.
void VisitElements(
    const v1::Shape& shape,
    absl::FunctionRef<void(const ElementPath&, const google::protobuf::Message&)> visit);

}  // namespace varve
