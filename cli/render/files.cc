#include "cli/render/files.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "cli/render/analysis.h"
#include "cli/render/json_file.h"
#include "cli/render/render_view.h"
#include "cli/render/write_file.h"

namespace varve {
namespace {

// What is worst of the sections in a file. Not configured is no failure, so anything else is worse.
v1::SectionStatus WorstOf(const RenderView& view, absl::string_view source_kind) {
  v1::SectionStatus worst = v1::SECTION_STATUS_NOT_CONFIGURED;
  const auto weight = [](v1::SectionStatus status) {
    switch (status) {
      case v1::SECTION_STATUS_NOT_CONFIGURED:
        return 0;
      case v1::SECTION_STATUS_COMPLETE:
        return 1;
      case v1::SECTION_STATUS_UNAVAILABLE:
        return 3;
      default:
        return 2;
    }
  };
  for (const SectionView* const section : view.OfKind(source_kind)) {
    if (weight(section->header().status()) > weight(worst)) worst = section->header().status();
  }
  return worst;
}

}  // namespace

std::string DefaultBase(absl::Time now) {
  return absl::FormatTime("schema_export_%Y%m%d_%H%M%S", now, absl::UTCTimeZone());
}

std::string BaseOf(absl::string_view base) { return std::string(absl::StripSuffix(base, ".json")); }

absl::Status CheckBase(const std::string& base) {
  const std::string path = BaseOf(base);
  const std::string name = path.substr(path.rfind('/') + 1);
  if (name.empty() || name == "." || name == "..") {
    return absl::InvalidArgumentError(
        absl::StrCat("'", base, "' names no file; write for example -o audit or -o reports/audit"));
  }
  if (IsFolder(path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", path, "' is a folder; write for example -o ", path, "/audit"));
  }
  return CheckFolderOf(path);
}

absl::StatusOr<std::vector<WrittenFile>> WriteFourFiles(const Snapshot& snapshot,
                                                        const std::string& base,
                                                        const RenderOptions& options) {
  const std::string path = BaseOf(base);
  VARVE_RETURN_IF_ERROR(CheckBase(base));
  VARVE_ASSIGN_OR_RETURN(const RenderView view, RenderView::Of(snapshot));
  std::vector<FileToWrite> files;
  std::vector<WrittenFile> written;
  for (const JsonFile& json : JsonFiles()) {
    VARVE_ASSIGN_OR_RETURN(std::string text, RenderJson(view, json));
    files.push_back({absl::StrCat(path, json.suffix), std::move(text)});
    written.push_back(
        {files.back().path, files.back().content.size(), WorstOf(view, json.source_kind)});
  }
  files.push_back({absl::StrCat(path, "_analysis.md"), RenderAnalysis(view, options)});
  written.push_back({files.back().path, files.back().content.size(), v1::SECTION_STATUS_COMPLETE});
  VARVE_RETURN_IF_ERROR(WriteFiles(files));
  return written;
}

}  // namespace varve
