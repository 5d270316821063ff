#include <google/protobuf/repeated_ptr_field.h>

#include "cli/render/diff_table.h"
#include "cli/render/json_difference.h"
#include "cli/render/json_writer.h"
#include "snapshot/diff_text.h"
#include "snapshot/kinds.h"
#include "snapshot/line.h"

namespace varve {
namespace {

template <typename Item>
using List = google::protobuf::RepeatedPtrField<Item>;

void WriteEntity(JsonWriter& json, const v1::Identity& identity, v1::Facet facet) {
  json.Text("kind", identity.kind());
  json.Text("name", DisplayName(KeyOf(identity)));
  json.Texts("names", identity.names());
  json.TextOrNull("facet", facet == v1::FACET_UNSPECIFIED ? "" : FacetName(facet));
}

void WriteChange(JsonWriter& json, const v1::PropertyChange& change) {
  json.BeginObject();
  json.Texts("path", change.path());
  // Absent and empty differ: null is absent.
  if (change.has_before()) {
    json.Text("before", change.before());
  } else {
    json.Null("before");
  }
  if (change.has_after()) {
    json.Text("after", change.after());
  } else {
    json.Null("after");
  }
  json.EndObject();
}

void WriteNotCompared(JsonWriter& json, absl::string_view key, const List<v1::NotCompared>& list) {
  json.BeginArray(key);
  for (const v1::NotCompared& item : list) {
    json.BeginObject();
    json.Text("section", item.section());
    if (item.has_identity()) WriteEntity(json, item.identity(), item.facet());
    if (!item.path().empty()) json.Texts("path", item.path());
    json.Text("before", SightName(item.before()));
    json.Text("after", SightName(item.after()));
    json.TextOrNull("why", item.why());
    json.TextOrNull("reason", item.reason());
    json.TextOrNull("remedy", item.remedy());
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

void WriteDifference(JsonWriter& json, const v1::Difference& difference) {
  json.BeginObject();
  json.Text("op", EnumText(*v1::Difference::Op_descriptor(), difference.op()));
  json.Text("section", difference.section());
  if (difference.has_identity()) WriteEntity(json, difference.identity(), difference.facet());
  if (difference.has_was()) {
    json.Text("was", DisplayName(KeyOf(difference.was())));
    json.Flag("proven", difference.proven());
  }
  if (difference.between_to() != 0) {
    json.Number("between_from", difference.between_from());
    json.Number("between_to", difference.between_to());
  }
  json.BeginArray("changes");
  for (const v1::PropertyChange& change : difference.changes()) WriteChange(json, change);
  json.EndArray();
  json.EndObject();
}

std::string DiffJson(const v1::DiffResult& result) {
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.diff.v1");
  json.Text("before", result.before());
  json.Text("after", result.after());
  json.Text("verdict", EnumText(*v1::Verdict_descriptor(), result.verdict()));
  json.Unsigned("entities_compared", result.entities_compared());
  json.BeginArray("differences");
  for (const v1::Difference& difference : result.differences()) WriteDifference(json, difference);
  json.EndArray();
  json.BeginArray("follows");
  for (const v1::Difference& follows : result.follows()) WriteDifference(json, follows);
  json.EndArray();
  WriteNotCompared(json, "cannot_say", result.cannot_say());
  WriteNotCompared(json, "neither", result.neither());
  WriteNotCompared(json, "not_comparable", result.not_comparable());
  json.Texts("not_configured", result.not_configured());
  json.EndObject();
  return json.Take();
}

}  // namespace varve
