#include "snapshot/rules/model_setting.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/glob.h"

namespace varve {

const v1::ModelSetting* SettingOf(const v1::CheckConfig& file, const EntityView& model) {
  const std::string name = DisplayName(model.key());
  const auto found = absl::c_find_if(file.models(), [&name](const v1::ModelSetting& each) {
    return GlobMatches(each.name(), name);
  });
  return found == file.models().end() ? nullptr : &*found;
}

bool StandsForNone(const v1::ModelSetting* setting) {
  return setting != nullptr &&
         (setting->table() == "none" || setting->role() == v1::MODEL_USE_NONE);
}

std::optional<ModelRole> RoleOf(const v1::ModelSetting* setting) {
  switch (setting == nullptr ? v1::MODEL_USE_UNSPECIFIED : setting->role()) {
    case v1::MODEL_USE_TABLE:
      return ModelRole::kTable;
    case v1::MODEL_USE_CREATE:
      return ModelRole::kCreate;
    case v1::MODEL_USE_UPDATE:
      return ModelRole::kUpdate;
    case v1::MODEL_USE_READ:
      return ModelRole::kRead;
    default:
      return std::nullopt;
  }
}

absl::string_view ColumnOf(const v1::ModelSetting* setting, absl::string_view field) {
  if (setting == nullptr) return "";
  for (const v1::CheckSetting& each : setting->fields()) {
    if (each.name() == field) return each.value();
  }
  return "";
}

bool Ignores(const v1::ModelSetting* setting, absl::string_view name) {
  return setting != nullptr && absl::c_linear_search(setting->ignore(), name);
}

bool MayBeIn(const v1::ModelSetting* setting, absl::string_view section) {
  if (setting == nullptr || setting->database().empty()) return true;
  return section == setting->database() ||
         absl::EndsWith(section, absl::StrCat("/", setting->database()));
}

}  // namespace varve
