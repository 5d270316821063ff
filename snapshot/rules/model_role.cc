#include "snapshot/rules/model_role.h"

#include <optional>

#include "snapshot/rules/table_names.h"

namespace varve {
namespace {

// Of several words in one name the first of this table decides: what comes back is read, whatever
// was asked for; what is "CreateUpdate" cannot be held to what only creating needs.
struct WordRole {
  absl::string_view word;
  ModelRole role;
};
constexpr WordRole kWordRoles[] = {
    {"Response", ModelRole::kRead},  {"Out", ModelRole::kRead},
    {"Output", ModelRole::kRead},    {"Read", ModelRole::kRead},
    {"Public", ModelRole::kRead},    {"CreateUpdate", ModelRole::kUpdate},
    {"Update", ModelRole::kUpdate},  {"Upsert", ModelRole::kUpdate},
    {"Patch", ModelRole::kUpdate},   {"Delete", ModelRole::kUpdate},
    {"Create", ModelRole::kCreate},  {"New", ModelRole::kCreate},
    {"In", ModelRole::kCreate},      {"Input", ModelRole::kCreate},
    {"Request", ModelRole::kCreate}, {"Form", ModelRole::kCreate},
    {"Payload", ModelRole::kCreate}, {"Minimal", ModelRole::kRead},
    {"Summary", ModelRole::kRead},   {"Detail", ModelRole::kRead},
    {"Details", ModelRole::kRead},   {"Get", ModelRole::kRead},
    {"InDB", ModelRole::kRead},      {"InDBBase", ModelRole::kBase},
    {"Base", ModelRole::kBase},
};

std::optional<ModelRole> RoleByName(absl::string_view class_name) {
  const std::vector<absl::string_view> words = PurposeWords(class_name);
  for (const WordRole& row : kWordRoles) {
    for (const absl::string_view word : words) {
      if (word == row.word) return row.role;
    }
  }
  return std::nullopt;
}

}  // namespace

ModelRole RoleOf(absl::string_view class_name, bool names_table, bool reads_rows) {
  if (names_table) return ModelRole::kTable;
  const std::optional<ModelRole> by_name = RoleByName(class_name);
  if (by_name.has_value()) return *by_name;
  return reads_rows ? ModelRole::kRead : ModelRole::kRows;
}

}  // namespace varve
