// The cases of docs/data-model.md that publishing, reading and comparing two snapshots can show, as
// tests that hold for every store. Their names are the table's words.
#pragma once

#include "storage/known_before.h"
#include "tests/unit/snapshot/model_facts.h"
#include "tests/unit/snapshot/toy_shapes.h"
#include "tests/unit/storage/conformance/store_conformance.h"

namespace varve::testing {

class StoreCases : public StoreConformance {
 protected:
  // The bytes of a toy table's facet: "a", "b", "new", "mended" and "computed" with their values.
  std::string Shape(const ToyShape& shape, v1::Facet facet = v1::FACET_STRUCTURE) {
    return shapes_.Bytes(facet, shape);
  }

  // What differs between two snapshots of "prod", as model_facts.h writes it.
  Facts Diff(int64_t before, int64_t after) {
    return FactsOf(DiffBy(shapes_.Decoder(), before, after));
  }
  // The same over shapes of the contract.
  Facts DiffOfRealShapes(int64_t before, int64_t after);

 private:
  v1::DiffResult DiffBy(const ShapeDecoder& decode, int64_t before, int64_t after);
  Snapshot Load(int64_t seq);

  ToyShapes shapes_;
};

}  // namespace varve::testing
