// What `--help` prints: usage, examples, then flags grouped by purpose, one screen a command.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace varve {

// No line is wider than 80 columns where the texts that commands write themselves (description and
// footer) are not.
class HelpText : public CLI::Formatter {
 public:
  HelpText();

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  // "[OPTIONS]" and names in capitals are all that a usage line needs.
  std::string make_option_usage(const CLI::Option* option) const override;
};

}  // namespace varve
