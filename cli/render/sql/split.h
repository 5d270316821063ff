// A script as a folder of files, one for each object, fit for review as a diff.
#pragma once

#include <vector>

#include "cli/render/sql/sql.h"
#include "cli/render/write_file.h"

namespace varve::sql {

// `index.sql`, which is run and includes the others in order, and SCHEMA/KIND/NAME.sql, or
// KIND/NAME.sql of what is in no schema. What closes a cycle of an object is in NAME.rest.sql
// beside it. Names are stable: those of one object never depend on others. Characters that a file's
// name cannot have everywhere are written %XX; a name that would be too long ends with its hash.
std::vector<FileToWrite> SplitFiles(const SqlScript& script);

}  // namespace varve::sql
