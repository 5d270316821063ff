// Rules about extensions of PostgreSQL, and about what the operating system brings with it.
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/postgres_walk.h"

namespace varve {
namespace {

// "1.10" → {1, 10}; empty where a part is no number.
std::vector<int> NumbersOf(absl::string_view version) {
  std::vector<int> numbers;
  for (const absl::string_view part : absl::StrSplit(version, '.')) {
    if (!absl::SimpleAtoi(part, &numbers.emplace_back())) return {};
  }
  return numbers;
}

// Versions that are no numbers are older where they are not the same.
bool IsOlder(absl::string_view version, absl::string_view available) {
  const std::vector<int> numbers = NumbersOf(version);
  const std::vector<int> others = NumbersOf(available);
  return numbers.empty() || others.empty() ? version != available : numbers < others;
}

void ExtensionOutdated(const RuleInput& input, RuleOutput& output) {
  ForEachOf(input, "extension", [&output](const EntityView& entity) {
    const std::string& version = entity.Shape(v1::FACET_STRUCTURE).extension().version();
    const absl::string_view available = entity.Text("available_version");
    if (available.empty()) {
      return output.CannotSay(DisplayName(entity.key()), "its available version was not read");
    }
    if (!IsOlder(version, available)) return;
    output.Find(DisplayName(entity.key()),
                absl::StrCat("is of version ", version, ", and the server has ", available),
                absl::StrCat("alter extension ", Sql(entity.key()), " update;"));
  });
}

void ExtensionInPublic(const RuleInput& input, RuleOutput& output) {
  ForEachOf(input, "extension", [&output](const EntityView& entity) {
    if (entity.Shape(v1::FACET_STRUCTURE).extension().schema() != "public") return;
    output.Find(DisplayName(entity.key()), "has its objects in schema public",
                absl::StrCat("alter extension ", Sql(entity.key()), " set schema …;"));
  });
}

// Empty where the versions are the same, or the provider tells none.
std::string MismatchText(absl::string_view made_with, absl::string_view actual) {
  if (made_with.empty() || actual.empty() || made_with == actual) return "";
  return absl::StrCat("was made with version ", made_with, " of its locale, and the server has ",
                      actual);
}

void CollationVersionMismatch(const RuleInput& input, RuleOutput& output) {
  ForEachOf(input, "collation", [&output](const EntityView& entity) {
    const v1::CollationState& state = entity.Shape(v1::FACET_STATE).collation_state();
    std::string text = MismatchText(state.version(), state.actual_version());
    if (text.empty()) return;
    output.Find(DisplayName(entity.key()), std::move(text),
                absl::StrCat("alter collation ", Sql(entity.key()), " refresh version;"));
  });
  ForEachOf(input, "database", [&output](const EntityView& entity) {
    const v1::DatabaseState& state = entity.Shape(v1::FACET_STATE).database_state();
    std::string text = MismatchText(state.collation_version(), state.actual_collation_version());
    if (text.empty()) return;
    output.Find(DisplayName(entity.key()), std::move(text),
                "alter database … refresh collation version;");
  });
}

constexpr Need kExtensions[] = {{"extension", v1::FACET_STRUCTURE}};
constexpr Need kVersions[] = {{"extension", v1::FACET_STRUCTURE},
                              {"extension", v1::FACET_UNSPECIFIED, "available_version"}};
constexpr Need kLocales[] = {{"collation", v1::FACET_STATE}, {"database", v1::FACET_STATE}};

constexpr RuleRun kRuns[] = {
    {{"pg/collation-version-mismatch", Severity::kWarning, "correctness", kLocales,
      "Texts may sort otherwise than when indexes were built: they miss rows, and take duplicates.",
      "Reindex what is sorted by it, then refresh the version."},
     "postgres",
     CollationVersionMismatch},
    {{"pg/extension-in-public", Severity::kInfo, "policy", kExtensions,
      "Its functions stand among those of the application, for everyone.",
      "Move it to a schema of its own, which the search_path names.", kOnlyIfNamed},
     "postgres",
     ExtensionInPublic},
    {{"pg/extension-outdated", Severity::kWarning, "correctness", kVersions,
      "The library is newer than what the database knows of it: what was mended there is not here.",
      "Update the extension."},
     "postgres",
     ExtensionOutdated},
};

}  // namespace

absl::Span<const RuleRun> PostgresExtensionRules() { return kRuns; }

}  // namespace varve
