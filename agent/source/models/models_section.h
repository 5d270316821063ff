// A section from what was read of an application's modules.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "agent/redaction/redaction.h"
#include "agent/source/models/reading.h"
#include "snapshot/section.h"

namespace varve {

// How the read was asked for, in the words of its configuration.
struct ModelsSectionFacts {
  std::string name;         // of the section
  std::string interpreter;  // path
  bool static_only = false;
  bool has_modules = true;                 // there is more to read than documents
  absl::Time read_at = absl::UnixEpoch();  // when the modules were read
  bool allow_network = false;
};

// The section: models as entities, coverage by module, errors that say what to do. All text is
// redacted here.
Section ModelsSection(const ModelsSectionFacts& facts, const ModelsReading& reading,
                      const Redactor& redactor);

}  // namespace varve
