// Shapes as flat lists of values by path, in the words of a diff, so that what a diff tells can be
// done to them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "snapshot/section.h"
#include "varve/v1/diff.pb.h"

namespace varve::testing {

using Path = std::vector<std::string>;

// A shape by its paths.
struct FlatShape {
  std::map<Path, std::string> values;  // of fields that have no parts
  std::map<Path, std::string>
      wholes;  // parts, each as one text: what a diff tells of one that came
  std::map<Path, std::vector<std::string>> orders;  // of lists in which order has meaning
  // By ApplyChange: parts that came, of which no more is known than that text.
  std::map<Path, std::string> told;
};

FlatShape Flat(const google::protobuf::Message& shape);

// What becomes of `shape` by `change`.
void ApplyChange(const v1::PropertyChange& change, FlatShape& shape);

// Both as text, with as much as is known of `changed`: equal where changes led to `expected`.
std::vector<std::string> TextOf(const FlatShape& changed);
std::vector<std::string> TextAsFarAsKnown(const FlatShape& expected, const FlatShape& changed);

}  // namespace varve::testing
