#include "agent/source/redis/probes.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Asked(const Probes& probes) {
  std::vector<std::string> commands;
  for (const Probe probe : kAllProbes) {
    if (probes.Asks(probe)) commands.emplace_back(ProbeCommand(probe));
  }
  return commands;
}

TEST(Probes, TheDepthSaysWhatIsAsked) {
  EXPECT_THAT(Asked(Probes(RedisDepth::kNames)), IsEmpty());
  for (const RedisDepth depth : {RedisDepth::kSampled, RedisDepth::kFull}) {
    EXPECT_THAT(Asked(Probes(depth)),
                ElementsAre("TYPE", "PTTL", "MEMORY USAGE", "OBJECT ENCODING"));
  }
}

TEST(Probes, WhatIsRefusedIsNotAskedAgain) {
  Probes probes(RedisDepth::kFull);
  probes.Refused(Probe::kMemory, "NOPERM this user has no permissions to run 'memory|usage'");
  EXPECT_THAT(Asked(probes), ElementsAre("TYPE", "PTTL", "OBJECT ENCODING"));
  EXPECT_EQ(probes.refusal(Probe::kMemory), Refusal::kCommandNotPermitted);
  EXPECT_THAT(probes.refusal_text(Probe::kMemory), HasSubstr("NOPERM"));
  EXPECT_EQ(probes.refusal(Probe::kType), std::nullopt);
}

TEST(Probes, WhatAnyNodeRefusesIsRefusedOfAll) {
  Probes merged(RedisDepth::kFull);
  Probes of_a_node(RedisDepth::kFull);
  of_a_node.Refused(Probe::kType, "NOPERM this user has no permissions to run 'type'");
  merged.TakeRefusals(Probes(RedisDepth::kFull));
  merged.TakeRefusals(of_a_node);
  EXPECT_EQ(merged.refusal(Probe::kType), Refusal::kCommandNotPermitted);
  EXPECT_EQ(merged.refusal(Probe::kPttl), std::nullopt);
}

TEST(Probes, EachHasTheRuleThatGrantsIt) {
  std::vector<std::string> rules;
  for (const Probe probe : kAllProbes) rules.emplace_back(ProbeRule(probe));
  EXPECT_THAT(rules, ElementsAre("+type", "+pttl", "+memory|usage", "+object|encoding"));
}

}  // namespace
}  // namespace varve::redis
