// PostgreSQL types as people write them.
#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "varve/v1/postgres.pb.h"

namespace varve {

// The type as format_type() prints it with an empty search path: "character varying(50)",
// "numeric(12,2)[]", "timestamp(3) with time zone", "public.document_status"; quoted where an
// identifier needs it. "?" where the type is not known.
std::string TypeText(const v1::DataType& type);

// The same with names as `quote` writes them, for who knows more words that need quotes.
std::string TypeText(const v1::DataType& type,
                     absl::FunctionRef<std::string(absl::string_view)> quote);

// The same without its modifier: "character varying", "numeric[]".
std::string TypeName(const v1::DataType& type);

// An identifier, quoted where it needs to be: lower-case letters, digits and underscores alone are
// as they are. Reserved words are not known here; quote_ident() quotes those too.
std::string QuotedIdentifier(absl::string_view name);

}  // namespace varve
