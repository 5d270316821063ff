// A PostgreSQL source as JSON.
#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/types/span.h"
#include "cli/render/json_parts.h"
#include "cli/render/json_relation_facts.h"
#include "cli/render/json_sources.h"
#include "cli/render/overview.h"
#include "cli/render/words.h"
#include "snapshot/kinds.h"
#include "snapshot/left_out.h"
#include "snapshot/postgres_type.h"

namespace varve {
namespace {

using WriteEntity = void (*)(JsonWriter& out, const EntityView& entity);

// An object by its name; null where there is none.
void WriteReference(JsonWriter& out, absl::string_view key, bool is_there,
                    const v1::Identity& identity) {
  out.TextOrNull(key, is_there ? ObjectName(identity) : "");
}

void WriteSteps(JsonWriter& out, const v1::AggregateSteps& steps) {
  WriteReference(out, "transition", steps.has_transition(), steps.transition());
  if (steps.has_inverse()) out.Text("inverse", ObjectName(steps.inverse()));
  out.TextOrNull("state_type", steps.has_state_type() ? TypeText(steps.state_type()) : "");
  out.Number("state_space_bytes", steps.state_space_bytes());
  WriteReference(out, "final", steps.has_final(), steps.final());
  out.Flag("final_extra", steps.final_extra());
  out.TextOrNull("final_modify", steps.final_modify());
  if (steps.has_initial_condition()) {
    out.Text("initial_condition", steps.initial_condition());
  } else {
    out.Null("initial_condition");
  }
}

void WriteArguments(JsonWriter& out, const v1::RoutineStructure& routine) {
  out.BeginArray("arguments");
  for (const v1::RoutineArgument& argument : routine.arguments()) {
    out.BeginObject();
    out.TextOrNull("name", argument.name());
    out.Text("mode", argument.mode());
    out.Text("type", TypeText(argument.type()));
    out.EndObject();
  }
  out.EndArray();
}

void WriteAggregate(JsonWriter& out, const EntityView& entity) {
  const v1::RoutineStructure& routine = entity.Shape(v1::FACET_STRUCTURE).routine();
  const v1::Aggregate& aggregate = routine.aggregate();
  WriteName(out, entity.key());
  out.TextOrNull("kind", aggregate.kind());
  WriteArguments(out, routine);
  out.Unsigned("direct_argument_count", aggregate.direct_argument_count());
  out.TextOrNull("returns", routine.has_returns() ? TypeText(routine.returns()) : "");
  WriteSteps(out, aggregate.steps());
  if (aggregate.has_moving()) {
    out.BeginObject("moving");
    WriteSteps(out, aggregate.moving());
    out.EndObject();
  } else {
    out.Null("moving");
  }
  WriteReference(out, "combine", aggregate.has_combine(), aggregate.combine());
  WriteReference(out, "serial", aggregate.has_serial(), aggregate.serial());
  WriteReference(out, "deserial", aggregate.has_deserial(), aggregate.deserial());
  WriteReference(out, "sort_operator", aggregate.has_sort_operator(), aggregate.sort_operator());
  out.TextOrNull("parallel", routine.parallel());
  WriteRest(out, entity);
}

void WriteFunction(JsonWriter& out, const EntityView& entity) {
  const v1::RoutineStructure& routine = entity.Shape(v1::FACET_STRUCTURE).routine();
  const v1::RoutineExpressions& texts = entity.Shape(v1::FACET_EXPRESSIONS).routine_expressions();
  WriteName(out, entity.key());
  out.Text("kind", routine.kind());
  out.Text("language", routine.language());
  WriteArguments(out, routine);
  out.Unsigned("default_count", routine.default_count());
  out.TextOrNull("argument_defaults", texts.argument_defaults());
  out.TextOrNull("returns", routine.has_returns() ? TypeText(routine.returns()) : "");
  out.Flag("returns_set", routine.returns_set());
  out.TextOrNull("source", routine.source());
  out.TextOrNull("sql_body", texts.sql_body());
  out.TextOrNull("library", routine.library());
  out.TextOrNull("volatility", routine.volatility());
  out.TextOrNull("parallel", routine.parallel());
  out.Flag("strict", routine.strict());
  out.Flag("security_definer", routine.security_definer());
  out.Flag("leakproof", routine.leakproof());
  out.TextOrNull("cost", routine.cost());
  out.TextOrNull("rows", routine.rows());
  WriteOptions(out, "settings", routine.settings());
  WriteReference(out, "support", routine.has_support(), routine.support());
  out.BeginArray("transforms");
  for (const v1::DataType& type : routine.transforms()) out.Text(TypeText(type));
  out.EndArray();
  WriteExtensionsNeeded(out, routine.depends_on_extensions());
  WriteRest(out, entity);
}

void WriteSequence(JsonWriter& out, const EntityView& entity) {
  const v1::SequenceStructure& sequence = entity.Shape(v1::FACET_STRUCTURE).sequence();
  WriteName(out, entity.key());
  out.Text("type", TypeText(sequence.type()));
  out.Number("start", sequence.start());
  out.Number("minimum", sequence.minimum());
  out.Number("maximum", sequence.maximum());
  out.Number("increment", sequence.increment());
  out.Number("cache", sequence.cache());
  out.Flag("cycle", sequence.cycle());
  if (sequence.has_owner_table()) {
    out.BeginObject("owned_by");
    out.Text("table", ObjectName(sequence.owner_table()));
    out.Text("column", sequence.owner_column());
    out.EndObject();
  } else {
    out.Null("owned_by");
  }
  out.Flag("of_identity", sequence.of_identity());
  if (sequence.unlogged()) out.Flag("unlogged", true);
  WriteRest(out, entity);
}

void WriteEnum(JsonWriter& out, const EntityView& entity) {
  WriteName(out, entity.key());
  out.Texts("labels", entity.Shape(v1::FACET_STRUCTURE).enumeration().labels());
  WriteRest(out, entity);
}

// Types of every kind by their names alone, as readers of one list of types look for them; each
// kind has its own key with all there is to say.
void WriteTypes(JsonWriter& out, const SectionView& section) {
  out.BeginObject("types");
  for (const absl::string_view kind : kTypeKinds) {
    for (const EntityView& entity : section.OfKind(kind)) {
      if (!entity.IsThere()) continue;
      out.BeginObject(ObjectName(entity.key()));
      WriteName(out, entity.key());
      out.Text("kind", absl::StrReplaceAll(kind, {{"_", " "}}));
      const v1::Shape& shape = entity.Shape(v1::FACET_STRUCTURE);
      if (shape.has_enumeration()) out.Texts("labels", shape.enumeration().labels());
      out.EndObject();
    }
  }
  out.EndObject();
}

void WriteExtension(JsonWriter& out, const EntityView& entity) {
  const v1::ExtensionStructure& extension = entity.Shape(v1::FACET_STRUCTURE).extension();
  WriteName(out, entity.key());
  out.Text("version", extension.version());
  out.TextOrNull("schema", extension.schema());
  out.BeginArray("members");
  for (const v1::Identity& member : extension.members()) {
    out.Text(absl::StrCat(member.kind(), " ", ObjectName(member)));
  }
  out.EndArray();
  if (extension.unnamed_members() > 0) out.Unsigned("unnamed_members", extension.unnamed_members());
  WriteRest(out, entity);
}

void WriteSchema(JsonWriter& out, const EntityView& entity) {
  WriteName(out, entity.key());
  WriteRest(out, entity);
}

bool IsForeign(const EntityView& entity) {
  return entity.Shape(v1::FACET_STRUCTURE).table().kind() == v1::TABLE_KIND_FOREIGN;
}
bool IsNotForeign(const EntityView& entity) { return !IsForeign(entity); }
bool IsAggregate(const EntityView& entity) {
  return entity.Shape(v1::FACET_STRUCTURE).routine().kind() == "aggregate";
}
bool IsNoAggregate(const EntityView& entity) { return !IsAggregate(entity); }
bool IsAny(const EntityView&) { return true; }

// A key of the file, and which entities stand there. A kind that no row names comes after these, in
// its plainest form.
struct Part {
  absl::string_view key;
  absl::string_view kind;
  WriteEntity write;
  bool (*keeps)(const EntityView& entity) = IsAny;
};
constexpr Part kParts[] = {
    {"tables", "table", WriteTable, IsNotForeign},
    {"foreign_tables", "table", WriteTable, IsForeign},
    {"views", "view", WriteView},
    {"materialized_views", "materialized_view", WriteView},
    {"functions", "function", WriteFunction, IsNoAggregate},
    {"aggregates", "function", WriteAggregate, IsAggregate},
    {"sequences", "sequence", WriteSequence},
    {"enums", "enum", WriteEnum},
    {"extensions", "extension", WriteExtension},
    {"schemas", "schema", WriteSchema},
};

void WritePart(JsonWriter& out, const Part& part, absl::Span<const EntityView> entities) {
  out.BeginObject(part.key);
  for (const EntityView& entity : entities) {
    if (!entity.IsThere() || !part.keeps(entity)) continue;
    out.BeginObject(ObjectName(entity.key()));
    part.write(out, entity);
    out.EndObject();
  }
  out.EndObject();
}

bool HasPart(absl::string_view kind) {
  for (const Part& part : kParts) {
    if (part.kind == kind) return true;
  }
  return false;
}

// Whether the kind was looked at, be it in part.
bool IsLookedAt(const SectionView& section, const Kind& kind) {
  const auto& entries = section.coverage().entries();
  return std::any_of(entries.begin(), entries.end(), [&kind](const v1::CoverageEntry& entry) {
    return entry.kind() == kind.name && entry.state() == v1::SIGHT_CAPTURED;
  });
}

// Kinds that have no part: each in its plainest form, empty where there is none, null where nobody
// looked.
void WriteOtherKinds(JsonWriter& out, const SectionView& section) {
  for (const Kind& kind : Kinds()) {
    if (kind.source_kind != "postgres" || HasPart(kind.name)) continue;
    if (!IsInSection(kind, KindScope::kDatabase)) continue;
    const absl::Span<const EntityView> entities = section.OfKind(kind.name);
    if (entities.empty() && !IsLookedAt(section, kind)) {
      out.Null(kind.plural);
    } else {
      WritePart(out, {kind.plural, kind.name, WriteAnyEntity}, entities);
    }
  }
  // Those of a newer agent.
  absl::Span<const EntityView> rest = section.entities();
  while (!rest.empty()) {
    const absl::string_view name = rest.front().key().kind;
    const absl::Span<const EntityView> entities = section.OfKind(name);
    rest.remove_prefix(entities.size());
    if (FindKind(name) == nullptr) WritePart(out, {name, name, WriteAnyEntity}, entities);
  }
}

// "shop" of "db.internal:5432/shop".
absl::string_view DatabaseIn(absl::string_view address) {
  const size_t slash = address.rfind('/');
  return slash == absl::string_view::npos ? "" : address.substr(slash + 1);
}

void WriteSummary(JsonWriter& out, const SectionView& section) {
  const Counts counts = CountSection(section);
  // Of a kind that nobody looked at it is not known how many there are.
  const auto count = [&](absl::string_view key, int64_t counted, absl::string_view kind) {
    const bool unknown = IsLeftOutWhole(section.coverage(), kind);
    out.NumberOrNull(key, unknown ? std::nullopt : std::optional<int64_t>(counted));
  };
  out.BeginObject("summary");
  count("total_tables", counts.tables, "table");
  count("total_columns", counts.columns, "table");
  count("total_primary_keys", counts.primary_keys, "table");
  count("total_foreign_keys", counts.foreign_keys, "table");
  count("total_indexes", counts.indexes, "table");
  count("total_constraints", counts.constraints, "table");
  count("total_triggers", counts.triggers, "table");
  count("total_functions", counts.functions, "function");
  count("total_sequences", counts.sequences, "sequence");
  count("total_views", counts.views, "view");
  count("total_materialized_views", counts.materialized_views, "materialized_view");
  count("total_foreign_tables", counts.foreign_tables, "table");
  count("total_types", counts.types, "enum");
  count("total_extensions", counts.extensions, "extension");
  count("total_schemas", counts.schemas, "schema");
  out.EndObject();
}

}  // namespace

void WritePostgres(JsonWriter& out, const RenderView& view, const SectionView& section) {
  const std::string& address = section.header().address();
  WriteMetadata(out, view, section, {{"database", DatabaseIn(address)}, {"address", address}});
  for (const Part& part : kParts) WritePart(out, part, section.OfKind(part.kind));
  WriteTypes(out, section);
  WriteOtherKinds(out, section);
  std::vector<const SectionView*> told = {&section};
  if (const SectionView* const cluster = view.ClusterBeside(section)) {
    WriteCluster(out, *cluster);
    told.push_back(cluster);
  }
  WriteSummary(out, section);
  WriteNotSeen(out, told);
  WriteErrors(out, told);
}

}  // namespace varve
