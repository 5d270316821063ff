#include "agent/source/redis/section_troubles.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/source/redis/estimate.h"
#include "agent/source/redis/remedy.h"

namespace varve::redis {
namespace {

constexpr v1::Facet kStructure = v1::FACET_STRUCTURE;
// Scopes that no identity has, since its first name is a database's number: what they say is
// missing takes no pattern from view.
constexpr absl::string_view kKeyList = "list of keys";
constexpr absl::string_view kDeniedKeys = "keys that the ACL does not permit";
constexpr absl::string_view kSamples = "samples";
constexpr absl::string_view kShare = "keys outside the share";
constexpr absl::string_view kValues = "values";
constexpr absl::string_view kRarePatterns = "rare patterns";

v1::Sight SightOf(const ScanEnd& end) {
  switch (end.kind) {
    case ScanEnd::Kind::kWhole:
      return v1::SIGHT_CAPTURED;
    case ScanEnd::Kind::kRefused:
      return SightOf(end.refusal);
    case ScanEnd::Kind::kPastDeadline:
      return v1::SIGHT_CAPPED;
    case ScanEnd::Kind::kFailed:
      return v1::SIGHT_FAILED;
  }
  return v1::SIGHT_FAILED;
}

// What keeps the types of all patterns from view.
std::optional<Probe> MissingProbe(const KeyspaceReading& keyspace) {
  for (const Probe probe : {Probe::kType, Probe::kPttl}) {
    if (keyspace.probes.refusal(probe).has_value()) return probe;
  }
  return std::nullopt;
}

class Teller {
 public:
  Teller(const RedisConfig& config, const RedisReading& reading, SectionBuilder& builder)
      : config_(config), reading_(reading), keyspace_(reading.keyspace), builder_(builder) {}

  void Tell() {
    TellServer();
    if (reading_.server.mode == "sentinel") {
      TellSentinel();
      return;
    }
    CoverDatabases();
    CoverPatterns();
    for (const DatabaseReading& database : keyspace_.databases) TellDatabase(database);
    for (const Probe probe : kAllProbes) TellProbe(probe);
    TellDeniedKeys();
    TellRarePatterns();
    TellShare();
    TellKeyList();
    TellSamples();
    TellValues();
  }

 private:
  void TellServer();
  void TellUntold(const TopologyAnswer& untold);
  void TellSentinel();
  // Of what may be there beside what was read.
  v1::Sight MoreSight() const;
  std::string MoreRemedy() const;
  void CoverDatabases();
  void CoverPatterns();
  std::string EndRemedy(const std::string& command, const ScanEnd& end) const;
  void TellMissing(const DatabaseReading& database);
  void TellDatabase(const DatabaseReading& database);
  void TellCounts(const DatabaseReading& database);
  void TellProbe(Probe probe);
  void TellDeniedKeys();
  void TellRarePatterns();
  void TellShare();
  void TellKeyList();
  void TellSamples();
  void TellValues();
  void TellRefusedSamples();

  void Cover(absl::string_view scope, v1::Sight state, absl::string_view reason,
             absl::string_view remedy = "") {
    builder_.Cover(kPatternKind, kStructure, state, reason, remedy, {std::string(scope)});
  }

