// Code that was added to the server: modules, and libraries of functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "agent/source/redis/resp.h"

namespace varve::redis {

struct Module {
  std::string name;
  int64_t version = 0;
};

// Of the answer to MODULE LIST; nothing where it has not the form of one. Arguments that a module
// was loaded with may be secrets: they are left out.
std::optional<std::vector<Module>> ModulesFrom(Reply reply);
// Of the lines of INFO modules, "name=vectorset,ver=1,api=1,…".
std::vector<Module> ModulesFrom(absl::Span<const std::string> lines);

struct Function {
  std::string name;
  std::string description;
  std::vector<std::string> flags;
};

struct Library {
  std::string name;
  std::string engine;
  std::vector<Function> functions;
  // SHA-256 of the code in hex; of more than 1 MiB of that much, and of its size.
  std::string code_hash;
};

// Of the answer to FUNCTION LIST WITHCODE; nothing where it has not the form of one.
std::optional<std::vector<Library>> LibrariesFrom(Reply reply);

}  // namespace varve::redis
