#include "cli/completion_script.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace varve {
namespace {

constexpr absl::string_view kAskNames = "timeout 1 varve envs --names 2>/dev/null";

// Arguments and values that begin with an environment's name.
constexpr absl::string_view kNamesTaken[] = {"SNAPSHOT", "ENVIRONMENT", "SELECTOR", "BEFORE",
                                             "AFTER"};

std::string ValueName(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

bool TakesNames(absl::string_view value) { return absl::c_linear_search(kNamesTaken, value); }

std::vector<std::string> NamesOf(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

// A command as completion needs it; what is in commands below it is in it too.
struct Completed {
  std::string name;
  std::string description;
  std::vector<std::string> words;   // commands below it
  std::vector<std::string> flags;   // all
  std::vector<std::string> values;  // those of the flags that take a value …
  std::vector<std::string> files;   // … a file …
  std::vector<std::string> names;   // … an environment
  bool takes_names = false;         // as an argument
  std::vector<const CLI::Option*> options;
};

void Collect(const CLI::App& command, Completed& into) {
  for (const CLI::Option* const option : command.get_options()) {
    if (option->get_positional()) {
      into.takes_names |= TakesNames(option->get_name(true, false));
      continue;
    }
    into.options.push_back(option);
    for (const std::string& name : NamesOf(*option)) {
      into.flags.push_back(name);
      const std::string value = ValueName(*option);
      if (value.empty()) continue;  // it takes none
      const bool is_file = value == "FILE" || value == "BASE" || value == "DIR";
      (is_file ? into.files : TakesNames(value) ? into.names : into.values).push_back(name);
    }
  }
  for (const CLI::App* const below : command.get_subcommands(nullptr)) {
    into.words.push_back(below->get_name());
    Collect(*below, into);
  }
}

std::vector<Completed> CommandsOf(const CLI::App& app) {
  std::vector<Completed> commands;
  for (const CLI::App* const command : app.get_subcommands(nullptr)) {
    Completed& added = commands.emplace_back();
    added.name = command->get_name();
    added.description = command->get_description();
    Collect(*command, added);
    for (std::vector<std::string>* const list : {&added.flags, &added.values, &added.files}) {
      std::sort(list->begin(), list->end());
      list->erase(std::unique(list->begin(), list->end()), list->end());
    }
  }
  return commands;
}

std::string Joined(const std::vector<std::string>& words) { return absl::StrJoin(words, " "); }

constexpr char kBashBegin[] = R"sh(_varve() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local command='' words='' flags='' values='' files='' named='' takes_names=0 i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in -*) ;; *) command=${COMP_WORDS[i]}; break ;; esac
  done
  COMPREPLY=()
  case $command in
    '') words=')sh";
constexpr char kBashEnd[] = R"sh(    *) return ;;
  esac
  case " $named " in *" $previous "*) takes_names=1 words='' ;; *)
    case " $files " in *" $previous "*) COMPREPLY=($(compgen -f -- "$current")); return ;; esac
    case " $values " in *" $previous "*) return ;; esac
    case $current in -*) COMPREPLY=($(compgen -W "$flags" -- "$current")); return ;; esac ;;
  esac
  if [ "$takes_names" = 1 ]; then words="$words $(ASK_NAMES)"; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _varve varve
)sh";

// The function is the same for all commands; what they take stands in one `case`.
std::string BashScript(const std::vector<Completed>& commands) {
  std::vector<std::string> names;
  std::string cases;
  for (const Completed& command : commands) {
    names.push_back(command.name);
    absl::StrAppend(&cases, "    ", command.name, ")\n      words='", Joined(command.words),
                    "' flags='", Joined(command.flags), "'\n      values='", Joined(command.values),
                    "' files='", Joined(command.files), "' named='", Joined(command.names),
                    "' takes_names=", command.takes_names ? 1 : 0, " ;;\n");
  }
  return absl::StrCat(kBashBegin, Joined(names), "' flags='--help --version' ;;\n", cases,
                      absl::StrReplaceAll(kBashEnd, {{"ASK_NAMES", kAskNames}}));
}

std::string FishQuoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

std::string FishFlag(const Completed& command, const CLI::Option& option) {
  std::string line =
      absl::StrCat("complete -c varve -n '__fish_seen_subcommand_from ", command.name, "'");
  for (const std::string& name : option.get_lnames()) absl::StrAppend(&line, " -l ", name);
  for (const std::string& name : option.get_snames()) absl::StrAppend(&line, " -s ", name);
  const std::string value = ValueName(option);
  if (!value.empty()) {
    const bool is_file = value == "FILE" || value == "BASE" || value == "DIR";
    absl::StrAppend(&line, is_file ? " -r -F" : " -x");
    if (TakesNames(value))
      absl::StrAppend(&line, " -a ", FishQuoted(absl::StrCat("(", kAskNames, ")")));
  }
  return absl::StrCat(line, " -d ", FishQuoted(option.get_description()), "\n");
}

std::string FishScript(const std::vector<Completed>& commands) {
  std::string script = "complete -c varve -f\n";
  for (const Completed& command : commands) {
    absl::StrAppend(&script, "complete -c varve -n __fish_use_subcommand -a ", command.name, " -d ",
                    FishQuoted(command.description), "\n");
    const std::string seen =
        absl::StrCat("complete -c varve -n '__fish_seen_subcommand_from ", command.name, "' -a ");
    if (!command.words.empty()) {
      absl::StrAppend(&script, seen, FishQuoted(Joined(command.words)), "\n");
    }
    if (command.takes_names) {
      absl::StrAppend(&script, seen, FishQuoted(absl::StrCat("(", kAskNames, ")")), "\n");
    }
    for (const CLI::Option* const option : command.options) {
      absl::StrAppend(&script, FishFlag(command, *option));
    }
  }
  return script;
}

}  // namespace

std::string CompletionScript(const CLI::App& app, Shell shell) {
  const std::vector<Completed> commands = CommandsOf(app);
  switch (shell) {
    case Shell::kBash:
      return BashScript(commands);
    case Shell::kZsh:
      return absl::StrCat("autoload -U +X compinit && compinit\n",
                          "autoload -U +X bashcompinit && bashcompinit\n", BashScript(commands));
    case Shell::kFish:
      return FishScript(commands);
  }
  return "";
}

}  // namespace varve
