// Rules: what a snapshot shows that somebody should mend. Each rule has three answers: found,
// nothing found, and cannot say, where what it needs was not captured.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/section.h"
#include "varve/v1/check_config.pb.h"

namespace varve {

// Ordered: a gate fails at or above one.
enum class Severity { kInfo, kWarning, kError };

// "info", "warn", "error".
absl::string_view SeverityName(Severity severity);

// What a rule needs to have been captured: a facet of a kind, or a figure of entities of one.
struct Need {
  absl::string_view kind;
  v1::Facet facet = v1::FACET_UNSPECIFIED;  // unspecified where it is a figure
  absl::string_view measure = {};           // "percent_used"; empty where it is a facet
};

// A rule, as documented to people.
struct Rule {
  absl::string_view id;        // "pg/fk-without-index"
  Severity severity;           // of its findings, where they do not say otherwise
  absl::string_view category;  // "correctness", "performance", "security", "naming", "policy"
  absl::Span<const Need> needs;
  absl::string_view why;     // one sentence: what goes wrong
  absl::string_view remedy;  // what to do in general; a finding has the statement
  // Run where no rules are named. A rule about taste or policy is run only where it is named: on a
  // healthy schema the default set prints almost nothing.
  bool by_default = true;
};

// What a rule says of one thing in a snapshot.
struct Finding {
  absl::string_view rule;  // id, valid for ever
  Severity severity = Severity::kWarning;
  std::string section;  // name of the section
  std::string object;  // as people write it: "public.orders.customer_id", "shop.models.Order.total"
  std::string message;
  std::string remedy;  // a statement where there is one; may be empty
};

// A rule that had no answer for a section, or for part of it.
struct CannotSay {
  std::string rule;
  std::string section;
  std::string object;  // empty: the whole section
  std::string reason;
};

struct CheckResult {
  std::vector<Finding> findings;      // most severe first, then by rule, section, object
  std::vector<CannotSay> cannot_say;  // by rule, section, object
};

// All rules, by id. Valid for ever.
absl::Span<const Rule> Rules();

// Ids of the rules that people's words name, sorted: "pg/fk-without-index" that one, "pg" those of
// the family that are run by default, "pg/*" all of the family, "*" all; no words, all that are run
// by default. Errors: kInvalidArgument (a word names no rule; the message has the nearest).
absl::StatusOr<std::vector<std::string>> RulesNamed(absl::Span<const std::string> words);

// Runs the rules of these ids over `snapshot`. Models are compared with every database that was
// read. Of `file` rules take which table a model stands for, and what Redis may hold. Errors:
// kInvalidArgument (no rule has an id), kDataLoss (a shape fails its hash or does not parse).
absl::StatusOr<CheckResult> Check(const Snapshot& snapshot, absl::Span<const std::string> ids,
                                  const v1::CheckConfig& file = {});

}  // namespace varve
