// gRPC's own log lines.
#pragma once

namespace varve {

// Keeps gRPC from writing to stderr what we tell in a line of our own. With GRPC_VERBOSITY in the
// environment it goes on, for those who look into gRPC itself. Thread-safe.
void QuietGrpc();

}  // namespace varve
