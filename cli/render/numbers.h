// Numbers for people.
#pragma once

#include <cstdint>
#include <string>

namespace varve {

// "1,234,567".
std::string WithCommas(int64_t number);

// "1.00 MB", "512.00 KB", "17 B": as the analysis has memory, by 1024.
std::string MemoryText(uint64_t bytes);

// "1.5 MiB", "512 B": never more than three figures.
std::string SizeText(uint64_t bytes);

}  // namespace varve
