#include "cli/render/history_text.h"

#include <nlohmann/json.hpp>

#include "cli/render/drift_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "snapshot/line.h"

namespace varve {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr int64_t kHourUs = int64_t{60} * 60 * 1000 * 1000;
const EntityKey kOrders = {"table", {"public", "orders"}};

v1::Difference Change(v1::Difference::Op op) {
  v1::Difference change;
  change.set_op(op);
  change.set_section("shop");
  change.set_facet(v1::FACET_STRUCTURE);
  *change.mutable_identity() = IdentityOf(kOrders);
  return change;
}

void AddProperty(v1::Difference& change, const std::vector<std::string>& path,
                 const std::string& before, const std::string& after) {
  v1::PropertyChange& property = *change.add_changes();
  property.mutable_path()->Assign(path.begin(), path.end());
  if (!before.empty()) property.set_before(before);
  if (!after.empty()) property.set_after(after);
}

// A table that became another in its second snapshot.
v1::ObjectHistory History() {
  v1::ObjectHistory history;
  history.set_environment("prod");
  history.set_section("shop");
  history.set_name("public.orders");
  *history.mutable_identity() = IdentityOf(kOrders);
  history.set_last_seq(3);
  for (const int64_t seq : {1, 2}) {
    v1::ObjectVersion& version = *history.add_versions();
    version.set_from_seq(seq);
    version.set_from_time_us(seq * kHourUs);
    version.set_to_seq(seq == 1 ? 1 : 3);
    version.set_words(seq == 1 ? "2 columns" : "3 columns");
  }
  v1::Difference change = Change(v1::Difference::OP_CHANGED);
  AddProperty(change, {"columns", "discount"}, "", "numeric");
  AddProperty(change, {"columns", "total", "type"}, "integer", "bigint");
  *history.mutable_versions(1)->add_changes() = change;
  return history;
}

TEST(HistoryTable, HasALineForEachChangeOfAVersion) {
  EXPECT_EQ(HistoryTable(History(), true),
            "public.orders in prod, shop: 2 versions\n\n"
            "SNAPSHOT  TIME              UNTIL     AS         CHANGED\n"
            "@1        1970-01-01 01:00  @1        2 columns\n"
            "@2        1970-01-01 02:00  now (@3)  3 columns  + column discount  numeric\n"
            "                                                 ~ column total  type integer → "
            "bigint\n");
}

TEST(HistoryJson, TellsOfWhichSectionAChangeIs) {
  const auto json = nlohmann::json::parse(HistoryJson(History()));
  EXPECT_EQ(json["versions"][1]["changes"][0]["section"], "shop");
}

v1::LogResult Log() {
  v1::LogResult log;
  log.set_environment("prod");
  log.set_snapshot_count(9);
  log.set_first_time_us(kHourUs);
  log.set_kept_count(12);
  log.set_kept_from_us(kHourUs);
  log.set_kept_to_us(12 * kHourUs);
  return log;
}

v1::LogEntry& AddEntry(v1::LogResult& log, const std::vector<v1::Difference>& changes) {
  v1::LogEntry& entry = *log.add_entries();
  entry.set_seq(5);
  entry.set_previous_seq(4);
  entry.set_time_us(5 * kHourUs);
  for (const v1::Difference& change : changes) *entry.add_changes() = change;
  entry.set_change_count(static_cast<uint32_t>(changes.size()));
  log.set_changed_count(1);
  return entry;
}

TEST(LogTable, TellsAChangeByTheNameThatOneTypes) {
  v1::Difference change = Change(v1::Difference::OP_CHANGED);
  AddProperty(change, {"columns", "discount"}, "", "numeric");
  v1::LogResult log = Log();
  AddEntry(log, {change});
  EXPECT_EQ(LogTable(log, true),
            "SNAPSHOT  TIME              CHANGED                                   TAGS\n"
            "prod@5    1970-01-01 05:00  + column public.orders.discount  numeric\n"
            "1 of 9 snapshots changed something since 1970-01-01 01:00\n");
}

TEST(LogTable, ARenameHasTheSignOfOne) {
  v1::Difference renamed = Change(v1::Difference::OP_RENAMED);
  *renamed.mutable_was() = IdentityOf({"table", {"public", "sales"}});
  v1::LogResult log = Log();
  AddEntry(log, {renamed});
  EXPECT_THAT(LogTable(log, true), HasSubstr("→ table public.orders  was public.sales"));
  EXPECT_THAT(LogTable(log, false), HasSubstr("> table public.orders  was public.sales"));
}

TEST(LogTable, ATimeWithoutSnapshotsSaysWhichThereAre) {
  v1::LogResult log = Log();
  log.set_snapshot_count(0);
  log.set_first_time_us(0);
  const char* const answer =
      "no snapshot of prod lies in that time; it has 12, from 1970-01-01 01:00 to 1970-01-01 "
      "12:00\n";
  EXPECT_EQ(LogTable(log, true), answer);
  EXPECT_EQ(LogMarkdown(log), answer);
}

TEST(LogTable, SaysHowManyOfThemAreListed) {
  v1::LogResult log = Log();
  AddEntry(log, {Change(v1::Difference::OP_ADDED)});
  log.set_changed_count(4);
  EXPECT_THAT(LogTable(log, true),
              EndsWith("4 of 9 snapshots changed something since 1970-01-01 01:00; the newest 1 "
                       "are listed\n"));
}

TEST(DriftTable, TellsSinceWhenWhatAClassLacksIsThere) {
  v1::DriftResult drift;
  drift.set_grouping(v1::DRIFT_GROUPING_WHOLE);
  for (const char* const name : {"prod-eu", "prod-us"}) drift.add_members()->set_environment(name);
  v1::DriftUnit& unit = *drift.add_units();
  unit.add_classes()->add_members(0);
  unit.add_classes()->add_members(1);
  unit.mutable_classes(1)->set_differs(true);
  v1::DriftChange& change = *drift.add_changes();
  change.set_class_at(1);
  *change.mutable_difference() = Change(v1::Difference::OP_CHANGED);
  AddProperty(*change.mutable_difference(), {"columns", "discount"}, "numeric", "");
  EXPECT_THAT(DriftTable(drift, true), HasSubstr("lacks column public.orders.discount\n"));
  change.set_since_us(5 * kHourUs);
  EXPECT_THAT(DriftTable(drift, true),
              HasSubstr("lacks column public.orders.discount (prod-eu since 1970-01-01 05:00)\n"));
  const auto json = nlohmann::json::parse(DriftJson(drift));
  EXPECT_EQ(json["units"][0]["classes"][0]["since"], nullptr);
  EXPECT_EQ(json["units"][0]["classes"][1]["since"], "1970-01-01T05:00:00.000000Z");
}

}  // namespace
}  // namespace varve
