#include "snapshot/section_view.h"

#include "snapshot/line_state.h"
#include "snapshot/section_builder.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

const EntityKey kOrders = {"table", {"public", "orders"}};
const EntityKey kPeople = {"table", {"public", "people"}};
const EntityKey kMood = {"enum", {"public", "mood"}};

v1::Shape TableShape(const std::string& replica_identity = "default") {
  v1::Shape shape;
  shape.mutable_table()->set_replica_identity(replica_identity);
  return shape;
}

v1::Shape DocsShape(const std::string& comment) {
  v1::Shape shape;
  shape.mutable_docs()->set_comment(comment);
  return shape;
}

v1::Shape EnumShape() {
  v1::Shape shape;
  shape.mutable_enumeration()->add_labels("ok");
  return shape;
}

// Two tables and an enum; what the docs of a table say is locked.
Section Sample() {
  SectionBuilder builder("postgres", "postgres", 1);
  builder.Add(kOrders, v1::FACET_STRUCTURE, TableShape());
  builder.Add(kOrders, v1::FACET_DOCS, DocsShape("What people ordered"));
  builder.Add(kPeople, v1::FACET_STRUCTURE, TableShape("full"));
  builder.AddUnseen(kPeople, v1::FACET_DOCS, v1::SIGHT_LOCKED);
  builder.Add(kMood, v1::FACET_STRUCTURE, EnumShape());
  builder.CoverWhole("table");
  builder.CoverWhole("enum");
  builder.Cover("table", v1::FACET_ACCESS, v1::SIGHT_NOT_PERMITTED, "denied", "GRANT");
  builder.MeasureNumber(kOrders, "rows", 1234);
  builder.MeasureNumber(kOrders, "scans", 7, "orders_pkey");
  builder.MeasureText(kOrders, "last_vacuum", "2026-01-31T12:00:00.000000Z");
  return builder.Finish();
}

TEST(SectionView, EntitiesAreSortedByKey) {
  const Section section = Sample();
  const absl::StatusOr<SectionView> view = SectionView::Of(section);
  VARVE_ASSERT_OK(view);
  ASSERT_EQ(view->entities().size(), 3u);
  EXPECT_EQ(view->entities()[0].key(), kMood);
  EXPECT_EQ(view->OfKind("table").size(), 2u);
  EXPECT_EQ(view->OfKind("table")[1].key(), kPeople);
  EXPECT_TRUE(view->OfKind("view").empty());
  EXPECT_TRUE(view->OfKind("tab").empty());
}

TEST(SectionView, AnEntityIsFoundByItsKey) {
  const Section section = Sample();
  const SectionView view = *SectionView::Of(section);
  ASSERT_NE(view.Find(kOrders), nullptr);
  EXPECT_EQ(view.Find(kOrders)->Shape(v1::FACET_STRUCTURE).table().replica_identity(), "default");
  EXPECT_EQ(view.Find({"table", {"public"}}), nullptr);
  EXPECT_EQ(view.Find({"view", {"public", "orders"}}), nullptr);
}

TEST(SectionView, OpensTheShapesThatAreAskedFor) {
  const Section section = Sample();
  const SectionView view =
      *SectionView::Opening(section, [](const EntityKey& key) { return key.kind == "enum"; });
  EXPECT_TRUE(view.Find(kMood)->Shape(v1::FACET_STRUCTURE).has_enumeration());
  const EntityView& orders = *view.Find(kOrders);
  EXPECT_TRUE(orders.Saw(v1::FACET_STRUCTURE));
  EXPECT_FALSE(orders.Shape(v1::FACET_STRUCTURE).has_table());
  EXPECT_EQ(orders.Number("rows"), 1234);
  google::protobuf::Arena arena;
  const absl::StatusOr<EntityView> open = view.Open(orders, arena);
  VARVE_ASSERT_OK(open);
  EXPECT_EQ(open->Shape(v1::FACET_STRUCTURE).table().replica_identity(), "default");
  EXPECT_EQ(open->Number("rows"), 1234);
}

