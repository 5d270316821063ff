#include "cli/render/dependencies_text.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/render/json_writer.h"
#include "cli/render/numbers.h"
#include "cli/render/text_table.h"
#include "snapshot/kinds.h"
#include "snapshot/typed_name.h"

namespace varve {
namespace {

// So many of what could not be looked at are told one by one to people.
constexpr size_t kMostGaps = 10;

bool IsForward(const DependencyAnswer& answer) { return answer.direction == NeedDirection::kNeeds; }

std::string NameOf(const ShownDependencies& shown, size_t node) {
  return TypedName(shown.graph.nodes()[node].key);
}

// "default of total"; "constraint total_check".
std::string PartText(const ObjectPart& part) {
  return absl::StrCat(part.kind, part.kind == "default" ? " of " : " ", part.name);
}

std::string Subject(const ShownDependencies& shown) {
  const DependencyAnswer& answer = shown.answer;
  return TypedName(shown.graph.nodes()[answer.node].key, PathOf(answer.part));
}

// Parts in words, each kind once: "columns id, total, index total_key".
std::string PartsText(const std::set<ObjectPart>& parts) {
  std::map<std::string, std::vector<std::string>> names;
  for (const ObjectPart& part : parts) {
    if (part.is_whole()) return "";
    names[part.kind].push_back(part.name);
  }
  std::vector<std::string> texts;
  for (const auto& [kind, of_kind] : names) {
    if (of_kind.size() == 1) {
      texts.push_back(PartText({kind, of_kind.front()}));
      continue;
    }
    const std::string plural = kind == "index"    ? "indexes"
                               : kind == "policy" ? "policies"
                                                  : absl::StrCat(kind, "s");
    texts.push_back(
        absl::StrCat(plural, kind == "default" ? " of " : " ", absl::StrJoin(of_kind, ", ")));
  }
  return absl::StrJoin(texts, ", ");
}

// What of the object is needed, or breaks: nothing stands for all of it.
std::string OfIt(const ShownDependencies& shown, const ReachedObject& object) {
  std::set<ObjectPart> parts;
  for (const size_t number : object.needs) {
    const Need& need = shown.graph.needs()[number];
    parts.insert(IsForward(shown.answer) ? need.on_part : need.part);
  }
  return PartsText(parts);
}

std::string OriginText(NeedOrigin origin) {
  switch (origin) {
    case NeedOrigin::kCaptured:
      return "";
    case NeedOrigin::kName:
      return "stands in it";
    case NeedOrigin::kExtension:
      return "member of it";
    case NeedOrigin::kShape:
      return "";
    case NeedOrigin::kText:
      return "by its text";
  }
  return "";
}

// The other ends of the needs that lead to the object, each once: "public.items (constraint
// items_order_fkey)".
std::string Through(const ShownDependencies& shown, const ReachedObject& object) {
  std::map<size_t, std::set<ObjectPart>> ends;
  std::map<size_t, std::set<std::string>> origins;
  for (const size_t number : object.needs) {
    const Need& need = shown.graph.needs()[number];
    const size_t end = IsForward(shown.answer) ? need.from : need.on;
    ends[end].insert(IsForward(shown.answer) ? need.part : need.on_part);
    const std::string origin = OriginText(need.origin);
    if (!origin.empty()) origins[end].insert(origin);
  }
  std::vector<std::string> texts;
  for (const auto& [end, parts] : ends) {
    std::vector<std::string> notes;
    if (std::string text = PartsText(parts); !text.empty()) notes.push_back(std::move(text));
    notes.insert(notes.end(), origins[end].begin(), origins[end].end());
    const std::string beside =
        notes.empty() ? "" : absl::StrCat(" (", absl::StrJoin(notes, ", "), ")");
    texts.push_back(absl::StrCat(NameOf(shown, end), beside));
  }
  return absl::StrJoin(texts, "; ");
}

std::string Headline(const ShownDependencies& shown) {
  const auto count = static_cast<int64_t>(shown.answer.reached.size());
  if (IsForward(shown.answer)) {
    return absl::StrCat(Subject(shown), " needs ",
                        count == 0 ? "no object" : Counted(count, "object"));
  }
  if (count == 0) return absl::StrCat("no object is known to need ", Subject(shown));
  return absl::StrCat("without ", Subject(shown), " ", Counted(count, "object"), " would break");
}

TextTable Rows(const ShownDependencies& shown) {
  const bool forward = IsForward(shown.answer);
  TextTable table({"OBJECT", "STEPS", "OF IT", forward ? "NEEDED BY" : "NEEDS"}, {1});
  for (const ReachedObject& object : shown.answer.reached) {
    const std::string of_it = OfIt(shown, object);
    table.AddRow({NameOf(shown, object.node), absl::StrCat(object.depth),
                  of_it.empty() ? "all" : of_it, Through(shown, object)});
  }
  return table;
}

std::string GapText(const NotLookedAt& gap) {
  const std::string what = gap.names.empty()
                               ? absl::StrCat("kind ", gap.kind)
                               : absl::StrCat(gap.kind, " ", absl::StrJoin(gap.names, "."));
  std::string text = absl::StrCat(what, " ", FacetName(gap.facet), ": ", SightName(gap.why));
  if (!gap.reason.empty()) absl::StrAppend(&text, ": ", gap.reason);
  if (!gap.remedy.empty()) absl::StrAppend(&text, "; ", gap.remedy);
  return text;
}

// What people are told below the list.
std::string Notes(const ShownDependencies& shown) {
  const DependencyAnswer& answer = shown.answer;
  std::string text;
  const auto add = [&text](const std::string& line) {
    absl::StrAppend(&text, OneLine(line), "\n");
  };
  for (const std::vector<size_t>& circle : answer.circles) {
    std::vector<std::string> names;
    for (const size_t node : circle) names.push_back(NameOf(shown, node));
    add(absl::StrCat("need one another: ", absl::StrJoin(names, ", ")));
  }
  for (size_t i = 0; i < answer.not_looked_at.size() && i < kMostGaps; ++i) {
    add(absl::StrCat("cannot say: ", GapText(answer.not_looked_at[i])));
  }
  if (answer.not_looked_at.size() > kMostGaps) {
    add(absl::StrCat("cannot say: ", answer.not_looked_at.size() - kMostGaps,
                     " more; --format json lists all"));
  }
  if (answer.bodies_not_followed > 0) {
    add(absl::StrCat("not followed: what the text of ",
                     Counted(static_cast<int64_t>(answer.bodies_not_followed), "routine"),
                     " names; PostgreSQL keeps no count of it"));
  }
  return text;
}

std::string TypeText(v1::DependencyType type) {
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
      return "auto_extension";
    default:
      return absl::StrCat("type ", static_cast<int>(type));
  }
}

std::string OriginWord(NeedOrigin origin) {
  switch (origin) {
    case NeedOrigin::kCaptured:
      return "captured";
    case NeedOrigin::kName:
      return "name";
    case NeedOrigin::kExtension:
      return "extension";
    case NeedOrigin::kShape:
      return "shape";
    case NeedOrigin::kText:
      return "text";
  }
  return "";
}

void WritePart(JsonWriter& json, absl::string_view key, const ObjectPart& part) {
  if (part.is_whole()) return json.Null(key);
  json.BeginObject(key);
  json.Text("kind", part.kind);
  json.Text("name", part.name);
  json.EndObject();
}

void WriteNode(JsonWriter& json, const ShownDependencies& shown, size_t place) {
  const DependencyGraph::Node& node = shown.graph.nodes()[place];
  json.Text("object", TypedName(node.key));
  json.Text("kind", node.key.kind);
  json.Texts("names", node.key.names);
  json.Flag("in_section", node.is_in_section);
}

void WriteNeeds(JsonWriter& json, const ShownDependencies& shown) {
  std::set<size_t> numbers;
  for (const ReachedObject& object : shown.answer.reached) {
    numbers.insert(object.needs.begin(), object.needs.end());
  }
  json.BeginArray("needs");
  for (const size_t number : numbers) {
    const Need& need = shown.graph.needs()[number];
    json.BeginObject();
    json.Text("object", NameOf(shown, need.from));
    WritePart(json, "part", need.part);
    json.Text("on", NameOf(shown, need.on));
    WritePart(json, "on_part", need.on_part);
    json.Text("known_by", OriginWord(need.origin));
    json.TextOrNull("type", TypeText(need.type));
    json.EndObject();
  }
  json.EndArray();
}

void WriteGaps(JsonWriter& json, const DependencyAnswer& answer) {
  json.BeginArray("cannot_say");
  for (const NotLookedAt& gap : answer.not_looked_at) {
    json.BeginObject();
    json.Text("kind", gap.kind);
    json.Texts("names", gap.names);
    json.Text("facet", FacetName(gap.facet));
    json.Text("why", SightName(gap.why));
    json.TextOrNull("reason", gap.reason);
    json.TextOrNull("remedy", gap.remedy);
    json.EndObject();
  }
  json.EndArray();
}

// A label of Mermaid's in double quotes. What it has a meaning for is written as an entity.
std::string Label(const std::string& text) {
  return absl::StrCat("\"",
                      absl::StrReplaceAll(OneLine(text), {{"#", "#35;"},
                                                          {"\"", "#quot;"},
                                                          {"<", "#lt;"},
                                                          {">", "#gt;"},
                                                          {"`", "#96;"},
                                                          {"|", "#124;"}}),
                      "\"");
}

}  // namespace

