// The statements that are sent: by version, and what each begins with.
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/source/postgres/catalog_query.h"
#include "agent/source/postgres/printings.h"
#include "agent/source/postgres/session_settings.h"
#include "gmock/gmock.h"
#include "snapshot/kinds.h"

namespace varve::postgres {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr QueryColumn kColumns[] = {{"oid"}, {"fresh", 15, "false"}, {"later", 18}};
const CatalogQuery kQuery = {"pg_thing", kColumns, "FROM pg_thing", nullptr, {}};

TEST(Statement, AsksForWhatTheServerHas) {
  EXPECT_EQ(CopyStatement(kQuery, 120022), "COPY (SELECT oid,false,NULL FROM pg_thing) TO STDOUT");
  EXPECT_EQ(CopyStatement(kQuery, 150018), "COPY (SELECT oid,fresh,NULL FROM pg_thing) TO STDOUT");
  EXPECT_EQ(CopyStatement(kQuery, 180004), "COPY (SELECT oid,fresh,later FROM pg_thing) TO STDOUT");
}

TEST(Statement, OfAServerNewerThanAnyAsksAsOfTheNewest) {
  EXPECT_EQ(CopyStatement(kQuery, 990000), CopyStatement(kQuery, 180000));
}

std::vector<CatalogQuery> AllQueries() {
  std::vector<CatalogQuery> all;
  for (const auto& queries :
       {ObjectQueries(), RelationQueries(), ElementQueries(), TypeQueries(), RoutineQueries(),
        TextSearchQueries(), ForeignQueries(), ReplicationQueries(), DatabaseWideQueries(),
        OwnTypeQueries(), OperatorQueries()}) {
    all.insert(all.end(), queries.begin(), queries.end());
  }
  return all;
}

// Of what holds passwords, that is read which a role is shown anyhow; what only a superuser may
// read is asked for only where the role may.
TEST(CatalogQueries, NeverReadWhatHoldsPasswordsOfOthers) {
  for (const CatalogQuery& query : AllQueries()) {
    const std::string statement = CopyStatement(query, 180000);
    for (const char* const secret : {"pg_authid", "FROM pg_user_mapping "}) {
      EXPECT_THAT(statement, Not(HasSubstr(secret)));
    }
    EXPECT_TRUE(query.wanted != nullptr || !absl::StrContains(statement, ",subconninfo"));
  }
}

TEST(CatalogQueries, AskForConnectionsOnlyWhereTheyMayBeRead) {
  Catalog catalog;
  catalog.replication.subscriptions["hidden"].readable = true;
  const auto asked = [&] {
    bool found = false;
    for (const CatalogQuery& query : ReplicationQueries()) {
      const bool connections = absl::StrContains(CopyStatement(query, 180000), ",subconninfo FROM");
      found |= connections && query.wanted != nullptr && query.wanted(catalog);
    }
    return found;
  };
  EXPECT_FALSE(asked());
  catalog.replication.subscriptions["shown"].permitted = true;
  EXPECT_TRUE(asked());
}

TEST(CatalogQueries, FeedOnlyKindsThatThereAre) {
  for (const CatalogQuery& query : AllQueries()) {
    for (const Feed& feed : query.feeds) {
      EXPECT_TRUE(feed.kind.empty() || FindKind(feed.kind) != nullptr)
          << query.catalog << " feeds " << feed.kind;
    }
  }
}

TEST(Printings, CanTakeFurtherConditions) {
  for (const Printing& printing : Printings()) {
    EXPECT_THAT(std::string(printing.query), StartsWith("SELECT "));
    EXPECT_THAT(std::string(printing.query), HasSubstr(" WHERE "));
    const absl::string_view condition = printing.query.substr(printing.query.rfind(" WHERE "));
    EXPECT_TRUE(!absl::StrContains(condition, " OR ") || absl::EndsWith(condition, ")"))
        << condition;
  }
}

TEST(Begin, IsReadOnlyAndSetsNothingBeyondTheTransaction) {
  const std::string sql = BeginReadOnly(Isolation::kRepeatableRead,
                                        {absl::Seconds(60), absl::Milliseconds(200)}, "UTF8");
  EXPECT_THAT(sql, StartsWith("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"));
  EXPECT_THAT(sql, HasSubstr("statement_timeout=60000;"));
  EXPECT_THAT(sql, HasSubstr("lock_timeout=200;"));
  size_t sets = 0, locals = 0;
  for (size_t at = sql.find("SET "); at != std::string::npos; at = sql.find("SET ", at + 1)) {
    ++sets;
    if (absl::StartsWith(absl::string_view(sql).substr(at), "SET LOCAL ")) ++locals;
  }
  EXPECT_GT(sets, 10u);
  EXPECT_EQ(sets, locals);
}

}  // namespace
}  // namespace varve::postgres
