// The section `source/`: what the databases of a server share.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "agent/redaction/redaction.h"
#include "agent/source/postgres/connection.h"
#include "agent/source/postgres/session_settings.h"
#include "snapshot/section.h"

namespace varve::postgres {

struct ClusterSectionFacts {
  std::string name;  // "orders/"
  uint32_t revision = 0;
  SessionLimits limits;
  // Databases that have no section by choice, each with the reason.
  std::vector<std::pair<std::string, std::string>> left_out;
};

// Reads it over any session with that server; unavailable where nothing could be read.
Section ReadClusterSection(Connection& connection, const ClusterSectionFacts& facts,
                           const Redactor& redactor);

}  // namespace varve::postgres
