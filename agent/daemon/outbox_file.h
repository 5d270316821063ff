// A snapshot as one file of the outbox: whole, and checked when read.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "snapshot/section.h"
#include "varve/v1/agent_state.pb.h"

namespace varve {

// The message of a gathered snapshot. Lines keep the canonical bytes that their manifest's hash
// covers.
v1::OutboxSnapshot ToOutbox(const Snapshot& snapshot);

// The bytes of a file: a mark of eight bytes, the SHA-256 of what follows, the message as one zstd
// frame.
std::string EncodeOutboxFile(const v1::OutboxSnapshot& snapshot);

// Errors: kDataLoss (not such a file, cut short, or a byte of it has changed), kUnimplemented (of a
// newer agent).
absl::StatusOr<v1::OutboxSnapshot> DecodeOutboxFile(absl::string_view bytes);

}  // namespace varve
