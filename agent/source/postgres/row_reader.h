// Reads the fields of a catalog row in the order in which its query names them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "agent/source/postgres/arena.h"
#include "agent/source/postgres/array_text.h"
#include "agent/source/postgres/copy_text.h"
#include "agent/source/postgres/text_form.h"

namespace varve::postgres {

// A privileges column: NULL (the default privileges) and empty differ. `items` is the array's text,
// not yet UTF-8.
struct AclText {
  bool present = false;
  absl::string_view items;
};

// Not thread-safe. Each Take… consumes one field; NULL reads as 0, false or "". A field that is
// missing or does not parse reads the same and is remembered: `malformed`. Views live as long as
// the arena.
class RowReader {
 public:
  RowReader(Arena& arena, TextForm form) : arena_(arena), form_(form) {}

  void Begin(absl::Span<const CopyField> row) {
    row_ = row;
    next_ = 0;
  }
  bool malformed() const { return malformed_; }

  bool NextIsNull() const { return next_ >= row_.size() || row_[next_].is_null; }
  void Skip() { ++next_; }
  Oid TakeOid() { return static_cast<Oid>(TakeInt()); }
  int64_t TakeInt();
  int16_t TakeSmall() { return static_cast<int16_t>(TakeInt()); }
  bool TakeBool() { return Take() == "t"; }
  char TakeChar();
  // As UTF-8, in the form that the reader was made with.
  absl::string_view TakeText();
  // Bytes as they came, for arrays and the like: their items become UTF-8 when they are taken
  // apart.
  absl::string_view TakeRaw() { return arena_.Keep(Take()); }
  AclText TakeAcl();
  // What they then become.
  TextForm form() const { return form_; }
  // An array or vector of numbers.
  std::vector<int16_t> TakeNumbers();
  std::vector<Oid> TakeOids();

 private:
  absl::string_view Take();

  Arena& arena_;
  const TextForm form_;
  absl::Span<const CopyField> row_;
  size_t next_ = 0;
  bool malformed_ = false;
};

}  // namespace varve::postgres
