// `varve tag`: gives a stored snapshot a name of its own.
#include <CLI/CLI.hpp>
#include <memory>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "cli/client.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/program.h"
#include "snapshot/environment_name.h"
#include "snapshot/reference.h"

namespace varve {
namespace {

struct TagOptions {
  std::string reference;
  std::string tag;
  bool is_delete = false;
  CollectorFlags collector;
};

absl::StatusOr<std::string> Delete(const TagOptions& options, const CollectorClient& client) {
  const absl::Status is_name = CheckEnvironmentName(options.reference);
  if (!is_name.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        is_name.message(), "; --delete takes the environment's name, not one of its snapshots"));
  }
  VARVE_ASSIGN_OR_RETURN(const int64_t seq, client.Untag(options.reference, options.tag));
  return absl::StrCat(options.tag, " is no tag any more; it was ", options.reference, "@", seq,
                      "\n");
}

absl::StatusOr<std::string> Set(const TagOptions& options, const CollectorClient& client) {
  VARVE_RETURN_IF_ERROR(CheckTag(options.tag));
  VARVE_ASSIGN_OR_RETURN(const v1::TagResponse tagged, client.Tag(options.reference, options.tag));
  const std::string now = absl::StrCat(tagged.environment(), "@", tagged.seq());
  if (tagged.previous_seq() == 0) return absl::StrCat(options.tag, " is ", now, "\n");
  if (tagged.previous_seq() == tagged.seq()) {
    return absl::StrCat(options.tag, " is ", now, ", as it was\n");
  }
  return absl::StrCat(options.tag, " moved from ", tagged.environment(), "@", tagged.previous_seq(),
                      " to ", now, "\n");
}

absl::StatusOr<ExitCode> RunTag(const TagOptions& options) {
  VARVE_ASSIGN_OR_RETURN(const CollectorClient client,
                         CollectorClient::Open(AccessFrom(options.collector)));
  VARVE_ASSIGN_OR_RETURN(const std::string told,
                         options.is_delete ? Delete(options, client) : Set(options, client));
  VARVE_RETURN_IF_ERROR(WriteData(told));
  return ExitCode::kDone;
}

}  // namespace

void AddTagCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand("tag", "Give a stored snapshot a name");
  command->footer(
      "examples:\n"
      "  varve tag prod-eu@42 release-1.4\n"
      "  varve diff prod-eu@release-1.4 prod-eu\n"
      "  varve tag prod-eu release-1.4 --delete\n\n"
      "A tag names one snapshot of its environment, and moves when it is given again.");
  const auto options = std::make_shared<TagOptions>();  // shared with the closure that runs it
  command
      ->add_option("SNAPSHOT", options->reference,
                   "A stored snapshot (prod, prod@42, …); with --delete its environment")
      ->required();
  command->add_option("TAG", options->tag, "Letters, digits, '.', '_', '-'; no number, no time")
      ->required();
  command->add_flag("--delete", options->is_delete, "Take the tag away; the snapshot stays");
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunTag(*options); }; });
}

}  // namespace varve
