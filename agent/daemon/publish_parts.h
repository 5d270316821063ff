// A snapshot of the outbox as the messages of Ingest.Publish, none larger than 1 MiB. Pure: no I/O.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/hash.h"
#include "varve/v1/agent_state.pb.h"
#include "varve/v1/ingest.pb.h"

namespace varve {

// Takes the next message. An error ends the sending and is returned by who called it.
using SendRequest = absl::FunctionRef<absl::Status(const v1::PublishRequest& request)>;

// A manifest that the collector has and the agent has too.
struct ManifestBase {
  v1::HeadReference head;
  std::vector<std::string> lines;  // canonical bytes, sorted
};

// Sends the manifest of `section`: against `base` where there is one and that is less than the
// whole. Errors: kInvalidArgument (a line does not parse), and those of `send`.
absl::Status SendManifest(absl::string_view section, const v1::OutboxSection& content,
                          const std::optional<ManifestBase>& base, SendRequest send);

// Shapes and coverages of a snapshot by hash; views into it, valid as long as it is.
absl::flat_hash_map<BlobHash, absl::string_view> BlobsOf(const v1::OutboxSnapshot& snapshot);

// Sends those of `blobs` that are named, in that order. Errors: kInternal (asked for one that the
// snapshot does not have), and those of `send`.
absl::Status SendBlobs(absl::Span<const BlobHash> missing,
                       const absl::flat_hash_map<BlobHash, absl::string_view>& blobs,
                       SendRequest send);

// Sends a section's measures; nothing where it has none.
absl::Status SendMeasures(absl::string_view section, const v1::OutboxSection& content,
                          SendRequest send);

}  // namespace varve
