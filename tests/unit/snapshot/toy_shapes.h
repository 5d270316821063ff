// Shapes of the executable data model: properties with rules of their own, as messages with our
// options.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include <map>
#include <memory>
#include <string>

#include "snapshot/diff.h"
#include "varve/v1/snapshot.pb.h"

namespace varve::testing {

// Properties by name, each with its value as canonical JSON. `me` is the table's own identity
// ("schema.name"), `col` one of its columns, by name, and `unknown` a property that the read could
// not tell, by name.
using ToyShape = std::map<std::string, std::string>;

// The messages of a toy table's facets: `structure` has a property `new` since revision 2, `mended`
// with another meaning from revisions 2 and 3, and `computed` that only a run knows; `expressions`
// has `new` since 3 and `mended` in 3; `access` has no rules.
class ToyShapes {
 public:
  ToyShapes();

  std::string Bytes(v1::Facet facet, const ToyShape& shape) const;
  // Borrows this.
  ShapeDecoder Decoder() const;

 private:
  const google::protobuf::Descriptor* TypeOf(v1::Facet facet) const;

  google::protobuf::DescriptorPool pool_;
  mutable google::protobuf::DynamicMessageFactory factory_;
};

}  // namespace varve::testing
