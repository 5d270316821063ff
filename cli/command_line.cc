#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/nearest.h"
#include "base/version.h"
#include "cli/help_text.h"

namespace varve {
namespace {

constexpr char kDescription[] =
    "Varve keeps every layer of a fleet's data architecture:\nPostgreSQL, Redis and models.\n";
constexpr char kExamples[] =
    "examples:\n"
    "  varve snapshot -o audit            four files of what is here now, no server\n"
    "  varve export prod-eu@2026-03-01 -o audit\n"
    "  varve diff prod-eu@41 prod-eu@42\n"
    "  varve drift tier=prod              who differs in a fleet\n"
    "  varve check prod-eu                what the rules find in it\n\n"
    "varve COMMAND --help shows a command's flags.";

// The command that was named; `app` itself where none was.
CLI::App& Named(CLI::App& app) {
  const std::vector<CLI::App*> parsed = app.get_subcommands();
  return parsed.empty() ? app : *parsed.front();
}

std::vector<std::string> FlagsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* const option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::vector<std::string> CommandsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* const command : app.get_subcommands(nullptr)) {
    names.push_back(command->get_name());
  }
  return names;
}

// "varve diff", "varve".
std::string FullName(const CLI::App& app, const CLI::App& named) {
  return &app == &named ? "varve" : absl::StrCat("varve ", named.get_name());
}

// What nothing expected: the first of the arguments that are left.
std::string UnknownArgument(CLI::App& app, const std::string& argument) {
  CLI::App& named = Named(app);
  const bool flag = absl::StartsWith(argument, "-");
  const bool command = !flag && &app == &named;
  // "--flag=value": the name alone is wrong, and the value may be a secret.
  const std::string typed = argument.substr(0, argument.find('='));
  const std::string likely = LikelyName(typed, flag      ? FlagsOf(named)
                                               : command ? CommandsOf(app)
                                                         : std::vector<std::string>());
  const std::string what = flag      ? absl::StrCat("unknown flag ", typed)
                           : command ? absl::StrCat("unknown command '", typed, "'")
                                     : absl::StrCat("'", typed, "' is one argument too many");
  const std::string help = absl::StrCat(FullName(app, named), " --help");
  return likely.empty() ? absl::StrCat(what, "; see ", help)
                        : absl::StrCat(what, "; did you mean ", likely, "? See ", help);
}

// CLI11's words on one line, and of a flag without its value ours.
std::string Reworded(const CLI::ParseError& error) {
  const std::string text = absl::StrReplaceAll(error.what(), {{"\n", " "}});
  const std::vector<std::string> parts = absl::StrSplit(text, ": 1 required ");
  if (parts.size() != 2) return text;
  return absl::StrCat(parts[0], " needs a value, ", absl::StripSuffix(parts[1], " missing"));
}

absl::Status UsageError(CLI::App& app, const CLI::ParseError& error) {
  CLI::App& named = Named(app);
  const std::vector<std::string> left = named.remaining();
  const std::vector<std::string> left_of_all = app.remaining();
  if (!left.empty() || !left_of_all.empty()) {
    return absl::InvalidArgumentError(
        UnknownArgument(app, left.empty() ? left_of_all.front() : left.front()));
  }
  const std::string help = absl::StrCat("see ", FullName(app, named), " --help");
  if (&named == &app)
    return absl::InvalidArgumentError(absl::StrCat("no command is named; ", help));
  return absl::InvalidArgumentError(absl::StrCat(Reworded(error), "; ", help));
}

}  // namespace

absl::StatusOr<std::variant<Invocation, TextAnswer>> ParseCommandLine(
    const std::vector<std::string>& arguments) {
  Invocation invocation;
  CLI::App app(kDescription, "varve");
  app.formatter(std::make_shared<HelpText>());
  app.footer(kExamples);
  app.set_help_flag("-h,--help", "Show this");
  app.set_version_flag("--version", absl::StrCat("varve ", kVersion), "Show the version");
  app.require_subcommand(1);
  AddSnapshotCommand(app, invocation);
  AddExportCommand(app, invocation);
  AddShowCommand(app, invocation);
  AddDepsCommand(app, invocation);
  AddDiffCommand(app, invocation);
  AddDriftCommand(app, invocation);
  AddRolloutCommand(app, invocation);
  AddCheckCommand(app, invocation);
  AddModelsCommand(app, invocation);
  AddEnvsCommand(app, invocation);
  AddLogCommand(app, invocation);
  AddHistoryCommand(app, invocation);
  AddBlameCommand(app, invocation);
  AddTrendCommand(app, invocation);
  AddTagCommand(app, invocation);
  AddCompletionCommand(app, invocation);
  try {  // CLI11 throws; nothing passes this function
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    return TextAnswer{app.help()};
  } catch (const CLI::CallForVersion& version) {
    return TextAnswer{absl::StrCat(version.what(), "\n")};
  } catch (const CLI::ParseError& error) {
    return UsageError(app, error);
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(error.what(), "; see varve --help"));
  }
  return invocation;
}

}  // namespace varve
