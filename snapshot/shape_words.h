// Objects and their parts in words: "numeric(12,2) not null default 0", "primary key (id)".
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "varve/v1/postgres.pb.h"
#include "varve/v1/shape.pb.h"

namespace varve {

// A column without its name. `expression` is its default or what it is generated from; empty where
// it was not seen.
std::string ColumnWords(const v1::Column& column, absl::string_view expression);
// `expression` is what a check or an exclusion says; empty where it was not seen.
std::string ConstraintWords(const v1::Constraint& constraint, absl::string_view expression);
// `texts` are its deparsed parts; the empty message where they were not seen.
std::string IndexWords(const v1::Index& index, const v1::IndexExpression& texts);

// A part of an entity, of whatever kind. `element` is its path in `structure`, as a diff's paths
// write it; `expressions` the shape of that facet, empty where it was not seen. "" where the shape
// has no such part.
std::string ElementWords(const v1::Shape& structure, const v1::Shape& expressions,
                         const std::vector<std::string>& element);

// An entity as a whole, in one line: "12 columns, 3 constraints, 2 indexes"; of one without parts,
// what there is to it, or the beginning of that, which then ends with "…".
std::string EntityWords(const v1::Shape& structure);

}  // namespace varve
