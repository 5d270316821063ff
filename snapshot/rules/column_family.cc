#include "snapshot/rules/column_family.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace varve {
namespace {

struct NamedFamily {
  absl::string_view name;
  ColumnFamily family;
};
constexpr NamedFamily kCatalog[] = {
    {"bool", kBool},
    {"bpchar", kChar},
    {"bytea", kBytea},
    {"cidr", kNet},
    {"date", kDate},
    {"float4", kFloat4},
    {"float8", kFloat8},
    {"inet", kNet},
    {"int2", kInt2},
    {"int2vector", kIntVector},
    {"int4", kInt4},
    {"int8", kInt8},
    {"interval", kInterval},
    {"json", kJson},
    {"jsonb", kJson},
    {"macaddr", kMac},
    {"macaddr8", kMac},
    {"money", kMoney},
    {"name", kChar},
    {"text", kText},
    {"time", kTime},
    {"timestamp", kTimestamp},
    {"timestamptz", kTimestampTz},
    {"timetz", kTimeTz},
    {"tsvector", kSearch},
    {"uuid", kUuid},
    {"varchar", kText},
    {"xml", kXml},
    {"int4range", kRange},
    {"int8range", kRange},
    {"numrange", kRange},
    {"tsrange", kRange},
    {"tstzrange", kRange},
    {"daterange", kRange},
};
// Of extensions, in whatever schema they are.
constexpr NamedFamily kExtensions[] = {
    {"citext", kText},
    {"hstore", kHstore},
    {"ltree", kSearch},
    {"vector", kVector},
};
constexpr NamedFamily kKinds[] = {
    {"enum", kEnum},
    {"range_type", kRange},
    {"composite_type", kComposite},
    {"table", kComposite},
};

template <size_t kSize>
ColumnFamily Look(const NamedFamily (&rows)[kSize], absl::string_view name) {
  for (const NamedFamily& row : rows) {
    if (row.name == name) return row.family;
  }
  return kFamilyUnknown;
}

bool IsOfCatalog(const v1::DataType& type, std::initializer_list<absl::string_view> names) {
  if (type.array() || type.type().names_size() != 2) return false;
  if (type.type().names(0) != "pg_catalog") return false;
  for (const absl::string_view name : names) {
    if (type.type().names(1) == name) return true;
  }
  return false;
}

}  // namespace

ColumnFamily FamilyOf(const v1::DataType& type) {
  if (type.array()) return kArray;
  const v1::Identity& identity = type.type();
  if (identity.names_size() < 2) return kFamilyUnknown;
  const ColumnFamily by_kind = Look(kKinds, identity.kind());
  if (by_kind != kFamilyUnknown) return by_kind;
  if (IsOfCatalog(type, {"numeric"})) {
    const std::optional<NumericSize> size = NumericSizeOf(type);
    return size.has_value() && size->scale > 0 ? kFraction : kNumeric;
  }
  return identity.names(0) == "pg_catalog" ? Look(kCatalog, identity.names(1))
                                           : Look(kExtensions, identity.names(1));
}

v1::DataType WithoutDomain(const SectionView& database, const v1::DataType& type) {
  v1::DataType base = type;
  // A domain may rest on another; none rests on itself.
  while (!base.array() && base.type().kind() == "domain") {
    const EntityView* const domain = database.Find(KeyOf(base.type()));
    if (domain == nullptr || !domain->Saw(v1::FACET_STRUCTURE)) break;
    const v1::DataType below = domain->Shape(v1::FACET_STRUCTURE).domain().base();
    base = below;
  }
  return base;
}

bool IsNotNull(const SectionView& database, const v1::Column& column) {
  if (column.not_null() || column.identity() != v1::COLUMN_IDENTITY_UNSPECIFIED) return true;
  v1::DataType type = column.type();
  while (!type.array() && type.type().kind() == "domain") {
    const EntityView* const domain = database.Find(KeyOf(type.type()));
    if (domain == nullptr || !domain->Saw(v1::FACET_STRUCTURE)) return false;
    if (domain->Shape(v1::FACET_STRUCTURE).domain().not_null()) return true;
    const v1::DataType below = domain->Shape(v1::FACET_STRUCTURE).domain().base();
    type = below;
  }
  return false;
}

std::optional<NumericSize> NumericSizeOf(const v1::DataType& type) {
  if (!IsOfCatalog(type, {"numeric"})) return std::nullopt;
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(type.modifier(), absl::MaxSplits(',', 1));
  NumericSize size;
  if (!absl::SimpleAtoi(parts.first, &size.precision)) return std::nullopt;
  if (!parts.second.empty() && !absl::SimpleAtoi(parts.second, &size.scale)) return std::nullopt;
  return size;
}

std::optional<int64_t> LengthOf(const v1::DataType& type) {
  int64_t length = 0;
  if (!IsOfCatalog(type, {"varchar", "bpchar"})) return std::nullopt;
  if (!absl::SimpleAtoi(type.modifier(), &length)) return std::nullopt;
  return length;
}

}  // namespace varve
