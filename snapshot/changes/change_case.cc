#include "snapshot/changes/change_case.h"

#include <set>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace varve {
namespace {

std::multiset<absl::string_view> ItemsOf(absl::string_view list) {
  absl::ConsumePrefix(&list, "[");
  absl::ConsumeSuffix(&list, "]");
  std::multiset<absl::string_view> items;
  for (const absl::string_view item : absl::StrSplit(list, ", ", absl::SkipEmpty())) {
    items.insert(item);
  }
  return items;
}

bool Holds(const std::multiset<absl::string_view>& all,
           const std::multiset<absl::string_view>& part) {
  for (const absl::string_view item : part) {
    if (all.count(item) < part.count(item)) return false;
  }
  return true;
}

}  // namespace

bool IsSet(const Change& change) { return change.after == "true"; }
bool IsCleared(const Change& change) { return change.after != "true"; }

bool LostItems(const Change& change) {
  return !Holds(ItemsOf(change.after), ItemsOf(change.before));
}

bool OnlyGainedItems(const Change& change) {
  const auto before = ItemsOf(change.before);
  const auto after = ItemsOf(change.after);
  return Holds(after, before) && after.size() > before.size();
}

}  // namespace varve
