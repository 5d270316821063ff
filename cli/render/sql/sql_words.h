// Names, types and literals as SQL has them, for a session with an empty search path.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "varve/v1/identity.pb.h"
#include "varve/v1/postgres.pb.h"

namespace varve::sql {

// An identifier, in double quotes where it needs them: as quote_ident() writes it.
std::string Name(absl::string_view name);
// "a, b".
std::string Names(const google::protobuf::RepeatedPtrField<std::string>& names);
// "public.orders".
std::string Qualified(absl::string_view schema, absl::string_view name);
// Of the first two names; of what is in no schema, its one name.
std::string Qualified(const v1::Identity& identity);

// "numeric(12,2)[]", "public.status".
std::string Type(const v1::DataType& type);

// 'it''s'; E'…' where it has a backslash, which then means itself whatever the session says.
std::string Literal(absl::string_view text);

// Between dollar signs, with the shortest tag that is not in it.
std::string DollarQuoted(absl::string_view text);

// The place after the quoted part of `text` that begins at `at` with a ' or a "; a doubled quote
// does not end it. The end of `text` where nothing does.
size_t AfterQuoted(absl::string_view text, size_t at);

// The expressions of a list as the server prints it: "'a, b'::text,f(1, 2)" are two. Views into
// `list`.
std::vector<absl::string_view> ListItems(absl::string_view list);

}  // namespace varve::sql
