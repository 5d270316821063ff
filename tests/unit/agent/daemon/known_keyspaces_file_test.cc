#include "agent/daemon/known_keyspaces_file.h"

#include "agent/daemon/durable_file.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

redis::KnownKeyspace Keyspace() {
  redis::KnownKeyspace known;
  known[3].read_at = absl::FromUnixSeconds(1'700'000'000);
  redis::KnownPattern& seen = known[3].patterns["t:<any>"];
  seen.structure.add_types("hash");
  seen.structure.set_ttl(v1::TTL_CLASS_ALWAYS);
  seen.way = v1::WAY_STATIC;
  seen.was_seen = true;
  seen.empty_for = absl::Hours(5);
  seen.types = {{"hash", absl::ZeroDuration()}, {"set", absl::Hours(2)}};
  seen.ttls = {{"expires", absl::Hours(1)}};
  known[3].empty_for = absl::Hours(4);
  known[3].patterns["only:a:name"];
  return known;
}

TEST(KnownKeyspacesFile, KeepsWhatReadsMetBeyondTheProcess) {
  const testing::TemporaryFolder folder;
  OpenKnownKeyspaces(folder.path())->Set("cache", Keyspace());
  OpenKnownKeyspaces(folder.path())->Set("queue", {});
  const redis::KnownKeyspace known = OpenKnownKeyspaces(folder.path())->Of("cache");
  ASSERT_THAT(redis::PatternNames(known, 3), ElementsAre("only:a:name", "t:<any>"));
  EXPECT_EQ(known.at(3).read_at, absl::FromUnixSeconds(1'700'000'000));
  const redis::KnownPattern& seen = known.at(3).patterns.at("t:<any>");
  EXPECT_THAT(seen.structure.types(), ElementsAre("hash"));
  EXPECT_EQ(seen.structure.ttl(), v1::TTL_CLASS_ALWAYS);
  EXPECT_EQ(seen.way, v1::WAY_STATIC);
  EXPECT_EQ(seen.empty_for, absl::Hours(5));
  EXPECT_EQ(seen.types, Keyspace().at(3).patterns.at("t:<any>").types);
  EXPECT_EQ(seen.ttls, Keyspace().at(3).patterns.at("t:<any>").ttls);
  EXPECT_EQ(known.at(3).empty_for, absl::Hours(4));
  EXPECT_TRUE(seen.was_seen);
  EXPECT_FALSE(known.at(3).patterns.at("only:a:name").was_seen);
}

TEST(KnownKeyspacesFile, OneThatIsMissingOrDamagedIsNone) {
  const testing::TemporaryFolder folder;
  EXPECT_THAT(OpenKnownKeyspaces(folder.path())->Of("cache"), IsEmpty());
  VARVE_ASSERT_OK(WriteDurably(folder.Path("keyspaces.textproto"), "sources {"));
  const auto known = OpenKnownKeyspaces(folder.path());
  EXPECT_THAT(known->Of("cache"), IsEmpty());
  known->Set("cache", Keyspace());
  EXPECT_EQ(OpenKnownKeyspaces(folder.path())->Of("cache").size(), 1u);
}

}  // namespace
}  // namespace varve
