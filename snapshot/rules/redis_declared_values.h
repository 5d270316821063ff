// What the rules file declares of the values of Redis: their places, what may stand there, and the
// format of a string.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "varve/v1/check_config.pb.h"
#include "varve/v1/redis.pb.h"

namespace varve {

// What is wrong with what is declared of one place ("integer?", "string|null"); empty: nothing.
std::string WrongInDeclaredPlace(const v1::CheckSetting& place);
// The same of a format; empty where it is one, or not declared.
std::string WrongInDeclaredFormat(absl::string_view format);

// Whether anything is declared of values.
bool DeclaresValues(const v1::DeclaredKeys& declared);

// How values are not as declared, one sentence each: "$.user is string, declared is integer". A
// place of which nothing is declared below may hold anything there. Nothing for values of a type
// that is not the declared one.
std::vector<std::string> NotAsDeclared(const v1::DeclaredKeys& declared,
                                       const v1::ValueShape& value);

}  // namespace varve
