// Privileges as the catalogs hold them: arrays of aclitem, in text.
// https://www.postgresql.org/docs/current/ddl-priv.html
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/source/postgres/text_form.h"
#include "varve/v1/common_shapes.pb.h"

namespace varve::postgres {

// One item: `"app owner"=arw*/postgres`. A letter that this build does not know is a privilege of
// that letter's name. Names of roles are in `form`. Errors: kInvalidArgument (no '=' or '/').
absl::StatusOr<v1::Grant> ParseAclItem(absl::string_view item, TextForm form);

// All items of an array of them. An item that is not understood is left out and named in `unknown`.
std::vector<v1::Grant> ParseAcl(absl::string_view array, TextForm form,
                                std::vector<std::string>& unknown);

}  // namespace varve::postgres
