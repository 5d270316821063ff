// Who differs in a fleet, as people read it, and as programs do.
#pragma once

#include <string>

#include "varve/v1/drift.pb.h"

namespace varve {

// Classes with who is in them and how they differ; then in what, and what was not compared. `utf8`:
// signs beyond ASCII may be used.
std::string DriftTable(const v1::DriftResult& result, bool utf8);

// A row for each environment, a column for each unit that is not the same in all, a letter for each
// class: equal letters in a column, equal structure.
std::string DriftMatrix(const v1::DriftResult& result, bool utf8);

// As the table, in Markdown.
std::string DriftMarkdown(const v1::DriftResult& result);

// As JSON of the format "varve.drift.v1": docs/formats.md.
std::string DriftJson(const v1::DriftResult& result);

}  // namespace varve
