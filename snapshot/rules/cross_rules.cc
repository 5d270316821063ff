// Rules that hold sources of different kinds against each other.
#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/redis_declarations.h"
#include "snapshot/rules/redis_walk.h"

namespace varve {
namespace {

const EntityView* ModelNamed(const RuleInput& input, absl::string_view name) {
  for (const SectionView* const section : input.model_sections) {
    for (const EntityView& model : section->OfKind("model")) {
      if (DisplayName(model.key()) == name && model.Saw(v1::FACET_STRUCTURE)) return &model;
    }
  }
  return nullptr;
}

// The outermost name of a path: "total" of "$.total", "$.total.cents", "total", "$.total[*]".
std::string OuterName(absl::string_view path) {
  path = absl::StripPrefix(path, "$.");
  return std::string(path.substr(0, path.find_first_of(".[$")));
}

// The outermost names of one type of value, and what stands there where a path ends at it.
struct Outer {
  std::set<std::string> names;
  bool is_any = false;  // names are identifiers: nothing can be said of one
};

Outer OuterOf(const v1::ValueShape& value) {
  Outer outer;
  outer.is_any = value.is_map();
  for (const v1::ValuePath& path : value.paths()) {
    const std::string name = OuterName(path.path());
    outer.is_any |= absl::StrContains(name, "*");
    outer.names.insert(name);
  }
  return outer;
}

bool Forbids(const EntityView& model) {
  const auto& config = model.Shape(v1::FACET_BEHAVIOUR).model_behaviour().config();
  return std::any_of(config.begin(), config.end(), [](const v1::Option& option) {
    return option.name() == "extra" && option.value() == "\"forbid\"";
  });
}

std::string List(const std::vector<std::string>& names) { return absl::StrJoin(names, ", "); }

void CompareNames(const EntityView& pattern, const Outer& outer, const EntityView& model,
                  RuleOutput& output) {
  std::set<std::string> known;
  std::vector<std::string> lacking, forbidden;
  for (const v1::ModelField& field : model.Shape(v1::FACET_STRUCTURE).model().fields()) {
    known.insert(field.name());
    if (!field.alias().empty()) known.insert(field.alias());
    const bool is_there = outer.names.count(field.name()) > 0 ||
                          (!field.alias().empty() && outer.names.count(field.alias()) > 0);
    if (field.required() == v1::KNOWN_YES && !is_there) lacking.push_back(field.name());
  }
  for (const std::string& name : outer.names) {
    if (known.count(name) == 0 && Forbids(model)) forbidden.push_back(name);
  }
  const std::string object = DisplayName(pattern.key());
  const std::string of = DisplayName(model.key());
  if (!lacking.empty()) {
    output.Find(object, absl::StrCat("no value has ", List(lacking), ", which ", of, " requires"));
  }
  if (!forbidden.empty()) {
    output.Find(object, absl::StrCat("values have ", List(forbidden), ", which ", of, " forbids"));
  }
}

// A string that is no JSON, a list, a set: nothing that a model is read from by name.
bool HasNames(const v1::ValueShape& value) { return !value.paths().empty() || value.is_map(); }

void CachedValueMisfits(const RuleInput& input, RuleOutput& output) {
  for (const EntityView& pattern : input.section.OfKind("key_pattern")) {
    const v1::DeclaredKeys* const declared = DeclarationOf(input, pattern);
    if (declared == nullptr || declared->model().empty() || !pattern.IsThere()) continue;
    const std::string object = DisplayName(pattern.key());
    const EntityView* const model = ModelNamed(input, declared->model());
    if (model == nullptr) {
      output.CannotSay(object, absl::StrCat("model ", declared->model(), " was not read"));
      continue;
    }
    const auto& values = pattern.Shape(v1::FACET_STRUCTURE).key_pattern().values();
    if (values.empty()) {
      output.CannotSay(object, "its values were not looked at");
      continue;
    }
    for (const v1::ValueShape& value : values) {
      if (!HasNames(value)) {
        output.Find(object, absl::StrCat("holds values of type ", value.type(), " (",
                                         List({value.formats().begin(), value.formats().end()}),
                                         "), no fields of ", declared->model()));
        continue;
      }
      const Outer outer = OuterOf(value);
      if (!outer.is_any) CompareNames(pattern, outer, *model, output);
    }
  }
}

constexpr Need kPatterns[] = {{"key_pattern", v1::FACET_STRUCTURE}};

constexpr RuleRun kRuns[] = {
    {{"cross/cached-value-misfits", Severity::kWarning, "correctness", kPatterns,
      "What was cached under an older model fails when it is read with the one that is there now.",
      "Let the values expire or delete them, or give the new field a default."},
     "redis",
     CachedValueMisfits},
};

}  // namespace

absl::Span<const RuleRun> CrossRules() { return kRuns; }

}  // namespace varve
