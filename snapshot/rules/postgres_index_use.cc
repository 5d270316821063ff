#include "snapshot/rules/postgres_index_use.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/duration.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/foreign_key_index.h"
#include "snapshot/rules/postgres_walk.h"

namespace varve {
namespace {

using Indexes = google::protobuf::RepeatedPtrField<v1::Index>;

// What is done once a week was done twice.
constexpr absl::Duration kLongEnough = absl::Hours(14 * 24);
// To read a smaller table through is no dearer than to look into its index.
constexpr int64_t kLargeBytes = 1 << 20;

// A materialized view has indexes too.
void ForEachIndexed(const RuleInput& input,
                    absl::FunctionRef<void(const EntityView&, const Indexes&)> look) {
  ForEachOf(input, "table",
            [&look](const EntityView& entity) { look(entity, StructureOf(entity).indexes()); });
  ForEachOf(input, "materialized_view", [&look](const EntityView& entity) {
    look(entity, entity.Shape(v1::FACET_STRUCTURE).view().indexes());
  });
}

// A foreign key needs it when a row that is referred to goes, which may be seldom.
bool ServesForeignKey(const EntityView& entity, const v1::Index& index) {
  return absl::c_any_of(StructureOf(entity).constraints(), [&index](const v1::Constraint& each) {
    return each.type() == v1::CONSTRAINT_TYPE_FOREIGN_KEY && LeadsToKey(index, each);
  });
}

// Whether finding rows is all that it is for. A part of a partitioned index cannot go alone, and
// the whole of it has no figures.
bool OnlyFinds(const EntityView& entity, const v1::Index& index) {
  const bool does_more = index.unique() || index.primary() || index.of_constraint() ||
                         index.replica_identity() || index.clustered() || !index.parent().empty();
  return !does_more && StructureOf(entity).kind() != v1::TABLE_KIND_PARTITIONED &&
         !IsInvalidIndex(entity, index.name()) && !ServesForeignKey(entity, index);
}

// Whether an index of the database was scanned at all: else nobody counts, or nobody asks.
bool IsAnyScanned(const RuleInput& input) {
  bool is_any = false;
  ForEachIndexed(input, [&is_any](const EntityView& entity, const Indexes& indexes) {
    is_any = is_any || absl::c_any_of(indexes, [&entity](const v1::Index& index) {
               return entity.Number("index_scans", index.name()).value_or(0) > 0;
             });
  });
  return is_any;
}

// A time that was measured of the database; nothing where it is not known.
std::optional<absl::Time> TimeOf(const RuleInput& input, absl::string_view measure) {
  const EntityView* const database = input.section.Find({"database", {"database"}});
  if (database == nullptr) return std::nullopt;
  absl::Time time;
  std::string why;
  if (!absl::ParseTime(absl::RFC3339_full, database->Text(measure), &time, &why)) {
    return std::nullopt;
  }
  return time;
}

// How long scans were counted when they were read, and why that tells nothing; empty where it does.
struct Counting {
  std::string age;  // "31 d"
  std::string why_unsaid;
};

Counting CountingOf(const RuleInput& input) {
  const std::optional<absl::Time> reset_at = TimeOf(input, "statistics_reset_at");
  // Figures are read no earlier than sizes, and with them where those are read anew.
  const std::optional<absl::Time> read_at = TimeOf(input, "sizes_measured_at");
  if (!reset_at.has_value() || !read_at.has_value()) {
    return {"", "when the statistics were reset was not read"};
  }
  const absl::Duration age = std::max(*read_at - *reset_at, absl::ZeroDuration());
  Counting counting = {FormatDurationShort(age), ""};
  if (age < kLongEnough) {
    counting.why_unsaid = absl::StrCat("statistics were reset ", counting.age, " ago; it needs ",
                                       FormatDurationShort(kLongEnough));
  } else if (!IsAnyScanned(input)) {
    counting.why_unsaid = "no scan of any index was counted: see track_counts";
  }
  return counting;
}

struct Unscanned {
  const EntityView* relation;
  const v1::Index* index;
  int64_t size_bytes;
};

// Large indexes that do no more than to find rows, and were not seen to do that.
std::vector<Unscanned> UnscannedOf(const RuleInput& input, RuleOutput& output) {
  std::vector<Unscanned> unscanned;
  ForEachIndexed(input, [&](const EntityView& entity, const Indexes& indexes) {
    for (const v1::Index& index : indexes) {
      const std::optional<int64_t> scans = entity.Number("index_scans", index.name());
      const std::optional<int64_t> size_bytes = entity.Number("index_bytes", index.name());
      const bool is_well = scans.value_or(0) > 0 || size_bytes.value_or(kLargeBytes) < kLargeBytes;
      if (is_well || !OnlyFinds(entity, index)) continue;
      if (scans.has_value() && size_bytes.has_value()) {
        unscanned.push_back({&entity, &index, *size_bytes});
        continue;
      }
      output.CannotSay(
          ObjectOfIndex(entity.key(), index.name()),
          scans.has_value() ? "its size was not measured" : "its scans were not counted");
    }
  });
  return unscanned;
}

}  // namespace

void UnusedIndex(const RuleInput& input, RuleOutput& output) {
  const std::vector<Unscanned> unscanned = UnscannedOf(input, output);
  if (unscanned.empty()) return;
  const Counting counting = CountingOf(input);
  if (!counting.why_unsaid.empty()) return output.CannotSay("", counting.why_unsaid);
  for (const Unscanned& each : unscanned) {
    const EntityKey& relation = each.relation->key();
    const std::string& name = each.index->name();
    output.Find(ObjectOfIndex(relation, name),
                absl::StrCat("index of ", DisplayName(relation), ", ", each.size_bytes >> 20,
                             " MiB, was not scanned since the statistics were reset ", counting.age,
                             " ago"),
                absl::StrCat("drop index concurrently ", SqlOfIndex(relation, name), ";"));
  }
}

}  // namespace varve
