#include "snapshot/changes/growth.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "snapshot/line.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Figure {
  std::string name;
  int64_t number;
  std::string element = {};
};

Snapshot Counted(const std::string& table, const std::vector<Figure>& figures) {
  Snapshot snapshot;
  Section& section = snapshot.sections.emplace_back();
  section.header.set_name("postgres");
  v1::EntityMeasures& entity = *section.measures.Edit().add_entities();
  *entity.mutable_identity() = IdentityOf({"table", {"public", table}});
  for (const Figure& figure : figures) {
    v1::Measure& measure = *entity.add_measures();
    measure.set_name(figure.name);
    measure.set_element(figure.element);
    measure.set_number(figure.number);
  }
  return snapshot;
}

std::vector<std::string> Grown(const Snapshot& before, const Snapshot& after,
                               v1::DiffResult result = {}) {
  AddGrowth(before, after, result);
  std::vector<std::string> lines;
  for (const v1::Growth& growth : result.growth()) {
    lines.push_back(absl::StrCat(growth.element(), " ", growth.name(), " ", growth.before(), " ",
                                 growth.after()));
  }
  return lines;
}

TEST(Growth, IsOfSizesThatMoved) {
  EXPECT_THAT(Grown(Counted("a", {{"rows", 1}, {"table_bytes", 8}, {"index_bytes", 2, "i"}}),
                    Counted("a", {{"rows", 3}, {"table_bytes", 8}, {"index_bytes", 4, "i"}})),
              ElementsAre(" rows 1 3", "i index_bytes 2 4"));
}

TEST(Growth, LeavesOutWhatOnlyEverRises) {
  EXPECT_THAT(
      Grown(Counted("a", {{"sequential_scans", 1}}), Counted("a", {{"sequential_scans", 9}})),
      IsEmpty());
}

TEST(Growth, AGuessBesideACountIsNotTold) {
  EXPECT_THAT(Grown(Counted("a", {{"rows", 1}, {"rows_estimate", 1}}),
                    Counted("a", {{"rows", 2}, {"rows_estimate", 9}})),
              ElementsAre(" rows 1 2"));
}

TEST(Growth, FollowsARename) {
  v1::DiffResult result;
  v1::Difference& renamed = *result.add_differences();
  renamed.set_op(v1::Difference::OP_RENAMED);
  renamed.set_section("postgres");
  *renamed.mutable_identity() = IdentityOf({"table", {"public", "b"}});
  *renamed.mutable_was() = IdentityOf({"table", {"public", "a"}});
  EXPECT_THAT(Grown(Counted("a", {{"rows", 1}}), Counted("b", {{"rows", 2}}), result),
              ElementsAre(" rows 1 2"));
}

TEST(Growth, WhatOneSideDoesNotHaveDidNotGrow) {
  EXPECT_THAT(Grown(Counted("a", {{"rows", 1}}), Counted("b", {{"rows", 2}})), IsEmpty());
  EXPECT_THAT(Grown(Counted("a", {{"rows", 1}}), Counted("a", {{"table_bytes", 2}})), IsEmpty());
}

}  // namespace
}  // namespace varve
