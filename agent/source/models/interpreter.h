// Which Python to ask.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/variables.h"

namespace varve {

// Path of the interpreter that reads an application's models. `wanted` is the configured one: a
// path, or a name to be looked for on PATH; empty: that of VIRTUAL_ENV, of .venv or venv below
// `folder`, python3 on PATH. Errors: kNotFound (the message says what was looked for and what to
// set).
absl::StatusOr<std::string> FindInterpreter(absl::string_view wanted, absl::string_view folder,
                                            const Variables& variables);

// Any python3, to read source with: the first on PATH, else /usr/bin/python3. Errors: kNotFound.
absl::StatusOr<std::string> AnyInterpreter(const Variables& variables);

// What the interpreter gets to see: a few variables of ours, what makes runs repeatable, a home and
// a temporary folder of its own (`home`), and `configured` over all of these. "NAME=value", sorted.
std::vector<std::string> InterpreterEnvironment(
    const Variables& variables, absl::string_view home,
    const std::vector<std::pair<std::string, std::string>>& configured);

}  // namespace varve
