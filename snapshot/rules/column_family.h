// Types of columns in families: what rules of models tell apart.
#pragma once

#include <cstdint>
#include <optional>

#include "snapshot/section_view.h"
#include "varve/v1/postgres.pb.h"

namespace varve {

// Bits of a set.
enum ColumnFamily : uint32_t {
  kFamilyUnknown = 0,  // there is no row for it
  kUuid = 1u << 0,
  kText = 1u << 1,  // text, varchar, citext
  kChar = 1u << 2,  // char(n), name
  kInt2 = 1u << 3,
  kInt4 = 1u << 4,
  kInt8 = 1u << 5,
  kNumeric = 1u << 6,   // whole numbers fit: numeric, numeric(p,0)
  kFraction = 1u << 7,  // numeric with a scale above 0
  kFloat4 = 1u << 8,
  kFloat8 = 1u << 9,
  kBool = 1u << 10,
  kDate = 1u << 11,
  kTime = 1u << 12,
  kTimeTz = 1u << 13,
  kTimestamp = 1u << 14,
  kTimestampTz = 1u << 15,
  kInterval = 1u << 16,
  kBytea = 1u << 17,
  kJson = 1u << 18,
  kNet = 1u << 19,
  kMac = 1u << 20,
  kEnum = 1u << 21,
  kMoney = 1u << 22,
  kXml = 1u << 23,
  kArray = 1u << 24,
  kHstore = 1u << 25,
  kSearch = 1u << 26,  // ltree, tsvector
  kRange = 1u << 27,
  kComposite = 1u << 28,
  kVector = 1u << 29,  // of pgvector
  kIntVector = 1u << 30,
};

// The family of a type that is no domain.
ColumnFamily FamilyOf(const v1::DataType& type);

// The type itself, or that on which a domain rests.
v1::DataType WithoutDomain(const SectionView& database, const v1::DataType& type);

// Whether the column takes no NULL: by itself, as an identity, or by its domain.
bool IsNotNull(const SectionView& database, const v1::Column& column);

// The digits of numeric(p,s).
struct NumericSize {
  int64_t precision = 0;
  int64_t scale = 0;
};
// Nothing of a numeric without a modifier, and of any other type.
std::optional<NumericSize> NumericSizeOf(const v1::DataType& type);

// The most characters of varchar(n) and char(n); nothing of any other type, nor of an array.
std::optional<int64_t> LengthOf(const v1::DataType& type);

}  // namespace varve
