#include "tests/integration/models/models_project.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "snapshot/diff.h"
#include "snapshot/kinds.h"

namespace varve::testing {
namespace {

std::string FromEnvironment(const char* name, const std::string& standard) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : standard;
}

std::string SourceFolder() {
  return std::filesystem::absolute(FromEnvironment("VARVE_SOURCE_DIR", ".")).lexically_normal();
}

}  // namespace

std::string PythonWithPydantic2() {
  return FromEnvironment("VARVE_TEST_PYTHON_V2",
                         SourceFolder() + "/build/python/pydantic2/bin/python");
}

std::string PythonWithPydantic1() {
  return FromEnvironment("VARVE_TEST_PYTHON_V1", "/usr/bin/python3");
}

std::string PythonWith(absl::string_view name) {
  for (const absl::string_view item :
       absl::StrSplit(FromEnvironment("VARVE_TEST_PYTHONS", ""), ':', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> python =
        absl::StrSplit(item, absl::MaxSplits('=', 1));
    if (python.first == name) return python.second;
  }
  return "";
}

std::string FixtureFolder() { return SourceFolder() + "/tests/integration/models/fixtures"; }

std::string PythonSays(const std::string& python, const std::string& folder,
                       const std::string& code) {
  TemporaryFolder scratch;
  std::ofstream(scratch.Path("say.py")) << code;
  const std::string command =
      absl::StrCat("cd '", folder, "' && PYTHONPATH=. PYTHONDONTWRITEBYTECODE=1 '", python, "' '",
                   scratch.Path("say.py"), "'");
  FILE* const pipe = popen(command.c_str(), "r");
  EXPECT_NE(pipe, nullptr);
  std::string text;
  char buffer[4096];
  while (const size_t size = fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, size);
  EXPECT_EQ(pclose(pipe), 0) << command;
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::shared_ptr<const Redactor> TestRedactor() {
  return std::make_shared<Redactor>(MaskKey{"test", std::string(32, 'k')});
}

void ModelsProject::Write(const std::string& file, const std::string& text) {
  const std::filesystem::path path = folder_.Path(file);
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

ModelsConfig ModelsProject::Config(const std::string& python,
                                   std::vector<std::string> modules) const {
  ModelsConfig config;
  config.python = python;
  config.path = {folder()};
  config.modules = std::move(modules);
  return config;
}

Section Gather(const ModelsConfig& config) {
  return MakeModelsSource(config, TestRedactor())->Gather({}).front();
}

const ReadLine* LineOf(const Section& section, const std::string& module,
                       const std::string& qualname, v1::Facet facet) {
  return FindLine(section, {{"model", {module, qualname}}, facet});
}

v1::Shape ShapeOf(const Section& section, const std::string& module, const std::string& qualname,
                  v1::Facet facet) {
  const ReadLine* const line = LineOf(section, module, qualname, facet);
  if (line == nullptr || line->Current() == nullptr) {
    ADD_FAILURE() << module << ":" << qualname << " has no facet " << facet << "; there are "
                  << ::testing::PrintToString(ModelsOf(section)) << " and errors "
                  << ::testing::PrintToString(ErrorsOf(section));
    return {};
  }
  const absl::StatusOr<v1::Shape> shape = DecodeShape(section, line->Current()->shape);
  VARVE_EXPECT_OK(shape);
  return shape.ok() ? *shape : v1::Shape();
}

v1::ModelStructure StructureOf(const Section& section, const std::string& module,
                               const std::string& qualname) {
  return ShapeOf(section, module, qualname, v1::FACET_STRUCTURE).model();
}

std::string SchemaOf(const Section& section, const std::string& module,
                     const std::string& qualname) {
  return ShapeOf(section, module, qualname, v1::FACET_REPRESENTATION)
      .model_representation()
      .json_schema();
}

v1::ModelField FieldOf(const v1::ModelStructure& model, const std::string& name) {
  for (const v1::ModelField& field : model.fields()) {
    if (field.name() == name) return field;
  }
  ADD_FAILURE() << "no field " << name << " in\n" << model.DebugString();
  return {};
}

std::vector<std::string> ErrorsOf(const Section& section) {
  std::vector<std::string> errors;
  for (const v1::SectionError& error : section.header.errors()) {
    errors.push_back(absl::StrCat(error.doing(), " | ", error.why(), " | ", error.remedy()));
  }
  return errors;
}

std::vector<std::string> ModelsOf(const Section& section) {
  std::vector<std::string> models;
  for (const ReadLine& line : section.lines) {
    const EntityKey& entity = line.line.key.entity;
    if (line.line.key.facet == v1::FACET_STRUCTURE && line.line.seen.has_value()) {
      models.push_back(absl::StrCat(entity.names[0], ":", entity.names[1]));
    }
  }
  return models;
}

v1::Sight CoverageOf(const Section& section, const std::string& module,
                     const std::string& qualname) {
  const absl::StatusOr<v1::Coverage> coverage = DecodeCoverage(section);
  VARVE_EXPECT_OK(coverage);
  return CoveredAs(*coverage, "model", v1::FACET_STRUCTURE, {module, qualname});
}

namespace {

Snapshot Taken(Section section, int64_t seq) {
  Snapshot snapshot;
  snapshot.header.set_environment("prod");
  *snapshot.header.add_sections() = section.header;
  snapshot.sections.push_back(std::move(section));
  snapshot.seq = seq;
  return snapshot;
}

}  // namespace

std::vector<std::string> ChangesBetween(Section before, Section after) {
  const absl::StatusOr<v1::DiffResult> result =
      Diff(Taken(std::move(before), 1), Taken(std::move(after), 2), nullptr);
  VARVE_EXPECT_OK(result);
  std::vector<std::string> lines;
  for (const v1::Difference& difference : result->differences()) {
    const std::string entity = DisplayName(KeyOf(difference.identity()));
    if (absl::StrContains(entity, "[")) continue;
    const std::string whole = absl::StrCat(entity, " ", FacetName(difference.facet()), " ");
    for (const v1::PropertyChange& change : difference.changes()) {
      lines.push_back(absl::StrCat(whole, absl::StrJoin(change.path(), "/"), ": ", change.before(),
                                   " -> ", change.after()));
    }
    if (difference.changes().empty()) {
      const std::string op = v1::Difference::Op_Name(difference.op());
      lines.push_back(absl::StrCat(whole, absl::StripPrefix(op, "OP_")));
    }
  }
  return lines;
}

std::string AllBytes(const Section& section) {
  std::string bytes = section.header.SerializeAsString() + section.coverage;
  for (const ReadLine& line : section.lines) absl::StrAppend(&bytes, LineBytes(line.line));
  std::vector<std::string> shapes;
  for (const auto& [hash, shape] : section.shapes) shapes.push_back(shape);
  std::sort(shapes.begin(), shapes.end());
  for (const std::string& shape : shapes) bytes += shape;
  return bytes + section.measures->SerializeAsString();
}

}  // namespace varve::testing
