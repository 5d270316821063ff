// SHA-256 of bytes, as types that cannot be mixed up.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace varve {

// A SHA-256. `Of` names what it is of, so that the hash of a shape is not taken for that of a
// manifest.
template <typename Of>
class Hash {
 public:
  static constexpr size_t kSize = 32;

  Hash() = default;
  explicit Hash(const std::array<uint8_t, kSize>& bytes) : bytes_(bytes) {}

  // From 32 raw bytes, as messages and the store carry them. Errors: kInvalidArgument (another
  // size).
  static absl::StatusOr<Hash> FromBytes(absl::string_view bytes);

  // The 32 raw bytes; valid as long as this.
  absl::string_view bytes() const {
    return absl::string_view(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
  }
  // 64 lower-case hexadecimal digits.
  std::string Hex() const;
  // The first six digits, for people.
  std::string Short() const { return Hex().substr(0, 6); }

  friend auto operator<=>(const Hash&, const Hash&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Hash& hash) {
    return H::combine(std::move(h), hash.bytes_);
  }

 private:
  std::array<uint8_t, kSize> bytes_{};
};

using ShapeHash = Hash<struct ShapeTag>;
using CoverageHash = Hash<struct CoverageTag>;
using ManifestHash = Hash<struct ManifestTag>;
using FingerprintHash = Hash<struct FingerprintTag>;
// Of a blob whose kind does not matter to who moves it: a shape or a coverage.
using BlobHash = Hash<struct BlobTag>;

// SHA-256 of `bytes`. Thread-safe.
std::array<uint8_t, 32> Sha256(absl::string_view bytes);

template <typename H>
H HashOf(absl::string_view bytes) {
  return H(Sha256(bytes));
}

// SHA-256 of parts given one after the other; each part is preceded by its length, so parts cannot
// run together.
class PartsHasher {
 public:
  PartsHasher();
  ~PartsHasher();
  PartsHasher(const PartsHasher&) = delete;
  PartsHasher& operator=(const PartsHasher&) = delete;

  void Add(absl::string_view part);
  // Ends it; nothing can be added afterwards.
  std::array<uint8_t, 32> Finish();

 private:
  void* context_;  // EVP_MD_CTX, owned
};

// HMAC-SHA-256. Thread-safe.
std::array<uint8_t, 32> HmacSha256(absl::string_view key, absl::string_view message);

}  // namespace varve
