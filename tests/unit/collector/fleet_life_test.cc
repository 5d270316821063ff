// Six days of a small fleet, with the answer to each question written by hand. Every environment
// takes a snapshot a day, so that numbers are days. The questions go the way of the command's: to
// the Query service.
//
//   day  dev                     stage           prod-eu             prod-us
//    1   orders, customers       the same        the same            the same
//    2   + orders.discount
//    3                           + discount      a hot fix: an index
//    4   discount is taken back                                      down
//    5   customers is clients,                   + discount          down, gets discount meanwhile
//        its mail email
//    6                                                               is back
#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "collector/query.h"
#include "snapshot/kinds.h"
#include "snapshot/section_builder.h"
#include "storage/resolve.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/support/matchers.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Texts = std::vector<std::string>;

constexpr int64_t kDayUs = int64_t{86'400'000'000};
const char* const kEnvironments[] = {"dev", "prod-eu", "prod-us", "stage"};

// What an environment's database has.
struct Truth {
  std::string customers = "customers";
  std::string mail = "mail";
  bool discount = false;
  bool index = false;
  bool down = false;
};

// Columns have the numbers that a server gives: a new one never that of another.
void AddTo(SectionBuilder& builder, const std::string& environment, const std::string& name,
           const std::vector<std::pair<int, v1::Column>>& columns,
           const std::vector<v1::Index>& indexes, int oid) {
  LineFacts facts;
  facts.locator.set_id(absl::StrCat(environment, "/", oid));
  v1::Shape shape;
  v1::TableStructure& table = *shape.mutable_table();
  table.set_kind(v1::TABLE_KIND_PLAIN);
  for (const auto& [number, column] : columns) {
    *table.add_columns() = column;
    v1::Locator::Part& part = *facts.locator.add_parts();
    part.set_number(number);
    part.set_name(column.name());
  }
  for (const v1::Index& index : indexes) *table.add_indexes() = index;
  builder.Add(testing::Table("public", name), v1::FACET_STRUCTURE, std::move(shape), facts);
}

Section SectionOf(const std::string& environment, const Truth& truth) {
  if (truth.down) {
    return SectionBuilder::Unavailable("shop", "postgres", "db", "connecting", "refused", "");
  }
  SectionBuilder builder("shop", "postgres", 1);
  const auto id = testing::RequiredColumn("id", testing::CatalogType("int8"));
  std::vector<std::pair<int, v1::Column>> orders = {
      {1, id},
      {2, testing::NullableColumn("total", testing::CatalogType("int4"))},
      {3, testing::NullableColumn("note", testing::CatalogType("text"))}};
  if (truth.discount) {
    orders.emplace_back(4, testing::NullableColumn("discount", testing::CatalogType("numeric")));
  }
  std::vector<v1::Index> indexes;
  if (truth.index) indexes.push_back(testing::BtreeIndex("orders_total_idx", {"total"}));
  AddTo(builder, environment, "orders", orders, indexes, 101);
  AddTo(builder, environment, truth.customers,
        {{1, id}, {2, testing::NullableColumn(truth.mail, testing::CatalogType("text"))}}, {}, 102);
  builder.CoverWhole("table");
  return builder.Finish();
}

std::string OpWord(const v1::Difference& difference) {
  switch (difference.op()) {
    case v1::Difference::OP_ADDED:
      return "added";
    case v1::Difference::OP_REMOVED:
      return "removed";
    case v1::Difference::OP_CHANGED:
      return "changed";
    case v1::Difference::OP_RENAMED:
      return "renamed";
    default:
      return "?";
  }
}

// "changed public.orders +columns/discount", "renamed public.clients".
std::string Told(const v1::Difference& difference) {
  std::string told =
      absl::StrCat(OpWord(difference), " ", DisplayName(KeyOf(difference.identity())));
  for (const v1::PropertyChange& change : difference.changes()) {
    const char* const sign = !change.has_before() ? "+" : !change.has_after() ? "-" : "~";
    absl::StrAppend(&told, " ", sign, absl::StrJoin(change.path(), "/"));
  }
  if (difference.between_from() != 0) {
    absl::StrAppend(&told, " between ", difference.between_from(), " and ",
                    difference.between_to());
  }
  return told;
}

class FleetLife : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = OpenSqliteStore(folder_.Path("varve.db"));
    VARVE_ASSERT_OK(store);
    store_ = *std::move(store);
    query_ = std::make_unique<QueryService>(*store_, workers_, streams_);
    grpc::ServerBuilder builder;
    builder.RegisterService(query_.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::Query::NewStub(server_->InProcessChannel({}));
  }
  void TearDown() override { server_->Shutdown(); }

  void LiveTo(int last_day) {
    std::map<std::string, Truth> truth;
    for (int day = 1; day <= last_day; ++day) {
      if (day == 2) truth["dev"].discount = true;
      if (day == 3) truth["stage"].discount = true;
      if (day == 3) truth["prod-eu"].index = true;
      if (day == 4) truth["dev"].discount = false;
      truth["prod-us"].down = day == 4 || day == 5;
      if (day == 5) truth["prod-us"].discount = true;
      if (day == 5) truth["prod-eu"].discount = true;
      if (day == 5) truth["dev"].customers = "clients";
      if (day == 5) truth["dev"].mail = "email";
      for (const char* const environment : kEnvironments) {
        Publish(environment, day, SectionOf(environment, truth[environment]));
      }
    }
    VARVE_ASSERT_OK(store_->Tag("prod-eu", 3, "hotfix"));
  }

  void Publish(const std::string& environment, int day, const Section& section) {
    PendingSnapshot pending;
    pending.header.set_environment(environment);
    pending.header.set_snapshot_id(absl::StrCat(environment, "-", day));
    pending.header.set_taken_at_us(day * kDayUs);
    v1::Label& label = *pending.header.add_labels();
    label.set_name("tier");
    label.set_value(environment.substr(0, 4) == "prod" ? "prod" : "test");
    pending.received_at = absl::FromUnixMicros(day * kDayUs + 1);
    *pending.header.add_sections() = section.header;
    PendingSection& part = pending.sections.emplace_back();
    part.header = section.header;
    if (section.header.status() != v1::SECTION_STATUS_UNAVAILABLE) {
      part.form = PendingSection::Form::kWhole;
      for (const ReadLine& line : section.lines) part.set.push_back(line.line);
      for (const auto& [hash, bytes] : *section.shapes) {
        pending.blobs[*BlobHash::FromBytes(hash.bytes())] = bytes;
      }
      pending.blobs[HashOf<BlobHash>(section.coverage)] = section.coverage;
    }
    const auto committed = store_->Commit(pending);
    VARVE_ASSERT_OK(committed);
    ASSERT_EQ(committed->seq, day);
  }

  // The whole answer, merged of its pieces.
  template <typename Answer, typename Request>
  absl::StatusOr<Answer> Ask(std::unique_ptr<grpc::ClientReader<Answer>> (v1::Query::Stub::*method)(
                                 grpc::ClientContext*, const Request&),
                             const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    const auto reader = (stub_.get()->*method)(&context, request);
    Answer answer, piece;
    while (reader->Read(&piece)) answer.MergeFrom(piece);
    const grpc::Status status = reader->Finish();
    if (status.ok()) return answer;
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  }

  static v1::HistoryRequest Object(const std::string& reference, const std::string& object) {
    v1::HistoryRequest request;
    request.set_reference(reference);
    request.set_object(object);
    return request;
  }

  // "2-3 numeric, changed public.orders +columns/discount, since 1"; "gap 4-5 WHY".
  Texts History(const std::string& reference, const std::string& object) {
    const auto history = Ask(&v1::Query::Stub::History, Object(reference, object));
    EXPECT_THAT(history, testing::IsOk());
    Texts told;
    if (!history.ok()) return told;
    for (const v1::ObjectVersion& version : history->versions()) {
      std::string& line =
          told.emplace_back(absl::StrCat(version.from_seq(), "-", version.to_seq(), " ",
                                         version.gone() ? "gone" : version.words()));
      for (const auto& change : version.changes()) absl::StrAppend(&line, ", ", Told(change));
      if (version.since_seq() != 0) absl::StrAppend(&line, ", since ", version.since_seq());
    }
    for (const v1::HistoryGap& gap : history->gaps()) {
      told.push_back(absl::StrCat("gap ", gap.from_seq(), "-", gap.to_seq(), " ", gap.why()));
    }
    return told;
  }

  Texts Blame(const std::string& reference, const std::string& object) {
    const auto blame = Ask(&v1::Query::Stub::Blame, Object(reference, object));
    EXPECT_THAT(blame, testing::IsOk());
    Texts told;
    if (!blame.ok()) return told;
    for (const v1::BlameLine& line : blame->lines()) {
      told.push_back(absl::StrCat(absl::StrJoin(line.element(), "/"), " @", line.seq(),
                                  line.since_first_seen() ? " or before" : "",
                                  line.since_seq() != 0 ? " after @" : "",
                                  line.since_seq() != 0 ? absl::StrCat(line.since_seq()) : ""));
    }
    return told;
  }

  // "5: renamed public.clients; …", newest first.
  Texts Log(const std::string& environment) {
    v1::LogRequest request;
    request.set_environment(environment);
    const auto log = Ask(&v1::Query::Stub::Log, request);
    EXPECT_THAT(log, testing::IsOk());
    Texts told;
    if (!log.ok()) return told;
    for (const v1::LogEntry& entry : log->entries()) {
      Texts changes;
      for (const v1::Difference& change : entry.changes()) changes.push_back(Told(change));
      told.push_back(absl::StrCat(entry.seq(), ": ", absl::StrJoin(changes, "; "),
                                  entry.tags().empty() ? "" : " tagged ",
                                  absl::StrJoin(entry.tags(), " ")));
    }
    return told;
  }

  // The verdict, then each difference.
  Texts Diff(const std::string& before, const std::string& after) {
    v1::DiffRequest request;
    request.set_before(before);
    request.set_after(after);
    const auto diff = Ask(&v1::Query::Stub::Diff, request);
    EXPECT_THAT(diff, testing::IsOk());
    if (!diff.ok()) return {};
    Texts told = {diff->verdict() == v1::VERDICT_SAME        ? "same"
                  : diff->verdict() == v1::VERDICT_DIFFERENT ? "different"
                                                             : "cannot say"};
    for (const v1::Difference& difference : diff->differences()) told.push_back(Told(difference));
    return told;
  }

  // The classes, the one that the others are held against first: "stage prod-us", "dev, differs:
  // …".
  Texts Drift(const std::string& selector, const std::string& baseline) {
    v1::DriftRequest request;
    request.set_selector(selector);
    request.set_baseline(baseline);
    const auto drift = Ask(&v1::Query::Stub::Drift, request);
    EXPECT_THAT(drift, testing::IsOk());
    Texts told;
    if (!drift.ok() || drift->units_size() != 1) return told;
    for (const v1::DriftClass& each : drift->units(0).classes()) {
      Texts members;
      for (const uint32_t member : each.members()) {
        members.push_back(drift->members(static_cast<int>(member)).environment());
      }
      told.push_back(absl::StrCat(absl::StrJoin(members, " "), each.differs() ? " differs:" : "",
                                  each.away().empty() ? "" : " away"));
    }
    for (const v1::DriftChange& change : drift->changes()) {
      absl::StrAppend(&told[change.class_at()], " ", Told(change.difference()));
    }
    return told;
  }

  Texts Rollout(const std::string& object) {
    v1::RolloutRequest request;
    request.set_object(object);
    const auto rollout = Ask(&v1::Query::Stub::Rollout, request);
    EXPECT_THAT(rollout, testing::IsOk());
    Texts told;
    if (!rollout.ok()) return told;
    const std::map<v1::RolloutStanding, std::string> words = {
        {v1::ROLLOUT_STANDING_HAS, "has"},
        {v1::ROLLOUT_STANDING_HAD_IT, "had it"},
        {v1::ROLLOUT_STANDING_LACKS, "lacks"},
        {v1::ROLLOUT_STANDING_CANNOT_SAY, "cannot say"}};
    for (const v1::RolloutEntry& entry : rollout->entries()) {
      std::string& line =
          told.emplace_back(absl::StrCat(entry.environment(), " ", words.at(entry.standing())));
      if (entry.first().seq() != 0) absl::StrAppend(&line, " @", entry.first().seq());
      if (entry.or_before()) absl::StrAppend(&line, " or before");
      if (entry.until().seq() != 0) absl::StrAppend(&line, " to @", entry.until().seq());
      if (entry.since().seq() != 0) absl::StrAppend(&line, " since @", entry.since().seq());
    }
    return told;
  }

  testing::TemporaryFolder folder_;
  std::unique_ptr<SnapshotStore> store_;
  Workers workers_{2, 16};
  StreamRegistry streams_{16};
  std::unique_ptr<QueryService> query_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::Query::Stub> stub_;
};

