#include "snapshot/diff.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "snapshot/diff_section.h"
#include "snapshot/line_state.h"

namespace varve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// How a side has a section.
enum class Standing { kThere, kUnavailable, kRemoved, kNotConfigured };

// The sections of one snapshot, by name.
class SnapshotSide {
 public:
  static absl::StatusOr<SnapshotSide> Of(const Snapshot& snapshot) {
    SnapshotSide side(snapshot);
    for (const Section& section : snapshot.sections) {
      if (section.header.status() == v1::SECTION_STATUS_NOT_CONFIGURED) continue;
      VARVE_ASSIGN_OR_RETURN(LineStates states, LineStates::Of(section));
      side.sections_.emplace(section.header.name(), std::move(states));
    }
    return side;
  }

  const std::map<std::string, LineStates>& sections() const { return sections_; }

  Standing StandingOf(const std::string& name) const {
    const auto found = sections_.find(name);
    if (found != sections_.end()) {
      return found->second.unavailable() ? Standing::kUnavailable : Standing::kThere;
    }
    return IsRemoved(name) ? Standing::kRemoved : Standing::kNotConfigured;
  }

  SectionSide SideOf(const std::string& name) const {
    return {sections_.at(name), snapshot_->header.environment(), snapshot_->seq};
  }

  // What an unavailable section says of the cause.
  const v1::SectionError* FirstError(const std::string& name) const {
    const auto found = sections_.find(name);
    if (found == sections_.end()) return nullptr;
    const v1::SectionHeader& header = found->second.section().header;
    return header.errors().empty() ? nullptr : &header.errors(0);
  }

 private:
  explicit SnapshotSide(const Snapshot& snapshot) : snapshot_(&snapshot) {}

  // The cluster's section (`source/`) lists its databases whole, and that of `source/database` is
  // not among them.
  bool IsRemoved(const std::string& name) const {
    const size_t slash = name.find('/');
    if (slash == std::string::npos || slash + 1 == name.size()) return false;
    const auto cluster = sections_.find(name.substr(0, slash + 1));
    if (cluster == sections_.end() || cluster->second.unavailable()) return false;
    const LineKey database = {{"database", {name.substr(slash + 1)}}, v1::FACET_STRUCTURE};
    return cluster->second.StateOf(database).presence == Presence::kAbsent;
  }

  const Snapshot* snapshot_;
  std::map<std::string, LineStates> sections_;
};

void AddSectionDifference(const std::string& name, v1::Difference::Op op, v1::DiffResult& result) {
  v1::Difference& told = *result.add_differences();
  told.set_op(op);
  told.set_section(name);
}

v1::Sight SightOf(Standing standing) {
  return standing == Standing::kUnavailable ? v1::SIGHT_UNAVAILABLE : v1::SIGHT_CAPTURED;
}

// Tells that a whole section could not be compared, and what the side that was away says of it.
void FillWholeSection(const std::string& name, const SnapshotSide& before,
                      const SnapshotSide& after, v1::NotCompared& told) {
  told.set_section(name);
  told.set_before(SightOf(before.StandingOf(name)));
  told.set_after(SightOf(after.StandingOf(name)));
  const SnapshotSide& away = told.after() == v1::SIGHT_UNAVAILABLE ? after : before;
  if (const v1::SectionError* const error = away.FirstError(name)) {
    told.set_reason(absl::StrCat(error->doing(), ": ", error->why()));
    told.set_remedy(error->remedy());
  }
}

