#include "cli/command_line.h"

#include "absl/strings/str_split.h"
#include "base/version.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::StatusIs;

std::vector<std::string> Words(absl::string_view line) {
  return absl::StrSplit(line, ' ', absl::SkipEmpty());
}

std::string TextOf(const std::vector<std::string>& arguments) {
  const auto parsed = ParseCommandLine(arguments);
  if (!parsed.ok()) return parsed.status().ToString();
  const auto* const answer = std::get_if<TextAnswer>(&*parsed);
  return answer == nullptr ? "not a text" : answer->text;
}

struct RefusalCase {
  const char* name;
  const char* typed;
  const char* words;
};
class Refusals : public ::testing::TestWithParam<RefusalCase> {};

TEST_P(Refusals, SayWhatIsWrongAndWhereHelpIs) {
  const auto parsed = ParseCommandLine(Words(GetParam().typed));
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(parsed.status().message(), GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    All, Refusals,
    ::testing::Values(
        RefusalCase{"NoCommand", "", "no command is named; see varve --help"},
        RefusalCase{"UnknownCommand", "frobnicate",
                    "unknown command 'frobnicate'; see varve --help"},
        RefusalCase{"NearCommand", "snapsot",
                    "unknown command 'snapsot'; did you mean snapshot? See varve --help"},
        RefusalCase{"UnknownFlag", "diff a b --wibble",
                    "unknown flag --wibble; see varve diff --help"},
        RefusalCase{"NearFlag", "snapshot --includecounts",
                    "unknown flag --includecounts; did you mean --include-counts? See varve "
                    "snapshot --help"},
        RefusalCase{"NearFlagWithASecret", "snapshot --databse-url=postgresql://u:s3cret@h/d",
                    "unknown flag --databse-url; did you mean --database-url? See varve snapshot "
                    "--help"},
        RefusalCase{"FlagOfNoCommand", "--verison",
                    "unknown flag --verison; did you mean --version? See varve --help"},
        RefusalCase{"MissingArgument", "diff a", "AFTER is required; see varve diff --help"},
        RefusalCase{"MissingReference", "export", "SNAPSHOT is required; see varve export --help"},
        RefusalCase{"OneTooMany", "log prod staging",
                    "'staging' is one argument too many; see varve log --help"},
        RefusalCase{"ArgumentOfSnapshot", "snapshot audit",
                    "'audit' is one argument too many; see varve snapshot --help"},
        RefusalCase{"FlagWithoutValue", "snapshot -o",
                    "--output needs a value, BASE; see varve snapshot --help"},
        RefusalCase{"UnknownFormat", "envs --format yaml",
                    "--format: 'yaml' is not table, json or markdown; see varve envs --help"},
        RefusalCase{"FormatByNumber", "envs --format 1",
                    "--format: '1' is not table, json or markdown; see varve envs --help"},
        RefusalCase{"NotANumber", "log prod --limit many",
                    "--limit: 'many' is no number; see varve log --help"},
        RefusalCase{
            "FormatOfAnother", "trend prod public.orders --format xml",
            "--format: 'xml' is none of table, csv, json, markdown; see varve trend --help"},
        RefusalCase{"NegativeNumber", "log prod --limit -1",
                    "--limit: '-1' is no number; see varve log --help"}),
    [](const auto& info) { return info.param.name; });

class Commands : public ::testing::TestWithParam<const char*> {};

TEST_P(Commands, HaveHelpOfOneScreen) {
  std::vector<std::string> arguments = Words(GetParam());
  arguments.emplace_back("--help");
  const std::string help = TextOf(arguments);
  EXPECT_THAT(help, HasSubstr("examples:\n"));
  const std::vector<std::string> lines = absl::StrSplit(help, '\n');
  EXPECT_LE(lines.size(), 41U) << help;  // forty, and what follows the last newline
  for (const std::string& line : lines) EXPECT_LE(line.size(), 80U) << line;
  EXPECT_THAT(help, ::testing::Not(HasSubstr("->"))) << "a table of ours shows through";
}

TEST_P(Commands, HaveExamplesThatParse) {
  std::vector<std::string> arguments = Words(GetParam());
  arguments.emplace_back("--help");
  int examples = 0;
  for (const absl::string_view line : absl::StrSplit(TextOf(arguments), '\n')) {
    if (line.substr(0, 8) != "  varve ") continue;
    ++examples;
    // What stands behind two spaces explains the example.
    const absl::string_view typed = line.substr(8);
    const auto parsed = ParseCommandLine(Words(typed.substr(0, typed.find("  "))));
    VARVE_ASSERT_OK(parsed);
    EXPECT_TRUE(std::holds_alternative<Invocation>(*parsed)) << line;
  }
  const bool is_of_all = *GetParam() == '\0';
  EXPECT_EQ(examples, is_of_all ? 5 : 3);
}

INSTANTIATE_TEST_SUITE_P(All, Commands,
                         ::testing::Values("", "snapshot", "export", "deps", "diff", "check",
                                           "models", "envs", "log", "drift", "rollout", "show",
                                           "tag", "completion", "history", "blame", "trend"),
                         [](const auto& info) {
                           return *info.param == '\0' ? std::string("Varve") : info.param;
                         });

TEST(CommandLine, TheVersionIsOneLine) {
  EXPECT_EQ(TextOf({"--version"}), std::string("varve ") + std::string(kVersion) + "\n");
}

TEST(CommandLine, HelpOfOneCommandIsOfThatCommand) {
  EXPECT_THAT(TextOf({"diff", "-h"}), StartsWith("Show what differs between two snapshots\n"));
}

}  // namespace
}  // namespace varve
