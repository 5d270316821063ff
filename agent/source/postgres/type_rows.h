// Rows of the catalogs of types, collations and conversions, beyond what every type has. Names of
// members say which column they are.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "agent/source/postgres/array_text.h"

namespace varve::postgres {

struct DomainRow {
  Oid base = 0;
  int32_t modifier = -1;  // typtypmod
  bool not_null = false, has_default = false;
};

struct DomainConstraintRow {
  Oid oid = 0;
  absl::string_view name;
  char type = 0;
  bool validated = true;
};

struct RangeRow {
  Oid subtype = 0, multirange = 0, collation = 0, operator_class = 0;
  Oid canonical = 0, difference = 0;
};

struct BaseTypeRow {
  Oid input = 0, output = 0, receive = 0, send = 0, typmod_in = 0, typmod_out = 0, analyze = 0,
      subscript = 0;
  int16_t length = 0;
  bool by_value = false, preferred = false;
  char alignment = 0, storage = 0;
  absl::string_view category, delimiter, default_value;
};

struct CollationRow {
  Oid owner = 0;
  char provider = 0;
  bool deterministic = true;
  absl::string_view collate, ctype, locale, icu_rules, version, actual_version;
};

struct ConversionRow {
  Oid oid = 0;
  absl::string_view name;
  Oid schema = 0, owner = 0, function = 0;
  absl::string_view source, target;  // names of encodings
  bool is_default = false;
};

}  // namespace varve::postgres
