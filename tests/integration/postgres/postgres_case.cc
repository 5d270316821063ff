#include "tests/integration/postgres/postgres_case.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/diff.h"
#include "snapshot/kinds.h"
#include "snapshot/line.h"
#include "tests/support/change_count.h"

namespace varve::testing {
namespace {

constexpr const char* kSection = "postgres";

SectionView ViewOf(const Section& section) {
  absl::StatusOr<SectionView> view = SectionView::Of(section);
  EXPECT_THAT(view, IsOk());
  return view.ok() ? *std::move(view) : SectionView();
}

template <typename List>
auto Named(const List& list, const std::string& name) {
  typename List::value_type found;
  const auto at = std::find_if(list.begin(), list.end(),
                               [&](const auto& element) { return element.name() == name; });
  EXPECT_TRUE(at != list.end()) << "there is no " << found.GetDescriptor()->name() << " " << name;
  if (at != list.end()) found = *at;
  return found;
}

bool IsWhole(const v1::Difference& difference) {
  return (difference.op() == v1::Difference::OP_ADDED ||
          difference.op() == v1::Difference::OP_REMOVED) &&
         difference.facet() == FirstFacet(difference.identity().kind());
}

// The facets that come and go with the entity, which has a line of its own.
bool ComesWithTheWhole(const v1::DiffResult& result, const v1::Difference& difference) {
  if (IsWhole(difference)) return false;
  return std::any_of(result.differences().begin(), result.differences().end(),
                     [&](const v1::Difference& other) {
                       return IsWhole(other) && other.op() == difference.op() &&
                              KeyOf(other.identity()) == KeyOf(difference.identity());
                     });
}

std::string Line(const v1::Difference& difference) {
  const char* mark = "";
  switch (difference.op()) {
    case v1::Difference::OP_ADDED:
      mark = "+ ";
      break;
    case v1::Difference::OP_REMOVED:
      mark = "- ";
      break;
    case v1::Difference::OP_RENAMED:
      mark = "renamed ";
      break;
    default:
      break;
  }
  std::string line = absl::StrCat(mark, difference.identity().kind(), " ",
                                  DisplayName(KeyOf(difference.identity())));
  if (difference.has_was()) absl::StrAppend(&line, " was ", DisplayName(KeyOf(difference.was())));
  if (difference.facet() != v1::FACET_UNSPECIFIED && !IsWhole(difference)) {
    absl::StrAppend(&line, " ", FacetName(difference.facet()));
  }
  return line;
}

// "columns.total.type integer -> text"; "masked part changed" of what has no values to show.
std::string PropertyText(const v1::PropertyChange& change) {
  const std::string path = absl::StrJoin(change.path(), ".");
  if (!change.has_before() && !change.has_after()) return path + " changed";
  return absl::StrCat(path, " ", change.has_before() ? change.before() : "nothing", " -> ",
                      change.has_after() ? change.after() : "nothing");
}

// A server that serves all tests of this program on that version, of those that ask for passwords
// or of the others.
PostgresServer* SharedServer(const PostgresPrograms& programs, bool trust) {
  static auto& servers = *new std::map<std::pair<int, bool>, std::unique_ptr<PostgresServer>>;
  static const int stopped_at_exit = std::atexit([] { servers.clear(); });
  EXPECT_EQ(stopped_at_exit, 0);
  std::unique_ptr<PostgresServer>& server = servers[{programs.major, trust}];
  if (server == nullptr) {
    auto started = PostgresServer::Start({.programs = programs, .trust = trust});
    EXPECT_THAT(started, IsOk());
    if (started.ok()) server = *std::move(started);
  }
  return server.get();
}

}  // namespace

Gathered::Gathered(Section section)
    : section_(std::make_shared<const Section>(std::move(section))), view_(ViewOf(*section_)) {}

v1::Shape Gathered::Shape(const EntityKey& key, v1::Facet facet) const {
  const EntityView* const entity = view_.Find(key);
  EXPECT_TRUE(entity != nullptr) << "there is no " << key.kind << " " << DisplayName(key);
  if (entity == nullptr) return {};
  EXPECT_TRUE(entity->Saw(facet)) << DisplayName(key) << ": no " << FacetName(facet);
  return entity->Shape(facet);
}

v1::TableStructure Gathered::Table(const std::string& name, const std::string& schema) const {
  return Shape(TableKey(name, schema), v1::FACET_STRUCTURE).table();
}

v1::TableExpressions Gathered::TableExpressions(const std::string& name) const {
  return Shape(TableKey(name), v1::FACET_EXPRESSIONS).table_expressions();
}

v1::Column Gathered::Column(const std::string& table, const std::string& column) const {
  return Named(Table(table).columns(), column);
}

v1::Constraint Gathered::Constraint(const std::string& table, const std::string& constraint) const {
  return Named(Table(table).constraints(), constraint);
}

v1::Index Gathered::Index(const std::string& table, const std::string& index) const {
  return Named(Table(table).indexes(), index);
}

v1::Trigger Gathered::Trigger(const std::string& table, const std::string& trigger) const {
  return Named(Table(table).triggers(), trigger);
}

std::string Gathered::ConstraintExpression(const std::string& table,
                                           const std::string& constraint) const {
  return Named(TableExpressions(table).constraints(), constraint).expression();
}

v1::IndexExpression Gathered::IndexExpression(const std::string& table,
                                              const std::string& index) const {
  return Named(TableExpressions(table).indexes(), index);
}

std::string Gathered::ColumnExpression(const std::string& table, const std::string& column) const {
  return Named(TableExpressions(table).columns(), column).expression();
}

std::vector<std::string> Gathered::Names(const std::string& kind) const {
  std::vector<std::string> names;
  for (const EntityView& entity : view_.OfKind(kind)) {
    names.push_back(absl::StrJoin(entity.key().names, "."));
  }
  std::sort(names.begin(), names.end());
  return names;
}

v1::Sight Gathered::SightOf(const EntityKey& key, v1::Facet facet) const {
  const ReadLine* const line = FindLine(*section_, {key, facet});
  if (line == nullptr) return v1::SIGHT_UNSPECIFIED;
  return line->line.seen.has_value() ? v1::SIGHT_CAPTURED : line->line.unseen;
}

std::vector<std::string> Gathered::Errors() const {
  std::vector<std::string> errors;
  for (const v1::SectionError& error : section_->header.errors()) {
    errors.push_back(absl::StrCat(error.doing(), " | ", error.why(), " | ", error.remedy()));
  }
  return errors;
}

std::vector<std::string> Gathered::Mentioning(const std::string& text) const {
  std::vector<std::string> places;
  const auto look = [&](const std::string& bytes, const std::string& place) {
    if (absl::StrContains(bytes, text)) places.push_back(place);
  };
  look(section_->header.SerializeAsString(), "header");
  look(section_->coverage, "coverage");
  look(section_->measures->SerializeAsString(), "measures");
  for (const ReadLine& line : section_->lines) {
    const std::string name = DisplayName(line.line.key.entity);
    look(name, "name of " + name);
    if (!line.line.seen.has_value()) continue;
    look(section_->shapes->at(line.line.seen->shape),
         absl::StrCat(name, " ", FacetName(line.line.key.facet)));
  }
  return places;
}

std::vector<std::string> Differences(const Gathered& before, const Gathered& after) {
  const auto snapshot_of = [](const Gathered& gathered, int64_t seq) {
    Snapshot snapshot;
    snapshot.header.set_environment("test");
    *snapshot.header.add_sections() = gathered.section().header;
    snapshot.sections.push_back(gathered.section());
    snapshot.seq = seq;
    return snapshot;
  };
  const auto result = Diff(snapshot_of(before, 1), snapshot_of(after, 2), nullptr);
  EXPECT_THAT(result, IsOk());
  std::vector<std::string> lines;
  if (!result.ok()) return lines;
  for (const v1::Difference& difference : result->differences()) {
    if (ComesWithTheWhole(*result, difference)) continue;
    if (difference.changes().empty()) lines.push_back(Line(difference));
    for (const v1::PropertyChange& change : difference.changes()) {
      lines.push_back(absl::StrCat(Line(difference), ": ", PropertyText(change)));
    }
  }
  for (const v1::Difference& follows : result->follows()) {
    lines.push_back(absl::StrCat("follows: ", Line(follows)));
  }
  for (const auto* const list : {&result->cannot_say(), &result->not_comparable()}) {
    for (const v1::NotCompared& item : *list) {
      lines.push_back(absl::StrCat("cannot say: ", item.identity().kind(), " ",
                                   DisplayName(KeyOf(item.identity())), " ",
                                   FacetName(item.facet())));
    }
  }
  return lines;
}

EntityKey TableKey(const std::string& name, const std::string& schema) {
  return {"table", {schema, name}};
}

void PostgresCase::SetUp() {
  static std::atomic<int> next = 0;
  server_ = SharedServer(GetParam(), !NeedsPasswords());
  ASSERT_NE(server_, nullptr);
  database_ = absl::StrCat("case_", ++next);
  VARVE_ASSERT_OK(server_->CreateDatabase(database_));
}

void PostgresCase::TearDown() {
  if (server_ == nullptr) return;
  VARVE_EXPECT_OK(server_->Run(
      "postgres", absl::StrCat("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                               "WHERE datname = '",
                               database_, "'")));
  VARVE_EXPECT_OK(server_->Run("postgres", absl::StrCat("DROP DATABASE ", database_)));
}

void PostgresCase::Run(const std::string& sql) const {
  ASSERT_THAT(server_->Run(database_, sql), IsOk()) << sql;
}

PostgresSession::Rows PostgresCase::Query(const std::string& sql) const {
  auto rows = server_->Query(database_, sql);
  EXPECT_THAT(rows, IsOk()) << sql;
  return rows.ok() ? *std::move(rows) : PostgresSession::Rows();
}

std::vector<std::string> PostgresCase::Ask(const std::string& sql) const {
  std::vector<std::string> column;
  for (const auto& row : Query(sql)) column.push_back(row.front());
  return column;
}

std::unique_ptr<PostgresSession> PostgresCase::Open() const {
  auto session = server_->Open(database_);
  EXPECT_THAT(session, IsOk());
  return session.ok() ? *std::move(session) : nullptr;
}

void PostgresCase::ExpectChanges(const std::vector<Change>& changes) const {
  ExpectChanges(changes, [this] { return Gather(); });
}

void PostgresCase::ExpectChanges(const std::vector<Change>& changes,
                                 const std::function<Gathered()>& gather) const {
  Gathered before = gather();
  for (const Change& change : changes) {
    if (major() < change.since || (change.until > 0 && major() >= change.until)) continue;
    SCOPED_TRACE(change.sql);
    change.lines.empty() ? CountActThatChangesNothing() : CountSingleChange();
    Run(change.sql);
    Gathered after = gather();
    EXPECT_THAT(Differences(before, after), ::testing::UnorderedElementsAreArray(change.lines));
    before = std::move(after);
  }
}

PostgresConfig PostgresCase::Config(const std::string& user) const {
  PostgresConfig config;
  config.name = kSection;
  config.connection = server_->Connection(database_, user);
  config.cluster = false;
  return config;
}

Gathered PostgresCase::Gather(const PostgresConfig& config) const {
  Gathered gathered(GatherAnyhow(config));
  EXPECT_NE(gathered.section().header.status(), v1::SECTION_STATUS_UNAVAILABLE)
      << absl::StrJoin(gathered.Errors(), "\n");
  return gathered;
}

Section PostgresCase::GatherAnyhow(const PostgresConfig& config, const GatherLimits& limits) {
  return GatherSections(config, std::make_shared<KnownDatabases>(), limits).front();
}

std::vector<Section> PostgresCase::GatherSections(const PostgresConfig& config,
                                                  const std::shared_ptr<KnownDatabases>& known,
                                                  const GatherLimits& limits) {
  return SourceOf(config, known)->Gather(limits);
}

std::unique_ptr<Source> SourceOf(const PostgresConfig& config,
                                 const std::shared_ptr<KnownDatabases>& known) {
  const auto redactor = std::make_shared<const Redactor>(MaskKey{"test", std::string(32, 'k')});
  return MakePostgresSource(config, redactor, known);
}

}  // namespace varve::testing
