#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/nearest.h"
#include "base/version.h"

namespace varve {
namespace {

constexpr char kDescription[] =
    "Varve keeps every layer of a fleet's data architecture: PostgreSQL, Redis and models.";
constexpr char kExamples[] =
    "examples:\n"
    "  varve snapshot -o audit              one shot, no server: four files of what is here now\n"
    "  varve export prod-eu@2026-03-01 -o audit\n"
    "  varve diff prod-eu@41 prod-eu@42\n\n"
    "varve COMMAND --help shows a command's flags.";

// Usage, examples, then flags grouped by purpose.
class HelpText : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    if (mode == CLI::AppFormatMode::Sub) return make_expanded(app);
    return absl::StrCat(app->get_description(), "\n", make_usage(app, std::move(name)), "\n",
                        app->get_footer(), "\n", make_positionals(app), make_groups(app, mode),
                        make_subcommands(app, mode));
  }
  // "[OPTIONS]" and names in capitals are all that a usage line needs.
  std::string make_option_usage(const CLI::Option* option) const override {
    return make_option_name(option, true);
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0 || option->get_positional()) return "";
    return absl::StrCat(" ", option->get_type_name());
  }
};

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
  return absl::InvalidArgumentError(
      absl::StrCat(absl::StrReplaceAll(error.what(), {{"\n", " "}}), "; ", help));
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
  app.get_formatter()->column_width(30);
  AddSnapshotCommand(app, invocation);
  AddExportCommand(app, invocation);
  AddDiffCommand(app, invocation);
  AddEnvsCommand(app, invocation);
  AddLogCommand(app, invocation);
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
