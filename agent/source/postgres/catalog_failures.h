// What a catalog that could not be read means for a section.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "agent/source/postgres/catalog_reader.h"
#include "agent/source/postgres/section_writer.h"

namespace varve::postgres {

// Blocks what the catalogs of `failures` feed, and tells each: an error, or a warning where nothing
// of a shape is lost. `user` is who was refused.
void ReportFailures(const std::vector<CatalogFailure>& failures, absl::string_view user,
                    SectionWriter& writer);

}  // namespace varve::postgres
