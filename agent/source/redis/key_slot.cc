#include "agent/source/redis/key_slot.h"

#include <array>
#include <cstdint>

namespace varve::redis {
namespace {

// CRC-16/XMODEM, as Redis Cluster's specification names it.
constexpr std::array<uint16_t, 256> CrcTable() {
  std::array<uint16_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    unsigned crc = byte << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
    table[byte] = static_cast<uint16_t>(crc);
  }
  return table;
}
constexpr std::array<uint16_t, 256> kCrc = CrcTable();

absl::string_view HashTag(absl::string_view name) {
  const size_t open = name.find('{');
  if (open == absl::string_view::npos) return name;
  const size_t close = name.find('}', open + 1);
  if (close == absl::string_view::npos || close == open + 1) return name;
  return name.substr(open + 1, close - open - 1);
}

}  // namespace

int SlotOf(absl::string_view name) {
  uint16_t crc = 0;
  for (const char c : HashTag(name)) {
    crc = static_cast<uint16_t>(crc << 8 ^ kCrc[(crc >> 8 ^ static_cast<uint8_t>(c)) & 0xFF]);
  }
  return crc % kSlots;
}

}  // namespace varve::redis
