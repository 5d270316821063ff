// Rules on a real server: what a rule is silent about, what it finds, and that its remedy mends it.
#pragma once

#include <string>
#include <vector>

#include "snapshot/rules/rules.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {

struct RuleCase {
  const char* rule;
  const char* healthy;               // statements after which the rule finds nothing
  const char* broken;                // statements after these, after which it finds…
  std::vector<std::string> objects;  // …exactly these objects, in their order
  int since = 0;                     // major version that knows the statements
};

class RulesCase : public PostgresCase {
 protected:
  // Runs each case in an emptied database: for rules that look at all of it. A remedy that is a
  // whole statement must run, and the finding be gone after it.
  void ExpectRules(const std::vector<RuleCase>& cases) const;
  // The same of all cases side by side, each in a schema of its own, which is on the search path of
  // its statements and left out of its `objects`. Three reads in all.
  void ExpectRulesSideBySide(const std::vector<RuleCase>& cases) const;
  // What `rule` says of the database as it is; what it cannot say fails the test.
  std::vector<Finding> FindingsOf(const std::string& rule) const { return FindingsBy({rule}); }
  // The same of several rules.
  std::vector<Finding> FindingsBy(const std::vector<std::string>& rules) const;
  // All that `rule` says of the database and of what it shares with others.
  CheckResult SaidBesideCluster(const std::string& rule) const;
  // What the rules say that are run by default; what they cannot say fails the test.
  std::vector<Finding> FindingsByDefault() const;

 private:
  struct Placed;  // a case and its schema
  void ExpectRule(const RuleCase& each) const;
  void ExpectFindings(const std::vector<Placed>& placed) const;
  void RunRemedy(const std::string& remedy) const;
};

}  // namespace varve::testing
