// Puts what was read of a server itself into a section: its structure, state and figures, settings,
// users, modules, libraries.
#pragma once

#include "agent/redaction/redaction.h"
#include "agent/source/redis/redis_section.h"
#include "snapshot/section_builder.h"

namespace varve::redis {

inline constexpr absl::string_view kSettingKind = "redis_setting";
inline constexpr absl::string_view kUserKind = "redis_user";
inline constexpr absl::string_view kModuleKind = "redis_module";
inline constexpr absl::string_view kLibraryKind = "redis_library";

// With the coverage of those kinds, but for the server's structure (see section_troubles.h), and
// one warning for each reason why something is missing.
void WriteServer(const RedisReading& reading, const Redactor& redactor, SectionBuilder& builder);

}  // namespace varve::redis
