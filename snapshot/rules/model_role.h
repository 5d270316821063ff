// What a model is for. It decides which rules hold of it: what changes a row need not have all of
// its columns, what is made of a row need not be writable.
#pragma once

#include "absl/strings/string_view.h"

namespace varve {

enum class ModelRole {
  kTable,   // rows themselves: the model says which table they are in
  kCreate,  // a new row, written
  kUpdate,  // a change of a row, or its end: not every field is given
  kRead,    // made of a row
  kBase,    // another model says the same and more, and is judged in its place
  kRows,    // something of rows, and nothing says for which use
};

// `names_table`: the model itself says which table it is stored in. `reads_rows`: it is configured
// to be made of objects (from_attributes). What the name of the class says of its use goes before
// that.
ModelRole RoleOf(absl::string_view class_name, bool names_table, bool reads_rows);

}  // namespace varve
