// Names inside shapes, put into the one name that both sides of a diff have for an object.
#pragma once

#include "google/protobuf/message.h"
#include "snapshot/line.h"
#include "snapshot/rename_map.h"

namespace varve {

enum class RenameSide { kBefore, kAfter };

// Puts every identity and every name of a column (option `column_of`) or of another object (option
// `object_kind`) in `message`, which `side` wrote of its `entity`, into the common names. A name
// that the other side gives to another object becomes one that no object has.
void PutInCommonNames(google::protobuf::Message& message, const EntityKey& entity,
                      const RenameMap& renames, RenameSide side);

}  // namespace varve
