#include "snapshot/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace varve {
namespace {

// Fetched once: looking the digest up at each call takes longer than hashing 64 bytes.
const EVP_MD* Sha256Digest() {
  static const EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return digest;
}

EVP_MD_CTX* Context(void* context) { return static_cast<EVP_MD_CTX*>(context); }

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

template <typename Of>
absl::StatusOr<Hash<Of>> Hash<Of>::FromBytes(absl::string_view bytes) {
  if (bytes.size() != kSize) {
    return absl::InvalidArgumentError(absl::StrCat("a hash has 32 bytes, not ", bytes.size()));
  }
  Hash hash;
  std::copy(bytes.begin(), bytes.end(), hash.bytes_.begin());
  return hash;
}

template <typename Of>
std::string Hash<Of>::Hex() const {
  return absl::BytesToHexString(bytes());
}

template class Hash<ShapeTag>;
template class Hash<CoverageTag>;
template class Hash<ManifestTag>;
template class Hash<FingerprintTag>;
template class Hash<BlobTag>;

std::array<uint8_t, 32> Sha256(absl::string_view bytes) {
  // Kept from call to call: making one takes as long as hashing 100 bytes.
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  std::array<uint8_t, 32> out{};
  EVP_DigestInit_ex2(context.get(), Sha256Digest(), nullptr);
  EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
  EVP_DigestFinal_ex(context.get(), out.data(), nullptr);
  return out;
}

PartsHasher::PartsHasher() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex2(Context(context_), Sha256Digest(), nullptr);
}

PartsHasher::~PartsHasher() { EVP_MD_CTX_free(Context(context_)); }

void PartsHasher::Add(absl::string_view part) {
  std::array<uint8_t, 8> size{};
  for (size_t i = 0; i < size.size(); ++i) {
    size[i] = static_cast<uint8_t>(static_cast<uint64_t>(part.size()) >> (8 * i));
  }
  EVP_DigestUpdate(Context(context_), size.data(), size.size());
  EVP_DigestUpdate(Context(context_), part.data(), part.size());
}

std::array<uint8_t, 32> PartsHasher::Finish() {
  std::array<uint8_t, 32> out{};
  EVP_DigestFinal_ex(Context(context_), out.data(), nullptr);
  return out;
}

std::array<uint8_t, 32> HmacSha256(absl::string_view key, absl::string_view message) {
  std::array<uint8_t, 32> out{};
  HMAC(Sha256Digest(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(), out.data(), nullptr);
  return out;
}

}  // namespace varve