std::string DependenciesTable(const ShownDependencies& shown) {
  std::string text = absl::StrCat(OneLine(Headline(shown)), "\n");
  if (!shown.answer.reached.empty()) absl::StrAppend(&text, "\n", Rows(shown).Aligned());
  const std::string notes = Notes(shown);
  if (!notes.empty()) absl::StrAppend(&text, "\n", notes);
  return text;
}

std::string DependenciesJson(const ShownDependencies& shown) {
  const DependencyAnswer& answer = shown.answer;
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.deps.v1");
  json.Text("snapshot", shown.reference);
  json.Text("section", shown.section);
  WriteNode(json, shown, answer.node);
  WritePart(json, "part", answer.part);
  json.Text("direction", IsForward(answer) ? "needs" : "needed_by");
  json.NumberOrNull("depth", shown.depth.has_value()
                                 ? std::optional<int64_t>(static_cast<int64_t>(*shown.depth))
                                 : std::nullopt);
  json.BeginArray("objects");
  for (const ReachedObject& object : answer.reached) {
    json.BeginObject();
    WriteNode(json, shown, object.node);
    json.Unsigned("steps", object.depth);
    json.EndObject();
  }
  json.EndArray();
  WriteNeeds(json, shown);
  json.BeginArray("circles");
  for (const std::vector<size_t>& circle : answer.circles) {
    json.BeginObject();
    std::vector<std::string> names;
    for (const size_t node : circle) names.push_back(NameOf(shown, node));
    json.Texts("objects", names);
    json.EndObject();
  }
  json.EndArray();
  WriteGaps(json, answer);
  json.Unsigned("bodies_not_followed", answer.bodies_not_followed);
  json.EndObject();
  return json.Take();
}

