#include "absl/strings/str_join.h"
#include "tests/unit/snapshot/rules/rule_cases.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kRule[] = "cross/cached-value-misfits";

const EntityKey kSessions = {"key_pattern", {"0", "session:<uuid>"}};
const EntityKey kSession = {"model", {"shop.models", "Session"}};

// A Redis whose sessions have one kind of value; none: nobody looked.
Section Redis(const std::vector<v1::ValueShape>& values) {
  SectionBuilder builder("cache", "redis", 1);
  v1::Shape shape;
  v1::KeyPatternStructure& pattern = *shape.mutable_key_pattern();
  pattern.add_types("string");
  pattern.set_ttl(v1::TTL_CLASS_ALWAYS);
  for (const v1::ValueShape& value : values) *pattern.add_values() = value;
  builder.Add(kSessions, v1::FACET_STRUCTURE, std::move(shape));
  builder.Cover("key_pattern", v1::FACET_STRUCTURE, v1::SIGHT_CAPTURED);
  return builder.Finish();
}

v1::ValueShape Json(const std::vector<std::string>& paths) {
  v1::ValueShape value;
  value.set_type("string");
  value.add_formats(paths.empty() ? "text" : "json");
  for (const std::string& path : paths) value.add_paths()->set_path(path);
  return value;
}

// A model with the required `user`, called "userId" on the wire, and an optional `cart`.
Section Models(const std::string& extra = "\"ignore\"") {
  SectionBuilder builder("app", "models", 1);
  v1::Shape shape;
  v1::ModelField& user = *shape.mutable_model()->add_fields();
  user.set_name("user");
  user.set_alias("userId");
  user.set_required(v1::KNOWN_YES);
  v1::ModelField& cart = *shape.mutable_model()->add_fields();
  cart.set_name("cart");
  cart.set_required(v1::KNOWN_NO);
  builder.Add(kSession, v1::FACET_STRUCTURE, std::move(shape));
  v1::Shape behaviour;
  v1::Option& option = *behaviour.mutable_model_behaviour()->add_config();
  option.set_name("extra");
  option.set_value(extra);
  builder.Add(kSession, v1::FACET_BEHAVIOUR, std::move(behaviour));
  return builder.Finish();
}

CheckResult Misfits(std::vector<Section> sections, const std::string& model) {
  v1::CheckConfig file;
  v1::DeclaredKeys& keys = *file.add_redis_keys();
  keys.set_pattern("session:*");
  keys.set_model(model);
  const auto result =
      Check(testing::Assemble(std::move(sections)), std::vector<std::string>{kRule}, file);
  VARVE_EXPECT_OK(result);
  return result.ok() ? *result : CheckResult();
}

struct MisfitCase {
  const char* name;
  std::vector<std::string> paths;
  const char* extra;
  std::vector<std::string> found;
};
class CachedValue : public ::testing::TestWithParam<MisfitCase> {};

TEST_P(CachedValue, FitsItsModelOrIsTold) {
  const CheckResult result =
      Misfits({Redis({Json(GetParam().paths)}), Models(GetParam().extra)}, "shop.models.Session");
  EXPECT_EQ(testing::Findings(result, kRule), GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(
    All, CachedValue,
    ::testing::Values(
        MisfitCase{"Fits", {"$.user", "$.cart.total"}, "\"forbid\"", {}},
        MisfitCase{"FitsByItsAlias", {"$.userId"}, "\"forbid\"", {}},
        MisfitCase{"MoreIsNoMatter", {"$.user", "$.colour"}, "\"ignore\"", {}},
        MisfitCase{"NamesThatAreIdentifiers", {"$.*"}, "\"forbid\"", {}},
        MisfitCase{"LacksWhatIsRequired",
                   {"$.cart[*]"},
                   "\"ignore\"",
                   {"warn session:<uuid>: no value has user, which shop.models.Session requires"}},
        MisfitCase{"HasWhatIsForbidden",
                   {"$.user", "$.colour"},
                   "\"forbid\"",
                   {"warn session:<uuid>: values have colour, which shop.models.Session forbids"}},
        MisfitCase{"HasNoFields",
                   {},
                   "\"ignore\"",
                   {"warn session:<uuid>: holds values of type string (text), no fields of "
                    "shop.models.Session"}}),
    [](const auto& info) { return info.param.name; });

TEST(CachedValueMisfits, WithoutTheModelCannotSay) {
  const CheckResult result = Misfits({Redis({Json({"$.user"})}), Models()}, "shop.models.Gone");
  EXPECT_THAT(testing::Unsaid(result, kRule),
              ElementsAre("session:<uuid>: model shop.models.Gone was not read"));
}

TEST(CachedValueMisfits, OfValuesThatNobodyLookedAtCannotSay) {
  const CheckResult result = Misfits({Redis({}), Models()}, "shop.models.Session");
  EXPECT_THAT(testing::Unsaid(result, kRule),
              ElementsAre("session:<uuid>: its values were not looked at"));
}

TEST(CachedValueMisfits, WithoutADeclaredModelSaysNothing) {
  const CheckResult result = Misfits({Redis({Json({"$.odd"})}), Models()}, "");
  EXPECT_THAT(testing::Findings(result, kRule), IsEmpty());
  EXPECT_THAT(testing::Unsaid(result, kRule), IsEmpty());
}

}  // namespace
}  // namespace varve
