#include "cli/render/model_map_text.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace varve {
namespace {

ModelTraces Shop() {
  ModelTraces traces;
  traces.models = 11;
  traces.traces = {{"shop.Cart", "", MapReason::kName, true, {"cart:<uuid>"}},
                   {"shop.Gone", "app.gone", MapReason::kMapper, false, {}},
                   {"shop.Order", "public.orders", MapReason::kName, true, {}},
                   {"shop.Odd's", "public.odd one", MapReason::kName, true, {}}};
  return traces;
}

TEST(ModelMapTable, TellsTheAnswerThenARowForEach) {
  EXPECT_EQ(ModelMapTable(Shop()),
            "2 of 11 models stand for a table, 1 for one that is not there\n"
            "\n"
            "MODEL       TABLE                 BY      KEYS\n"
            "shop.Cart                                 cart:<uuid>\n"
            "shop.Gone   app.gone (not there)  mapper\n"
            "shop.Order  public.orders         name\n"
            "shop.Odd's  public.odd one        name\n");
}

// A model of which nothing tells the table.
ModelTraces Unsure() {
  ModelTraces traces;
  traces.models = 3;
  traces.traces = {{"shop.Order", "", MapReason::kName, true, {}, {"a.orders", "b.orders"}}};
  return traces;
}

TEST(ModelMapTable, TellsWhichTablesMayBeMeant) {
  EXPECT_EQ(ModelMapTable(Unsure()),
            "0 of 3 models stand for a table\n"
            "\n"
            "MODEL       TABLE                      BY  KEYS\n"
            "shop.Order  one of a.orders, b.orders\n");
}

TEST(ModelMapYaml, LeavesAsACommentWhatAPersonMustSay) {
  EXPECT_EQ(ModelMapYaml(Unsure()), "# models:\n  # shop.Order: one of a.orders, b.orders\n");
}

TEST(ModelMapTable, OfNoneIsTheAnswerAlone) {
  EXPECT_EQ(ModelMapTable({2, {}}), "0 of 2 models stand for a table\n");
}

TEST(ModelMapYaml, HasThoseThatOnlyTheirNameTells) {
  EXPECT_EQ(ModelMapYaml(Shop()),
            "models:\n"
            "  shop.Order: public.orders\n"
            "  'shop.Odd''s': 'public.odd one'\n");
}

TEST(ModelMapYaml, OfNoneIsAComment) {
  EXPECT_EQ(ModelMapYaml({2, {}}), "# no model is matched by its name alone\n");
}

TEST(ModelMapJson, SaysAllOfIt) {
  const auto json = nlohmann::json::parse(ModelMapJson(Shop()), nullptr, false);
  ASSERT_FALSE(json.is_discarded());
  EXPECT_EQ(json["format"], "varve.models.v1");
  EXPECT_EQ(json["models"][0]["keys"], nlohmann::json({"cart:<uuid>"}));
  EXPECT_TRUE(json["models"][0]["table"].is_null());
  EXPECT_EQ(json["models"][1]["by"], "mapper");
  EXPECT_EQ(json["models"][1]["is_there"], false);
  EXPECT_EQ(json["models"][1]["candidates"], nlohmann::json::array());
}

}  // namespace
}  // namespace varve