std::string DependenciesMermaid(const ShownDependencies& shown) {
  std::set<size_t> nodes = {shown.answer.node};
  std::map<std::pair<size_t, size_t>, std::set<ObjectPart>> arrows;
  for (const ReachedObject& object : shown.answer.reached) {
    nodes.insert(object.node);
    for (const size_t number : object.needs) {
      const Need& need = shown.graph.needs()[number];
      if (need.from != need.on) arrows[{need.from, need.on}].insert(need.part);
    }
  }
  std::string text = "flowchart LR\n";
  for (const size_t node : nodes) {
    absl::StrAppend(&text, "  n", node, "[", Label(NameOf(shown, node)), "]\n");
  }
  for (const auto& [ends, parts] : arrows) {
    const std::string part = PartsText(parts);
    const std::string label = part.empty() ? "" : absl::StrCat("|", Label(part), "|");
    absl::StrAppend(&text, "  n", ends.first, " -->", label, " n", ends.second, "\n");
  }
  absl::StrAppend(&text, "  style n", shown.answer.node, " stroke-width:3px\n");
  std::string notes = Notes(shown);
  if (!notes.empty()) {
    absl::StrAppend(&text, "%% ",
                    absl::StrReplaceAll(notes.substr(0, notes.size() - 1), {{"\n", "\n%% "}}),
                    "\n");
  }
  return text;
}

}  // namespace varve
