#include "agent/source/postgres/catalog_failures.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/source/postgres/catalog_query.h"
#include "snapshot/postgres_type.h"

namespace varve::postgres {
namespace {

Unseen WhyMissing(const CatalogFailure& failure, absl::string_view user) {
  const bool denied = absl::IsPermissionDenied(failure.why);
  const bool routine = absl::EndsWith(failure.query->catalog, ")");
  return {denied ? v1::SIGHT_NOT_PERMITTED : v1::SIGHT_FAILED, std::string(failure.why.message()),
          denied
              ? absl::StrCat("GRANT ", routine ? "EXECUTE ON FUNCTION" : "SELECT ON",
                             " pg_catalog.", failure.query->catalog, " TO ", QuotedIdentifier(user))
              : ""};
}

// Whether what the catalog feeds is left out by the configuration anyhow.
bool FeedsNothingWanted(const CatalogQuery& query, const SectionWriter& writer) {
  return !query.feeds.empty() &&
         std::all_of(query.feeds.begin(), query.feeds.end(), [&](const Feed& feed) {
           return !feed.kind.empty() && writer.LeavesOutAll(feed.kind);
         });
}

}  // namespace

void ReportFailures(const std::vector<CatalogFailure>& failures, absl::string_view user,
                    SectionWriter& writer) {
  for (const CatalogFailure& failure : failures) {
    if (FeedsNothingWanted(*failure.query, writer)) continue;
    const Unseen why = WhyMissing(failure, user);
    const std::string doing = absl::StrCat("reading ", failure.query->catalog);
    if (failure.query->feeds.empty()) {
      writer.Warning(doing, why.reason, why.remedy);
    } else {
      writer.Error(doing, why.reason, why.remedy);
    }
    for (const Feed& feed : failure.query->feeds) writer.Block(feed.kind, feed.facets, why);
  }
}

}  // namespace varve::postgres
