#include "cli/render/json_parts.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/render/words.h"
#include "snapshot/header_words.h"
#include "snapshot/kinds.h"
#include "snapshot/left_out.h"

namespace varve {
namespace {

void WriteGrants(JsonWriter& out, const google::protobuf::RepeatedPtrField<v1::Grant>& grants) {
  out.BeginArray("privileges");
  for (const v1::Grant& grant : grants) {
    out.BeginObject();
    out.Text("grantee", grant.grantee());
    out.Text("grantor", grant.grantor());
    out.Texts("privileges", grant.privileges());
    out.Texts("grantable", grant.grantable());
    out.EndObject();
  }
  out.EndArray();
}

// What was changed of objects that are no entities of their own.
void WriteMemberPrivileges(JsonWriter& out, const v1::Access& access) {
  if (access.members().empty()) return;
  out.BeginArray("member_privileges");
  for (const v1::MemberAccess& member : access.members()) {
    out.BeginObject();
    out.Text("kind", member.object().kind());
    out.Text("object", ObjectName(member.object()));
    if (member.has_acl()) WriteGrants(out, member.grants());
    if (member.columns_size() > 0) {
      out.BeginObject("columns");
      for (const v1::ElementAccess& column : member.columns()) {
        out.BeginObject(column.name());
        WriteGrants(out, column.grants());
        out.EndObject();
      }
      out.EndObject();
    }
    out.EndObject();
  }
  out.EndArray();
}

void WriteMeasure(JsonWriter& out, const v1::Measure& measure) {
  switch (measure.value_case()) {
    case v1::Measure::kNumber:
      return out.Number(measure.name(), measure.number());
    case v1::Measure::kText:
      return out.Text(measure.name(), measure.text());
    default:
      return out.Null(measure.name());  // a newer agent's form
  }
}

// "column total".
std::string PartText(const v1::Dependency::Part& part) {
  return absl::StrCat(part.kind(), " ", part.name());
}

// Whether coverage itself speaks of exactly this line, and so says already why it was not seen.
bool IsInCoverage(const v1::Coverage& coverage, const LineKey& key) {
  return std::any_of(coverage.entries().begin(), coverage.entries().end(),
                     [&key](const v1::CoverageEntry& entry) {
                       return entry.state() != v1::SIGHT_CAPTURED && entry.facet() == key.facet &&
                              entry.kind() == key.entity.kind &&
                              std::equal(entry.scope().begin(), entry.scope().end(),
                                         key.entity.names.begin(), key.entity.names.end());
                     });
}

void WriteSeenAt(JsonWriter& out, int64_t seq, int64_t time_us) {
  if (seq == 0) return out.Null("last_seen");
  out.BeginObject("last_seen");
  out.Number("seq", seq);
  out.Text("at", TimeText(time_us));
  out.EndObject();
}

void WriteEntry(JsonWriter& out, const v1::CoverageEntry& entry) {
  out.Text("kind", entry.kind());
  out.Text("facet", FacetName(entry.facet()));
  out.Texts("scope", entry.scope());
  out.Text("why", SightName(entry.state()));
  out.TextOrNull("reason", entry.reason());
  out.TextOrNull("remedy", entry.remedy());
}

void WriteLeftOut(JsonWriter& out, const LeftOutKind& kind) {
  out.BeginObject();
  WriteEntry(out, *kind.entry);
  out.Flag("whole_kind", kind.whole);
  out.Unsigned("count", kind.entry->count());
  out.BeginArray("patterns");
  for (const v1::ScopePattern& pattern : kind.entry->patterns()) {
    if (pattern.list() != v1::ScopePattern::LIST_EXCLUDE) continue;
    out.BeginObject();
    out.Text("pattern", pattern.pattern());
    out.Unsigned("count", pattern.count());
    out.EndObject();
  }
  out.EndArray();
  out.EndObject();
}

void WriteNotSeenOf(JsonWriter& out, const SectionView& section) {
  for (const v1::CoverageEntry& entry : section.coverage().entries()) {
    if (entry.state() == v1::SIGHT_CAPTURED || IsByPatterns(entry)) continue;
    out.BeginObject();
    WriteEntry(out, entry);
    out.EndObject();
  }
  std::set<absl::string_view> left_out;
  for (const LeftOutKind& kind : LeftOutKinds(section.coverage())) {
    left_out.insert(kind.entry->kind());
    WriteLeftOut(out, kind);
  }
  // An unavailable source has only what was seen before: its `last_seen` says so once.
  const bool is_away = section.header().status() == v1::SECTION_STATUS_UNAVAILABLE;
  for (const ReadLine& line : section.section().lines) {
    if (line.Current() != nullptr || is_away) continue;
    const bool adds_nothing = line.last_seen_seq == 0;
    if (adds_nothing && IsInCoverage(section.coverage(), line.line.key)) continue;
    // What was left out is told by its kind, however much of it was seen before.
    const absl::string_view kind = line.line.key.entity.kind;
    if (line.line.unseen == v1::SIGHT_EXCLUDED && left_out.count(kind) > 0) continue;
    out.BeginObject();
    out.Text("kind", line.line.key.entity.kind);
    out.Text("facet", FacetName(line.line.key.facet));
    out.Text("object", ObjectName(line.line.key.entity));
    out.Text("why", SightName(line.line.unseen));
    WriteSeenAt(out, line.last_seen_seq, line.last_seen_us);
    out.EndObject();
  }
}

void WriteErrorsOf(JsonWriter& out, const SectionView& section) {
  for (const v1::SectionError& error : section.header().errors()) {
    out.BeginObject();
    const bool is_warning = error.severity() == v1::SectionError::SEVERITY_WARNING;
    out.Text("severity", is_warning ? "warning" : "error");
    out.Text("message", ErrorText(error));
    out.Text("doing", error.doing());
    out.Text("why", error.why());
    out.TextOrNull("remedy", error.remedy());
    if (error.has_entity()) out.Text("object", ObjectName(error.entity()));
    out.EndObject();
  }
}

}  // namespace

absl::string_view PartComments::Of(absl::string_view part, absl::string_view name) const {
  // Elements are sorted by part, then name.
  const auto& elements = docs_->elements();
  const auto at = std::lower_bound(elements.begin(), elements.end(), std::make_tuple(part, name),
                                   [](const v1::ElementDoc& doc, const auto& wanted) {
                                     return std::make_tuple(absl::string_view(doc.part()),
                                                            absl::string_view(doc.name())) < wanted;
                                   });
  if (at == elements.end() || at->part() != part || at->name() != name) return "";
  return at->comment();
}

void WriteName(JsonWriter& out, const EntityKey& key) {
  if (key.names.size() >= 2) out.Text("schema", key.names[0]);
  out.Text("name", key.names.size() >= 2 ? key.names[1] : key.names[0]);
}

void WriteOwnerAndComment(JsonWriter& out, const EntityView& entity) {
  const v1::Access& access = entity.Shape(v1::FACET_ACCESS).access();
  out.TextOrNull("owner", access.owner());
  if (access.has_acl()) {
    WriteGrants(out, access.grants());
  } else {
    out.Null("privileges");
  }
  WriteMemberPrivileges(out, access);
  out.TextOrNull("comment", entity.Shape(v1::FACET_DOCS).docs().comment());
}

void WriteOptions(JsonWriter& out, absl::string_view key,
                  const google::protobuf::RepeatedPtrField<v1::Option>& options) {
  out.BeginObject(key);
  for (const v1::Option& option : options) out.Text(option.name(), option.value());
  out.EndObject();
}

void WriteMeasures(JsonWriter& out, const EntityView& entity, absl::string_view element) {
  if (entity.measures() == nullptr) return;
  std::vector<const v1::Measure*> measures;
  for (const v1::Measure& measure : entity.measures()->measures()) {
    if (measure.element() == element) measures.push_back(&measure);
  }
  if (measures.empty()) return;
  std::stable_sort(
      measures.begin(), measures.end(),
      [](const v1::Measure* a, const v1::Measure* b) { return a->name() < b->name(); });
  out.BeginObject("measures");
  for (const v1::Measure* const measure : measures) WriteMeasure(out, *measure);
  out.EndObject();
}

void WriteDependencies(JsonWriter& out, const EntityView& entity) {
  bool is_open = false;
  for (const FacetView& facet : entity.facets()) {
    for (const v1::Dependency& dependency : facet.shape->dependencies()) {
      if (!is_open) out.BeginArray("depends_on");
      is_open = true;
      out.BeginObject();
      if (dependency.has_part()) out.Text("part", PartText(dependency.part()));
      out.Text("kind", dependency.on().kind());
      out.Text("object", ObjectName(dependency.on()));
      if (dependency.has_on_part()) out.Text("object_part", PartText(dependency.on_part()));
      out.Text("type", Word(dependency.type()));
      out.EndObject();
    }
  }
  if (is_open) out.EndArray();
}

void WriteUnseen(JsonWriter& out, const EntityView& entity) {
  bool is_open = false;
  for (const FacetView& facet : entity.facets()) {
    if (facet.line->Current() != nullptr) continue;
    if (!is_open) out.BeginObject("unseen");
    is_open = true;
    out.Text(FacetName(facet.line->line.key.facet), SightName(facet.line->line.unseen));
  }
  if (is_open) out.EndObject();
}

void WriteMasked(JsonWriter& out, const EntityView& entity) {
  for (const FacetView& facet : entity.facets()) {
    const Seen* const current = facet.line->Current();
    if (current != nullptr && !current->digest.empty()) return out.Flag("masked", true);
  }
}

void WriteEntities(JsonWriter& out, absl::string_view key, absl::Span<const EntityView> entities,
                   void (*write)(JsonWriter& out, const EntityView& entity)) {
  out.BeginObject(key);
  for (const EntityView& entity : entities) {
    if (!entity.IsThere()) continue;
    out.BeginObject(ObjectName(entity.key()));
    write(out, entity);
    WriteMasked(out, entity);
    WriteUnseen(out, entity);
    out.EndObject();
  }
  out.EndObject();
}

void WriteMetadata(JsonWriter& out, const RenderView& view, const SectionView& section,
                   std::initializer_list<SourceFact> facts) {
  const v1::SectionHeader& header = section.header();
  const Snapshot& snapshot = view.snapshot();
  out.BeginObject("metadata");
  out.Text("exported_at", TimeText(view.time_us()));
  out.Text("connection_status", ConnectionWord(header.status()));
  for (const SourceFact& fact : facts) out.TextOrNull(fact.key, fact.text);
  out.TextOrNull("server_version", header.server());
  out.TextOrNull("source", header.name());
  out.Text("environment", snapshot.header.environment());
  out.NumberOrNull("snapshot_seq",
                   snapshot.seq == 0 ? std::nullopt : std::optional<int64_t>(snapshot.seq));
  out.Text("snapshot_id", snapshot.header.snapshot_id());
  out.Text("status", StatusWord(header.status()));
  out.Unsigned("capture_revision", header.revision());
  const int64_t masked = CountMasked(section);
  out.Flag("redacted", masked > 0);
  out.Number("redacted_count", masked);
  if (header.status() == v1::SECTION_STATUS_UNAVAILABLE) {
    const LastSeen last = LastSeenOf(section);
    WriteSeenAt(out, last.seq, last.time_us);
  }
  out.EndObject();
}

void WriteNotSeen(JsonWriter& out, const std::vector<const SectionView*>& sections) {
  out.BeginArray("not_seen");
  for (const SectionView* const section : sections) WriteNotSeenOf(out, *section);
  out.EndArray();
}

void WriteErrors(JsonWriter& out, const std::vector<const SectionView*>& sections) {
  out.BeginArray("errors");
  for (const SectionView* const section : sections) WriteErrorsOf(out, *section);
  out.EndArray();
}

}  // namespace varve
