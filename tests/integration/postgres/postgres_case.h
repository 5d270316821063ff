// A test on a database of its own, gathered by the PostgreSQL source and compared with what the
// server itself says. Each test runs on every server of PostgresVersions(); one server a version is
// started and shared by all tests of a program.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/source/postgres/postgres_source.h"
#include "snapshot/section.h"
#include "snapshot/section_view.h"
#include "tests/support/matchers.h"
#include "tests/support/postgres_server.h"
#include "varve/v1/shape.pb.h"

namespace varve::testing {

// What the source made of a database, with its entities at hand. Look-ups fail the test where
// nothing is found, and give an empty message.
class Gathered {
 public:
  explicit Gathered(Section section);

  const Section& section() const { return *section_; }
  const SectionView& view() const { return view_; }

  // Facets of an entity: `names` as in its identity.
  v1::Shape Shape(const EntityKey& key, v1::Facet facet) const;
  v1::TableStructure Table(const std::string& name, const std::string& schema = "public") const;
  v1::TableExpressions TableExpressions(const std::string& name) const;
  v1::Column Column(const std::string& table, const std::string& column) const;
  v1::Constraint Constraint(const std::string& table, const std::string& constraint) const;
  v1::Index Index(const std::string& table, const std::string& index) const;
  v1::Trigger Trigger(const std::string& table, const std::string& trigger) const;
  std::string ConstraintExpression(const std::string& table, const std::string& constraint) const;
  v1::IndexExpression IndexExpression(const std::string& table, const std::string& index) const;
  // DEFAULT or generation expression.
  std::string ColumnExpression(const std::string& table, const std::string& column) const;

  // "schema.name" of all entities of a kind, sorted.
  std::vector<std::string> Names(const std::string& kind) const;
  // State of a facet's line: captured where it was seen; unspecified where there is no line.
  v1::Sight SightOf(const EntityKey& key, v1::Facet facet) const;
  // One line an error or warning: "doing | why | remedy".
  std::vector<std::string> Errors() const;
  // Where `text` occurs in what would leave the host.
  std::vector<std::string> Mentioning(const std::string& text) const;

 private:
  std::shared_ptr<const Section> section_;
  SectionView view_;
};

// What differs, one line a property: "table public.orders structure: columns.total.type numeric ->
// text"; "+ table public.x" and "- …" for what came and went. Renames, masked parts and
// what cannot be compared have lines too.
std::vector<std::string> Differences(const Gathered& before, const Gathered& after);

// The names of elements, in their order.
template <typename List>
std::vector<std::string> NamesOf(const List& elements) {
  std::vector<std::string> names;
  for (const auto& element : elements) names.push_back(element.name());
  return names;
}

EntityKey TableKey(const std::string& name, const std::string& schema = "public");

// The source itself, for what it keeps from read to read. `known` as the source takes it.
std::unique_ptr<Source> SourceOf(
    const PostgresConfig& config,
    const std::shared_ptr<KnownDatabases>& known = std::make_shared<KnownDatabases>());

class PostgresCase : public ::testing::TestWithParam<PostgresPrograms> {
 protected:
  void SetUp() override;
  void TearDown() override;

  // Whether the server must ask for passwords. By default it trusts who connects: scram costs a
  // tenth of a test that connects for each change.
  virtual bool NeedsPasswords() const { return false; }

  PostgresServer& server() const { return *server_; }
  int major() const { return GetParam().major; }
  const std::string& database() const { return database_; }

  // In the test's database, as superuser. An error fails the test.
  void Run(const std::string& sql) const;
  // Rows of texts, and the first column of them, in the server's order.
  PostgresSession::Rows Query(const std::string& sql) const;
  std::vector<std::string> Ask(const std::string& sql) const;
  std::unique_ptr<PostgresSession> Open() const;

  // Runs each statement and gathers after it: what differs from before it must be those lines, in
  // any order.
  struct Change {
    std::string sql;
    std::vector<std::string> lines;
    int since = 0;  // major version that knows the statement
    int until = 0;  // major version from which another row tells what it does; 0: none
  };
  void ExpectChanges(const std::vector<Change>& changes) const;
  // The same of what `gather` gives.
  void ExpectChanges(const std::vector<Change>& changes,
                     const std::function<Gathered()>& gather) const;

  // A config that reads the test's database as superuser, and not the cluster.
  PostgresConfig Config(const std::string& user = "postgres") const;
  // What gathering by it gives; an unavailable section fails the test.
  Gathered Gather() const { return Gather(Config()); }
  Gathered Gather(const PostgresConfig& config) const;
  // The same without a look at its status.
  static Section GatherAnyhow(const PostgresConfig& config, const GatherLimits& limits = {});
  // All its sections.
  static std::vector<Section> GatherSections(
      const PostgresConfig& config,
      const std::shared_ptr<KnownDatabases>& known = std::make_shared<KnownDatabases>(),
      const GatherLimits& limits = {});

 private:
  PostgresServer* server_ = nullptr;
  std::string database_;
};

}  // namespace varve::testing

// Runs the tests of `suite`, a PostgresCase, on every version.
#define VARVE_ON_EVERY_POSTGRES(suite)                                                         \
  INSTANTIATE_TEST_SUITE_P(, suite, ::testing::ValuesIn(::varve::testing::PostgresVersions()), \
                           [](const auto& info) { return info.param.TestName(); })