absl::Status DiffOneSection(const std::string& name, const SnapshotSide& before,
                            const SnapshotSide& after, const ShapeDecoder& decode,
                            const KnownBefore& known_before, v1::DiffResult& result) {
  const Standing a = before.StandingOf(name);
  const Standing b = after.StandingOf(name);
  const auto either = [&](Standing standing) { return a == standing || b == standing; };
  if (either(Standing::kNotConfigured)) {
    result.add_not_configured(name);
    return absl::OkStatus();
  }
  if (a == Standing::kUnavailable && b == Standing::kUnavailable) {
    FillWholeSection(name, before, after, *result.add_neither());
    return absl::OkStatus();
  }
  if (either(Standing::kUnavailable)) {
    FillWholeSection(name, before, after, *result.add_cannot_say());
  }
  if (either(Standing::kRemoved)) {
    if (!either(Standing::kUnavailable)) {
      AddSectionDifference(
          name, a == Standing::kRemoved ? v1::Difference::OP_ADDED : v1::Difference::OP_REMOVED,
          result);
    }
    return absl::OkStatus();
  }
  return DiffSection(before.SideOf(name), after.SideOf(name), decode, known_before, result);
}

// What all parts of an answer are sorted by.
template <typename Item>
auto SortKey(const Item& item) {
  const EntityKey entity = KeyOf(item.identity());
  return std::make_tuple(item.section(), entity.kind, entity.names, item.facet());
}

template <typename List>
void SortList(List& list) {
  std::stable_sort(list.begin(), list.end(),
                   [](const auto& a, const auto& b) { return SortKey(a) < SortKey(b); });
}

void SortAnswer(v1::DiffResult& result) {
  SortList(*result.mutable_differences());
  SortList(*result.mutable_cannot_say());
  SortList(*result.mutable_neither());
  SortList(*result.mutable_not_comparable());
  SortList(*result.mutable_follows());
  std::sort(result.mutable_not_configured()->begin(), result.mutable_not_configured()->end());
}

v1::Verdict VerdictOf(const v1::DiffResult& result) {
  if (result.differences_size() > 0) return v1::VERDICT_DIFFERENT;
  return result.cannot_say_size() > 0 ? v1::VERDICT_CANNOT_SAY : v1::VERDICT_SAME;
}

std::string NameOf(const Snapshot& snapshot) {
  if (snapshot.seq == 0) return snapshot.header.environment();
  return absl::StrCat(snapshot.header.environment(), "@", snapshot.seq);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Message>> DecodeEnvelope(const LineKey& key,
                                                        absl::string_view bytes) {
  auto shape = std::make_unique<v1::Shape>();
  if (!shape->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError(
        absl::StrCat("a shape of ", DisplayName(key.entity), " does not parse"));
  }
  const FieldDescriptor* const member =
      v1::Shape::descriptor()->FindFieldByNumber(shape->facet_case());
  if (member == nullptr) return shape;
  const Reflection& reflection = *shape->GetReflection();
  std::unique_ptr<Message> facet(reflection.ReleaseMessage(shape.get(), member));
  facet->GetReflection()
      ->MutableUnknownFields(facet.get())
      ->MergeFrom(reflection.GetUnknownFields(*shape));
  return facet;
}

absl::StatusOr<v1::DiffResult> Diff(const Snapshot& before, const Snapshot& after,
                                    const KnownBefore& known_before) {
  return DiffDecodedBy(DecodeEnvelope, before, after, known_before);
}

absl::StatusOr<v1::DiffResult> DiffDecodedBy(const ShapeDecoder& decode, const Snapshot& before,
                                             const Snapshot& after,
                                             const KnownBefore& known_before) {
  VARVE_ASSIGN_OR_RETURN(const SnapshotSide a, SnapshotSide::Of(before));
  VARVE_ASSIGN_OR_RETURN(const SnapshotSide b, SnapshotSide::Of(after));
  v1::DiffResult result;
  result.set_before(NameOf(before));
  result.set_after(NameOf(after));
  std::set<std::string> names;
  for (const SnapshotSide* const side : {&a, &b}) {
    for (const auto& [name, states] : side->sections()) names.insert(name);
  }
  for (const std::string& name : names) {
    VARVE_RETURN_IF_ERROR(DiffOneSection(name, a, b, decode, known_before, result));
  }
  SortAnswer(result);
  result.set_verdict(VerdictOf(result));
  return result;
}

}  // namespace varve
