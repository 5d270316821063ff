// Several shapes of one facet of one entity, reduced to what all of them can be compared in.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

// A shape, decoded, and how it was read. Owned: it is changed.
struct ComparedShape {
  std::unique_ptr<google::protobuf::Message> shape;
  v1::Way way = v1::WAY_RUN;
};

// A property in which the shapes differ and that was taken out of all.
struct LeftOutOfSight {
  std::vector<std::string> path;
  std::string why;         // "revision" or "way"
  std::vector<size_t> of;  // the shapes that had it, by their places
};

// Takes out of `shapes` each property that differs and that two of them could not be compared in:
// fields newer than `low` or mended between `low` and `high`, the lowest and the highest revision
// of all that looked; what one read could not tell and another could; between a run and a static
// read what only a run can know. What is left differs for all who look, whomever they compare with.
// The shapes are sorted as canonical ones are.
std::vector<LeftOutOfSight> ReduceToCommonSight(std::vector<ComparedShape>& shapes, uint32_t low,
                                                uint32_t high);

// Bytes that are equal for equal reduced shapes.
std::string BytesOfReduced(const google::protobuf::Message& shape);

}  // namespace varve