  const RedisConfig& config_;
  const RedisReading& reading_;
  const KeyspaceReading& keyspace_;
  SectionBuilder& builder_;
  bool rest_is_told_ = false;  // that databases were not begun
};

void Teller::TellServer() {
  const ServerReading& server = reading_.server;
  if (reading_.password_not_needed) {
    builder_.Warning("authenticating", "the server has no password, though one is given",
                     "leave the password out, or give the server one");
  }
  if (server.info_refusal.has_value()) {
    const std::string remedy = RefusalRemedy(reading_.endpoint, *server.info_refusal, "+info");
    builder_.Warning("asking INFO", server.refusal_text, remedy);
    if (!server.is_known()) {
      builder_.Cover(kServerKind, kStructure, SightOf(*server.info_refusal), server.refusal_text,
                     remedy);
      return;
    }
  }
  for (const Deployment::Note& note : reading_.notes) {
    builder_.Warning(note.doing, note.why, note.remedy);
  }
  if (reading_.untold.has_value()) TellUntold(*reading_.untold);
  builder_.CoverWhole(kServerKind);
}

// The keys of one node are there, and those of the others are not.
void Teller::TellUntold(const TopologyAnswer& untold) {
  constexpr absl::string_view kDoing = "finding the nodes of the cluster (CLUSTER SHARDS, SLOTS)";
  if (!untold.refusal.has_value()) {
    builder_.Warning(kDoing, "the cluster serves no slots yet");
    return;
  }
  builder_.Error(kDoing,
                 absl::StrCat(untold.refusal_text, ": the keys of this node alone are read"),
                 RefusalRemedy(reading_.endpoint, *untold.refusal, "+cluster"));
}

void Teller::TellSentinel() {
  constexpr absl::string_view kWhy = "this is a Sentinel: it holds no keys";
  constexpr absl::string_view kRemedy =
      "name the server that it watches: redis+sentinel://host:26379/mymaster";
  builder_.Error("reading keys", kWhy, kRemedy);
  for (const absl::string_view kind : {kDatabaseKind, kPatternKind}) {
    builder_.Cover(kind, kStructure, v1::SIGHT_NOT_SUPPORTED, kWhy, kRemedy);
  }
}

v1::Sight Teller::MoreSight() const {
  return keyspace_.is_loading ? v1::SIGHT_FAILED : v1::SIGHT_NOT_PERMITTED;
}

std::string Teller::MoreRemedy() const {
  return keyspace_.is_loading ? RefusalRemedy(reading_.endpoint, Refusal::kLoading, "")
                              : GrantRemedy(reading_.endpoint, "+info +select");
}

void Teller::CoverDatabases() {
  if (keyspace_.more_databases.empty()) {
    builder_.CoverWhole(kDatabaseKind);
    return;
  }
  builder_.Cover(kDatabaseKind, kStructure, MoreSight(), keyspace_.more_databases, MoreRemedy());
  builder_.Error("finding the databases", keyspace_.more_databases, MoreRemedy());
}

void Teller::CoverPatterns() {
  const std::optional<Probe> missing = MissingProbe(keyspace_);
  if (config_.depth == RedisDepth::kNames) {
    builder_.Cover(kPatternKind, kStructure, v1::SIGHT_EXCLUDED, "depth: names asks for no types");
  } else if (missing.has_value()) {
    const Refusal refusal = *keyspace_.probes.refusal(*missing);
    builder_.Cover(
        kPatternKind, kStructure, SightOf(refusal),
        absl::StrCat(ProbeCommand(*missing), ": ", keyspace_.probes.refusal_text(*missing)),
        RefusalRemedy(reading_.endpoint, refusal, ProbeRule(*missing)));
  } else if (!keyspace_.more_databases.empty()) {
    builder_.Cover(kPatternKind, kStructure, MoreSight(), keyspace_.more_databases, MoreRemedy());
    for (const DatabaseReading& database : keyspace_.databases) {
      if (database.is_whole() && !keyspace_.is_loading)
        Cover(absl::StrCat(database.number), v1::SIGHT_CAPTURED, "");
    }
  } else {
    builder_.CoverWhole(kPatternKind);
  }
}

std::string Teller::EndRemedy(const std::string& command, const ScanEnd& end) const {
  switch (end.kind) {
    case ScanEnd::Kind::kRefused:
      return RefusalRemedy(reading_.endpoint, end.refusal,
                           command == "SELECT" ? "+select" : "+scan");
    case ScanEnd::Kind::kPastDeadline:
      return "allow it more time, or a faster pace";
    case ScanEnd::Kind::kWhole:
    case ScanEnd::Kind::kFailed:
      return ConnectionRemedy(reading_.endpoint, end.status);
  }
  return "";
}

// "20000 of about 40000 read".
std::string ReadOf(const DatabaseReading& database) {
  if (!database.keys_said.has_value()) return absl::StrCat(database.end.keys, " read");
  return absl::StrCat(database.end.keys, " of about ", *database.keys_said, " read");
}

void Teller::TellMissing(const DatabaseReading& database) {
  const std::string number = absl::StrCat(database.number);
  const absl::string_view why = database.end.status.message();
  const std::string remedy = EndRemedy(database.command, database.end);
  Cover(number, SightOf(database.end), why, remedy);
  if (!database.was_begun) {
    if (!rest_is_told_) {
      builder_.Error(absl::StrCat("reading the keys of database ", number, " and those after it"),
                     why, remedy);
    }
    rest_is_told_ = true;
    return;
  }
  if (database.parts.empty()) {
    builder_.Error(absl::StrCat("reading the keys of database ", number, " (", database.command,
                                "), ", ReadOf(database)),
                   why, remedy);
  }
  for (const PartEnd& part : database.parts) {
    builder_.Error(absl::StrCat("reading the keys of ", part.where, " (", part.command, "), ",
                                part.end.keys, " read"),
                   part.end.status.message(), EndRemedy(part.command, part.end));
  }
}

void Teller::TellDatabase(const DatabaseReading& database) {
  const std::string number = absl::StrCat(database.number);
  const std::string reading = absl::StrCat("reading the keys of database ", number);
  if (!database.is_whole()) {
    TellMissing(database);
  } else if (database.is_capped) {
    Cover(number, v1::SIGHT_CAPPED, "more patterns than are kept apart: the rest is <rest>");
  }
  if (database.slots_moved > 0) {
    builder_.Warning(
        reading,
        absl::StrCat(database.slots_moved,
                     " slots moved to other nodes meanwhile: their keys were looked for there too",
                     database.are_moves_open ? ", and are still on their way" : "",
                     "; counts are approximate"));  // a node may learn late what moved elsewhere
  } else if (database.end.elsewhere > 0) {
    builder_.Warning(reading, absl::StrCat(database.end.elsewhere,
                                           " keys moved to another node of the cluster meanwhile"));
  }
  if (!database.follow.ok() && database.is_whole()) {
    builder_.Warning(
        reading, absl::StrCat("the cluster did not say afterwards which slots moved (",
                              database.follow.message(), "); counts are approximate if some did"));
  }
  if (database.names_too_long > 0) {
    builder_.Warning(reading, absl::StrCat(database.names_too_long,
                                           " keys have names of more than 1 MiB: nothing was asked "
                                           "of them"));
  }
  TellCounts(database);
}

// What SCAN gave is held against what the server says: it may give a key twice.
void Teller::TellCounts(const DatabaseReading& database) {
  if (!database.is_whole() || !database.before.has_value() || !database.after.has_value()) return;
  const uint64_t before = database.before->keys;
  const uint64_t after = database.after->keys;
  if (Agrees(database.end.keys, before, after, keyspace_.let_go)) return;
  builder_.Warning(
      absl::StrCat("counting the keys of database ", database.number),
      absl::StrCat("counts are approximate: ", database.end.keys, " were met, and the server said ",
                   before, " before and ", after, " after"));
}

void Teller::TellProbe(Probe probe) {
  if (config_.depth == RedisDepth::kNames) {
    Cover(ProbeCommand(probe), v1::SIGHT_EXCLUDED, "depth: names asks nothing of a key");
    return;
  }
  const std::optional<Refusal> refusal = keyspace_.probes.refusal(probe);
  if (!refusal.has_value()) return;
  const std::string& why = keyspace_.probes.refusal_text(probe);
  const std::string remedy = RefusalRemedy(reading_.endpoint, *refusal, ProbeRule(probe));
  builder_.Error(absl::StrCat("asking ", ProbeCommand(probe), " of keys"), why, remedy);
  Cover(ProbeCommand(probe), SightOf(*refusal), why, remedy);
}

void Teller::TellDeniedKeys() {
  constexpr absl::string_view kWhy = "the ACL does not permit them (NOPERM)";
  const std::string remedy = GrantRemedy(reading_.endpoint, "~*");
  bool is_told = false;
  for (const DatabaseReading& database : keyspace_.databases) {
    if (database.not_permitted == 0) continue;
    builder_.Error(
        absl::StrCat("looking at ", database.not_permitted, " keys of database ", database.number),
        kWhy, remedy);
    if (!is_told) Cover(kDeniedKeys, v1::SIGHT_NOT_PERMITTED, kWhy, remedy);
    is_told = true;
  }
}

// Every key is counted; words are left out on purpose. The figures are the database's.
void Teller::TellRarePatterns() {
  const bool is_any =
      std::any_of(keyspace_.databases.begin(), keyspace_.databases.end(),
                  [](const DatabaseReading& database) { return database.folded.patterns > 0; });
  if (!is_any) return;
  Cover(kRarePatterns, v1::SIGHT_EXCLUDED,
        "patterns that hardly a key has, many in one place, are together under <rare>");
}

// By the configuration's own will: it lacks nothing that was asked for.
void Teller::TellShare() {
  if (config_.depth != RedisDepth::kSampled) return;
  Cover(kShare, v1::SIGHT_EXCLUDED,
        "depth: sampled looks at a share of the keys and at a few of each pattern: figures of all "
        "are estimates, each with its bound");
}

void Teller::TellKeyList() {
  if (keyspace_.keys_offered <= config_.key_list_cap) return;
  Cover(kKeyList, v1::SIGHT_CAPPED,
        absl::StrCat("more than ", config_.key_list_cap,
                     " keys: those of the smallest hash are listed; counts are of all"));
}

void Teller::TellSamples() {
  const SamplingEnd& sampling = reading_.sampling;
  if (config_.depth == RedisDepth::kNames) {
    Cover(kSamples, v1::SIGHT_EXCLUDED, "depth: names asks for no values");
    return;
  }
  if (config_.samples == SampleMode::kOff) {
    Cover(kSamples, v1::SIGHT_EXCLUDED, "the configuration samples no values");
  }
  TellRefusedSamples();
  if (sampling.unsafe > 0) {
    builder_.Warning("sampling values",
                     absl::StrCat(sampling.unsafe,
                                  " values were left alone: they are large, or of unknown size"));
  }
  if (sampling.left_alone > 0) {
    Cover(kSamples, v1::SIGHT_CAPPED,
          "the server evicts by use, and a read counts as use before Redis 7.2: few were read");
  }
  if (sampling.failed.has_value()) {
    builder_.Warning("sampling values", sampling.failed->message(),
                     ConnectionRemedy(reading_.endpoint, *sampling.failed));
    Cover(kSamples, v1::SIGHT_FAILED, sampling.failed->message());
  }
}

// What values look like. Samples, which ask the same, tell most of it already.
void Teller::TellValues() {
  const SamplingEnd& end = reading_.values_end;
  if (config_.depth != RedisDepth::kFull) return;
  if (!config_.values) {
    Cover(kValues, v1::SIGHT_EXCLUDED, "the configuration says values: false");
    return;
  }
  if (end.failed.has_value()) Cover(kValues, v1::SIGHT_FAILED, end.failed->message());
  std::vector<std::string> commands;
  std::vector<std::string> rules;
  for (const SamplingEnd::Refused& one : end.refused) {
    commands.push_back(one.command);
    rules.push_back(one.rule);
  }
  if (commands.empty()) return;
  const SamplingEnd::Refused& first = end.refused.front();
  const std::string remedy =
      RefusalRemedy(reading_.endpoint, first.refusal, absl::StrJoin(rules, " "));
  Cover(kValues, SightOf(first.refusal), first.text, remedy);
  const std::vector<SamplingEnd::Refused>& told = reading_.sampling.refused;
  const bool is_told =
      std::all_of(commands.begin(), commands.end(), [&told](const std::string& command) {
        return std::any_of(told.begin(), told.end(), [&command](const SamplingEnd::Refused& one) {
          return one.command == command;
        });
      });
  if (is_told) return;
  builder_.Warning(absl::StrCat("looking at values (", absl::StrJoin(commands, ", "), ")"),
                   first.text, remedy);
}

// A warning: all that is counted is there.
void Teller::TellRefusedSamples() {
  const std::vector<SamplingEnd::Refused>& refused = reading_.sampling.refused;
  if (refused.empty()) return;
  std::vector<std::string> commands;
  std::vector<std::string> rules;
  for (const SamplingEnd::Refused& one : refused) {
    commands.push_back(one.command);
    rules.push_back(one.rule);
  }
  const std::string remedy =
      RefusalRemedy(reading_.endpoint, refused.front().refusal, absl::StrJoin(rules, " "));
  builder_.Warning(absl::StrCat("sampling values (", absl::StrJoin(commands, ", "), ")"),
                   refused.front().text, remedy);
  Cover(kSamples, SightOf(refused.front().refusal), refused.front().text, remedy);
}

}  // namespace

v1::Sight SightOf(Refusal refusal) {
  switch (refusal) {
    case Refusal::kCommandNotPermitted:
    case Refusal::kKeyNotPermitted:
      return v1::SIGHT_NOT_PERMITTED;
    case Refusal::kUnknownCommand:
      return v1::SIGHT_NOT_SUPPORTED;
    default:
      return v1::SIGHT_FAILED;
  }
}

v1::Sight PatternSight(const RedisConfig& config, const KeyspaceReading& keyspace,
                       const DatabaseReading& database) {
  if (config.depth == RedisDepth::kNames) return v1::SIGHT_EXCLUDED;
  if (!database.is_whole()) return SightOf(database.end);
  const std::optional<Probe> missing = MissingProbe(keyspace);
  return missing.has_value() ? SightOf(*keyspace.probes.refusal(*missing)) : v1::SIGHT_CAPTURED;
}

void TellTroubles(const RedisConfig& config, const RedisReading& reading, SectionBuilder& builder) {
  Teller(config, reading, builder).Tell();
}

}  // namespace varve::redis
