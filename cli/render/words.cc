#include "cli/render/words.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace varve {
namespace {

constexpr absl::string_view kUnknown = "unknown";  // a newer agent's value

std::string Part(const std::string& name) {
  if (name.find_first_of(".\"") == std::string::npos) return name;
  return absl::StrCat("\"", absl::StrReplaceAll(name, {{"\"", "\"\""}}), "\"");
}

}  // namespace

std::string ObjectName(const EntityKey& key) { return NameInForm(key, Part); }

std::string ObjectName(const v1::Identity& identity) { return ObjectName(KeyOf(identity)); }

absl::string_view Word(v1::ConstraintType type) {
  switch (type) {
    case v1::CONSTRAINT_TYPE_UNSPECIFIED:
      return "";
    case v1::CONSTRAINT_TYPE_PRIMARY_KEY:
      return "primary key";
    case v1::CONSTRAINT_TYPE_UNIQUE:
      return "unique";
    case v1::CONSTRAINT_TYPE_FOREIGN_KEY:
      return "foreign key";
    case v1::CONSTRAINT_TYPE_CHECK:
      return "check";
    case v1::CONSTRAINT_TYPE_EXCLUSION:
      return "exclusion";
    case v1::CONSTRAINT_TYPE_NOT_NULL:
      return "not null";
    case v1::CONSTRAINT_TYPE_TRIGGER:
      return "trigger";
    default:
      return kUnknown;
  }
}

absl::string_view Word(v1::ReferentialAction action) {
  switch (action) {
    case v1::REFERENTIAL_ACTION_UNSPECIFIED:
      return "";
    case v1::REFERENTIAL_ACTION_NO_ACTION:
      return "no action";
    case v1::REFERENTIAL_ACTION_RESTRICT:
      return "restrict";
    case v1::REFERENTIAL_ACTION_CASCADE:
      return "cascade";
    case v1::REFERENTIAL_ACTION_SET_NULL:
      return "set null";
    case v1::REFERENTIAL_ACTION_SET_DEFAULT:
      return "set default";
    default:
      return kUnknown;
  }
}

absl::string_view Word(v1::TableKind kind) {
  switch (kind) {
    case v1::TABLE_KIND_UNSPECIFIED:
      return "";
    case v1::TABLE_KIND_PLAIN:
      return "table";
    case v1::TABLE_KIND_PARTITIONED:
      return "partitioned table";
    case v1::TABLE_KIND_FOREIGN:
      return "foreign table";
    default:
      return kUnknown;
  }
}

absl::string_view Word(v1::Persistence persistence) {
  switch (persistence) {
    case v1::PERSISTENCE_UNSPECIFIED:
      return "";
    case v1::PERSISTENCE_PERMANENT:
      return "permanent";
    case v1::PERSISTENCE_UNLOGGED:
      return "unlogged";
    case v1::PERSISTENCE_TEMPORARY:
      return "temporary";
    default:
      return kUnknown;
  }
}

absl::string_view Word(v1::ColumnIdentity identity) {
  switch (identity) {
    case v1::COLUMN_IDENTITY_UNSPECIFIED:
      return "";
    case v1::COLUMN_IDENTITY_ALWAYS:
      return "always";
    case v1::COLUMN_IDENTITY_BY_DEFAULT:
      return "by default";
    default:
      return kUnknown;
  }
}

absl::string_view Word(v1::ColumnGenerated generated) {
  switch (generated) {
    case v1::COLUMN_GENERATED_UNSPECIFIED:
      return "";
    case v1::COLUMN_GENERATED_STORED:
      return "stored";
    case v1::COLUMN_GENERATED_VIRTUAL:
      return "virtual";
    default:
      return kUnknown;
  }
}

absl::string_view Word(v1::DependencyType type) {
  switch (type) {
    case v1::DEPENDENCY_TYPE_UNSPECIFIED:
      return "";
    case v1::DEPENDENCY_TYPE_NORMAL:
      return "normal";
    case v1::DEPENDENCY_TYPE_AUTO:
      return "auto";
    case v1::DEPENDENCY_TYPE_INTERNAL:
      return "internal";
    case v1::DEPENDENCY_TYPE_PARTITION:
      return "partition";
    case v1::DEPENDENCY_TYPE_AUTO_EXTENSION:
      return "auto extension";
    default:
      return kUnknown;
  }
}

absl::string_view Word(v1::TtlClass ttl) {
  switch (ttl) {
    case v1::TTL_CLASS_UNSPECIFIED:
      return "";
    case v1::TTL_CLASS_NEVER:
      return "never";
    case v1::TTL_CLASS_ALWAYS:
      return "always";
    case v1::TTL_CLASS_MIXED:
      return "mixed";
    default:
      return kUnknown;
  }
}

}  // namespace varve
