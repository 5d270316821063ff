// An application of a test's own: modules in a temporary folder, gathered by the models source.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "agent/source/models/models_source.h"
#include "snapshot/section.h"
#include "tests/support/matchers.h"
#include "varve/v1/shape.pb.h"

namespace varve::testing {

// Interpreters with Pydantic 2 (PyPI) and 1.10 (Debian): $VARVE_TEST_PYTHON_V2 and _V1, or where
// tests/run.sh puts them. A test fails where they are missing.
std::string PythonWithPydantic2();
std::string PythonWithPydantic1();

// The interpreter of that name in $VARVE_TEST_PYTHONS ("pydantic-2.5=PYTHON:sqlmodel=PYTHON:…", by
// tests/support/fetch_pythons.sh); empty where there is none, and a test is skipped.
std::string PythonWith(absl::string_view name);

// The folder of this repository's fixture modules.
std::string FixtureFolder();

// What `python -c code` prints, without the last newline; the test fails where it exits with an
// error.
std::string PythonSays(const std::string& python, const std::string& folder,
                       const std::string& code);

// Redacts under a key of the tests'.
std::shared_ptr<const Redactor> TestRedactor();

class ModelsProject {
 public:
  // Writes a module; folders are made as needed.
  void Write(const std::string& file, const std::string& text);
  const std::string& folder() const { return folder_.path(); }
  // A config that reads `modules` of this project.
  ModelsConfig Config(const std::string& python, std::vector<std::string> modules) const;

 private:
  TemporaryFolder folder_;
};

Section Gather(const ModelsConfig& config);

// A facet's shape of model `module`.`qualname`; the test fails where there is none.
v1::Shape ShapeOf(const Section& section, const std::string& module, const std::string& qualname,
                  v1::Facet facet);
const ReadLine* LineOf(const Section& section, const std::string& module,
                       const std::string& qualname, v1::Facet facet = v1::FACET_STRUCTURE);
v1::ModelStructure StructureOf(const Section& section, const std::string& module,
                               const std::string& qualname);
std::string SchemaOf(const Section& section, const std::string& module,
                     const std::string& qualname);
// A field by name; the test fails where there is none.
v1::ModelField FieldOf(const v1::ModelStructure& model, const std::string& name);
// One line an error: "doing | why | remedy".
std::vector<std::string> ErrorsOf(const Section& section);
// "module:qualname" of all models that have a structure, sorted.
std::vector<std::string> ModelsOf(const Section& section);
// The state that coverage gives to the structure of a model.
v1::Sight CoverageOf(const Section& section, const std::string& module,
                     const std::string& qualname);

// What a diff between two reads calls changed, one line a property: "m.Order structure
// fields/count/type: int -> str"; an entity's coming and going: "m.Order structure ADDED". Generics
// with their arguments filled in are left out: only a run makes them.
std::vector<std::string> ChangesBetween(Section before, Section after);

// Every byte that would leave the host: header, coverage, lines, shapes, measures.
std::string AllBytes(const Section& section);

}  // namespace varve::testing