TEST_F(FleetLife, LogTellsOfEachEnvironmentItsOwnDays) {
  LiveTo(6);
  EXPECT_THAT(Log("dev"), ElementsAre("5: renamed public.clients.email; renamed public.clients",
                                      "4: changed public.orders -columns/discount",
                                      "2: changed public.orders +columns/discount"));
  EXPECT_THAT(Log("stage"), ElementsAre("3: changed public.orders +columns/discount"));
  EXPECT_THAT(Log("prod-eu"),
              ElementsAre("5: changed public.orders +columns/discount",
                          "3: changed public.orders +indexes/orders_total_idx tagged hotfix"));
  EXPECT_THAT(Log("prod-us"),
              ElementsAre("6: changed public.orders +columns/discount between 3 and 6"));
}

TEST_F(FleetLife, HistoryFollowsAColumnThroughRollbackGapAndRename) {
  LiveTo(6);
  const std::string came = "changed public.orders +columns/discount";
  EXPECT_THAT(History("dev@3", "public.orders.discount"),
              ElementsAre(absl::StrCat("2-3 numeric, ", came)));
  EXPECT_THAT(Ask(&v1::Query::Stub::History, Object("dev", "public.orders.discount")),
              testing::StatusIs(absl::StatusCode::kNotFound,
                                HasSubstr("no object 'public.orders.discount'")));
  EXPECT_THAT(History("prod-us", "public.orders.discount"),
              ElementsAre(absl::StrCat("6-6 numeric, ", came, " between 3 and 6, since 3"),
                          "gap 4-5 unavailable: connecting: refused"));
  EXPECT_THAT(History("dev", "public.clients"),
              ElementsAre("1-4 2 columns", "5-6 2 columns, renamed public.clients"));
  EXPECT_THAT(
      History("dev", "public.clients.email"),
      ElementsAre("1-4 text",
                  "5-6 text, renamed public.clients, renamed public.clients ~columns/email"));
  EXPECT_THAT(History("dev", "public.orders.note"), ElementsAre("1-6 text"));
}

