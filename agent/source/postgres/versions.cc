#include "agent/source/postgres/versions.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace varve::postgres {
namespace {

std::string Known() { return absl::StrCat(kOldestMajor, " to ", kNewestMajor); }

}  // namespace

absl::Status CheckVersion(int server_version) {
  const int major = server_version / 10000;
  if (major >= kOldestMajor) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("PostgreSQL ", major, " is too old to be read; ", Known(), " are"));
}

void NoteNewerVersion(int server_version, SectionWriter& writer) {
  const int major = server_version / 10000;
  if (major <= kNewestMajor) return;
  const std::string server = absl::StrCat("PostgreSQL ", major);
  const std::string why = absl::StrCat(server, " is newer than this program knows (", Known(),
                                       "): read as ", kNewestMajor, ", without what is new in it");
  constexpr absl::string_view kRemedy = "upgrade Varve";
  writer.CoverPart({"database", {server}}, v1::FACET_STRUCTURE,
                   {v1::SIGHT_NOT_SUPPORTED, why, std::string(kRemedy)});
  writer.Warning("reading the catalogs", why, kRemedy);
}

}  // namespace varve::postgres
