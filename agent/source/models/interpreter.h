// Which Python to ask.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace varve {

// The value of an environment variable; none where it is not set or empty.
using Variables = std::function<std::optional<std::string>(absl::string_view name)>;

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