TEST_F(FleetLife, BlameNamesTheDayOfEachPart) {
  LiveTo(6);
  EXPECT_THAT(Blame("prod-eu", "public.orders"),
              ElementsAre("columns/id @1 or before", "columns/total @1 or before",
                          "columns/note @1 or before", "columns/discount @5",
                          "indexes/orders_total_idx @3"));
  EXPECT_THAT(Blame("prod-us", "public.orders"),
              ElementsAre("columns/id @1 or before", "columns/total @1 or before",
                          "columns/note @1 or before", "columns/discount @6 after @3"));
  EXPECT_THAT(Blame("dev", "public.clients"),
              ElementsAre("columns/id @1 or before", "columns/email @5"));
}

TEST_F(FleetLife, DiffSaysWhatTwoDaysOrTwoEnvironmentsTell) {
  LiveTo(6);
  EXPECT_THAT(Diff("dev@1", "dev@4"), ElementsAre("same"));
  EXPECT_THAT(Diff("dev@1", "dev@6"), UnorderedElementsAre("different", "renamed public.clients",
                                                           "renamed public.clients.email"));
  EXPECT_THAT(Diff("stage", "prod-eu"),
              ElementsAre("different", "changed public.orders +indexes/orders_total_idx"));
  EXPECT_THAT(Diff("stage", "prod-us"), ElementsAre("same"));
  EXPECT_THAT(Diff("prod-us@3", "prod-us@4"), ElementsAre("cannot say"));
  EXPECT_THAT(Diff("prod-us@5", "prod-us@6"),
              ElementsAre("different", "changed public.orders +columns/discount between 3 and 6"));
  EXPECT_THAT(Diff("prod-eu@hotfix", "prod-eu"),
              ElementsAre("different", "changed public.orders +columns/discount"));
}

