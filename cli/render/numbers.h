// Numbers for people.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace varve {

// "1,234,567".
std::string WithCommas(int64_t number);

// "1 error", "1,234 errors".
std::string Counted(int64_t number, absl::string_view thing);

// "1.00 MB", "512.00 KB", "17 B": as the analysis has memory, by 1024.
std::string MemoryText(uint64_t bytes);

// "1.5 MiB", "512 B": never more than three figures.
std::string SizeText(uint64_t bytes);

// A figure as docs/formats.md has it, in the unit that its name says: bytes as SizeText has them,
// all else with commas. The name may have that of a part behind it ("index_bytes:orders_pkey").
std::string FigureText(absl::string_view measure, int64_t number);

}  // namespace varve
