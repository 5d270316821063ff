// Which indexes serve a foreign key.
#pragma once

#include "varve/v1/postgres.pb.h"

namespace varve {

// Whether rows are found in the index by all columns of the key: it begins with them.
bool LeadsToKey(const v1::Index& index, const v1::Constraint& key);

}  // namespace varve
