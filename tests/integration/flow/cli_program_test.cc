// The program `varve` as people type it: what it says, how it ends, and which files are there then.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "cli/render/files.h"
#include "tests/support/matchers.h"
#include "tests/support/process.h"
#include "tests/support/sample_snapshot.h"

namespace varve::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr absl::Duration kPatience = absl::Seconds(60);

// A folder in which `varve` is run, and its state beside it.
class VarveProgram : public ::testing::Test {
 protected:
  VarveProgram() {
    std::filesystem::create_directory(work());
    std::ofstream(folder_.Path("token")) << "a-token-of-nobody\n";
    chmod(folder_.Path("token").c_str(), 0600);
  }

  std::string work() const { return folder_.Path("work"); }
  std::string token() const { return folder_.Path("token"); }

  Finished Run(const std::vector<std::string>& arguments) const {
    return RunProgram(ProgramPath("varve"), arguments);
  }
  // Through a shell, which can limit what the program may do: `$0` is the program.
  Finished RunInShell(const std::string& script) const {
    return RunProgram("sh", {"-c", script, ProgramPath("varve")});
  }

  // Names of all that is in the working folder, hidden files too.
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(work())) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  std::string Content(const std::string& name) const {
    std::ifstream file(absl::StrCat(work(), "/", name));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  void WriteFiles(const Snapshot& snapshot, const std::string& base) const {
    VARVE_ASSERT_OK(WriteFourFiles(snapshot, absl::StrCat(work(), "/", base), {}));
  }

 private:
  Finished RunProgram(const std::string& program, const std::vector<std::string>& arguments) const {
    const Command command = {program,
                             arguments,
                             {{"XDG_STATE_HOME", folder_.Path("state")}, {"LC_ALL", "C.UTF-8"}},
                             work()};
    const absl::StatusOr<Finished> finished = RunToEnd(command, kPatience);
    if (finished.ok()) return *finished;
    ADD_FAILURE() << finished.status();
    return {};
  }

  TemporaryFolder folder_;
};

// One line on stderr, nothing on stdout, exit 2, no file.
void ExpectTrouble(const Finished& finished, const std::string& words) {
  EXPECT_EQ(finished.exit, (Exit{2, 0}));
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.err, StartsWith("varve: "));
  EXPECT_THAT(finished.err, HasSubstr(words));
  EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
}

struct BadCase {
  const char* name;
  std::vector<std::string> typed;
  const char* words;
};
class BadInput : public VarveProgram, public ::testing::WithParamInterface<BadCase> {};

