// The way to a collector: which addresses may be spoken to in plaintext, the certificate authority,
// the token.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace varve {

// Of one message from a collector: a difference holds both values whole, however long they are.
inline constexpr int kMostReceivedBytes = 256 << 20;

// What people say of their collector.
struct CollectorAccess {
  std::string address;     // "host:port", "[v6]:port" or "unix:path"
  std::string token_file;  // empty: calls carry no token, and the collector refuses them
  std::string ca;          // file, PEM; empty: plaintext, to loopback and unix sockets only
};

// A channel to a collector, and the token that its calls carry. Thread-safe.
class CollectorChannel {
 public:
  // Reads token and CA; does not connect. The channel is one of its own: a new one tries at once,
  // where an old one that has just failed would wait. Errors: kInvalidArgument (no such form of
  // address; plaintext beyond loopback; a token file that holds no token), kFailedPrecondition (a
  // token file that others than its owner may use), those of ReadSmallFile.
  static absl::StatusOr<CollectorChannel> Open(const CollectorAccess& access);

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const std::string& address() const { return address_; }
  bool encrypted() const { return encrypted_; }

  // Gives the call its token. Each call's context needs it.
  void Authorize(grpc::ClientContext& context) const;

 private:
  CollectorChannel() = default;
  std::string address_;
  std::string token_;  // never printed
  bool encrypted_ = false;
  std::shared_ptr<grpc::Channel> channel_;  // gRPC's own way to own it
};

// The same code and words. Where nothing answered, the reason alone, without gRPC's frame around
// it.
absl::Status FromGrpcStatus(const grpc::Status& status);

// What to do where no collector was reached: what gRPC's reason hints at, else to start it.
absl::string_view ReachRemedy(absl::string_view why);

// Whether only this machine can be behind `address`: 127.0.0.0/8, [::1], localhost, unix:….
bool IsLoopback(absl::string_view address);

}  // namespace varve
