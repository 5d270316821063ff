// Words for the values of our enums, and names of objects, as files and people have them.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "snapshot/line.h"
#include "varve/v1/models.pb.h"
#include "varve/v1/postgres.pb.h"
#include "varve/v1/redis.pb.h"
#include "varve/v1/shape.pb.h"

namespace varve {

// "public.orders", "public.archive(date)": unique in its section and kind. A name that holds a dot
// or a quote is quoted.
std::string ObjectName(const EntityKey& key);
std::string ObjectName(const v1::Identity& identity);

// Values that this build does not know read "unknown"; unspecified ones are empty.
absl::string_view Word(v1::ConstraintType type);
absl::string_view Word(v1::ReferentialAction action);
absl::string_view Word(v1::TableKind kind);
absl::string_view Word(v1::Persistence persistence);
absl::string_view Word(v1::ColumnIdentity identity);
absl::string_view Word(v1::ColumnGenerated generated);
absl::string_view Word(v1::DependencyType type);
absl::string_view Word(v1::TtlClass ttl);

}  // namespace varve
