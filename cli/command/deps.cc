// `varve deps`: what an object needs, and what would break without it.
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/load.h"
#include "cli/program.h"
#include "cli/render/dependencies_text.h"
#include "snapshot/object_name.h"
#include "snapshot/section_name.h"

namespace varve {
namespace {

enum class DepsFormat { kTable, kJson, kMermaid };

struct DepsOptions {
  std::string reference;
  std::string object;
  bool reverse = false;
  std::optional<size_t> depth;
  DepsFormat format = DepsFormat::kTable;
  CollectorFlags collector;
};

std::string Text(const ShownDependencies& shown, DepsFormat format) {
  switch (format) {
    case DepsFormat::kTable:
      return DependenciesTable(shown);
    case DepsFormat::kJson:
      return DependenciesJson(shown);
    case DepsFormat::kMermaid:
      return DependenciesMermaid(shown);
  }
  return "";
}

absl::Status Refused(const ObjectFound& found, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("object '", found.name, "': ", why));
}

// The section that has the object, if what its objects need of one another is captured.
absl::StatusOr<const Section*> DatabaseOf(const Snapshot& snapshot, const ObjectFound& found) {
  for (const Section& section : snapshot.sections) {
    if (section.header.name() != found.section) continue;
    if (section.header.source_kind() == "postgres" && !IsCluster(found.section)) return &section;
  }
  return Refused(found,
                 "what objects need of one another is captured of those in PostgreSQL databases "
                 "alone; write for example public.orders");
}

absl::StatusOr<ObjectPart> PartOf(const ObjectFound& found) {
  if (found.element.empty()) return ObjectPart();
  std::optional<ObjectPart> part = PartAt(found.element);
  if (part.has_value()) return *std::move(part);
  return Refused(found,
                 "what such a part needs is captured with the whole of it; write the object's name "
                 "alone");
}

absl::StatusOr<ExitCode> RunDeps(const DepsOptions& options) {
  VARVE_ASSIGN_OR_RETURN(const ObjectName name, ObjectName::Parse(options.object));
  VARVE_ASSIGN_OR_RETURN(const Snapshot snapshot,
                         LoadSnapshot(options.reference, AccessFrom(options.collector)));
  const std::string reference =
      snapshot.seq == 0 ? options.reference
                        : absl::StrCat(snapshot.header.environment(), "@", snapshot.seq);
  absl::StatusOr<ObjectFound> found = FindObject(name, snapshot);
  if (!found.ok()) return Annotate(found.status(), reference);
  VARVE_ASSIGN_OR_RETURN(const Section* const section, DatabaseOf(snapshot, *found));
  VARVE_ASSIGN_OR_RETURN(const ObjectPart part, PartOf(*found));
  VARVE_ASSIGN_OR_RETURN(const SectionView view, SectionView::Of(*section));
  const DependencyGraph graph = DependencyGraph::Of(view);
  const std::optional<size_t> node = graph.Find(found->entity);
  if (!node.has_value()) return Refused(*found, "it was not seen in this snapshot");
  const DependencyAnswer answer =
      Follow(view, graph, *node, part,
             options.reverse ? NeedDirection::kNeededBy : NeedDirection::kNeeds, options.depth);
  const ShownDependencies shown = {reference, found->section, graph, answer, options.depth};
  VARVE_RETURN_IF_ERROR(WriteData(Text(shown, options.format)));
  return CannotSay(answer) ? ExitCode::kCannotSay : ExitCode::kDone;
}

}  // namespace

void AddDepsCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("deps", "Show what an object needs, and what would break without it");
  command->footer(
      "examples:\n"
      "  varve deps prod-eu public.order_totals\n"
      "  varve deps prod-eu@42 public.orders.total --reverse\n"
      "  varve deps file:audit public.orders --format mermaid\n\n"
      "An OBJECT is as `varve show` takes it, in a PostgreSQL database.\n"
      "Exit code 3: something that matters could not be looked at.");
  const auto options = std::make_shared<DepsOptions>();  // shared with the closure that runs it
  command
      ->add_option("SNAPSHOT", options->reference,
                   "A stored snapshot (prod, prod@42, …) or file:BASE")
      ->required();
  command->add_option("OBJECT", options->object, "A table, a column, a function, …")->required();
  command->add_flag("--reverse", options->reverse, "What needs it, and would break without it")
      ->group(kSelectionGroup);
  command->add_option("--depth", options->depth, "At most so many steps; else to the end")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber)
      ->group(kSelectionGroup);
  AddWordFlag(*command, "--format", {"table", "json", "mermaid"},
              "table, json or mermaid; table where it is not given", kOutputGroup,
              [options](size_t word) { options->format = static_cast<DepsFormat>(word); });
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunDeps(*options); }; });
}

}  // namespace varve
