#include "agent/daemon/report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/collector_channel.h"
#include "snapshot/header_words.h"

namespace varve {
namespace {

absl::string_view RemedyFor(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return ReachRemedy(status.message());
    case absl::StatusCode::kUnauthenticated:
      return "give the agent's token: --token-file FILE";
    case absl::StatusCode::kPermissionDenied:
      return "give a token of role agent for this environment";
    case absl::StatusCode::kUnimplemented:
      return "see that it is a collector, of this version";
    default:
      return "";
  }
}

}  // namespace

absl::string_view StatusSign(v1::SectionStatus status, const Signs& signs) {
  switch (status) {
    case v1::SECTION_STATUS_COMPLETE:
      return signs.yes;
    case v1::SECTION_STATUS_UNAVAILABLE:
      return signs.no;
    default:
      return signs.cannot_say;
  }
}

std::string ErrorText(const v1::SectionError& error) {
  return OneLine(absl::StrCat(error.doing(), ": ", error.why(), error.remedy().empty() ? "" : "; ",
                              error.remedy()));
}

std::string SnapshotLine(const v1::SnapshotHeader& header, int64_t seq, const Signs& signs) {
  std::string line = absl::StrCat(header.environment(), "@", seq, "  ",
                                  FormatMinute(absl::FromUnixMicros(header.taken_at_us())));
  for (const v1::SectionHeader& section : header.sections()) {
    absl::StrAppend(&line, "  ", StatusSign(section.status(), signs), " ", section.name());
    if (section.status() != v1::SECTION_STATUS_COMPLETE) {
      absl::StrAppend(&line, " (", StatusWord(section.status()), ")");
    }
  }
  if (header.sections().empty()) absl::StrAppend(&line, "  nothing configured");
  return line;
}

std::string CollectorTrouble(absl::string_view address, const absl::Status& status) {
  absl::string_view why = status.message();
  // gRPC says the address again where nothing answered; one that a name stands for stays.
  if (!absl::ConsumePrefix(&why, absl::StrCat("ipv4:", address, ": "))) {
    absl::ConsumePrefix(&why, absl::StrCat("ipv6:", address, ": "));
  }
  absl::ConsumePrefix(&why, "Failed to connect to remote host: ");
  const absl::string_view remedy = RemedyFor(status);
  return absl::StrCat(address, ": ", why, remedy.empty() ? "" : "; ", remedy);
}

}  // namespace varve
