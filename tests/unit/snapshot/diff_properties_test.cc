// What holds of every diff, over random snapshots of real shapes. A failure prints its seed;
// VARVE_SEEDS=FIRST-LAST tries others.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "snapshot/diff.h"
#include "tests/support/matchers.h"
#include "tests/unit/snapshot/diff_telling.h"
#include "tests/unit/snapshot/flat_shapes.h"
#include "tests/unit/snapshot/random_snapshot.h"

namespace varve {
namespace {

using testing::ApplyChange;
using testing::Built;
using testing::Changer;
using ::testing::ElementsAre;
using testing::Flat;
using testing::FlatShape;
using testing::LooseSample;
using testing::LooseSection;
using testing::LooseSnapshot;
using testing::TextAsFarAsKnown;
using testing::TextOf;
using testing::Told;

std::vector<uint32_t> Seeds() {
  const char* const text = std::getenv("VARVE_SEEDS");
  uint32_t first = 0;
  uint32_t last = 99;
  if (text != nullptr && std::sscanf(text, "%u-%u", &first, &last) == 1) last = first;
  std::vector<uint32_t> seeds;
  for (uint32_t seed = first; seed <= last; ++seed) seeds.push_back(seed);
  return seeds;
}

v1::DiffResult DiffOf(const Snapshot& before, const Snapshot& after) {
  absl::StatusOr<v1::DiffResult> result = Diff(before, after, nullptr);
  VARVE_EXPECT_OK(result);
  return result.ok() ? *std::move(result) : v1::DiffResult();
}

// Two snapshots of which each has changes that the other has not.
struct Two {
  LooseSnapshot a = LooseSample();
  LooseSnapshot b;
};
Two SomeTwo(Changer& changer) {
  Two two;
  changer.Change(two.a);
  two.b = two.a;
  changer.Change(two.a);
  changer.Change(two.b);
  return two;
}

TEST(DiffProperties, ASnapshotIsTheSameAsItself) {
  for (const uint32_t seed : Seeds()) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Changer changer(seed);
    const LooseSnapshot loose = SomeTwo(changer).a;
    const v1::DiffResult here = DiffOf(Built(loose, "prod", 1), Built(loose, "prod", 2));
    const v1::DiffResult there = DiffOf(Built(loose, "prod", 1), Built(loose, "test", 1));
    for (const v1::DiffResult& result : {here, there}) {
      ASSERT_EQ(result.verdict(), v1::VERDICT_SAME);
      ASSERT_EQ(result.differences_size() + result.cannot_say_size(), 0) << Told(result)[1];
      ASSERT_EQ(result.not_comparable_size() + result.follows_size(), 0);
      ASSERT_GT(result.entities_compared(), 0u);
    }
  }
}

// The same, asked the other way round.
class Mirror {
 public:
  v1::DiffResult Of(v1::DiffResult result) {
    for (const v1::Difference& each : result.differences()) {
      if (each.op() == v1::Difference::OP_RENAMED) {
        old_names_[each.identity().SerializeAsString()] = each.was();
      }
    }
    result.mutable_before()->swap(*result.mutable_after());
    for (v1::Difference& each : *result.mutable_differences()) Turn(each);
    for (v1::Difference& each : *result.mutable_follows()) Turn(each);
    for (auto* const list :
         {result.mutable_cannot_say(), result.mutable_neither(), result.mutable_not_comparable()}) {
      for (v1::NotCompared& each : *list) {
        const v1::Sight before = each.before();
        each.set_before(each.after());
        each.set_after(before);
        UseOldName(*each.mutable_identity());
      }
    }
    return result;
  }

 private:
  void Turn(v1::Difference& each) {
    switch (each.op()) {
      case v1::Difference::OP_ADDED:
        return each.set_op(v1::Difference::OP_REMOVED);
      case v1::Difference::OP_REMOVED:
        return each.set_op(v1::Difference::OP_ADDED);
      case v1::Difference::OP_RENAMED:
        return each.mutable_identity()->Swap(each.mutable_was());
      default:
        UseOldName(*each.mutable_identity());
    }
    for (v1::PropertyChange& change : *each.mutable_changes()) {
      v1::PropertyChange turned;
      *turned.mutable_path() = change.path();
      if (change.has_after()) turned.set_before(change.after());
      if (change.has_before()) turned.set_after(change.before());
      change = std::move(turned);
    }
  }

  void UseOldName(v1::Identity& identity) {
    const auto old = old_names_.find(identity.SerializeAsString());
    if (old != old_names_.end()) identity = old->second;
  }

  std::map<std::string, v1::Identity> old_names_;
};

// The answer in an order that does not depend on the direction.
v1::DiffResult Ordered(v1::DiffResult result) {
  const auto sort = [](auto& list) {
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
      return a.SerializeAsString() < b.SerializeAsString();
    });
  };
  for (v1::Difference& each : *result.mutable_differences()) {
    for (v1::PropertyChange& change : *each.mutable_changes()) {
      const absl::string_view mark = " (another one of that name)";
      if (change.has_after())
        change.set_after(std::string(absl::StripSuffix(change.after(), mark)));
      if (change.has_before()) {
        change.set_before(std::string(absl::StripSuffix(change.before(), mark)));
      }
    }
    sort(*each.mutable_changes());
  }
  sort(*result.mutable_differences());
  sort(*result.mutable_follows());
  sort(*result.mutable_cannot_say());
  sort(*result.mutable_neither());
  sort(*result.mutable_not_comparable());
  return result;
}

