#include "agent/source/models/models_errors.h"

#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace varve {
namespace {

std::string Redacted(const Redactor& redactor, absl::string_view text) {
  Masked unused;  // errors are no shapes: nobody compares what was masked in them
  return redactor.MaskText(text, unused);
}

// Where the keys stand that no flag of `varve snapshot` sets.
constexpr absl::string_view ConfigPlace() {
  return " of the models source in agent.yaml (varve-agent)";
}

constexpr absl::string_view StaticTrue() {
  return "`static: true` of the models source (--models-static)";
}

std::string WhyOf(const ProbeError& error, const Redactor& redactor) {
  std::string why = error.type;
  if (!error.text.empty()) absl::StrAppend(&why, ": ", Redacted(redactor, error.text));
  if (!error.variables.empty() && error.text.empty()) {
    absl::StrAppend(&why, ": ", absl::StrJoin(error.variables, ", "));
  }
  if (!error.file.empty()) {
    absl::StrAppend(&why, " (", error.file, ":", error.line, ")");
  }
  return why;
}

std::string RemedyOf(const ProbeError& error, const ModelsSectionFacts& facts) {
  if (!error.variables.empty()) {
    return absl::StrCat("set environment variable ", absl::StrJoin(error.variables, ", "), " in ",
                        ConfigKey("environment"), "; a dummy value will do");
  }
  if (error.type == "ModuleNotFoundError" && !error.missing.empty()) {
    const std::string top = error.missing.substr(0, error.missing.find('.'));
    return absl::StrCat("install ", top, " for ", facts.interpreter,
                        ", name the application's own interpreter in ", ConfigKey("python"),
                        ", or add its folder to `path` (--models-path)");
  }
  if (error.type == "SyntaxError" || error.type == "IndentationError" || error.type == "TabError") {
    return absl::StrCat("mend that line, or name the Python it is written for in ",
                        ConfigKey("python"));
  }
  if (error.type == "MemoryError") return absl::StrCat("raise ", ConfigKey("memory_limit_mib"));
  if (error.type == "PermissionError" && !facts.allow_network) {
    return absl::StrCat("if it needs the network while it is imported, set `allow_network: true`",
                        ConfigPlace());
  }
  return "";
}

// "importing shop.config and 3 more modules"; the one that raised it comes first.
std::string DoingOf(absl::string_view stage, const std::string& first, size_t others) {
  const absl::string_view verb = stage == "parse"      ? "reading the source of "
                                 : stage == "describe" ? "describing "
                                                       : "importing ";
  std::string doing = absl::StrCat(verb, first);
  if (others == 1) absl::StrAppend(&doing, " and one module that imports it");
  if (others > 1) absl::StrAppend(&doing, " and ", others, " modules that import it");
  return doing;
}

ModelsError CasualtyError(const Casualty& casualty, const Redactor& redactor) {
  ModelsError error;
  error.doing = casualty.model.empty() ? absl::StrCat("importing ", casualty.module)
                                       : absl::StrCat("describing ", casualty.model);
  switch (casualty.exit.how) {
    case ProbeExit::How::kExited:
      error.why = absl::StrCat("it ended the interpreter (exit code ", casualty.exit.code, ")");
      error.remedy = "let the module not end the process when it is imported";
      break;
    case ProbeExit::How::kSignalled:
      error.why = absl::StrCat("the interpreter was ended by signal ", casualty.exit.code);
      error.remedy = absl::StrCat("run the import by hand to see why; a limit may be too low: ",
                                  ConfigKey("memory_limit_mib"));
      break;
    case ProbeExit::How::kStalled:
      error.why = "it held the interpreter without a sign of life and was ended";
      error.remedy = absl::StrCat("let the module not wait when it is imported, or read it with ",
                                  StaticTrue());
      break;
    case ProbeExit::How::kDeadline:
      error.why = "the time for all imports was over";
      error.remedy = absl::StrCat("raise ", ConfigKey("timeout"));
      break;
    case ProbeExit::How::kTooMuchOutput:
      error.why = "it wrote more than may be answered";
      break;
    case ProbeExit::How::kCpuLimit:  // blames nobody: RunError tells it
      break;
  }
  error.why = Redacted(redactor, error.why);
  return error;
}

}  // namespace

