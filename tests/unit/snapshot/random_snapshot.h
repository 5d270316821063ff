// Random snapshots of real shapes: the sample snapshot, with changes that somebody could have made,
// and many that nobody would.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "snapshot/section.h"
#include "snapshot/section_builder.h"

namespace varve::testing {

// A line as it is changed: seen with a shape, or unseen.
struct LooseLine {
  std::optional<v1::Shape> shape;
  v1::Sight unseen = v1::SIGHT_UNSPECIFIED;
  LineFacts facts = {};
};

// What a snapshot is made of.
struct LooseSection {
  std::string source_kind;
  std::map<LineKey, LooseLine> lines;
  std::map<std::string, v1::Sight> kinds;  // how each was looked at; those not here are not known
};
using LooseSnapshot = std::map<std::string, LooseSection>;

// The sample snapshot; all tables have locators, and all kinds were looked at.
LooseSnapshot LooseSample();

// Equal seeds, equal changes.
class Changer {
 public:
  explicit Changer(uint32_t seed) : random_(seed) {}

  // Makes a few changes: a property of a shape, a part of it, an object, a facet, a name.
  void Change(LooseSnapshot& snapshot);
  // Lets a few facets be locked.
  void Lock(LooseSnapshot& snapshot);
  // The name of a kind that `section` has.
  std::string SomeKind(const LooseSection& section);

 private:
  size_t Pick(size_t n) { return random_() % n; }
  std::string Fresh(const std::string& what);

  void ChangeOne(LooseSection& section);
  void Drop(LooseSection& section, const EntityKey& entity);
  void Copy(LooseSection& section, const EntityKey& entity, bool and_drop);
  void ChangeMessage(google::protobuf::Message& message);
  void ChangeField(google::protobuf::Message& message,
                   const google::protobuf::FieldDescriptor& field);
  void ChangeList(google::protobuf::Message& message,
                  const google::protobuf::FieldDescriptor& field);
  void ChangeMessages(google::protobuf::Message& message,
                      const google::protobuf::FieldDescriptor& field);

  std::mt19937 random_;
  int fresh_ = 0;
};

// The snapshot itself, in `environment`.
Snapshot Built(const LooseSnapshot& snapshot, const std::string& environment, int64_t seq);

}  // namespace varve::testing
