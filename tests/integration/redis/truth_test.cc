// The figures of a keyspace of the generator's are those that it made.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "tests/integration/redis/redis_gathering.h"

namespace varve::testing {
namespace {

using ::nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

// One server with 20,000 keys for all tests.
class RedisTruthTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = RedisServer::Start()->release();
    folder_ = new TemporaryFolder();
    const std::string truth = folder_->Path("truth.json");
    const std::string load = absl::StrCat("/usr/bin/python3 '", VARVE_BENCH_FOLDER,
                                          "/make_keyspace.py' --keys 20000 --big 0.1 --port ",
                                          server_->port(), " --truth '", truth, "'");
    ASSERT_EQ(std::system(load.c_str()), 0);
    std::ifstream file(truth);
    truth_ = new json(json::parse(file));
    section_ = new Section(Gather(*server_));
  }
  static void TearDownTestSuite() {
    delete section_;
    delete truth_;
    delete folder_;
    delete server_;
  }

  static const Section& section() { return *section_; }
  static const json& truth() { return *truth_; }
  static RedisServer& server() { return *server_; }

  // The truth of a family whose keys are one pattern, by that pattern and its database.
  static const json* Family(int database, const std::string& pattern) {
    for (const json& family : truth()["families"]) {
      if (family["db"] == database && family["pattern"] == pattern) return &family;
    }
    return nullptr;
  }

  // All patterns of the section.
  static std::vector<EntityKey> Patterns() {
    std::vector<EntityKey> patterns;
    for (const ReadLine& read : section().lines) {
      if (read.line.key.entity.kind == "key_pattern") patterns.push_back(read.line.key.entity);
    }
    return patterns;
  }

  static v1::KeyPatternStructure Structure(const EntityKey& pattern) {
    const ReadLine* const line = FindLine(section(), {pattern, v1::FACET_STRUCTURE});
    if (line == nullptr || !line->line.seen.has_value()) return {};
    return DecodeShape(section(), line->line.seen->shape)->key_pattern();
  }

  static std::vector<std::string> PathsOf(const EntityKey& pattern) {
    std::vector<std::string> paths;
    const v1::KeyPatternStructure structure = Structure(pattern);
    for (const v1::ValueShape& shape : structure.values()) {
      for (const v1::ValuePath& path : shape.paths()) paths.push_back(path.path());
    }
    return paths;
  }

  static int64_t SumOf(const EntityKey& pattern, const std::string& measure) {
    int64_t sum = 0;
    for (const v1::EntityMeasures& entity : section().measures->entities()) {
      if (KeyOf(entity.identity()) != pattern) continue;
      for (const v1::Measure& one : entity.measures()) {
        if (one.name() == measure) sum += one.number();
      }
    }
    return sum;
  }

 private:
  static inline RedisServer* server_ = nullptr;
  static inline TemporaryFolder* folder_ = nullptr;
  static inline json* truth_ = nullptr;
  static inline Section* section_ = nullptr;
};

TEST_F(RedisTruthTest, TypesAndExpiryAreExactInEveryDatabase) {
  std::map<std::string, int64_t> keys;
  std::map<std::string, int64_t> types;
  int64_t with_ttl = 0;
  for (const EntityKey& pattern : Patterns()) {
    keys[pattern.names[0]] += MeasureOf(section(), pattern, "keys").value_or(0);
    with_ttl += MeasureOf(section(), pattern, "keys_with_ttl").value_or(0);
    for (const char* const type : {"string", "hash", "list", "set", "zset", "stream"}) {
      types[type] += MeasureOf(section(), pattern, "keys_of_type", type).value_or(0);
    }
  }
  for (const auto& [database, counts] : truth()["by_db"].items()) {
    EXPECT_EQ(keys[database], counts["keys"]) << database;
  }
  for (const auto& [type, count] : truth()["by_type"].items())
    EXPECT_EQ(types[type], count) << type;
  EXPECT_EQ(with_ttl, truth()["keys_with_ttl"]);
}

TEST_F(RedisTruthTest, EveryClassOfAPatternsKeysIsCounted) {
  for (const EntityKey& pattern : Patterns()) {
    SCOPED_TRACE(DisplayName(pattern));
    EXPECT_EQ(SumOf(pattern, "keys_of_size"), MeasureOf(section(), pattern, "keys_sized"));
    EXPECT_EQ(SumOf(pattern, "keys_of_ttl"), MeasureOf(section(), pattern, "keys_with_ttl"));
    EXPECT_EQ(SumOf(pattern, "keys_of_type"), MeasureOf(section(), pattern, "keys"));
  }
}