std::string ConfigKey(absl::string_view key) {
  static constexpr std::pair<absl::string_view, absl::string_view> kFlags[] = {
      {"modules", "--models"}, {"path", "--models-path"}, {"python", "--python"}};
  for (const auto& [name, flag] : kFlags) {
    if (name == key) return absl::StrCat("`", key, "` of the models source (", flag, ")");
  }
  return absl::StrCat("`", key, "`", ConfigPlace());
}

std::vector<ModelsError> ModuleErrors(const ModelsSectionFacts& facts, const ModelsReading& reading,
                                      const Redactor& redactor) {
  std::vector<ModelsError> errors;
  for (const Casualty& casualty : reading.casualties) {
    errors.push_back(CasualtyError(casualty, redactor));
  }
  // Same stage, same words, same place: one thing that went wrong.
  using Cause = std::tuple<std::string, std::string, std::string, std::string>;
  std::map<Cause, std::vector<const ProbeError*>> causes;
  for (const ProbeError& error : reading.errors) {
    const std::string raised_by = error.raised_by.empty() ? error.module : error.raised_by;
    causes[{error.stage, error.id.empty() ? raised_by : error.id, WhyOf(error, redactor),
            RemedyOf(error, facts)}]
        .push_back(&error);
  }
  for (const auto& [cause, group] : causes) {
    const auto& [stage, first, why, remedy] = cause;
    errors.push_back({DoingOf(stage, first, group.size() - 1), why, remedy});
  }
  return errors;
}

ModelsError RunError(const ModelsSectionFacts& facts, const absl::Status& trouble,
                     const Redactor& redactor) {
  ModelsError error;
  error.doing = absl::StrCat("asking ", facts.interpreter.empty() ? "Python" : facts.interpreter);
  error.why = Redacted(redactor, std::string(trouble.message()));
  switch (trouble.code()) {
    case absl::StatusCode::kNotFound:
      error.remedy = absl::StrCat("set ", ConfigKey("python"), " to the application's interpreter");
      break;
    case absl::StatusCode::kDeadlineExceeded:
      error.remedy = absl::StrCat("raise ", ConfigKey("timeout"));
      break;
    case absl::StatusCode::kOutOfRange:
      error.remedy = "name fewer modules (--models), and the others in another models source";
      break;
    case absl::StatusCode::kPermissionDenied:
      error.remedy = absl::StrCat("set `allow_network: true`", ConfigPlace(),
                                  " where the container itself refuses it, or the imports may");
      break;
    case absl::StatusCode::kAborted:
      error.remedy = "let those modules not end the process when they are imported";
      break;
    case absl::StatusCode::kFailedPrecondition:
      error.remedy =
          absl::StrContains(trouble.message(), "seccomp")
              ? absl::StrCat("allow seccomp filters where the agent runs, or set ", StaticTrue())
              : absl::StrCat("set ", ConfigKey("python"), " to a newer interpreter");
      break;
    default:
      break;
  }
  return error;
}

ModelsError DocumentError(const UnreadDocument& document, const Redactor& redactor) {
  const bool is_openapi = document.kind == "openapi";
  return {is_openapi ? "reading the OpenAPI document"
                     : absl::StrCat("reading JSON Schema ", document.module),
          Redacted(redactor, document.why),
          absl::StrCat("mend ", ConfigKey(is_openapi ? "openapi" : "json_schema"))};
}

ModelsError MissingRoot(const std::string& root) {
  return {absl::StrCat("looking for module ", root),
          "it is in none of the folders of `path`, nor in the interpreter's own",
          absl::StrCat("mend its name in ", ConfigKey("modules"),
                       ", or add the folder that holds it to `path` (--models-path)")};
}

}  // namespace varve
