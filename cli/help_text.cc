#include "cli/help_text.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace varve {
namespace {

constexpr size_t kTextColumn = 26;  // where what a flag does begins
constexpr size_t kWidth = 80;

// "  --flag VALUE          what it does", wrapped between words.
std::string Entry(const std::string& label, const std::string& text) {
  std::string entry;
  std::string line = absl::StrCat("  ", label);
  if (line.size() + 2 > kTextColumn) {
    absl::StrAppend(&entry, line, "\n");
    line.clear();
  }
  line.resize(kTextColumn, ' ');
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    const bool is_first = line.size() == kTextColumn;
    if (!is_first && line.size() + 1 + word.size() > kWidth) {
      absl::StrAppend(&entry, line, "\n");
      line.assign(kTextColumn, ' ');
    }
    absl::StrAppend(&line, line.size() == kTextColumn ? "" : " ", word);
  }
  return absl::StrCat(entry, line, "\n");
}

// "FORMAT" of "FORMAT:{…}": what a value may be stands in the text.
std::string ValueName(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

}  // namespace

HelpText::HelpText() { label("SUBCOMMAND", "COMMAND"); }

std::string HelpText::make_help(const CLI::App* app, std::string name,
                                CLI::AppFormatMode mode) const {
  if (mode == CLI::AppFormatMode::Sub) return make_expanded(app);
  std::string text = absl::StrCat(app->get_description(), "\n", make_usage(app, std::move(name)),
                                  "\n", app->get_footer(), "\n", make_positionals(app),
                                  make_groups(app, mode), make_subcommands(app, mode));
  text = absl::StrReplaceAll(
      text, {{"\nPositionals:", "\nArguments:"}, {"\nSubcommands:", "\nCommands:"}});
  while (absl::StrContains(text, "\n\n\n")) {
    text = absl::StrReplaceAll(text, {{"\n\n\n", "\n\n"}});
  }
  return text;
}

std::string HelpText::make_option(const CLI::Option* option, bool is_positional) const {
  const bool has_value = !is_positional && option->get_type_size() != 0;
  return Entry(absl::StrCat(make_option_name(option, is_positional), has_value ? " " : "",
                            has_value ? ValueName(*option) : ""),
               option->get_description());
}

std::string HelpText::make_subcommand(const CLI::App* command) const {
  return Entry(command->get_name(), command->get_description());
}

std::string HelpText::make_option_usage(const CLI::Option* option) const {
  return make_option_name(option, true);
}

}  // namespace varve