TEST(DiffProperties, TheOtherWayRoundItIsTheMirror) {
  size_t renamed = 0;
  size_t cannot_say = 0;
  for (const uint32_t seed : Seeds()) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Changer changer(seed);
    Two two = SomeTwo(changer);
    if (seed % 2 == 0) changer.Lock(two.a);
    if (seed % 3 == 0) changer.Lock(two.b);
    const Snapshot a = Built(two.a, "prod", 1);
    for (const char* const environment : {"prod", "test"}) {
      const Snapshot b = Built(two.b, environment, 2);
      const v1::DiffResult there = DiffOf(a, b);
      const v1::DiffResult back = DiffOf(b, a);
      ASSERT_EQ(Told(Ordered(Mirror().Of(there))), Told(Ordered(back))) << environment;
      ASSERT_EQ(there.entities_compared(), back.entities_compared());
      cannot_say += static_cast<size_t>(there.cannot_say_size());
      renamed += static_cast<size_t>(std::count_if(
          there.differences().begin(), there.differences().end(),
          [](const v1::Difference& each) { return each.op() == v1::Difference::OP_RENAMED; }));
    }
  }
  // Or the seeds tried too little.
  EXPECT_GT(renamed, 0u);
  EXPECT_GT(cannot_say, 0u);
}

using FlatSection = std::map<LineKey, FlatShape>;

FlatSection FlatOf(const LooseSection& loose, const Section& built) {
  FlatSection flat;
  for (const auto& [key, line] : loose.lines) {
    if (!line.shape.has_value()) continue;
    // As it was kept: lists without order are sorted.
    auto shape = DecodeShape(built, FindLine(built, key)->Current()->shape);
    VARVE_EXPECT_OK(shape);
    const auto* const member = v1::Shape::descriptor()->FindFieldByNumber(shape->facet_case());
    flat[key] = Flat(shape->GetReflection()->GetMessage(*shape, member));
  }
  return flat;
}

// Does what `told` tells to the section; what was added is taken from `after`, since a diff of a
// whole object has no more of it than its name.
void Apply(const v1::Difference& told, const FlatSection& after, FlatSection& section) {
  const LineKey key = {KeyOf(told.identity()), told.facet()};
  if (told.op() == v1::Difference::OP_ADDED) {
    ASSERT_EQ(section.count(key), 0u) << DisplayName(key.entity);
    ASSERT_EQ(after.count(key), 1u) << DisplayName(key.entity);
    section[key] = after.at(key);
  } else if (told.op() == v1::Difference::OP_REMOVED) {
    ASSERT_EQ(section.erase(key), 1u) << DisplayName(key.entity);
  } else {
    ASSERT_EQ(told.op(), v1::Difference::OP_CHANGED);
    ASSERT_EQ(section.count(key), 1u) << DisplayName(key.entity);
    for (const v1::PropertyChange& change : told.changes()) ApplyChange(change, section[key]);
  }
}

// Patterns of keys are merged before they are compared: a diff of them tells of what was merged.
TEST(DiffProperties, WhatItTellsOfTheFirstMakesItTheSecond) {
  size_t changes = 0;
  for (const uint32_t seed : Seeds()) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Changer changer(seed);
    const Two two = SomeTwo(changer);
    const Snapshot a = Built(two.a, "prod", 1);
    const Snapshot b = Built(two.b, "test", 1);
    const v1::DiffResult result = DiffOf(a, b);
    for (size_t i = 0; i < a.sections.size(); ++i) {
      const std::string& name = a.sections[i].header.name();
      if (name == "redis") continue;
      FlatSection section = FlatOf(two.a.at(name), a.sections[i]);
      const FlatSection expected = FlatOf(two.b.at(name), b.sections[i]);
      for (const v1::Difference& told : result.differences()) {
        if (told.section() != name) continue;
        ASSERT_NO_FATAL_FAILURE(Apply(told, expected, section));
        changes += static_cast<size_t>(told.changes_size());
      }
      ASSERT_EQ(section.size(), expected.size());
      for (const auto& [key, flat] : expected) {
        ASSERT_EQ(section.count(key), 1u) << DisplayName(key.entity);
        ASSERT_EQ(TextOf(section[key]), TextAsFarAsKnown(flat, section[key]))
            << name << ": " << key.entity.kind << " " << DisplayName(key.entity);
      }
    }
  }
  EXPECT_GT(changes, Seeds().size());  // or the seeds tried too little
}

// Takes a kind out of a section: as something that was not captured, for `state`, or, where that
// is unspecified, as an agent has it that does not know the kind.
void Uncapture(const std::string& kind, v1::Sight state, LooseSection& section) {
  for (auto line = section.lines.begin(); line != section.lines.end();) {
    line = line->first.entity.kind == kind ? section.lines.erase(line) : std::next(line);
  }
  section.kinds.erase(kind);
  if (state != v1::SIGHT_UNSPECIFIED) section.kinds[kind] = state;
}

TEST(DiffProperties, AKindThatOneSideDidNotCaptureIsNeverAddedNorRemoved) {
  for (const uint32_t seed : Seeds()) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Changer changer(seed);
    Two two = SomeTwo(changer);
    const v1::Sight state =
        std::vector<v1::Sight>{v1::SIGHT_UNSPECIFIED, v1::SIGHT_NOT_PERMITTED, v1::SIGHT_EXCLUDED,
                               v1::SIGHT_NOT_CAPTURED}[seed % 4];
    for (auto& [name, section] : two.b) {
      const std::string kind = changer.SomeKind(section);
      Uncapture(kind, state, section);
      for (const char* const environment : {"prod", "test"}) {
        const Snapshot a = Built(two.a, "prod", 1);
        const Snapshot b = Built(two.b, environment, 2);
        for (const v1::DiffResult& result : {DiffOf(a, b), DiffOf(b, a)}) {
          for (const v1::Difference& told : result.differences()) {
            ASSERT_FALSE(told.section() == name && told.identity().kind() == kind)
                << kind << ": " << Told(result)[1];
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace varve
