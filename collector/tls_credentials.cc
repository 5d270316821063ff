#include "collector/tls_credentials.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "base/secret_file.h"
#include "base/status.h"

namespace varve {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

Owned<BIO> Over(const std::string& pem) {
  return Owned<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// Never asks for a passphrase: nobody is there to answer.
int NoPassphrase(char*, int, int, void*) { return 0; }

absl::Status CheckPair(const v1::CollectorTls& tls, const std::string& certificate_pem,
                       const std::string& key_pem) {
  const Owned<X509> certificate(
      PEM_read_bio_X509(Over(certificate_pem).get(), nullptr, NoPassphrase, nullptr));
  const Owned<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(Over(key_pem).get(), nullptr, NoPassphrase, nullptr));
  const bool fits = certificate != nullptr && key != nullptr &&
                    X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (certificate == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("tls.certificate ", tls.certificate(), ": it holds no PEM certificate"));
  }
  if (key == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("tls.key ", tls.key(), ": it holds no PEM private key without a passphrase"));
  }
  if (!fits) {
    return absl::InvalidArgumentError(absl::StrCat(
        "tls.key ", tls.key(), ": it is not the key of the certificate in ", tls.certificate()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> TlsCredentials(
    const v1::CollectorTls& tls) {
  if (tls.certificate().empty() || tls.key().empty()) {
    return absl::InvalidArgumentError("tls needs both certificate and key");
  }
  VARVE_ASSIGN_OR_RETURN(const std::string certificate,
                         ReadSmallFile("tls.certificate", tls.certificate()));
  VARVE_ASSIGN_OR_RETURN(const std::string key, ReadSmallFile("tls.key", tls.key()));
  VARVE_RETURN_IF_ERROR(CheckPair(tls, certificate, key));
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({key, certificate});
  return grpc::SslServerCredentials(options);
}

}  // namespace varve
