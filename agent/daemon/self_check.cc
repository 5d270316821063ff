#include "agent/daemon/self_check.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "agent/daemon/gathering.h"
#include "agent/daemon/outbox.h"
#include "agent/daemon/publisher.h"
#include "agent/daemon/report.h"
#include "agent/source/redis/acl_line.h"
#include "base/status.h"
#include "snapshot/kinds.h"
#include "snapshot/left_out.h"

namespace varve {
namespace {

using Result = CheckItem::Result;

constexpr size_t kMostBelow = 20;  // lines of one sort below one item

std::string Subject(const v1::SectionHeader& header) {
  if (header.name() == header.source_kind()) return header.name();
  return absl::StrCat(header.source_kind(), " ", header.name());
}

// "PostgreSQL 15.18 on db.internal:5432".
std::string WhatAnswered(const v1::SectionHeader& header) {
  if (header.server().empty()) return header.address();
  return absl::StrCat(header.server(), header.address().empty() ? "" : " on ", header.address());
}

std::string Counted(const Section& section) {
  std::set<absl::string_view> kinds;
  std::set<EntityKey> entities;
  for (const ReadLine& line : section.lines) {
    kinds.insert(line.line.key.entity.kind);
    entities.insert(line.line.key.entity);
  }
  return absl::StrCat(entities.size(), entities.size() == 1 ? " entity of " : " entities of ",
                      kinds.size(), kinds.size() == 1 ? " kind" : " kinds");
}

bool IsGap(const v1::CoverageEntry& entry) {
  return entry.state() != v1::SIGHT_CAPTURED && entry.state() != v1::SIGHT_EXCLUDED;
}

// What coverage says beyond the errors: facets of kinds that share a reason and a remedy, in one
// line.
std::vector<std::string> Gaps(const Section& section) {
  std::set<std::string> said;
  for (const v1::SectionError& error : section.header.errors()) said.insert(error.why());
  const absl::StatusOr<v1::Coverage> coverage = DecodeCoverage(section);
  if (!coverage.ok()) return {std::string(coverage.status().message())};
  using Scopes = std::set<std::string>;
  std::map<std::pair<std::string, std::string>, std::map<std::string, Scopes>> by_reason;
  for (const v1::CoverageEntry& entry : coverage->entries()) {
    if (!IsGap(entry) || said.contains(entry.reason())) continue;
    const std::string reason = entry.reason().empty() ? SightName(entry.state()) : entry.reason();
    Scopes& scopes = by_reason[{reason, entry.remedy()}]
                              [absl::StrCat(entry.kind(), " ", FacetName(entry.facet()))];
    if (!entry.scope().empty()) scopes.insert(absl::StrJoin(entry.scope(), "."));
  }
  std::vector<std::string> gaps;
  for (const auto& [reason, what] : by_reason) {
    const std::string all = absl::StrJoin(what, ", ", [](std::string* out, const auto& facet) {
      absl::StrAppend(out, facet.first, facet.second.empty() ? "" : " of ",
                      absl::StrJoin(facet.second, ", "));
    });
    gaps.push_back(
        absl::StrCat(all, ": ", reason.first, reason.second.empty() ? "" : "; ", reason.second));
  }
  return gaps;
}

// What the configuration leaves out: by its own will, but a pattern may catch more than was meant.
std::vector<std::string> LeftOut(const Section& section) {
  const absl::StatusOr<v1::Coverage> coverage = DecodeCoverage(section);
  std::vector<std::string> texts;
  if (!coverage.ok()) return texts;  // Gaps has said so
  for (const LeftOutKind& kind : LeftOutKinds(*coverage)) {
    texts.push_back(absl::StrCat("excluded: ", kind.Text()));
  }
  return texts;
}

// Of a Redis server that refused something: all that a gather asks, in one line for its version.
// Each refusal's own remedy names its user.
std::optional<std::string> RedisGrant(const v1::SectionHeader& header) {
  constexpr absl::string_view kGrant = "ACL SETUSER ";
  std::string user;
  bool with_keys = false;
  for (const v1::SectionError& error : header.errors()) {
    absl::string_view remedy = error.remedy();
    if (!absl::ConsumePrefix(&remedy, kGrant)) continue;
    const std::vector<std::string> words = absl::StrSplit(remedy, ' ');
    user = words.front();
    with_keys |= std::find(words.begin(), words.end(), "~*") != words.end();
  }
  if (header.source_kind() != "redis" || user.empty()) return std::nullopt;
  const size_t space = header.server().find(' ');
  const std::string version = space == std::string::npos ? "" : header.server().substr(space + 1);
  return absl::StrCat("as ACL user ", user,
                      "; all that is asked, in one: ", redis::AclLine(user, version, with_keys));
}

// The newest snapshot there says more than that a call passed.
CheckItem CheckCollector(const AgentOptions& options, StopSignal& stop) {
  CheckItem item{Result::kGood, "collector", "", {}, {}};
  absl::StatusOr<CollectorChannel> channel = CollectorChannel::Open(options.collector);
  if (!channel.ok()) {
    item.result = Result::kBad;
    item.text = std::string(channel.status().message());
    return item;
  }
  const bool encrypted = channel->encrypted();
  Publisher publisher(*std::move(channel));
  const StopSignal::OnRequest cancel(stop, [&publisher] { publisher.Cancel(); });
  const absl::StatusOr<v1::HeadResponse> head = publisher.Head(options.environment, {});
  if (!head.ok()) {
    item.result = Result::kBad;
    item.text = CollectorTrouble(options.collector.address, head.status());
    return item;
  }
  item.text = absl::StrCat(
      options.collector.address, encrypted ? ", TLS" : ", plaintext", ", token accepted; ",
      head->last_seq() == 0 ? "no snapshot of " : "newest is ", options.environment,
      head->last_seq() == 0 ? " yet" : absl::StrCat("@", head->last_seq()));
  return item;
}

CheckItem CheckState(const AgentOptions& options) {
  CheckItem item{Result::kGood, "state", options.state, {}, {}};
  const absl::StatusOr<std::unique_ptr<Outbox>> outbox = Outbox::Open(options.state);
  if (outbox.ok()) {
    const size_t waiting = (*outbox)->waiting();
    absl::StrAppend(&item.text, ", ", waiting,
                    waiting == 1 ? " snapshot waits" : " snapshots wait");
  } else if (absl::IsFailedPrecondition(outbox.status())) {
    absl::StrAppend(&item.text, ", in use by an agent that runs");
  } else {
    item.result = Result::kBad;
    item.text = std::string(outbox.status().message());
  }
  return item;
}

absl::string_view Sign(Result result, const Signs& signs) {
  switch (result) {
    case Result::kGood:
    case Result::kPartly:
      return signs.yes;
    case Result::kBad:
      return signs.no;
  }
  return signs.cannot_say;
}

std::string Answer(const std::string& environment, const std::vector<CheckItem>& items) {
  std::vector<std::string> bad;
  size_t missing = 0;
  for (const CheckItem& item : items) {
    if (item.result == Result::kBad) bad.push_back(item.subject);
    missing += item.missing.size();
  }
  if (!bad.empty()) return absl::StrCat(environment, ": not ready: ", absl::StrJoin(bad, ", "));
  if (missing == 0) return absl::StrCat(environment, ": ready");
  return absl::StrCat(environment, ": ready, with ", missing, missing == 1 ? " thing" : " things",
                      " it cannot see");
}

// Lines below an item; of many the first.
void AppendBelow(absl::string_view sign, const std::vector<std::string>& lines,
                 std::string& report) {
  const size_t shown = std::min(lines.size(), kMostBelow);
  for (size_t i = 0; i < shown; ++i) {
    absl::StrAppend(&report, "    ", sign, " ", OneLine(lines[i]), "\n");
  }
  if (shown < lines.size()) {
    absl::StrAppend(&report, "    ", sign, " and ", lines.size() - shown, " more\n");
  }
}

ExitCode ExitFor(const std::vector<CheckItem>& own, const v1::SnapshotHeader& header) {
  for (const CheckItem& item : own) {
    if (item.result == Result::kBad) return ExitCode::kTrouble;
  }
  return SomethingFailed(header) ? ExitCode::kCannotSay : ExitCode::kDone;
}

}  // namespace

CheckItem CheckSection(const Section& section) {
  const v1::SectionHeader& header = section.header;
  CheckItem item{Result::kGood, Subject(header), "", {}, {}};
  if (header.status() == v1::SECTION_STATUS_UNAVAILABLE) {
    item.result = Result::kBad;
    item.text = header.errors().empty() ? "unavailable" : ErrorText(header.errors(0));
    return item;
  }
  item.text = absl::StrCat(WhatAnswered(header), "; ", Counted(section));
  for (const v1::SectionError& error : header.errors()) {
    const bool only_a_note = error.severity() == v1::SectionError::SEVERITY_WARNING;
    (only_a_note ? item.notes : item.missing).push_back(ErrorText(error));
  }
  for (std::string& gap : Gaps(section)) item.missing.push_back(std::move(gap));
  if (std::optional<std::string> grant = RedisGrant(header); grant.has_value()) {
    item.notes.push_back(*std::move(grant));
  }
  for (std::string& left_out : LeftOut(section)) item.notes.push_back(std::move(left_out));
  if (!item.missing.empty()) item.result = Result::kPartly;
  return item;
}

std::string CheckReport(const std::string& environment, const std::vector<CheckItem>& items,
                        const Signs& signs) {
  size_t widest = 0;
  for (const CheckItem& item : items) widest = std::max(widest, item.subject.size());
  std::string report = absl::StrCat(Answer(environment, items), "\n");
  for (const CheckItem& item : items) {
    absl::StrAppend(&report, "  ", Sign(item.result, signs), " ", item.subject,
                    std::string(widest - item.subject.size() + 3, ' '), OneLine(item.text), "\n");
    AppendBelow(signs.cannot_say, item.missing, report);
    AppendBelow("note:", item.notes, report);
  }
  return report;
}

absl::StatusOr<ExitCode> RunSelfCheck(const AgentOptions& options, StopSignal& stop) {
  const std::vector<CheckItem> own = {CheckState(options), CheckCollector(options, stop)};
  std::vector<CheckItem> items;
  v1::SnapshotHeader header;
  if (own.front().result == Result::kGood) {  // the sources need the key that is kept there
    VARVE_ASSIGN_OR_RETURN(const SharedSources sources, OpenSources(options));
    const std::optional<Snapshot> snapshot =
        GatherUnlessStopped(sources, GatherOptionsOf(options, v1::OCCASION_ONCE), stop);
    if (!snapshot.has_value()) return absl::CancelledError("stopped before all was tried");
    header = snapshot->header;
    for (const Section& section : snapshot->sections) items.push_back(CheckSection(section));
  }
  items.insert(items.end(), own.begin(), own.end());
  VARVE_RETURN_IF_ERROR(
      WriteData(CheckReport(options.environment, items, SignsOfLocale(ProcessVariable))));
  return ExitFor(own, header);
}

}  // namespace varve
