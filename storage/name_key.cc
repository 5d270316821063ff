#include "storage/name_key.h"

namespace varve {
namespace {

constexpr char kEscape = '\0';
constexpr char kEnd = '\x01';
constexpr char kZero = '\xff';

}  // namespace

std::string EncodeNames(const std::vector<std::string>& names) {
  std::string bytes;
  for (const std::string& name : names) {
    for (const char byte : name) {
      bytes.push_back(byte);
      if (byte == kEscape) bytes.push_back(kZero);
    }
    bytes.push_back(kEscape);
    bytes.push_back(kEnd);
  }
  return bytes;
}

absl::StatusOr<std::vector<std::string>> DecodeNames(absl::string_view bytes) {
  const auto damaged = [] { return absl::DataLossError("an identity's names are damaged"); };
  std::vector<std::string> names;
  std::string name;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != kEscape) {
      name.push_back(bytes[i]);
      continue;
    }
    if (++i == bytes.size()) return damaged();
    if (bytes[i] == kZero) {
      name.push_back('\0');
    } else if (bytes[i] == kEnd) {
      names.push_back(std::move(name));
      name.clear();
    } else {
      return damaged();
    }
  }
  if (!name.empty()) return damaged();
  return names;
}

}  // namespace varve
