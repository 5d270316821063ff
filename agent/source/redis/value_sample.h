// An excerpt of a value, from the reply that holds its beginning.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "agent/redaction/redaction.h"
#include "agent/redaction/sample.h"
#include "agent/source/redis/resp.h"

namespace varve::redis {

// So many bytes of a string are asked for, the last of which only tells that it goes on.
inline constexpr int kSampledStringBytes = 257;
// So many elements, likewise.
inline constexpr int kSampledElements = 4;

struct ValueSample {
  std::string text;  // UTF-8, masked as the mode says; empty where there is nothing to show
  bool masked = false;
};

// How a type's replies read.
enum class SampleForm {
  kText,     // GETRANGE: one text
  kFields,   // HSCAN: a cursor, and fields with their values
  kMembers,  // SSCAN: a cursor, and members
  kList,     // LRANGE, ZRANGE: elements
  kEntries,  // XRANGE: entries, each an id and its fields
};

// The excerpt of the value of key `name`: a string's text; {"field": "value", …} of a hash and of a
// stream's first entry; ["element", …] of all else. "..." stands where the value goes on. Empty for
// a reply that has another form. A pure function.
ValueSample SampleOfValue(const Redactor& redactor, absl::string_view name, SampleForm form,
                          const Reply& reply, SampleMode mode);

}  // namespace varve::redis
