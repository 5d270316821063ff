// How a rule is run: between the registry and the rules themselves.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "snapshot/rules/rules.h"
#include "snapshot/section_view.h"

namespace varve {

class ModelTables;      // model_mapping.h
class PostgresSection;  // postgres_section.h

// What a rule looks at: one section of its source kind, what its database shares with others, the
// databases and models of the snapshot, and what the rules file says of them.
struct RuleInput {
  const SectionView& section;
  PostgresSection& postgres;  // the same, as rules of PostgreSQL walk over it
  const std::vector<const SectionView*>& databases;       // PostgreSQL sections that were read
  const std::vector<const SectionView*>& model_sections;  // models that were read
  ModelTables& models;                                    // what stands for which of their tables
  const v1::CheckConfig& file;
  const SectionView* cluster;  // of the section's source; null where it was not read
};

// What rules have said so far. There may be hundreds of thousands of findings, which are dear to
// move.
struct Said {
  std::deque<Finding> findings;
  std::vector<CannotSay> cannot_say;
};

// Where a rule writes down what it says.
class RuleOutput {
 public:
  RuleOutput(const Rule& rule, absl::string_view section, Said& said)
      : rule_(rule), section_(section), said_(said) {}

  void Find(std::string object, std::string message, std::string remedy = "") {
    FindAt(rule_.severity, std::move(object), std::move(message), std::move(remedy));
  }
  void FindAt(Severity severity, std::string object, std::string message, std::string remedy = "") {
    said_.findings.push_back({rule_.id, severity, std::string(section_), std::move(object),
                              std::move(message), std::move(remedy)});
  }
  void CannotSay(std::string object, std::string reason) {
    said_.cannot_say.push_back(
        {std::string(rule_.id), std::string(section_), std::move(object), std::move(reason)});
  }

 private:
  const Rule& rule_;
  absl::string_view section_;
  Said& said_;
};

struct RuleRun {
  Rule rule;
  absl::string_view source_kind;  // of the sections that it looks at
  void (*run)(const RuleInput& input, RuleOutput& output);
};

// All rules, by id. Valid for ever.
absl::Span<const RuleRun> RuleRuns();

// The one of that id; null where there is none.
const RuleRun* FindRule(absl::string_view id);

// The rules of one area each, beside what they do; of PostgreSQL by id. A rule is run on sections
// whose coverage was checked: that something it needs was not seen is said before.
absl::Span<const RuleRun> CrossRules();
absl::Span<const RuleRun> PostgresColumnTypeRules();
absl::Span<const RuleRun> PostgresExtensionRules();
absl::Span<const RuleRun> PostgresForeignKeyRules();
absl::Span<const RuleRun> PostgresIndexRules();
absl::Span<const RuleRun> PostgresKeyRules();
absl::Span<const RuleRun> PostgresNameRules();
absl::Span<const RuleRun> PostgresOwnerRules();
absl::Span<const RuleRun> PostgresPartitionRules();
absl::Span<const RuleRun> PostgresPrivilegeRules();
absl::Span<const RuleRun> PostgresReferencePolicyRules();
absl::Span<const RuleRun> PostgresRowSecurityRules();
absl::Span<const RuleRun> PostgresSequenceRules();
absl::Span<const RuleRun> PostgresTableRules();
absl::Span<const RuleRun> PostgresTriggerRules();
absl::Span<const RuleRun> RedisDeclaredRules();
absl::Span<const RuleRun> RedisPatternRules();
absl::Span<const RuleRun> RedisServerRules();

// Likewise of models.
absl::Span<const RuleRun> ModelColumnRules();
absl::Span<const RuleRun> ModelDefaultRules();
absl::Span<const RuleRun> ModelEnumRules();
absl::Span<const RuleRun> ModelMappingRules();
absl::Span<const RuleRun> ModelNameRules();
absl::Span<const RuleRun> ModelNullRules();
absl::Span<const RuleRun> ModelOrmColumnRules();
absl::Span<const RuleRun> ModelOrmKeyRules();
absl::Span<const RuleRun> ModelTextRules();
absl::Span<const RuleRun> ModelTypeRules();

}  // namespace varve
