// Status across the border to gRPC: the same codes and the same words.
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace varve {

grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace varve
