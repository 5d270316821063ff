#include "snapshot/rules/rules_file.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/glob.h"
#include "base/status.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/model_notes.h"
#include "snapshot/rules/model_setting.h"
#include "snapshot/rules/opened_snapshot.h"
#include "snapshot/rules/redis_declared_values.h"

namespace varve {
namespace {

absl::Status Wrong(uint32_t line, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, " of the rules file: ", what));
}

constexpr absl::string_view kRedisTypes[] = {"hash",   "list",      "set", "stream",
                                             "string", "vectorset", "zset"};

// Types of modules have capitals or dashes: "ReJSON-RL", "MBbloom--".
bool MayBeType(absl::string_view type) {
  const bool is_of_module = absl::c_any_of(
      type, [](unsigned char c) { return absl::ascii_isupper(c) || c == '-' || c == '_'; });
  return is_of_module || absl::c_linear_search(kRedisTypes, type);
}

// Calls `look` with each entity of that kind; true where a source of the kind was read.
template <typename Look>
bool LookAt(const Snapshot& snapshot, absl::string_view source_kind, absl::string_view kind,
            const Look& look) {
  bool is_read = false;
  for (const Section& section : snapshot.sections) {
    if (section.header.source_kind() != source_kind || !IsRead(section.header)) continue;
    is_read = true;
    for (const ReadLine& line : *section.lines) {
      if (line.line.key.entity.kind == kind) look(line.line.key.entity);
    }
  }
  return is_read;
}

// No where it is there, and where nobody could tell.
bool IsMissing(const Snapshot& snapshot, absl::string_view source_kind, absl::string_view kind,
               absl::string_view name) {
  bool is_there = false;
  const bool is_read = LookAt(snapshot, source_kind, kind, [&](const EntityKey& key) {
    is_there |= DisplayName(key) == name || key.names.back() == name;
  });
  return is_read && !is_there;
}

bool HoldsNone(const Snapshot& snapshot, absl::string_view pattern) {
  bool is_there = false;
  const bool is_read = LookAt(snapshot, "redis", "key_pattern", [&](const EntityKey& key) {
    is_there |= GlobMatches(pattern, key.names[1]);
  });
  return is_read && !is_there;
}

}  // namespace

absl::StatusOr<RulesFile> RulesFile::Of(const v1::CheckConfig& config) {
  RulesFile file;
  file.config_ = config;
  VARVE_RETURN_IF_ERROR(file.TakeSettings());
  VARVE_RETURN_IF_ERROR(file.TakeAcceptances());
  VARVE_RETURN_IF_ERROR(file.TakeModels());
  VARVE_RETURN_IF_ERROR(file.TakeKeys());
  return file;
}

absl::Status RulesFile::TakeSettings() {
  static constexpr std::pair<absl::string_view, Severity> kLevels[] = {
      {"info", Severity::kInfo}, {"warn", Severity::kWarning}, {"error", Severity::kError}};
  for (const v1::CheckSetting& each : config_.rules()) {
    const absl::StatusOr<std::vector<std::string>> ids =
        RulesNamed(std::vector<std::string>{each.name()});
    if (!ids.ok()) return Wrong(each.line(), ids.status().message());
    Setting setting;
    setting.is_asked = each.value() != "off";
    for (const auto& [word, level] : kLevels) {
      if (each.value() == word) setting.level = level;
    }
    if (!setting.level.has_value() && each.value() != "on" && each.value() != "off") {
      return Wrong(each.line(),
                   absl::StrCat("'", each.name(), "' is off, on, info, warn or error, not '",
                                each.value(), "'"));
    }
    for (const std::string& id : *ids) settings_[id] = setting;
  }
  return absl::OkStatus();
}

absl::Status RulesFile::TakeAcceptances() {
  for (const v1::Acceptance& each : config_.accept()) {
    const bool says_which =
        !each.fingerprint().empty() || (!each.rule().empty() && !each.object().empty());
    if (!says_which) {
      return Wrong(each.line(),
                   "an acceptance says which finding: rule and object, or fingerprint");
    }
    if (!each.rule().empty()) {
      const absl::Status known = RulesNamed(std::vector<std::string>{each.rule()}).status();
      if (!known.ok()) return Wrong(each.line(), known.message());
    }
    if (each.owner().empty() || each.reason().empty() || each.until().empty()) {
      return Wrong(each.line(), "an acceptance needs owner, reason and until");
    }
    absl::Time until;
    std::string why;
    if (!absl::ParseTime("%Y-%m-%d", each.until(), &until, &why)) {
      return Wrong(each.line(),
                   absl::StrCat("until: '", each.until(), "' is no day such as 2027-03-01"));
    }
    ends_.push_back(until + absl::Hours(24));
  }
  return absl::OkStatus();
}

