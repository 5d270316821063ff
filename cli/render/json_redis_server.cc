// What a Redis server is, as JSON: beside its keys.
#include <map>
#include <string>
#include <vector>

#include "cli/render/json_parts.h"
#include "cli/render/json_sources.h"

namespace varve {
namespace {

// Figures by name of what they are of: {"clients_of_user": {"default": 3}}.
void WriteMeasuresByName(JsonWriter& out, const EntityView& entity) {
  if (entity.measures() == nullptr) return;
  std::map<std::string, std::vector<const v1::Measure*>> measures;
  for (const v1::Measure& measure : entity.measures()->measures()) {
    if (!measure.element().empty()) measures[measure.name()].push_back(&measure);
  }
  if (measures.empty()) return;
  out.BeginObject("measures_by_name");
  for (const auto& [name, of_name] : measures) {
    out.BeginObject(name);
    for (const v1::Measure* const measure : of_name) {
      if (measure->value_case() == v1::Measure::kText) {
        out.Text(measure->element(), measure->text());
      } else {
        out.Number(measure->element(), measure->number());
      }
    }
    out.EndObject();
  }
  out.EndObject();
}

void WriteServer(JsonWriter& out, const EntityView& entity) {
  const v1::RedisServerStructure& server = entity.Shape(v1::FACET_STRUCTURE).redis_server();
  const v1::RedisServerState& state = entity.Shape(v1::FACET_STATE).redis_server_state();
  out.TextOrNull("product", server.product());
  out.TextOrNull("version", server.version());
  out.TextOrNull("mode", server.mode());
  out.TextOrNull("role", state.role());
  out.TextOrNull("primary", state.primary());
  out.BeginArray("replicas");
  for (const v1::RedisReplica& replica : state.replicas()) {
    out.BeginObject();
    out.Text("address", replica.address());
    out.TextOrNull("state", replica.state());
    out.EndObject();
  }
  out.EndArray();
  WriteMeasures(out, entity);
  WriteMeasuresByName(out, entity);
}

void WriteSetting(JsonWriter& out, const EntityView& entity) {
  out.Text("value", entity.Shape(v1::FACET_OPTIONS).redis_setting().value());
}

void WriteUser(JsonWriter& out, const EntityView& entity) {
  const v1::RedisUserAccess& user = entity.Shape(v1::FACET_ACCESS).redis_user();
  out.Flag("enabled", user.enabled());
  out.Flag("no_password", user.no_password());
  out.Unsigned("passwords", user.passwords());
  out.Texts("flags", user.flags());
  out.Texts("commands", user.commands());
  out.Texts("keys", user.keys());
  out.Texts("channels", user.channels());
  out.Texts("selectors", user.selectors());
}

void WriteModule(JsonWriter& out, const EntityView& entity) {
  out.Number("version", entity.Shape(v1::FACET_STRUCTURE).redis_module().version());
}

void WriteLibrary(JsonWriter& out, const EntityView& entity) {
  const v1::RedisLibraryStructure& library = entity.Shape(v1::FACET_STRUCTURE).redis_library();
  out.TextOrNull("engine", library.engine());
  out.BeginArray("functions");
  for (const v1::RedisFunction& function : library.functions()) {
    out.BeginObject();
    out.Text("name", function.name());
    out.TextOrNull("description", function.description());
    out.Texts("flags", function.flags());
    out.EndObject();
  }
  out.EndArray();
  out.TextOrNull("code_hash", library.code_hash());
}

}  // namespace

void WriteRedisServer(JsonWriter& out, const SectionView& section) {
  WriteEntities(out, "servers", section.OfKind("redis_server"), WriteServer);
  WriteEntities(out, "settings", section.OfKind("redis_setting"), WriteSetting);
  WriteEntities(out, "users", section.OfKind("redis_user"), WriteUser);
  WriteEntities(out, "modules", section.OfKind("redis_module"), WriteModule);
  WriteEntities(out, "libraries", section.OfKind("redis_library"), WriteLibrary);
}

}  // namespace varve
