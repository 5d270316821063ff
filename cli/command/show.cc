// `varve show`: what a snapshot holds, or one object of it as it was.
#include <CLI/CLI.hpp>
#include <memory>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/load.h"
#include "cli/program.h"
#include "cli/render/object_text.h"
#include "snapshot/object_name.h"

namespace varve {
namespace {

struct ShowOptions {
  std::string reference;
  std::string object;
  Format format = Format::kTable;
  CollectorFlags collector;
};

std::string Contents(const RenderView& view, const std::string& reference, Format format) {
  switch (format) {
    case Format::kTable:
      return ContentsTable(view, reference);
    case Format::kJson:
      return ContentsJson(view, reference);
    case Format::kMarkdown:
      return ContentsMarkdown(view, reference);
  }
  return "";
}

std::string Text(const ShownObject& object, Format format) {
  switch (format) {
    case Format::kTable:
      return ObjectTable(object);
    case Format::kJson:
      return ObjectJson(object);
    case Format::kMarkdown:
      return ObjectMarkdown(object);
  }
  return "";
}

absl::StatusOr<ExitCode> RunShow(const ShowOptions& options) {
  VARVE_ASSIGN_OR_RETURN(const Snapshot snapshot,
                         LoadSnapshot(options.reference, AccessFrom(options.collector)));
  const std::string reference =
      snapshot.seq == 0 ? options.reference
                        : absl::StrCat(snapshot.header.environment(), "@", snapshot.seq);
  VARVE_ASSIGN_OR_RETURN(const RenderView view, RenderView::Of(snapshot));
  if (options.object.empty()) {
    VARVE_RETURN_IF_ERROR(WriteData(Contents(view, reference, options.format)));
    return ExitCode::kDone;
  }
  VARVE_ASSIGN_OR_RETURN(const ObjectName name, ObjectName::Parse(options.object));
  absl::StatusOr<ObjectFound> found = FindObject(name, snapshot);
  if (!found.ok()) return Annotate(found.status(), reference);
  VARVE_ASSIGN_OR_RETURN(const ShownObject object, ShownObjectOf(view, reference, *found));
  VARVE_RETURN_IF_ERROR(WriteData(Text(object, options.format)));
  return ExitCode::kDone;
}

}  // namespace

void AddShowCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("show", "Show what a snapshot holds, or one object as it was");
  command->footer(
      "examples:\n"
      "  varve show prod-eu\n"
      "  varve show prod-eu@2026-01-31 public.orders\n"
      "  varve show prod-eu@42 public.orders.total --format json\n\n"
      "An OBJECT is [SECTION/]schema.name[.part], redis:PATTERN or\n"
      "model:module.Name[.field].");
  const auto options = std::make_shared<ShowOptions>();  // shared with the closure that runs it
  command
      ->add_option("SNAPSHOT", options->reference,
                   "A stored snapshot (prod, prod@42, …) or file:BASE")
      ->required();
  command->add_option("OBJECT", options->object, "One object of it; else counts of all");
  AddFormatFlag(*command, options->format);
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunShow(*options); }; });
}

}  // namespace varve