absl::Status RulesFile::TakeModels() const {
  for (const v1::ModelSetting& each : config_.models()) {
    const bool says_more = each.role() != v1::MODEL_USE_UNSPECIFIED || each.fields_size() > 0 ||
                           each.ignore_size() > 0 || !each.database().empty();
    if (each.table().empty() && !says_more) {
      return Wrong(each.line(), absl::StrCat("nothing is said of model ", each.name(),
                                             ": give table, role, fields, ignore or database"));
    }
    if (each.table() == "none" && says_more) {
      return Wrong(each.line(),
                   absl::StrCat("model ", each.name(),
                                " stands for no table: leave out what is said of one"));
    }
    for (const v1::CheckSetting& field : each.fields()) {
      if (field.value().empty()) {
        return Wrong(field.line(), absl::StrCat("field ", field.name(),
                                                " needs the name of its "
                                                "column"));
      }
      if (!Ignores(&each, field.name())) continue;
      return Wrong(field.line(), absl::StrCat("field ", field.name(),
                                              " has a column, and is left out: keep one"));
    }
  }
  return absl::OkStatus();
}

absl::Status RulesFile::TakeKeys() const {
  for (const v1::DeclaredKeys& keys : config_.redis_keys()) {
    if (keys.pattern().empty()) return Wrong(keys.line(), "declared keys need a pattern");
    if (!keys.type().empty() && !MayBeType(keys.type())) {
      return Wrong(keys.line(), absl::StrCat("type is one of ", absl::StrJoin(kRedisTypes, ", "),
                                             ", or a module's, not '", keys.type(), "'"));
    }
    const std::string& ttl = keys.ttl();
    if (!ttl.empty() && ttl != "always" && ttl != "never" && ttl != "mixed") {
      return Wrong(keys.line(), absl::StrCat("ttl is always, never or mixed, not '", ttl, "'"));
    }
    const std::string format = WrongInDeclaredFormat(keys.format());
    if (!format.empty()) return Wrong(keys.line(), format);
    for (const v1::CheckSetting& place : keys.value()) {
      const std::string what = WrongInDeclaredPlace(place);
      if (!what.empty()) return Wrong(place.line(), what);
    }
  }
  return absl::OkStatus();
}

bool RulesFile::Asks(const Rule& rule) const {
  const auto found = settings_.find(rule.id);
  if (found == settings_.end()) return rule.by_default;
  return found->second.is_asked.value_or(rule.by_default);
}

std::optional<Severity> RulesFile::LevelOf(absl::string_view rule) const {
  const auto found = settings_.find(rule);
  return found == settings_.end() ? std::nullopt : found->second.level;
}

const v1::Acceptance* RulesFile::Accepts(const v1::Finding& finding, absl::Time now) const {
  for (int at = 0; at < config_.accept_size(); ++at) {
    const v1::Acceptance& each = config_.accept(at);
    const bool is_meant = each.fingerprint().empty()
                              ? each.rule() == finding.rule() && each.object() == finding.object()
                              : each.fingerprint() == finding.fingerprint();
    const bool is_of_source = each.source().empty() || each.source() == finding.section();
    if (is_meant && is_of_source && now < ends_[at]) return &each;
  }
  return nullptr;
}

absl::StatusOr<std::vector<v1::RulesFileNote>> RulesFile::NotesOn(const Snapshot& snapshot,
                                                                  absl::Time now) const {
  VARVE_ASSIGN_OR_RETURN(std::vector<v1::RulesFileNote> notes, NotesOnModels(config_, snapshot));
  const auto note = [&notes](uint32_t line, std::string text) {
    v1::RulesFileNote& made = notes.emplace_back();
    made.set_line(line);
    made.set_text(std::move(text));
  };
  for (int at = 0; at < config_.accept_size(); ++at) {
    const v1::Acceptance& each = config_.accept(at);
    if (now < ends_[at]) continue;
    note(each.line(), absl::StrCat("this acceptance ended on ", each.until(), ": ask ",
                                   each.owner(), " to mend the finding or to renew it"));
  }
  for (const v1::DeclaredKeys& keys : config_.redis_keys()) {
    if (HoldsNone(snapshot, keys.pattern())) {
      note(keys.line(), absl::StrCat("no key is of pattern ", keys.pattern()));
    }
    if (!keys.model().empty() && IsMissing(snapshot, "models", "model", keys.model())) {
      note(keys.line(), absl::StrCat("there is no model ", keys.model()));
    }
  }
  std::stable_sort(notes.begin(), notes.end(),
                   [](const auto& a, const auto& b) { return a.line() < b.line(); });
  return notes;
}

}  // namespace varve