TEST_F(FleetLife, DriftPutsTheFleetIntoClassesWhateverIsTheBaseline) {
  LiveTo(6);
  EXPECT_THAT(Drift("", ""),
              ElementsAre("prod-us stage",
                          "dev differs: added public.clients removed public.customers changed "
                          "public.orders -columns/discount",
                          "prod-eu differs: changed public.orders +indexes/orders_total_idx"));
  EXPECT_THAT(
      Drift("tier=prod", "prod-us"),
      ElementsAre("prod-us", "prod-eu differs: changed public.orders +indexes/orders_total_idx"));
  EXPECT_THAT(Drift("prod-us,stage", "prod-eu"),
              ElementsAre("prod-eu",
                          "prod-us stage differs: changed public.orders "
                          "-indexes/orders_total_idx"));
}

TEST_F(FleetLife, AnEnvironmentThatIsDownIsNoOutlier) {
  LiveTo(5);
  EXPECT_THAT(Drift("stage,prod-us", "stage"), ElementsAre("stage", "prod-us away"));
  EXPECT_THAT(Rollout("public.orders.discount"),
              ElementsAre("stage has @3", "prod-eu has @5", "dev had it @2 to @3",
                          "prod-us cannot say since @4"));
}

TEST_F(FleetLife, RolloutTellsWhoHasItSinceWhen) {
  LiveTo(6);
  EXPECT_THAT(
      Rollout("public.orders.discount"),
      ElementsAre("stage has @3", "prod-eu has @5", "prod-us has @6", "dev had it @2 to @3"));
  EXPECT_THAT(Rollout("public.orders.orders_total_idx"),
              ElementsAre("prod-eu has @3", "dev lacks", "prod-us lacks", "stage lacks"));
}

TEST_F(FleetLife, ATagStaysWithItsSnapshot) {
  LiveTo(6);
  const auto at = Resolve(*store_, "prod-eu@hotfix");
  VARVE_ASSERT_OK(at);
  EXPECT_EQ(at->seq, 3);
  const auto rows = store_->Snapshots("prod-eu", 0);
  VARVE_ASSERT_OK(rows);
  ASSERT_EQ(rows->size(), 6u);
  EXPECT_THAT((*rows)[3].tags, ElementsAre("hotfix"));
  EXPECT_THAT((*rows)[0].tags, IsEmpty());
}

}  // namespace
}  // namespace varve
