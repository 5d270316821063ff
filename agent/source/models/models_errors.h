// What went wrong with modules, as people read it.
#pragma once

#include <string>
#include <vector>

#include "agent/redaction/redaction.h"
#include "agent/source/models/models_section.h"
#include "agent/source/models/reading.h"

namespace varve {

// One error of a section. `why` is redacted.
struct ModelsError {
  std::string doing;
  std::string why;
  std::string remedy;
};

// A key of a models source's configuration as remedies name it: with where it stands, and with its
// flag where `varve snapshot` has one. "`timeout` of the models source in agent.yaml
// (varve-agent)".
std::string ConfigKey(absl::string_view key);

// The errors of modules and models. What one module raised and many passed on is one error.
std::vector<ModelsError> ModuleErrors(const ModelsSectionFacts& facts, const ModelsReading& reading,
                                      const Redactor& redactor);

// A run as a whole that failed.
ModelsError RunError(const ModelsSectionFacts& facts, const absl::Status& trouble,
                     const Redactor& redactor);

ModelsError DocumentError(const UnreadDocument& document, const Redactor& redactor);

// A root that is nowhere on the path.
ModelsError MissingRoot(const std::string& root);

}  // namespace varve
