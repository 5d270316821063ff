// Texts that a redactor may stumble over.
#pragma once

#include <cstddef>
#include <random>
#include <string>

namespace varve::testing {

// Up to `most_pieces` of what means something to redaction, and of any bytes.
std::string OddText(std::mt19937& random, size_t most_pieces);

}  // namespace varve::testing
