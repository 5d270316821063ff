#include "tests/integration/redis/redis_gathering.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "snapshot/diff.h"
#include "snapshot/kinds.h"
#include "snapshot/line.h"

namespace varve::testing {
namespace {

std::string TtlWord(v1::TtlClass ttl) {
  switch (ttl) {
    case v1::TTL_CLASS_NEVER:
      return "never";
    case v1::TTL_CLASS_ALWAYS:
      return "always";
    case v1::TTL_CLASS_MIXED:
      return "mixed";
    default:
      return "unknown";
  }
}

Snapshot Taken(Section section, int64_t seq) {
  Snapshot snapshot;
  snapshot.header.set_environment("test");
  *snapshot.header.add_sections() = section.header;
  snapshot.sections.push_back(std::move(section));
  snapshot.seq = seq;
  return snapshot;
}

}  // namespace

Section Gather(const RedisConfig& config, absl::Duration time) {
  RedisConfig used = config;
  if (used.pace != RedisPace::kGentle) used.pace = RedisPace::kFast;
  const auto redactor = std::make_shared<const Redactor>(MaskKey{"test", std::string(32, 'k')});
  return MakeRedisSource(std::move(used), redactor)->Gather({absl::Now() + time}).front();
}

Section Gather(const RedisServer& server) { return Gather(ConfigFor(server)); }

std::vector<std::string> Differences(const Section& before, const Section& after) {
  const auto result = Diff(Taken(before, 1), Taken(after, 2), nullptr);
  if (!result.ok()) return {std::string(result.status().message())};
  std::vector<std::string> lines;
  for (const v1::Difference& difference : result->differences()) {
    std::string op = v1::Difference::Op_Name(difference.op()).substr(3);
    for (char& c : op) c = absl::ascii_tolower(static_cast<unsigned char>(c));
    const std::string what =
        absl::StrCat(op, " ", difference.identity().kind(), " ",
                     DisplayName(KeyOf(difference.identity())), " ", FacetName(difference.facet()));
    if (difference.changes().empty()) lines.push_back(what);
    for (const v1::PropertyChange& change : difference.changes()) {
      lines.push_back(absl::StrCat(what, ": ", absl::StrJoin(change.path(), "."), ": ",
                                   change.has_before() ? change.before() : "-", " → ",
                                   change.has_after() ? change.after() : "-"));
    }
  }
  for (const auto* const list : {&result->cannot_say(), &result->not_comparable()}) {
    for (const v1::NotCompared& item : *list) {
      lines.push_back(absl::StrCat("cannot say: ", item.identity().kind(), " ", item.why()));
    }
  }
  return lines;
}

RedisConfig ConfigFor(const RedisServer& server) {
  RedisConfig config;
  config.url = server.url();
  return config;
}

RedisConfig ConfigAsVarve(const RedisServer& server) {
  RedisConfig config = ConfigFor(server);
  config.user = "varve";
  config.password = "pw";
  return config;
}

std::vector<std::string> PatternLines(const Section& section) {
  std::vector<std::string> lines;
  for (const ReadLine& line : section.lines) {
    const EntityKey& key = line.line.key.entity;
    if (key.kind != "key_pattern") continue;
    std::string text = absl::StrCat(absl::StrJoin(key.names, "/"), ": ");
    if (line.line.seen.has_value()) {
      const absl::StatusOr<v1::Shape> shape = DecodeShape(section, line.line.seen->shape);
      if (!shape.ok()) return {std::string(shape.status().message())};
      absl::StrAppend(&text, absl::StrJoin(shape->key_pattern().types(), ", "), "; ttl ",
                      TtlWord(shape->key_pattern().ttl()));
    } else {
      absl::StrAppend(&text, "unseen: ", SightName(line.line.unseen));
    }
    lines.push_back(std::move(text));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::optional<int64_t> MeasureOf(const Section& section, const EntityKey& entity,
                                 const std::string& name, const std::string& element) {
  for (const v1::EntityMeasures& measures : section.measures->entities()) {
    if (KeyOf(measures.identity()) != entity) continue;
    for (const v1::Measure& measure : measures.measures()) {
      if (measure.name() == name && measure.element() == element) return measure.number();
    }
  }
  return std::nullopt;
}

EntityKey Pattern(int database, const std::string& pattern) {
  return {"key_pattern", {absl::StrCat(database), pattern}};
}

EntityKey Database(int database) { return {"redis_database", {absl::StrCat(database)}}; }

bool IsSeen(const Section& section, const EntityKey& entity) {
  const ReadLine* const line = FindLine(section, {entity, v1::FACET_STRUCTURE});
  return line != nullptr && line->line.seen.has_value();
}

const v1::RedisKey* ListedKey(const Section& section, const std::string& name, int database) {
  for (const v1::RedisKey& key : section.measures->redis().keys()) {
    if (key.name() == name && static_cast<int>(key.database()) == database) return &key;
  }
  return nullptr;
}

std::vector<std::string> ListedNames(const Section& section) {
  std::vector<std::string> names;
  for (const v1::RedisKey& key : section.measures->redis().keys()) names.push_back(key.name());
  return names;
}

std::vector<std::string> Troubles(const Section& section) {
  std::vector<std::string> lines;
  for (const v1::SectionError& error : section.header.errors()) {
    const bool is_error = error.severity() == v1::SectionError::SEVERITY_ERROR;
    lines.push_back(absl::StrCat(is_error ? "error: " : "warning: ", error.doing(), ": ",
                                 error.why(), "; ", error.remedy()));
  }
  return lines;
}

std::vector<std::string> NotCaptured(const Section& section) {
  const absl::StatusOr<v1::Coverage> coverage = DecodeCoverage(section);
  if (!coverage.ok()) return {std::string(coverage.status().message())};
  std::vector<std::string> lines;
  for (const v1::CoverageEntry& entry : coverage->entries()) {
    if (entry.state() == v1::SIGHT_CAPTURED) continue;
    lines.push_back(absl::StrCat(entry.kind(), " [", absl::StrJoin(entry.scope(), "/"), "] ",
                                 SightName(entry.state()), ": ", entry.reason(), "; ",
                                 entry.remedy()));
  }
  return lines;
}

std::string EveryByte(const Section& section) {
  std::string bytes = section.header.SerializeAsString();
  absl::StrAppend(&bytes, section.coverage, section.measures->SerializeAsString());
  for (const ReadLine& line : section.lines) absl::StrAppend(&bytes, LineBytes(line.line));
  for (const auto& [hash, shape] : section.shapes) absl::StrAppend(&bytes, shape);
  return bytes;
}

int64_t CallsOf(RedisServer& server, const std::string& command) {
  const absl::StatusOr<std::string> stats = server.Command({"INFO", "commandstats"});
  if (!stats.ok()) return -1;
  const std::string field = absl::StrCat("cmdstat_", command, ":calls=");
  const size_t at = stats->find(field);
  if (at == std::string::npos) return 0;
  const size_t begin = at + field.size();
  int64_t calls = -1;
  const absl::string_view number =
      absl::string_view(*stats).substr(begin, stats->find(',', begin) - begin);
  return absl::SimpleAtoi(number, &calls) ? calls : -1;
}

std::string ProgramName(const ::testing::TestParamInfo<RedisProgram>& info) {
  return absl::StrReplaceAll(info.param.label, {{"-", "_"}, {".", "_"}});
}

void RedisServerTest::Start(RedisServerOptions options) {
  options.command = GetParam().command;
  absl::StatusOr<std::unique_ptr<RedisServer>> server = RedisServer::Start(std::move(options));
  VARVE_ASSERT_OK(server);
  server_ = *std::move(server);
}

}  // namespace varve::testing
