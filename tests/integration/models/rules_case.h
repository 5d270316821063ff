// Rules of models on a real application and a real database: what they say of the two as they are,
// and after a change of the database.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "snapshot/section.h"
#include "tests/support/postgres_server.h"
#include "varve/v1/check_config.pb.h"

namespace varve::testing {

// What is done to a database, and what the rules find then, more than before: "error
// model/orm-type-differs m.Order.code".
struct DatabaseChange {
  const char* sql;
  std::vector<std::string> found;
};

// A database of an own server, made by statements, which no change touches for good.
class RulesDatabase {
 public:
  explicit RulesDatabase(const std::string& ddl);

  // All findings of all rules of models that are run by default, in their order, each as above with
  // its message.
  std::vector<std::string> Findings(const Section& models) const;
  // What they cannot say: "rule object: reason".
  std::vector<std::string> Unsaid(const Section& models) const;
  // The database as a source of that name.
  Section Named(const std::string& source) const;
  // What one rule says, also one that is asked only where it is named: "info m.Order.code: …" of
  // its findings, "? m.Order.code: …" of what it cannot say. `sections` are the models beside the
  // database, which may be several or none.
  std::vector<std::string> Says(const std::string& rule, const std::vector<Section>& sections,
                                const v1::CheckConfig& file = {}) const;
  // Makes each change in a copy of the database of its own: the findings must be those it names.
  void ExpectFound(const Section& models, const std::vector<DatabaseChange>& changes) const;

 private:
  Section Read(const std::string& database, const std::string& source) const;

  std::unique_ptr<PostgresServer> server_;
};

// What one rule says of these sections, as RulesDatabase::Says has it.
std::vector<std::string> SaidBy(const std::string& rule, const std::vector<Section>& sections,
                                const v1::CheckConfig& file = {});

// What the metadata of an application's modules makes in an empty database: the statements of
// create_all().
std::string DdlOf(const std::string& python, const std::string& folder,
                  const std::string& metadata_of);

}  // namespace varve::testing
