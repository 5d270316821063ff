#include "agent/source/models/probe_script.h"

#include <sys/utsname.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "agent/source/models/json_text.h"

namespace varve {
namespace {

// Refuses interpreters that could not even read the rest, in words that all of them know. Then
// makes the probe's files modules of a package that is nowhere on disk.
// The folder of the application, which Python puts first for a script on standard input, is not to
// bring a json.py of its own before the library's.
constexpr absl::string_view kBegin = R"py(import sys
if sys.path and sys.path[0] == "":
    del sys.path[0]
import json, os, types
if sys.version_info < (3, 7):
    os.write(%d, ('{"k":"hello","python":"%%d.%%d.%%d"}\n' %% sys.version_info[:3]).encode("ascii"))
    sys.exit(3)
_package = types.ModuleType("_varve_probe")
_package.__path__ = []
sys.modules["_varve_probe"] = _package


def _load(name, text):
    module = types.ModuleType("_varve_probe." + name)
    module.__package__ = "_varve_probe"
    sys.modules[module.__name__] = module
    exec(compile(text, "<probe/" + name + ".py>", "exec"), vars(module))
    setattr(_package, name, module)


)py";

const char* ModeName(ProbeRequest::Mode mode) {
  switch (mode) {
    case ProbeRequest::Mode::kRun:
      return "run";
    case ProbeRequest::Mode::kStatic:
      return "static";
    case ProbeRequest::Mode::kDocuments:
      return "documents";
    case ProbeRequest::Mode::kWatch:
      return "watch";
  }
  return "";
}

Json FenceJson(const ProbeFence& fence) {
  utsname machine = {};
  uname(&machine);
  Json json = {{"memory", fence.memory_limit_bytes},
               {"cpu", fence.cpu_seconds},
               {"seconds", fence.seconds},
               {"machine", machine.machine},
               {"filter", absl::BytesToHexString(fence.filter)},
               {"environment", Json::object()}};
  for (const auto& [name, value] : fence.environment) json["environment"][name] = value;
  return json;
}

// A JSON string is a Python string, too.
std::string Literal(absl::string_view text) { return JsonText(Json(std::string(text))); }

}  // namespace

std::string ProbeScript(const ProbeRequest& request) {
  Json json = {{"mode", ModeName(request.mode)},
               {"also", request.also},
               {"leans", request.leans},
               {"descriptor", request.descriptor},
               {"path", request.path},
               {"modules", request.modules},
               {"skip", request.skip},
               {"skip_models", request.skip_models},
               {"generation", request.generation},
               {"is_applications", request.is_applications}};
  if (request.has_only) json["only"] = request.only;
  for (const ModelsDocument& document : request.documents) {
    json["documents"].push_back(
        {{"kind", document.kind}, {"place", document.place}, {"module", document.module}});
  }
  if (request.mode == ProbeRequest::Mode::kWatch) {
    const absl::StatusOr<Json> leaned_on = ParseJson(request.leaned_on);
    json["leaned_on"] = leaned_on.ok() ? *leaned_on : Json::object();
  }
  if (request.fence.has_value()) json["fence"] = FenceJson(*request.fence);
  std::string script = absl::StrFormat(kBegin, request.descriptor);
  for (const ProbeFile& file : ProbeFiles()) {
    absl::StrAppend(&script, "_load(\"", file.name, "\", ", Literal(file.text), ")\n");
  }
  absl::StrAppend(&script, "sys.modules[\"_varve_probe.run\"].main(json.loads(",
                  Literal(JsonText(json)), "))\n");
  return script;
}

}  // namespace varve
