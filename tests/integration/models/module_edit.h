// One edit of a module, and what is seen of it: by a run of both generations, and by the static
// reader where source shows it.
#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "snapshot/section.h"

namespace varve::testing {

struct ModuleEdit {
  const char* name;
  int generation;  // of Pydantic; 0: both
  const char* find;
  const char* replace;
  std::vector<std::string> run;  // representation left out: the JSON schema is the library's
  std::optional<std::vector<std::string>> source = std::nullopt;  // where it is not what a run sees
};

void PrintTo(const ModuleEdit& edit, std::ostream* out);

// The module that edits are of, as that generation of Pydantic takes it.
std::string ModuleOf(int generation);

// Another module that edits are of, and who reads it, by generation.
struct EditedModule {
  std::function<std::string(int generation)> text;
  std::function<std::string(int generation)> python;
};

// The module `m` of that text.
Section ReadModule(int generation, bool is_static, const std::string& text);

// What is seen of the edit, representation too.
std::vector<std::string> SeenOf(const ModuleEdit& edit, int generation, bool is_static);

// The edit is one change, and is seen as itself; it is counted.
void ExpectSeen(const ModuleEdit& edit);
void ExpectSeen(const ModuleEdit& edit, const EditedModule& of);

// Nothing is seen of the edit; it is counted.
void ExpectNothingSeen(const ModuleEdit& edit);

std::vector<std::string> WithoutRepresentation(std::vector<std::string> lines);

}  // namespace varve::testing
