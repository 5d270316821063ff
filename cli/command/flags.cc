#include "cli/command/flags.h"

#include <CLI/CLI.hpp>
#include <map>

#include "cli/terminal.h"

namespace varve {
namespace {

constexpr absl::string_view kDefaultCollector = "127.0.0.1:7447";

std::string FirstOf(const std::string& flag, absl::string_view variable,
                    absl::string_view fallback) {
  if (!flag.empty()) return flag;
  const std::string value = VariableOfProcess(variable).value_or("");
  return value.empty() ? std::string(fallback) : value;
}

}  // namespace

void AddCollectorFlags(CLI::App& command, CollectorFlags& flags) {
  command
      .add_option("--collector", flags.collector,
                  "HOST:PORT, [V6]:PORT or unix:PATH; else VARVE_COLLECTOR, else 127.0.0.1:7447")
      ->type_name("ADDRESS")
      ->group(kCollectorGroup);
  command
      .add_option("--token-file", flags.token_file,
                  "File that holds the token; else VARVE_TOKEN_FILE")
      ->type_name("FILE")
      ->group(kCollectorGroup);
  command
      .add_option("--ca", flags.ca,
                  "Certificate authority of the collector, for TLS; else VARVE_CA")
      ->type_name("FILE")
      ->group(kCollectorGroup);
}

CollectorAccess AccessFrom(const CollectorFlags& flags) {
  return {FirstOf(flags.collector, "VARVE_COLLECTOR", kDefaultCollector),
          FirstOf(flags.token_file, "VARVE_TOKEN_FILE", ""), FirstOf(flags.ca, "VARVE_CA", "")};
}

void AddFormatFlag(CLI::App& command, Format& format) {
  const std::map<std::string, Format> names = {
      {"table", Format::kTable}, {"json", Format::kJson}, {"markdown", Format::kMarkdown}};
  command.add_option("--format", format, "table, json or markdown; table where it is not given")
      ->transform(CLI::Transformer(names))
      ->type_name("FORMAT")
      ->group(kOutputGroup)
      ->check([](const std::string& value) {
        const bool known = value == "0" || value == "1" || value == "2";
        return known ? std::string() : "'" + value + "' is not table, json or markdown";
      });
}

}  // namespace varve
