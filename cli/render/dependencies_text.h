// What an object needs, or what would break without it: as people read it, and as programs do.
#pragma once

#include <optional>
#include <string>

#include "snapshot/dependency_answer.h"

namespace varve {

// An answer, ready to be shown. Borrows all of it.
struct ShownDependencies {
  std::string reference;  // "prod-eu@940", "file:audit"
  std::string section;
  const DependencyGraph& graph;
  const DependencyAnswer& answer;
  std::optional<size_t> depth;  // what was asked for; nothing: to the end
};

// A line for each object, the nearest first; then circles, and what could not be looked at.
std::string DependenciesTable(const ShownDependencies& shown);
// As JSON of the format "varve.deps.v1": docs/formats.md.
std::string DependenciesJson(const ShownDependencies& shown);
// As a flow chart of Mermaid: an arrow from each object to what it needs.
std::string DependenciesMermaid(const ShownDependencies& shown);

}  // namespace varve