TEST(SectionView, SaysWhatIsDamagedWhenItIsOpened) {
  Section section = Sample();
  const SectionView view = *SectionView::Opening(section, [](const EntityKey&) { return false; });
  section.shapes.Edit().clear();
  google::protobuf::Arena arena;
  EXPECT_THAT(view.Open(*view.Find(kOrders), arena),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("is not in")));
}

TEST(SectionView, AFacetThatWasNotSeenReadsAsAnEmptyMessage) {
  const Section section = Sample();
  const SectionView view = *SectionView::Of(section);
  const EntityView& people = *view.Find(kPeople);
  EXPECT_TRUE(people.Saw(v1::FACET_STRUCTURE));
  EXPECT_FALSE(people.Saw(v1::FACET_DOCS));
  ASSERT_NE(people.Find(v1::FACET_DOCS), nullptr);
  EXPECT_EQ(people.Shape(v1::FACET_DOCS).docs().comment(), "");
  EXPECT_EQ(people.Find(v1::FACET_ACCESS), nullptr);
  EXPECT_EQ(people.Shape(v1::FACET_ACCESS).facet_case(), v1::Shape::FACET_NOT_SET);
}

TEST(SectionView, AWeakerReadReadsAsWhatIsThere) {
  Section section = Sample();
  for (ReadLine& line : section.lines.Edit()) {
    if (line.line.key != LineKey{kOrders, v1::FACET_DOCS}) continue;
    line.weaker = line.line.seen;
    line.line.seen.reset();
    line.line.unseen = v1::SIGHT_STATIC;
  }
  const SectionView view = *SectionView::Of(section);
  EXPECT_TRUE(view.Find(kOrders)->Saw(v1::FACET_DOCS));
  EXPECT_EQ(view.Find(kOrders)->Shape(v1::FACET_DOCS).docs().comment(), "What people ordered");
}

TEST(SectionView, MeasuresAreOfAnEntityOrOfItsPart) {
  const Section section = Sample();
  const SectionView view = *SectionView::Of(section);
  const EntityView& orders = *view.Find(kOrders);
  EXPECT_EQ(orders.Number("rows"), 1234);
  EXPECT_EQ(orders.Number("scans", "orders_pkey"), 7);
  EXPECT_EQ(orders.Number("scans"), std::nullopt);
  EXPECT_EQ(orders.Text("last_vacuum"), "2026-01-31T12:00:00.000000Z");
  EXPECT_EQ(orders.Number("last_vacuum"), std::nullopt);
  EXPECT_EQ(orders.Text("none"), "");
  EXPECT_EQ(view.Find(kPeople)->measures(), nullptr);
  EXPECT_EQ(view.Find(kPeople)->Number("rows"), std::nullopt);
}

TEST(SectionView, AnEntityWhoseFirstFacetTheAgentCouldNotReadIsThere) {
  SectionBuilder builder("postgres", "postgres", 1);
  builder.AddUnseen(kOrders, v1::FACET_STRUCTURE, v1::SIGHT_LOCKED);
  builder.Add(kPeople, v1::FACET_DOCS, DocsShape("x"));
  Section section = builder.Finish();
  EXPECT_TRUE(SectionView::Of(section)->Find(kOrders)->IsThere());
  EXPECT_FALSE(SectionView::Of(section)->Find(kPeople)->IsThere());
  section.lines.Edit()[0].sent = false;  // the collector wrote it: nobody knows
  EXPECT_FALSE(SectionView::Of(section)->Find(kOrders)->IsThere());
}

TEST(SectionView, AKindAndAFacetOfANewerAgentAreThereToo) {
  SectionBuilder builder("postgres", "postgres", 1);
  const EntityKey hologram = {"hologram", {"h"}};
  builder.Add(hologram, v1::FACET_STRUCTURE, v1::Shape());
  builder.Add(hologram, static_cast<v1::Facet>(77), v1::Shape());
  const Section section = builder.Finish();
  const absl::StatusOr<SectionView> view = SectionView::Of(section);
  VARVE_ASSERT_OK(view);
  EXPECT_TRUE(view->Find(hologram)->IsThere());
  EXPECT_TRUE(view->Find(hologram)->Saw(static_cast<v1::Facet>(77)));
}

