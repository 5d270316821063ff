// What the rules file says of single models.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "snapshot/rules/model_role.h"
#include "snapshot/section_view.h"
#include "varve/v1/check_config.pb.h"

namespace varve {

// The first line that names the model; null where none does. Borrowed of `file`.
const v1::ModelSetting* SettingOf(const v1::CheckConfig& file, const EntityView& model);

// Of a line, which may be null: whether its models stand for no table.
bool StandsForNone(const v1::ModelSetting* setting);
// What they are for; nothing where it does not say.
std::optional<ModelRole> RoleOf(const v1::ModelSetting* setting);
// The column of a field; empty where it does not say.
absl::string_view ColumnOf(const v1::ModelSetting* setting, absl::string_view field);
// Whether no rule should look at the field or column of that name.
bool Ignores(const v1::ModelSetting* setting, absl::string_view name);
// Whether the tables of its models may be in that database, by the name of its section.
bool MayBeIn(const v1::ModelSetting* setting, absl::string_view section);

}  // namespace varve
