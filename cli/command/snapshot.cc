// `varve snapshot`: gathers what is here now and writes the four files, without a collector.
#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "agent/gather.h"
#include "agent/redaction/mask_key.h"
#include "agent/source/environment.h"
#include "agent/source/sources.h"
#include "base/status.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/command/validation.h"
#include "cli/program.h"
#include "cli/render/files.h"
#include "cli/state_folder.h"
#include "snapshot/environment_name.h"

namespace varve {
namespace {

// A source that takes longer is cut off, and what it did not read is said to be missing.
constexpr absl::Duration kGatherTime = absl::Minutes(30);
constexpr char kDefaultEnvironment[] = "local";

struct SnapshotOptions {
  std::string base;
  std::string environment = kDefaultEnvironment;
  bool verbose = false;
  ValidationFlags validation;
  SourceFlags sources;
};

// Sources that can be read, each of them isolated.
absl::StatusOr<std::vector<std::unique_ptr<Source>>> SourcesOf(const SourceList& list) {
  if (list.sources.empty()) return std::vector<std::unique_ptr<Source>>();  // needs no key
  VARVE_ASSIGN_OR_RETURN(const std::string state, StateFolder(ProcessVariable));
  VARVE_ASSIGN_OR_RETURN(MaskKey key, LoadOrCreateMaskKey(state));
  // Shared by all sources, which end at different times; it never changes.
  const auto redactor = std::make_shared<const Redactor>(std::move(key));
  // What is here now: the next may be asked of another server, so nothing is remembered.
  return MakeSources(list.sources, redactor, std::make_shared<KnownDatabases>(),
                     std::make_shared<redis::KnownKeyspaces>());
}

void TellErrors(const Snapshot& snapshot) {
  for (const Section& section : snapshot.sections) {
    for (const v1::SectionError& error : section.header.errors()) {
      Tell(absl::StrCat(section.header.name(), ": ", error.doing(), ": ", error.why(),
                        error.remedy().empty() ? "" : "; ", error.remedy()));
    }
  }
}

absl::StatusOr<ExitCode> RunSnapshot(const SnapshotOptions& options) {
  VARVE_RETURN_IF_ERROR(CheckEnvironmentName(options.environment));
  const absl::Time now = absl::Now();
  const std::string base = options.base.empty() ? DefaultBase(now) : options.base;
  VARVE_RETURN_IF_ERROR(CheckBase(base));  // before the work, which may take long
  VARVE_ASSIGN_OR_RETURN(const RulesAsked rules, AskedRules(options.validation, now));
  VARVE_ASSIGN_OR_RETURN(const SourceList list,
                         SourcesFromEnvironment(options.sources, ProcessVariable));
  for (const std::string& note : list.notes) Tell(note);
  if (list.sources.empty()) {
    Tell(
        "nothing is configured: set DATABASE_URL, REDIS_URL or VARVE_MODELS, or give "
        "--database-url, --redis-url or --models; the files will be empty");
  }
  VARVE_ASSIGN_OR_RETURN(const std::vector<std::unique_ptr<Source>> sources, SourcesOf(list));
  GatherOptions gather;
  gather.environment = options.environment;
  gather.occasion = v1::OCCASION_LOCAL;
  gather.deadline = now + kGatherTime;
  const Snapshot snapshot = GatherSnapshot(sources, gather);
  RenderOptions render;
  render.ascii = !LocaleIsUtf8(ProcessVariable);
  VARVE_ASSIGN_OR_RETURN(render.validation, Validated(snapshot, options.validation, rules));
  VARVE_ASSIGN_OR_RETURN(const std::vector<WrittenFile> files,
                         WriteFourFiles(snapshot, base, render));
  if (options.verbose) TellErrors(snapshot);
  VARVE_RETURN_IF_ERROR(WriteData(Summary(snapshot, files, render)));
  return SomethingFailed(snapshot.header) ? ExitCode::kCannotSay : ExitCode::kDone;
}

void AddSourceFlags(CLI::App& command, SourceFlags& flags) {
  const auto add = [&](const std::string& name, auto& value, const std::string& help,
                       const std::string& type) {
    return command.add_option(name, value, help)->type_name(type)->group(kSourceGroup);
  };
  add("--database-url", flags.database_url,
      "PostgreSQL; else DATABASE_URL, else libpq's PG* variables", "URL");
  add("--postgres-connections", flags.postgres_connections,
      "Sessions that share the read of the database; else 1", "N")
      ->check(CLI::Range(1, 16));
  add("--redis-url", flags.redis_url, "Redis; else REDIS_URL, else REDIS_HOST and its kin", "URL");
  AddWordFlag(command, "--redis-depth", {"names", "sampled", "full"},
              "names: exact counts alone; sampled: the rest of a share of the keys; else full",
              kSourceGroup, [&flags](size_t word) {
                constexpr v1::RedisDepth kDepths[] = {
                    v1::REDIS_DEPTH_NAMES, v1::REDIS_DEPTH_SAMPLED, v1::REDIS_DEPTH_FULL};
                flags.redis_depth = kDepths[word];
              });
  AddWordFlag(command, "--redis-pace", {"gentle", "default", "fast"},
              "A tenth, a half or nine tenths of the server's time at most; else default",
              kSourceGroup, [&flags](size_t word) {
                constexpr v1::RedisPace kPaces[] = {v1::REDIS_PACE_GENTLE, v1::REDIS_PACE_DEFAULT,
                                                    v1::REDIS_PACE_FAST};
                flags.redis_pace = kPaces[word];
              });
  add("--models", flags.models, "Modules of models; else VARVE_MODELS", "MODULE")->delimiter(',');
  add("--python", flags.python, "Interpreter that imports them; else VARVE_PYTHON", "PATH");
  add("--models-path", flags.models_path, "Folders to import them from; else VARVE_MODELS_PATH",
      "DIR");
  command
      .add_flag("--models-static", flags.models_static,
                "Read the models' source without running it")
      ->group(kSourceGroup);
  command
      .add_flag("--include-counts", flags.include_counts,
                "Count the rows of tables exactly; reads every table")
      ->group(kSourceGroup);
}

}  // namespace

void AddSnapshotCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("snapshot", "Gather what is here now and write the four files");
  command->footer(
      "examples:\n"
      "  varve snapshot -o audit\n"
      "  varve snapshot --database-url postgresql:///shop --include-counts -o shop\n"
      "  varve snapshot --models shop.models --python .venv/bin/python --validate -v\n\n"
      "Writes BASE_schema.json, BASE_redis.json, BASE_models.json and\n"
      "BASE_analysis.md, whatever source fails.\n"
      "Exits with 0: done; 3: a source that was asked for failed;\n"
      "2: trouble, nothing was written.");
  const auto options = std::make_shared<SnapshotOptions>();  // shared with the closure that runs it
  command
      ->add_option("-o,--output", options->base,
                   "What the files' names begin with; else schema_export_ and the time now (UTC)")
      ->type_name("BASE")
      ->group(kOutputGroup);
  command
      ->add_option("--environment", options->environment,
                   absl::StrCat("Name of the environment; else ", kDefaultEnvironment))
      ->type_name("NAME")
      ->group(kOutputGroup);
  AddValidationFlags(*command, options->validation);
  command->add_flag("-v,--verbose", options->verbose, "Tell every error on stderr")
      ->group(kOutputGroup);
  AddSourceFlags(*command, options->sources);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunSnapshot(*options); }; });
}

}  // namespace varve