TEST_F(RedisTruthTest, AFamilysKeysHaveTheirTimesToLive) {
  int compared = 0;
  for (const EntityKey& pattern : Patterns()) {
    int database = 0;
    ASSERT_TRUE(absl::SimpleAtoi(pattern.names[0], &database));
    const json* const family = Family(database, pattern.names[1]);
    // Names without a form are of several classes by their look.
    if (family == nullptr || (*family)["family"] == "nodelim") continue;
    ++compared;
    SCOPED_TRACE(DisplayName(pattern));
    EXPECT_EQ(MeasureOf(section(), pattern, "keys"), (*family)["keys"]);
    EXPECT_EQ(MeasureOf(section(), pattern, "keys_with_ttl"), (*family)["with_ttl"]);
    EXPECT_EQ(Structure(pattern).types(0), (*family)["type"]);
  }
  EXPECT_GT(compared, 20);
  // Two hours to thirty days.
  const EntityKey session = Pattern(0, "session:<uuid>");
  EXPECT_EQ(MeasureOf(section(), session, "keys_of_ttl", "1h"), std::nullopt);
  EXPECT_GT(MeasureOf(section(), session, "keys_of_ttl", "30d").value_or(0), 0);
  EXPECT_EQ(MeasureOf(section(), session, "keys_of_ttl", "365d"), std::nullopt);
}

// What may stand for a part of a name: as the generator writes its patterns, and as ours are. Words
// of few keys may be together.
std::string PatternForm(const std::string& family, const std::string& pattern) {
  static const auto* const forms = new std::map<std::string, std::string>{
      {"cache", "cache:<hex40>"},
      {"board", "leaderboard:(eu|us|ap|sa|me|af):<date>:<int>"},
      {"geo", "geo:[a-z]+:cell:<int>"},
      {"lock", "lock:[a-z]+:<uuid>"},
      {"job", "job:<ulid>"},
      {"order", "t:tenant-[a-z]+-<int>:order:<int>:lines"},
      {"events", "events:[a-z]+:<date>:<int>"},
      {"apikey", "apikey:<token>"},
      {"nodelim", "<id>|<str>|<int>|<hex>|[a-z]+[0-9]*"},
      {"slashed", "files/<hex>/(<hex>|<int>)/meta"},
      {"dashed", "tmp-[a-z]+-<int>"},
      {"longkey", "long:<long>(:|:<int>)?"},  // of longer names than 4 KiB the beginning counts
      {"fathash", "inventory:[a-z]+:<int>"},
      {"bull", "bull:[a-z]+:<int>"},
      {"queue", "queue:[a-z]+"},
  };
  const auto found = forms->find(family);
  if (found != forms->end()) {
    return absl::StrReplaceAll(found->second, {{"[a-z]+", "([a-z]+|<rare>)"}});
  }
  return absl::StrReplaceAll(pattern, {{"{", "\\{"}, {"}", "\\}"}, {".", "\\."}});
}

// What the patterns of a family's form have together.
struct FamilyFigures {
  int64_t keys = 0;
  int64_t with_ttl = 0;
  std::set<std::string> types;

  friend bool operator==(const FamilyFigures&, const FamilyFigures&) = default;
};

void PrintTo(const FamilyFigures& figures, std::ostream* out) {
  *out << figures.keys << " keys, " << figures.with_ttl << " with TTL, "
       << absl::StrJoin(figures.types, " ");
}

TEST_F(RedisTruthTest, EveryPatternIsOfOneFamilyAndEveryFamilyIsThereWhole) {
  std::map<std::string, FamilyFigures> found;
  for (const EntityKey& pattern : Patterns()) {
    std::vector<std::string> families;
    for (const json& family : truth()["families"]) {
      const std::regex form(PatternForm(family["family"], family["pattern"]));
      // The names without a form are told by what no other family's are.
      const bool is_of_it = absl::StrCat(family["db"].get<int>()) == pattern.names[0] &&
                            std::regex_match(pattern.names[1], form);
      if (is_of_it) families.push_back(family["family"]);
    }
    if (families.size() > 1) {
      families.erase(std::remove(families.begin(), families.end(), "nodelim"), families.end());
    }
    ASSERT_EQ(families.size(), 1u) << DisplayName(pattern) << ": " << absl::StrJoin(families, " ");
    FamilyFigures& figures = found[families.front()];
    figures.keys += MeasureOf(section(), pattern, "keys").value_or(0);
    figures.with_ttl += MeasureOf(section(), pattern, "keys_with_ttl").value_or(0);
    const v1::KeyPatternStructure structure = Structure(pattern);
    figures.types.insert(structure.types().begin(), structure.types().end());
  }
  std::map<std::string, FamilyFigures> made;
  for (const json& family : truth()["families"]) {
    made[family["family"]] = {family["keys"], family["with_ttl"], {family["type"]}};
  }
  EXPECT_EQ(found, made);
}