TEST_P(BadInput, IsOneLineThatSaysWhatToDo) {
  ExpectTrouble(Run(GetParam().typed), GetParam().words);
  EXPECT_THAT(Files(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, BadInput,
    ::testing::Values(
        BadCase{"Nothing", {}, "no command is named; see varve --help"},
        BadCase{"UnknownCommand", {"exprot"}, "did you mean export? See varve --help"},
        BadCase{"UnknownFlag",
                {"snapshot", "-o", "x", "--includ-counts"},
                "unknown flag --includ-counts; did you mean --include-counts?"},
        BadCase{"MissingReference", {"export"}, "SNAPSHOT is required; see varve export --help"},
        BadCase{"EnvironmentName",
                {"snapshot", "-o", "x", "--environment", "prod eu/../x"},
                "write for example prod-eu"},
        BadCase{"EmptyEnvironmentName",
                {"snapshot", "-o", "x", "--environment", "../up"},
                "write for example prod-eu"},
        BadCase{"EnvironmentOfLog", {"log", "prod;drop"}, "write for example prod-eu"},
        BadCase{"Reference",
                {"export", "prod@0", "-o", "x"},
                "'0' is not a number from 1 up; write for example prod@42"},
        BadCase{"RulesFileWithoutValidate",
                {"export", "file:a", "-o", "x", "--rules-file", "rules.yaml"},
                "--rules-file requires --validate; see varve export --help"},
        BadCase{"FolderIsNotThere",
                {"snapshot", "-o", "no/such/x"},
                "No such file or directory; make the folder first"},
        BadCase{"BaseIsAFolder", {"snapshot", "-o", "/"}, "names no file; write for example -o"},
        BadCase{"BaseIsAnotherFolder", {"snapshot", "-o", "/tmp"}, "/tmp' is a folder"},
        BadCase{"UnreadableDatabaseUrl",
                {"snapshot", "-o", "x", "--database-url", "mysql://h/d"},
                "--database-url"},
        BadCase{"UnreadableRedisUrl",
                {"snapshot", "-o", "x", "--redis-url", "http://h"},
                "--redis-url"},
        BadCase{"NoFiles", {"diff", "file:a", "file:b"}, "a_schema.json: No such file"},
        BadCase{"NoToken", {"envs"}, "give --token-file FILE or set VARVE_TOKEN_FILE"},
        BadCase{"TokenFileIsNotThere",
                {"envs", "--token-file", "no-token"},
                "token file no-token: No such file or directory; name the right one"},
        BadCase{"AskingAnAgent", {"export", "now:prod"}, "write prod for its newest"}),
    [](const auto& info) { return info.param.name; });

TEST_F(VarveProgram, ACollectorThatDoesNotAnswerIsNamed) {
  const Finished finished =
      Run({"export", "prod", "-o", "x", "--collector", "127.0.0.1:1", "--token-file", token()});
  ExpectTrouble(finished, "collector 127.0.0.1:1 does not answer: ");
  EXPECT_THAT(finished.err, HasSubstr("start it (varve-collector --database FILE)"));
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(VarveProgram, ACollectorFarAwayNeedsAnAuthority) {
  ExpectTrouble(Run({"envs", "--collector", "192.0.2.1:7447", "--token-file", token()}),
                "192.0.2.1:7447");
}

TEST_F(VarveProgram, ATokenThatOthersMayReadIsRefused) {
  ASSERT_EQ(chmod(token().c_str(), 0644), 0);
  ExpectTrouble(Run({"envs", "--token-file", token()}),
                "others than its owner may use it (mode 0644); run: chmod 600 ");
}

TEST_F(VarveProgram, AFolderThatIsNotWritableIsSaidToBeBeforeAnyWork) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  ASSERT_EQ(chmod(work().c_str(), 0500), 0);
  ExpectTrouble(Run({"snapshot", "-o", "x"}), "choose a folder that you may write to with -o");
  ASSERT_EQ(chmod(work().c_str(), 0700), 0);
}

TEST_F(VarveProgram, WithoutRoomForTheFilesLeavesNone) {
  const Finished finished = RunInShell("ulimit -f 1; exec \"$0\" snapshot -o x");
  EXPECT_EQ(finished.exit, (Exit{2, 0}));
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.err, HasSubstr("x_schema.json: File too large; raise the limit"));
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(VarveProgram, AnAnswerThatCannotBeWrittenIsTrouble) {
  const Finished finished = RunInShell("exec \"$0\" --help > /dev/full");
  EXPECT_EQ(finished.exit, (Exit{2, 0}));
  EXPECT_THAT(finished.err,
              HasSubstr("varve: writing to stdout: No space left on device; send the output "
                        "elsewhere"));
}

TEST_F(VarveProgram, WithNothingConfiguredWritesFourEmptyFilesAndSaysSo) {
  const Finished finished = Run({"snapshot", "-o", "x.json"});
  EXPECT_EQ(finished.exit, (Exit{0, 0}));
  EXPECT_THAT(finished.err, StartsWith("varve: nothing is configured: set DATABASE_URL, "));
  EXPECT_THAT(finished.out, HasSubstr("  Database Tables:         0\n"));
  EXPECT_THAT(Files(),
              ElementsAre("x_analysis.md", "x_models.json", "x_redis.json", "x_schema.json"));
}

TEST_F(VarveProgram, WithoutABaseNamesTheFilesByTheTime) {
  EXPECT_EQ(Run({"snapshot"}).exit, (Exit{0, 0}));
  const std::vector<std::string> files = Files();
  ASSERT_EQ(files.size(), 4U);
  for (const std::string& file : files) {
    EXPECT_THAT(file, ::testing::MatchesRegex("schema_export_[0-9]{8}_[0-9]{6}_[a-z.]+"));
  }
}

TEST_F(VarveProgram, ASourceThatDoesNotAnswerIsNoReasonToWriteNothing) {
  const Finished finished =
      Run({"snapshot", "-o", "x", "-v", "--redis-url", "redis://127.0.0.1:1/0"});
  EXPECT_EQ(finished.exit, (Exit{3, 0}));
  EXPECT_EQ(Files().size(), 4U);
  EXPECT_THAT(finished.out, HasSubstr("  ✗ x_redis.json"));
  EXPECT_THAT(finished.out, HasSubstr("  Redis Keys:        unknown\n"));
  EXPECT_THAT(finished.out, HasSubstr("\nnot seen\n  ? redis: "));
  EXPECT_THAT(finished.err, HasSubstr("varve: redis: "));
}

TEST_F(VarveProgram, APasswordInAnArgumentIsWarnedOfAndNeverSaid) {
  const Finished finished =
      Run({"snapshot", "-o", "x", "-v", "--redis-url", "redis://:s3cret@127.0.0.1:1/0"});
  EXPECT_EQ(finished.exit, (Exit{3, 0}));
  EXPECT_THAT(finished.err, StartsWith("varve: warning: the password in --redis-url"));
  EXPECT_THAT(finished.err + finished.out, Not(HasSubstr("s3cret")));
  for (const std::string& file : Files()) {
    std::ifstream stream(absl::StrCat(work(), "/", file));
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    EXPECT_THAT(text, Not(HasSubstr("s3cret"))) << file;
  }
}

TEST_F(VarveProgram, DiffOfFilesThatAreTheSameIsZero) {
  WriteFiles(SampleSnapshot(), "a");
  const Finished finished = Run({"diff", "file:a", "file:a.json"});
  EXPECT_EQ(finished.exit, (Exit{0, 0}));
  EXPECT_THAT(finished.out, StartsWith("file:a → file:a.json: no differences in "));
  EXPECT_EQ(finished.err, "");
}

// The sample without one of its tables' structure.
Snapshot OtherModels() {
  SectionBuilder builder("models", "models", 1);
  builder.CoverWhole("model");
  return Assemble({SamplePostgres(), SampleRedis(), builder.Finish()});
}

TEST_F(VarveProgram, DiffOfFilesThatDifferIsOne) {
  WriteFiles(SampleSnapshot(), "a");
  WriteFiles(OtherModels(), "b");
  const Finished finished = Run({"diff", "file:a", "file:b"});
  EXPECT_EQ(finished.exit, (Exit{1, 0}));
  EXPECT_THAT(finished.out, StartsWith("file:a → file:b: 3 removed"));
  EXPECT_THAT(
      finished.out,
      HasSubstr("\n  - model shop.models.SourceDocumentMinimal  breaking: who imports it fails\n"));
}

Snapshot RedisDown() {
  return Assemble(
      {SamplePostgres(),
       SectionBuilder::Unavailable("redis", "redis", "h:6379", "connecting", "refused", "start it"),
       SampleModels()});
}

TEST_F(VarveProgram, DiffThatCannotSayIsThree) {
  WriteFiles(SampleSnapshot(), "a");
  WriteFiles(RedisDown(), "b");
  const Finished finished = Run({"diff", "file:a", "file:b", "--format", "json"});
  EXPECT_EQ(finished.exit, (Exit{3, 0}));
  const auto json = nlohmann::json::parse(finished.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << finished.out;
  EXPECT_EQ(json["format"], "varve.diff.v1");
  EXPECT_EQ(json["verdict"], "cannot say");
}

TEST_F(VarveProgram, DiffOfWhatNeitherSideSawIsThreeOnlyWithStrict) {
  WriteFiles(RedisDown(), "a");
  EXPECT_EQ(Run({"diff", "file:a", "file:a"}).exit, (Exit{0, 0}));
  EXPECT_EQ(Run({"diff", "file:a", "file:a", "--strict"}).exit, (Exit{3, 0}));
}

TEST_F(VarveProgram, CheckOfFilesFindsWhatTheReportFinds) {
  WriteFiles(SampleSnapshot(), "a");
  const Finished finished = Run({"check", "file:a"});
  EXPECT_EQ(finished.exit, (Exit{1, 0}));
  EXPECT_EQ(finished.err, "");
  EXPECT_THAT(finished.out, StartsWith("file:a: 5 errors, 7 warnings, 4 notes; "));
  EXPECT_THAT(finished.out, HasSubstr("\nerror  pg/invalid-index"));
}

TEST_F(VarveProgram, CheckFailsFromTheAskedSeverityOn) {
  WriteFiles(SampleSnapshot(), "a");
  const std::string rule = "pg/fk-without-index";  // finds a warning
  EXPECT_EQ(Run({"check", "file:a", "--rules", rule}).exit, (Exit{0, 0}));
  EXPECT_EQ(Run({"check", "file:a", "--rules", rule, "--fail-on", "warn"}).exit, (Exit{1, 0}));
  EXPECT_EQ(Run({"check", "file:a", "--fail-on", "never"}).exit, (Exit{0, 0}));
}

TEST_F(VarveProgram, CheckTakesLevelsAndAcceptedFindingsOfTheRulesFile) {
  WriteFiles(Assemble({SamplePostgres()}), "a");
  std::ofstream(work() + "/rules.yaml") << "rules:\n"
                                           "  pg/fk-without-index: off\n"
                                           "  pg/table-without-primary-key: info\n"
                                           "accept:\n"
                                           "  - rule: pg/invalid-index\n"
                                           "    object: public.documents_status_again\n"
                                           "    owner: data-team\n"
                                           "    reason: built again on Sunday\n"
                                           "    until: 2999-12-31\n"
                                           "models:\n"
                                           "  shop.models.Gone: public.gone\n";
  const Finished finished = Run({"check", "file:a", "--rules-file", "rules.yaml"});
  EXPECT_EQ(finished.exit, (Exit{0, 0}));
  EXPECT_THAT(finished.out, StartsWith("file:a: no error, 2 notes, 1 accepted; "));
  EXPECT_THAT(finished.out, HasSubstr("\ninfo   pg/table-without-primary-key"));
  EXPECT_THAT(finished.out, HasSubstr("by data-team until 2999-12-31: built again on Sunday\n"));
  EXPECT_EQ(finished.err,
            "varve: rules.yaml:11: model shop.models.Gone: there is no table public.gone\n");
}

TEST_F(VarveProgram, CheckRefusesARulesFileThatIsWrong) {
  WriteFiles(Assemble({SamplePostgres()}), "a");
  std::ofstream(work() + "/rules.yaml") << "rules:\n  pg/fk-without-indx: off\n";
  ExpectTrouble(Run({"check", "file:a", "--rules-file", "rules.yaml"}),
                "line 2 of the rules file: no rule is called 'pg/fk-without-indx'; nearest is "
                "pg/fk-without-index");
  ExpectTrouble(Run({"check", "file:a", "--rules-file", "none.yaml"}),
                "none.yaml: No such file or directory");
}

TEST_F(VarveProgram, ExportAsksTheRulesAsTheRulesFileSays) {
  WriteFiles(Assemble({SamplePostgres()}), "a");
  std::ofstream(work() + "/rules.yaml") << "rules:\n"
                                           "  pg/fk-without-index: off\n"
                                           "  pg/table-without-primary-key: error\n"
                                           "accept:\n"
                                           "  - rule: pg/invalid-index\n"
                                           "    object: public.documents_status_again\n"
                                           "    owner: data-team\n"
                                           "    reason: built again on Sunday\n"
                                           "    until: 2999-12-31\n"
                                           "models:\n"
                                           "  shop.models.Gone: public.gone\n";
  const Finished finished =
      Run({"export", "file:a", "-o", "b", "--validate", "--rules-file", "rules.yaml"});
  EXPECT_EQ(finished.exit, (Exit{0, 0}));
  EXPECT_EQ(finished.err,
            "varve: rules.yaml:11: model shop.models.Gone: there is no table public.gone\n");
  const std::string analysis = Content("b_analysis.md");
  EXPECT_THAT(analysis, ContainsRegex("\\| error \\| pg/table-without-primary-key"));
  EXPECT_THAT(analysis, HasSubstr("by data-team until 2999-12-31: built again on Sunday |"));
  EXPECT_THAT(analysis, Not(HasSubstr("pg/fk-without-index")));
}

TEST_F(VarveProgram, SnapshotTellsWhatOfTheRulesFileDoesNotHold) {
  std::ofstream(work() + "/rules.yaml")
      << "accept:\n"
         "  - {rule: pg/invalid-index, object: public.a_idx,\n"
         "     owner: ann, reason: was small, until: 2001-01-01}\n";
  const Finished finished =
      Run({"snapshot", "-o", "b", "--validate", "--rules-file", "rules.yaml"});
  EXPECT_EQ(finished.exit, (Exit{0, 0}));
  EXPECT_THAT(finished.err,
              HasSubstr("varve: rules.yaml:2: this acceptance ended on 2001-01-01: "));
}

TEST_F(VarveProgram, AWrongRulesFileIsRefusedBeforeTheWork) {
  std::ofstream(work() + "/rules.yaml") << "rules:\n  pg/fk: off\n";
  const std::vector<std::string> asked = {"-o", "b", "--validate", "--rules-file", "rules.yaml"};
  const auto typed = [&asked](std::vector<std::string> command) {
    command.insert(command.end(), asked.begin(), asked.end());
    return command;
  };
  // Neither the models nor the files are there: they would be the trouble if they came first.
  for (const std::vector<std::string>& command :
       {typed({"snapshot", "--models", "gone.models"}), typed({"export", "file:gone"})}) {
    ExpectTrouble(Run(command),
                  "line 2 of the rules file: no rule is called 'pg/fk'; these begin "
                  "so: pg/fk-");
  }
  EXPECT_THAT(Files(), ElementsAre("rules.yaml"));
}

TEST_F(VarveProgram, CheckOfASourceThatWasAwayIsThreeOnlyWithStrict) {
  WriteFiles(Assemble({SectionBuilder::Unavailable("postgres", "postgres", "h:5432", "connecting",
                                                   "refused", "start it")}),
             "a");
  EXPECT_EQ(Run({"check", "file:a"}).exit, (Exit{0, 0}));
  const Finished finished = Run({"check", "file:a", "--strict"});
  EXPECT_EQ(finished.exit, (Exit{3, 0}));
  EXPECT_THAT(finished.out, HasSubstr("could not say\n"));
}

TEST_F(VarveProgram, CheckNamesARuleThatIsNotThereAndOneWithoutASource) {
  WriteFiles(Assemble({SamplePostgres()}), "a");
  ExpectTrouble(Run({"check", "file:a", "--rules", "pg/fk-without-indx"}),
                "no rule is called 'pg/fk-without-indx'; nearest is pg/fk-without-index");
  ExpectTrouble(Run({"check", "file:a", "--rules", "model"}),
                "the snapshot has no source that 'model' could look at; configure one");
}

TEST_F(VarveProgram, ModelsMapTellsTheTableOfEachModelAndWhatToPaste) {
  WriteFiles(SampleSnapshot(), "a");
  const Finished told = Run({"models", "map", "file:a"});
  EXPECT_EQ(told.exit, (Exit{0, 0}));
  EXPECT_THAT(told.out, HasSubstr("shop.entities.Entity"));
  EXPECT_THAT(told.out, HasSubstr("public.canonical_entities"));
  const Finished pasted = Run({"models", "map", "file:a", "--suggest"});
  EXPECT_THAT(pasted.out, StartsWith("models:\n  shop.models.SourceDocumentMinimal: public."));
  std::ofstream(work() + "/rules.yaml") << pasted.out;
  EXPECT_THAT(Run({"models", "map", "file:a", "--rules-file", "rules.yaml"}).out,
              HasSubstr("rules file"));
}

TEST_F(VarveProgram, ModelsMapRefusesARulesFileThatIsWrong) {
  WriteFiles(SampleSnapshot(), "a");
  std::ofstream(work() + "/rules.yaml") << "redis_keys:\n  - {model: shop.Session}\n";
  ExpectTrouble(Run({"models", "map", "file:a", "--rules-file", "rules.yaml"}),
                "line 2 of the rules file: declared keys need a pattern");
}

TEST_F(VarveProgram, ExportOfFilesWritesTheSameFilesAgain) {
  WriteFiles(SampleSnapshot(), "a");
  const Finished finished = Run({"export", "file:a", "-o", "b"});
  EXPECT_EQ(finished.exit, (Exit{0, 0}));
  for (const char* const suffix : {"_schema.json", "_redis.json", "_models.json", "_analysis.md"}) {
    EXPECT_EQ(RunInShell(absl::StrCat("exec cmp a", suffix, " b", suffix)).exit, (Exit{0, 0}))
        << suffix;
  }
}

TEST_F(VarveProgram, AFileOfANewerFormatIsTrouble) {
  WriteFiles(SampleSnapshot(), "a");
  ASSERT_EQ(
      RunInShell("exec sed -i 's/^    \"format\": 1,/    \"format\": 99,/' a_redis.json").exit,
      (Exit{0, 0}));
  ExpectTrouble(Run({"diff", "file:a", "file:a"}),
                "a_redis.json: its format 99 is newer than this program reads (1); use a newer "
                "varve");
}

TEST_F(VarveProgram, SaysItsVersion) {
  const Finished finished = Run({"--version"});
  EXPECT_EQ(finished.exit, (Exit{0, 0}));
  EXPECT_THAT(finished.out, ::testing::MatchesRegex("varve [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

class Help : public VarveProgram, public ::testing::WithParamInterface<const char*> {};

TEST_P(Help, IsOneScreenOnStdout) {
  const Finished finished = Run({GetParam(), "--help"});
  EXPECT_EQ(finished.exit, (Exit{0, 0}));
  EXPECT_EQ(finished.err, "");
  EXPECT_THAT(finished.out, HasSubstr("\nexamples:\n  varve "));
  EXPECT_LE(std::count(finished.out.begin(), finished.out.end(), '\n'), 40);
}

INSTANTIATE_TEST_SUITE_P(All, Help,
                         ::testing::Values("snapshot", "export", "diff", "check", "models", "envs",
                                           "log", "history", "blame", "trend"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace varve::testing
