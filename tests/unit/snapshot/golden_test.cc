// Golden hashes: the bytes of these messages are the same from any compiler, release and machine. A
// hash that changes here makes every shape of every fleet new, so it is never simply updated.
#include "absl/strings/escaping.h"
#include "gtest/gtest.h"
#include "snapshot/canonical.h"
#include "snapshot/hash.h"
#include "snapshot/manifest.h"
#include "snapshot/section_builder.h"
#include "varve/v1/shape.pb.h"

namespace varve {
namespace {

v1::Shape Table() {
  v1::Shape shape;
  v1::TableStructure& table = *shape.mutable_table();
  table.set_kind(v1::TABLE_KIND_PLAIN);
  table.set_persistence(v1::PERSISTENCE_PERMANENT);
  v1::Column& total = *table.add_columns();
  total.set_name("total");
  total.set_not_null(true);
  total.mutable_type()->mutable_type()->set_kind("type");
  total.mutable_type()->mutable_type()->add_names("pg_catalog");
  total.mutable_type()->mutable_type()->add_names("numeric");
  total.mutable_type()->set_modifier("12,2");
  table.add_columns()->set_name("coupon");
  v1::Index& second = *table.add_indexes();
  second.set_name("orders_placed_idx");
  second.set_method("btree");
  v1::Index& first = *table.add_indexes();
  first.set_name("orders_coupon_idx");
  first.set_method("gin");
  table.set_replica_identity("default");
  return shape;
}

struct GoldenCase {
  const char* name;
  v1::Shape (*make)();
  const char* hash;
};
class GoldenShape : public ::testing::TestWithParam<GoldenCase> {};

TEST_P(GoldenShape, HasTheHashThatItAlwaysHad) {
  v1::Shape shape = GetParam().make();
  const std::string bytes = CanonicalBytes(shape);
  EXPECT_EQ(HashOf<ShapeHash>(bytes).Hex(), GetParam().hash) << absl::BytesToHexString(bytes);
}

v1::Shape Empty() { return {}; }

v1::Shape Schema() {
  v1::Shape shape;
  shape.mutable_schema();
  return shape;
}

v1::Shape Enum() {
  v1::Shape shape;
  for (const char* const label : {"sad", "ok", "happy"}) {
    shape.mutable_enumeration()->add_labels(label);
  }
  return shape;
}

v1::Shape Pattern() {
  v1::Shape shape;
  shape.mutable_key_pattern()->add_types("string");
  shape.mutable_key_pattern()->add_types("hash");
  shape.mutable_key_pattern()->set_ttl(v1::TTL_CLASS_ALWAYS);
  return shape;
}

v1::Shape Model() {
  v1::Shape shape;
  v1::ModelField& field = *shape.mutable_model()->add_fields();
  field.set_name("document_uuid");
  field.set_type("UUID");
  field.set_required(v1::KNOWN_YES);
  field.set_default_json("");  // present and empty differs from absent
  shape.mutable_model()->add_bases("pydantic.main:BaseModel");
  return shape;
}

INSTANTIATE_TEST_SUITE_P(
    All, GoldenShape,
    ::testing::Values(
        GoldenCase{"Empty", Empty,
                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        GoldenCase{"Schema", Schema,
                   "89389ee14c6495d62c5c4d1ab627f415099e5101e21cc66af492011f88adf1c4"},
        GoldenCase{"Enum", Enum,
                   "a2ea9668c4888c30a6566db9212be9d6c2b140ecbc4ae06281bf9487331ce9ff"},
        GoldenCase{"Table", Table,
                   "9c457ffcc9a97fb86012b8fbf72b7bfbbe1751a48165238307d0334f433fe301"},
        GoldenCase{"Pattern", Pattern,
                   "03d5c0c20affe4c29395e77daca8954216f7d6f2e984eee0cae9ced892ff17c2"},
        GoldenCase{"Model", Model,
                   "0a55f62f67bb5594b58107c66ddcfc3121b9a904bd7fd33e1839ef72ba128713"}),
    [](const auto& info) { return info.param.name; });

TEST(GoldenSection, HasTheHashesThatItAlwaysHad) {
  SectionBuilder builder("orders", "postgres", 1);
  LineFacts facts;
  facts.masked = {std::string(32, 'd'), "key-1"};
  facts.locator.set_id("7/16384/16401");
  facts.locator.add_parts()->set_number(12);
  facts.locator.add_parts()->set_number(3);
  builder.Add({"table", {"public", "orders"}}, v1::FACET_STRUCTURE, Table(), facts);
  builder.AddUnseen({"table", {"public", "orders"}}, v1::FACET_EXPRESSIONS, v1::SIGHT_LOCKED);
  builder.Add({"enum", {"public", "mood"}}, v1::FACET_STRUCTURE, Enum());
  builder.CoverWhole("enum");
  builder.Cover("table", v1::FACET_EXPRESSIONS, v1::SIGHT_LOCKED, "lock timeout");
  const Section section = builder.Finish();
  const auto hex = [](absl::string_view bytes) { return absl::BytesToHexString(bytes); };
  EXPECT_EQ(hex(section.header.coverage_hash()),
            "55736a830f0b6d37cc0136f4361d6097d1aea6f5bc5366a48005a3e17fa40e8f");
  EXPECT_EQ(hex(section.header.manifest_hash()),
            "3c6f1934d7afd9cfda005ab1a8eb756a0311b37bdb4cf1b8a5df64fb4d7a6820");
  ASSERT_EQ(section.header.fingerprints_size(), 1);
  EXPECT_EQ(hex(section.header.fingerprints(0).hash()),
            "b714969cd47f2b468fe87c509833c8e898cdc6acb0a58c8d0fdd7dd68abb2e2e");
}

}  // namespace
}  // namespace varve
