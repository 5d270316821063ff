// What a Redis server is, in the analysis.
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/analysis_sources.h"
#include "cli/render/markdown.h"
#include "cli/render/words.h"

namespace varve {
namespace {

// What of a long text stands in a table's cell; the JSON has it whole.
constexpr size_t kCell = 120;

// Those of some hundred that say how a server behaves; the JSON has all.
constexpr absl::string_view kTelling[] = {
    "maxmemory",   "maxmemory-policy",       "save",           "appendonly",
    "appendfsync", "notify-keyspace-events", "databases",      "maxclients",
    "timeout",     "min-replicas-to-write",  "cluster-enabled"};

std::string State(const SectionView& section) {
  std::string text;
  for (const EntityView& entity : section.OfKind("redis_server")) {
    if (!entity.Saw(v1::FACET_STATE)) continue;
    const v1::RedisServerState& state = entity.Shape(v1::FACET_STATE).redis_server_state();
    absl::StrAppend(&text, Fact("Role", MarkdownText(state.role())));
    if (!state.primary().empty()) {
      absl::StrAppend(&text, Fact("Primary", MarkdownText(state.primary())));
    }
    if (state.replicas_size() > 0) {
      const std::string replicas = absl::StrJoin(
          state.replicas(), ", ", [](std::string* out, const v1::RedisReplica& replica) {
            absl::StrAppend(out, replica.address(), " (", replica.state(), ")");
          });
      absl::StrAppend(&text, Fact("Replicas", MarkdownExcerpt(replicas, kCell)));
    }
  }
  return text;
}

// "**Modules:** search, timeseries" of a kind's names; nothing where there is none.
std::string Names(const SectionView& section, absl::string_view kind, absl::string_view heading) {
  std::vector<std::string> names;
  for (const EntityView& entity : section.OfKind(kind)) {
    if (entity.IsThere()) names.push_back(ObjectName(entity.key()));
  }
  if (names.empty()) return "";
  return Fact(heading, MarkdownExcerpt(absl::StrJoin(names, ", "), kCell));
}

std::string Settings(const SectionView& section) {
  MarkdownTable table({"Setting", "Value"});
  for (const absl::string_view name : kTelling) {
    const EntityView* const entity = section.Find({"redis_setting", {std::string(name)}});
    if (entity == nullptr || !entity->Saw(v1::FACET_OPTIONS)) continue;
    const std::string& value = entity->Shape(v1::FACET_OPTIONS).redis_setting().value();
    table.Add({MarkdownText(name), MarkdownExcerpt(value, kCell)});
  }
  return table.Text();
}

std::string Users(const SectionView& section) {
  MarkdownTable table({"User", "Enabled", "Passwords", "Commands", "Keys"});
  for (const EntityView& entity : section.OfKind("redis_user")) {
    if (!entity.IsThere()) continue;
    const v1::RedisUserAccess& user = entity.Shape(v1::FACET_ACCESS).redis_user();
    table.Add({MarkdownText(ObjectName(entity.key())), user.enabled() ? "yes" : "no",
               user.no_password() ? "any" : absl::StrCat(user.passwords()),
               MarkdownExcerpt(absl::StrJoin(user.commands(), " "), kCell),
               MarkdownExcerpt(absl::StrJoin(user.keys(), " "), kCell)});
  }
  return table.Text();
}

}  // namespace

std::string RedisServerAnalysis(const SectionView& section) {
  const std::string facts = absl::StrCat(State(section), Names(section, "redis_module", "Modules"),
                                         Names(section, "redis_library", "Function Libraries"));
  const std::string settings = Settings(section);
  const std::string users = Users(section);
  return absl::StrCat(facts.empty() && settings.empty() ? "" : "### Server\n", facts,
                      settings.empty() && !facts.empty() ? "\n" : settings,
                      users.empty() ? "" : "### Server Users\n", users);
}

}  // namespace varve