TEST_F(RedisTruthTest, TheBiggestKeysAreThoseOfMostMemory) {
  std::vector<std::string> names;
  for (const v1::RedisKey& key : section().measures->redis().biggest()) names.push_back(key.name());
  EXPECT_EQ(names.size(), 100u);
  // The seven that are far bigger than all others.
  for (const char* const name : {"blob:export", "catalog:all", "ranking:global", "subscribers:all",
                                 "log:backlog", "stream:audit"}) {
    EXPECT_THAT(names, Contains(name));
  }
  for (const json& big : truth()["biggest"]) {
    for (const v1::RedisKey& key : section().measures->redis().biggest()) {
      if (key.name() != big["key"] || key.database() != big["db"]) continue;
      SCOPED_TRACE(key.name());
      EXPECT_EQ(key.type(), big["type"]);
      EXPECT_EQ(key.length(), big["type"] == "string" ? big["payload_bytes"] : big["elements"]);
    }
  }
}

TEST_F(RedisTruthTest, MediansAreThoseOfTheKeysThemselves) {
  const EntityKey pattern = Pattern(0, "cart:<int>:items");
  std::vector<int64_t> sizes;
  for (const v1::RedisKey& key : section().measures->redis().keys()) {
    if (absl::StartsWith(key.name(), "cart:")) {
      sizes.push_back(static_cast<int64_t>(key.size_bytes()));
    }
  }
  ASSERT_GT(sizes.size(), 100u);
  std::sort(sizes.begin(), sizes.end());
  // Of half of all keys: those that are listed.
  const auto median = static_cast<double>(sizes[sizes.size() / 2]);
  EXPECT_NEAR(static_cast<double>(MeasureOf(section(), pattern, "key_bytes_p50").value_or(0)),
              median, median / 4);
}

TEST_F(RedisTruthTest, ValuesLookAsTheyWereMade) {
  EXPECT_THAT(PathsOf(Pattern(0, "doc:state:<int>")),
              ::testing::ElementsAre("$", "$.body", "$.id", "$.rev", "$.state", "$.title"));
  EXPECT_THAT(PathsOf(Pattern(0, "session:<uuid>")),
              ::testing::ElementsAre("$", "$.email", "$.ip", "$.jwt", "$.uid"));
  EXPECT_THAT(PathsOf(Pattern(0, "user:{<int>}:profile")),
              ::testing::ElementsAre("age", "city", "created", "email", "name", "password"));
  EXPECT_THAT(PathsOf(Pattern(0, "cart:<int>:items")), ::testing::ElementsAre("sku:*"));
  EXPECT_THAT(PathsOf(Pattern(0, "catalog:all")), ::testing::ElementsAre("field:*"));
  EXPECT_THAT(PathsOf(Pattern(1, "celery-task-meta-<uuid>")),
              ::testing::ElementsAre("$", "$.children", "$.result", "$.status", "$.traceback"));
  EXPECT_THAT(PathsOf(Pattern(0, "stream:audit")), ::testing::ElementsAre("action", "actor"));
  EXPECT_THAT(Structure(Pattern(0, "stream:audit")).values(0).groups(),
              ::testing::ElementsAre("siem"));
  EXPECT_THAT(PathsOf(Pattern(0, "log:backlog")),
              ::testing::ElementsAre("[*]", "[*]$.level", "[*]$.msg", "[*]$.n"));
  const v1::KeyPatternStructure cache = Structure(Pattern(0, "cache:<hex40>"));
  ASSERT_EQ(cache.values_size(), 1);
  EXPECT_THAT(cache.values(0).formats(), Contains("binary"));
}

TEST_F(RedisTruthTest, EveryPatternThatWasSeenHasItsValues) {
  for (const EntityKey& pattern : Patterns()) {
    const v1::KeyPatternStructure structure = Structure(pattern);
    // Very long names are not kept, so that their keys cannot be asked for.
    if (structure.types_size() == 0 || absl::StrContains(pattern.names[1], "<long>")) continue;
    EXPECT_EQ(structure.values_size(), structure.types_size()) << DisplayName(pattern);
  }
}

TEST_F(RedisTruthTest, NoPlantedSecretLeaves) {
  const std::string bytes = EveryByte(section());
  for (const json& canary : truth()["canaries"]) {
    EXPECT_THAT(bytes, Not(HasSubstr(canary.get<std::string>())));
  }
}

TEST_F(RedisTruthTest, ASecondReadIsTheSame) {
  EXPECT_EQ(Gather(server()).header.manifest_hash(), section().header.manifest_hash());
}

}  // namespace
}  // namespace varve::testing
