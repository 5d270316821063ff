// The models source: Pydantic models of an application, asked from its own Python interpreter.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "agent/redaction/redaction.h"
#include "agent/source/source.h"

namespace varve {

// What to read, and what the application's code may take while it is imported.
struct ModelsConfig {
  std::string name = "models";
  // The interpreter. Empty: $VIRTUAL_ENV's, then .venv or venv below the first of `path`, then
  // python3 on PATH.
  std::string python;
  // Folders that modules are looked for in, before the interpreter's own. Empty: the current
  // folder.
  std::vector<std::string> path;
  // Modules and packages; of a package all that is below it, but tests, migrations and the like.
  std::vector<std::string> modules;
  absl::Duration timeout = absl::Seconds(60);        // of all runs of the interpreter together
  absl::Duration stall_timeout = absl::Seconds(20);  // between two signs of life
  int64_t memory_limit_bytes = int64_t{2} << 30;  // address space of the interpreter; 0: no limit
  // Imports may use the network. Without it sockets other than AF_UNIX, connect and bind answer
  // EACCES.
  bool allow_network = false;
  // Variables for the interpreter beside PATH and a few more: dummy values that settings ask for.
  // Never secrets.
  std::vector<std::pair<std::string, std::string>> environment;
  // A program and its arguments that run the interpreter elsewhere (in a container): the script on
  // its standard input, answers from its standard output. Then `python` is not used, `path` is as
  // seen there, and the script fences itself in.
  std::vector<std::string> command;
  // How old a read may be that is given again while nothing that it leaned on has changed; zero:
  // never.
  absl::Duration full_read_every = absl::Hours(24);
  std::vector<std::string> json_schemas;  // files; below the first of `path` unless absolute
  std::string openapi;                    // a file likewise, or an address of http or https
  // Read the source alone; nothing of the application is run.
  bool static_only = false;
};

// A source for `config`. Gather runs the interpreter in a process of its own and waits for it; a
// module that raises, exits, hangs, forks or prints costs only itself and is read from its source
// instead.
//
// The redactor is shared by all sources of an agent; it never changes.
std::unique_ptr<Source> MakeModelsSource(ModelsConfig config,
                                         std::shared_ptr<const Redactor> redactor);

}  // namespace varve
