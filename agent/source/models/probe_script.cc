#include "agent/source/models/probe_script.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "agent/source/models/json_text.h"

namespace varve {
namespace {

// Refuses interpreters that could not even read the rest, in words that all of them know. Then
// makes the probe's files modules of a package that is nowhere on disk.
constexpr absl::string_view kBegin = R"py(import json, os, sys, types
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

// A JSON string is a Python string, too.
std::string Literal(absl::string_view text) { return JsonText(Json(std::string(text))); }

}  // namespace

std::string ProbeScript(const ProbeRequest& request) {
  Json json = {{"mode", request.is_static ? "static" : "run"},
               {"descriptor", request.descriptor},
               {"path", request.path},
               {"modules", request.modules},
               {"skip", request.skip},
               {"skip_models", request.skip_models},
               {"generation", request.generation}};
  if (request.has_only) json["only"] = request.only;
  std::string script = absl::StrFormat(kBegin, request.descriptor);
  for (const ProbeFile& file : ProbeFiles()) {
    absl::StrAppend(&script, "_load(\"", file.name, "\", ", Literal(file.text), ")\n");
  }
  absl::StrAppend(&script, "sys.modules[\"_varve_probe.run\"].main(json.loads(",
                  Literal(JsonText(json)), "))\n");
  return script;
}

}  // namespace varve