TEST(SectionView, OfADamagedSectionIsAnError) {
  Section missing = Sample();
  missing.shapes.Edit().clear();
  EXPECT_THAT(SectionView::Of(missing),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("is not in the snapshot")));
  Section spoiled = Sample();
  for (auto& [hash, bytes] : spoiled.shapes.Edit()) bytes += "x";
  EXPECT_THAT(SectionView::Of(spoiled),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("fails its hash")));
  Section uncovered = Sample();
  uncovered.coverage = "\xFF";
  EXPECT_THAT(SectionView::Of(uncovered),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("coverage of postgres")));
}

TEST(DecodeShape, BytesThatAreNoShapeAreAnError) {
  Section section;
  const auto hash = HashOf<ShapeHash>("\xFF");
  section.shapes.Edit()[hash] = "\xFF";
  EXPECT_THAT(DecodeShape(section, hash),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("is not a shape")));
}

struct StateCase {
  const char* name;
  LineKey key;
  Presence presence;
  v1::Sight why = v1::SIGHT_UNSPECIFIED;
};
class StateOfALine : public ::testing::TestWithParam<StateCase> {};

TEST_P(StateOfALine, IsOneOfFourAnswers) {
  const Section section = Sample();
  const absl::StatusOr<LineStates> states = LineStates::Of(section);
  VARVE_ASSERT_OK(states);
  const LineState state = states->StateOf(GetParam().key);
  EXPECT_EQ(state.presence, GetParam().presence);
  if (GetParam().presence == Presence::kUnseen) {
    EXPECT_EQ(state.why, GetParam().why);
  }
  EXPECT_EQ(state.seen() != nullptr, GetParam().presence == Presence::kSeen);
}

const EntityKey kGone = {"table", {"public", "gone"}};

INSTANTIATE_TEST_SUITE_P(
    All, StateOfALine,
    ::testing::Values(
        StateCase{"Seen", {kOrders, v1::FACET_STRUCTURE}, Presence::kSeen},
        StateCase{"Locked", {kPeople, v1::FACET_DOCS}, Presence::kUnseen, v1::SIGHT_LOCKED},
        StateCase{"LookedForAndNotThere", {kGone, v1::FACET_STRUCTURE}, Presence::kAbsent},
        StateCase{"NotPermitted",
                  {kOrders, v1::FACET_ACCESS},
                  Presence::kUnseen,
                  v1::SIGHT_NOT_PERMITTED},
        // The entity is gone, and takes along what nobody may see of it.
        StateCase{"OtherFacetOfWhatIsGone", {kGone, v1::FACET_ACCESS}, Presence::kAbsent},
        StateCase{"KindThatIsNotCovered",
                  {{"view", {"public", "v"}}, v1::FACET_STRUCTURE},
                  Presence::kUnknown},
        StateCase{"KindOfANewerAgent",
                  {{"hologram", {"h"}}, static_cast<v1::Facet>(77)},
                  Presence::kUnknown}),
    [](const auto& info) { return info.param.name; });

TEST(LineStates, OfASectionThatIsAwayNothingIsKnown) {
  const Section section =
      SectionBuilder::Unavailable("postgres", "postgres", "db", "connecting", "refused", "");
  const LineStates states = *LineStates::Of(section);
  EXPECT_TRUE(states.unavailable());
  const LineState state = states.StateOf({kOrders, v1::FACET_STRUCTURE});
  EXPECT_EQ(state.presence, Presence::kUnseen);
  EXPECT_EQ(state.why, v1::SIGHT_UNAVAILABLE);
}

TEST(LineStates, ALineThatTheCollectorWroteForAnUncoveredKindIsNotKnown) {
  SectionBuilder builder("postgres", "postgres", 1);
  builder.AddUnseen(kOrders, v1::FACET_DOCS, v1::SIGHT_NOT_CAPTURED);
  const Section section = builder.Finish();
  EXPECT_EQ(LineStates::Of(section)->StateOf({kOrders, v1::FACET_DOCS}).presence,
            Presence::kUnknown);
}

}  // namespace
}  // namespace varve
