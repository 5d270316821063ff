#include "cli/load.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "cli/client.h"
#include "cli/render/snapshot_file.h"
#include "snapshot/reference.h"

namespace varve {

absl::StatusOr<bool> NamesFiles(absl::string_view reference) {
  VARVE_ASSIGN_OR_RETURN(const Reference parsed, ParseReference(reference));
  if (const auto* const asked = std::get_if<NowReference>(&parsed)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", reference, "': asking an agent is not built yet; write ",
                     asked->environment, " for its newest stored snapshot"));
  }
  return std::holds_alternative<FilesReference>(parsed);
}

absl::StatusOr<Snapshot> LoadSnapshot(absl::string_view reference, const CollectorAccess& access) {
  VARVE_ASSIGN_OR_RETURN(const bool files, NamesFiles(reference));
  if (files) {
    VARVE_ASSIGN_OR_RETURN(const Reference parsed, ParseReference(reference));
    return ReadSnapshotFiles(std::get<FilesReference>(parsed).base);
  }
  VARVE_ASSIGN_OR_RETURN(const CollectorClient client, CollectorClient::Open(access));
  return client.LoadRemoteSnapshot(reference);
}

}  // namespace varve
