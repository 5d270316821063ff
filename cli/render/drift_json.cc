#include "cli/render/diff_json.h"
#include "cli/render/drift_text.h"
#include "cli/render/drift_words.h"
#include "cli/render/json_writer.h"
#include "cli/render/render_view.h"
#include "snapshot/diff_text.h"
#include "snapshot/kinds.h"
#include "snapshot/line.h"

namespace varve {
namespace {

using google::protobuf::RepeatedField;

void WriteMembers(JsonWriter& json, const v1::DriftResult& result,
                  const RepeatedField<uint32_t>& members) {
  json.BeginArray("environments");
  for (const uint32_t member : members) json.Text(MemberName(result, member));
  json.EndArray();
}

void WriteClass(JsonWriter& json, const v1::DriftResult& result, const v1::DriftClass& one,
                size_t unit_at, size_t class_at, int& change) {
  json.BeginObject();
  json.Text("class", ClassLetter(class_at));
  WriteMembers(json, result, one.members());
  json.Flag("differs", one.differs());
  json.BeginArray("away");
  for (const v1::DriftAway& away : one.away()) {
    json.BeginObject();
    json.Text("section", away.section());
    json.Text("standing", EnumText(*v1::DriftStanding_descriptor(), away.standing()));
    json.EndObject();
  }
  json.EndArray();
  json.Unsigned("added", one.added());
  json.Unsigned("removed", one.removed());
  json.Unsigned("changed", one.changed());
  const bool has_change =
      change < result.changes_size() && IsChangeOf(result.changes(change), unit_at, class_at);
  const int64_t since_us = has_change ? result.changes(change).since_us() : 0;
  json.TextOrNull("since", since_us == 0 ? "" : TimeText(since_us));
  json.BeginArray("differences");
  for (; change < result.changes_size(); ++change) {  // they are in the order of units and classes
    if (!IsChangeOf(result.changes(change), unit_at, class_at)) break;
    WriteDifference(json, result.changes(change).difference());
  }
  json.EndArray();
  json.EndObject();
}

void WriteUnits(JsonWriter& json, const v1::DriftResult& result) {
  json.BeginArray("units");
  int change = 0;
  for (int i = 0; i < result.units_size(); ++i) {
    const v1::DriftUnit& unit = result.units(i);
    json.BeginObject();
    json.TextOrNull("section", unit.section());
    json.TextOrNull("schema", unit.schema());
    if (unit.has_identity()) {
      json.Text("kind", unit.identity().kind());
      json.Text("name", DisplayName(KeyOf(unit.identity())));
      json.Texts("names", unit.identity().names());
    }
    json.BeginArray("classes");
    for (int at = 0; at < unit.classes_size(); ++at) {
      WriteClass(json, result, unit.classes(at), static_cast<size_t>(i), static_cast<size_t>(at),
                 change);
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
}

void WriteUnsaid(JsonWriter& json, const v1::DriftResult& result, const v1::DriftUnsaid& unsaid) {
  json.BeginObject();
  json.Text("section", unsaid.section());
  json.TextOrNull("kind", unsaid.kind());
  json.TextOrNull("facet",
                  unsaid.facet() == v1::FACET_UNSPECIFIED ? "" : FacetName(unsaid.facet()));
  json.BeginArray("names");
  for (const v1::Identity& identity : unsaid.identities()) {
    json.Text(DisplayName(KeyOf(identity)));
  }
  json.EndArray();
  if (!unsaid.path().empty()) json.Texts("path", unsaid.path());
  WriteMembers(json, result, unsaid.members());
  json.TextOrNull("why", unsaid.why().empty() ? SightName(unsaid.sight()) : unsaid.why());
  json.Flag("others_saw", unsaid.others_saw());
  json.TextOrNull("reason", unsaid.reason());
  json.TextOrNull("remedy", unsaid.remedy());
  json.EndObject();
}

}  // namespace

std::string DriftJson(const v1::DriftResult& result) {
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.drift.v1");
  json.Text("verdict", EnumText(*v1::Verdict_descriptor(), result.verdict()));
  json.BeginArray("environments");
  for (uint32_t member = 0; member < static_cast<uint32_t>(result.members_size()); ++member) {
    json.BeginObject();
    json.Text("name", MemberName(result, member));
    json.Text("reference", MemberReference(result, member));
    json.EndObject();
  }
  json.EndArray();
  json.TextOrNull("baseline",
                  result.has_baseline() ? MemberReference(result, result.baseline()) : "");
  json.Text("grouping", EnumText(*v1::DriftGrouping_descriptor(), result.grouping()));
  json.Unsigned("entities_compared", result.entities_compared());
  WriteUnits(json, result);
  json.BeginArray("not_compared");
  for (const v1::DriftUnsaid& unsaid : result.unsaid()) WriteUnsaid(json, result, unsaid);
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace varve
