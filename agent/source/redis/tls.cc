#include "agent/source/redis/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <csignal>
#include <ctime>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace varve::redis {
namespace {

struct FreeContext {
  void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
};
struct FreeSsl {
  void operator()(SSL* ssl) const { ::SSL_free(ssl); }
};
using ContextPtr = std::unique_ptr<SSL_CTX, FreeContext>;
using SslPtr = std::unique_ptr<SSL, FreeSsl>;

// The last reason that OpenSSL has for this thread.
std::string Reason() {
  const unsigned long error = ::ERR_peek_last_error();
  const char* const reason = ::ERR_reason_error_string(error);
  ::ERR_clear_error();
  return reason == nullptr ? "the connection broke" : reason;
}

// While it lives, writing to a connection that the server closed is an error of this thread's call,
// not a signal that ends the process: OpenSSL writes without MSG_NOSIGNAL.
class NoSigpipe {
 public:
  NoSigpipe() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;
  ~NoSigpipe() {
    if (::sigismember(&before_, SIGPIPE) == 1) return;
    const timespec no_wait = {};
    while (::sigtimedwait(&pipe_, nullptr, &no_wait) > 0) {
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_ = {};
  sigset_t before_ = {};
};

class TlsTransport : public Transport {
 public:
  TlsTransport(Socket socket, SslPtr ssl) : socket_(std::move(socket)), ssl_(std::move(ssl)) {}

  absl::Status Send(absl::string_view bytes, absl::Time deadline) override {
    const NoSigpipe no_sigpipe;
    while (!bytes.empty()) {
      size_t sent = 0;
      if (::SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) == 1) {
        bytes.remove_prefix(sent);
      } else {
        VARVE_RETURN_IF_ERROR(WaitAfter(0, deadline));
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> Receive(absl::Span<char> buffer, absl::Time deadline) override {
    while (true) {
      size_t size = 0;
      if (::SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &size) == 1) return size;
      VARVE_RETURN_IF_ERROR(WaitAfter(0, deadline));
    }
  }

  absl::Status ShakeHands(absl::Time deadline) {
    const NoSigpipe no_sigpipe;
    while (true) {
      const int done = ::SSL_connect(ssl_.get());
      if (done == 1) return absl::OkStatus();
      VARVE_RETURN_IF_ERROR(WaitAfter(done, deadline));
    }
  }

 private:
  // After a call that did not succeed: waits for what it needs, or says why it cannot.
  absl::Status WaitAfter(int result, absl::Time deadline) {
    switch (::SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return socket_.Wait(Socket::For::kReading, deadline);
      case SSL_ERROR_WANT_WRITE:
        return socket_.Wait(Socket::For::kWriting, deadline);
      case SSL_ERROR_ZERO_RETURN:
        return absl::UnavailableError("the server closed the connection");
      case SSL_ERROR_SSL: {
        const long verified = ::SSL_get_verify_result(ssl_.get());
        if (verified != X509_V_OK && !::SSL_is_init_finished(ssl_.get())) {
          ::ERR_clear_error();
          return absl::UnauthenticatedError(absl::StrCat(
              "TLS: the server's certificate: ", ::X509_verify_cert_error_string(verified)));
        }
        return absl::UnavailableError(absl::StrCat("TLS: ", Reason()));
      }
      default:
        ::ERR_clear_error();
        return absl::UnavailableError("the server closed the connection");
    }
  }

  Socket socket_;
  SslPtr ssl_;
};

absl::Status CannotRead(absl::string_view what, const std::string& file) {
  return absl::FailedPreconditionError(absl::StrCat("TLS: ", what, " ", file, ": ", Reason()));
}

absl::StatusOr<ContextPtr> ContextOf(const Endpoint& endpoint) {
  ::ERR_clear_error();
  ContextPtr context(::SSL_CTX_new(::TLS_client_method()));
  if (context == nullptr) return absl::InternalError(absl::StrCat("TLS: ", Reason()));
  ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  ::SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  // Part of a write may go out, and the rest from another place in memory: we send what is left.
  ::SSL_CTX_set_mode(context.get(),
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (endpoint.tls_ca.empty()) {
    ::SSL_CTX_set_default_verify_paths(context.get());
  } else if (::SSL_CTX_load_verify_file(context.get(), endpoint.tls_ca.c_str()) != 1) {
    return CannotRead("reading the CA", endpoint.tls_ca);
  }
  if (!endpoint.tls_certificate.empty()) {
    if (::SSL_CTX_use_certificate_chain_file(context.get(), endpoint.tls_certificate.c_str()) !=
        1) {
      return CannotRead("reading the client certificate", endpoint.tls_certificate);
    }
    const std::string& key = endpoint.tls_key.empty() ? endpoint.tls_certificate : endpoint.tls_key;
    if (::SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1) {
      return CannotRead("reading the client key", key);
    }
  }
  return context;
}

bool IsIpAddress(const std::string& host) {
  in6_addr address = {};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Transport>> ConnectTls(Socket socket, const Endpoint& endpoint,
                                                      absl::Time deadline) {
  VARVE_ASSIGN_OR_RETURN(const ContextPtr context, ContextOf(endpoint));
  SslPtr ssl(::SSL_new(context.get()));  // keeps the context for itself
  if (ssl == nullptr) return absl::InternalError(absl::StrCat("TLS: ", Reason()));
  if (IsIpAddress(endpoint.host)) {
    ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(ssl.get()), endpoint.host.c_str());
  } else {
    ::SSL_set1_host(ssl.get(), endpoint.host.c_str());
    ::SSL_set_tlsext_host_name(ssl.get(), endpoint.host.c_str());
  }
  ::SSL_set_fd(ssl.get(), socket.descriptor());
  auto transport = std::make_unique<TlsTransport>(std::move(socket), std::move(ssl));
  VARVE_RETURN_IF_ERROR(transport->ShakeHands(deadline));
  return transport;
}

}  // namespace varve::redis
