// `varve rollout`: since when each environment has an object, and who lacks it.
#include <CLI/CLI.hpp>
#include <memory>

#include "absl/time/clock.h"
#include "base/status.h"
#include "cli/client.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/program.h"
#include "cli/render/rollout_text.h"
#include "snapshot/object_name.h"

namespace varve {
namespace {

struct RolloutOptions {
  std::string object;
  std::string selector;
  std::string form;
  Format format = Format::kTable;
  CollectorFlags collector;
};

std::string Text(const v1::RolloutResult& result, Format format) {
  switch (format) {
    case Format::kTable:
      return RolloutTable(result, absl::Now());
    case Format::kJson:
      return RolloutJson(result);
    case Format::kMarkdown:
      return RolloutMarkdown(result, absl::Now());
  }
  return "";
}

absl::StatusOr<ExitCode> RunRollout(const RolloutOptions& options) {
  VARVE_RETURN_IF_ERROR(ObjectName::Parse(options.object).status());
  v1::RolloutRequest request;
  request.set_object(options.object);
  request.set_selector(options.selector);
  request.set_form(options.form);
  VARVE_ASSIGN_OR_RETURN(const CollectorClient client,
                         CollectorClient::Open(AccessFrom(options.collector)));
  VARVE_ASSIGN_OR_RETURN(const v1::RolloutResult result, client.Rollout(request));
  VARVE_RETURN_IF_ERROR(WriteData(Text(result, options.format)));
  return ExitCode::kDone;
}

}  // namespace

void AddRolloutCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("rollout", "Show since when each environment has an object");
  command->footer(
      "examples:\n"
      "  varve rollout public.orders.discount\n"
      "  varve rollout public.orders.total tier=prod --as 'numeric(12,2) not null'\n"
      "  varve rollout redis:session:* --format json\n\n"
      "An OBJECT is as `varve show` takes it; a SELECTOR as `varve drift` does.");
  const auto options = std::make_shared<RolloutOptions>();  // shared with the closure that runs it
  command->add_option("OBJECT", options->object, "An object that one of the environments has")
      ->required();
  command->add_option("SELECTOR", options->selector, "Which environments; else all");
  command
      ->add_option("--as", options->form,
                   "In this form: words that `varve show` prints side by side of it")
      ->type_name("WORDS")
      ->group(kOutputGroup);
  AddFormatFlag(*command, options->format);
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunRollout(*options); }; });
}

}  // namespace varve
