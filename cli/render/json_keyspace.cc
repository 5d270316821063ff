// A Redis keyspace as JSON: the tree of its patterns, what their values look like, its biggest
// keys.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/render/json_sources.h"
#include "cli/render/redis_facts.h"

namespace varve {
namespace {

void WriteMeasureValue(JsonWriter& out, const v1::Measure& measure) {
  if (measure.value_case() == v1::Measure::kNumber) {
    out.Number(measure.element(), measure.number());
  } else {
    out.Text(measure.element(), measure.text());
  }
}

// {"element": value} of each measure that has elements, below its name.
void WriteByElement(JsonWriter& out, const v1::EntityMeasures& measures) {
  std::map<std::string, std::vector<const v1::Measure*>> by_name;
  std::vector<std::string> samples;
  for (const v1::Measure& measure : measures.measures()) {
    if (measure.element().empty()) continue;
    if (measure.name() == "sample_key") {
      samples.push_back(measure.text());
    } else {
      by_name[measure.name()].push_back(&measure);
    }
  }
  if (!by_name.empty()) {
    out.BeginObject("distributions");
    for (const auto& [name, values] : by_name) {
      out.BeginObject(name);
      for (const v1::Measure* const value : values) WriteMeasureValue(out, *value);
      out.EndObject();
    }
    out.EndObject();
  }
  if (!samples.empty()) out.Texts("sample_keys", samples);
}

void WriteValueShape(JsonWriter& out, const v1::ValueShape& shape) {
  out.BeginObject();
  out.Text("type", shape.type());
  if (shape.formats_size() > 0) out.Texts("formats", shape.formats());
  if (shape.is_map()) out.Flag("is_map", true);
  if (shape.paths_size() > 0) {
    out.BeginObject("paths");
    for (const v1::ValuePath& path : shape.paths()) out.Texts(path.path(), path.types());
    out.EndObject();
  }
  if (shape.groups_size() > 0) out.Texts("groups", shape.groups());
  out.EndObject();
}

void WriteNode(JsonWriter& out, const PatternNode& node) {
  out.Unsigned("keys", node.keys);
  if (node.memory_bytes > 0) out.Unsigned("memory_bytes", node.memory_bytes);
  if (!node.pattern.empty()) out.Text("pattern", node.pattern);
  if (node.children.empty()) return;
  out.BeginObject("children");
  for (const auto& [segment, child] : node.children) {
    out.BeginObject(segment);
    WriteNode(out, child);
    out.EndObject();
  }
  out.EndObject();
}

}  // namespace

void WritePatternDetails(JsonWriter& out, const EntityView& entity) {
  if (entity.measures() != nullptr) WriteByElement(out, *entity.measures());
  const v1::KeyPatternStructure& pattern = entity.Shape(v1::FACET_STRUCTURE).key_pattern();
  if (pattern.values_size() == 0) return out.Null("values");
  out.BeginArray("values");
  for (const v1::ValueShape& shape : pattern.values()) WriteValueShape(out, shape);
  out.EndArray();
}

void WriteKeyTree(JsonWriter& out, const SectionView& section) {
  out.BeginObject("tree");
  for (const auto& [database, root] : TreeOfPatterns(section)) {
    out.BeginObject(database);
    WriteNode(out, root);
    out.EndObject();
  }
  out.EndObject();
}

}  // namespace varve
