// How a figure moved, as people read it, and as programs do (docs/formats.md).
#pragma once

#include <string>

#include "varve/v1/trend.pb.h"

namespace varve {

// For a terminal or a pipe. `utf8`: signs beyond ASCII may be used.
std::string TrendTable(const v1::TrendResult& result, bool utf8);
std::string TrendMarkdown(const v1::TrendResult& result);
std::string TrendJson(const v1::TrendResult& result);
// As RFC 4180 has it, with a head; a line a snapshot.
std::string TrendCsv(const v1::TrendResult& result);

}  // namespace varve
