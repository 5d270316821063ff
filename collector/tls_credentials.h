// The collector's certificate and key.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/statusor.h"
#include "varve/v1/collector_config.pb.h"

namespace varve {

// Credentials of a listener from the files that `tls` names. Errors: kInvalidArgument (a file that
// cannot be read or holds no PEM of its kind, a key that is another certificate's).
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> TlsCredentials(
    const v1::CollectorTls& tls);

}  // namespace varve
