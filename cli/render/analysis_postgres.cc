// A PostgreSQL source in the analysis.
#include <algorithm>
#include <initializer_list>
#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/render/analysis_sources.h"
#include "cli/render/json_parts.h"
#include "cli/render/markdown.h"
#include "cli/render/numbers.h"
#include "cli/render/overview.h"
#include "cli/render/relation_texts.h"
#include "cli/render/words.h"
#include "snapshot/kinds.h"
#include "snapshot/left_out.h"
#include "snapshot/postgres_type.h"

namespace varve {
namespace {

// What of a long text stands in a table's cell; the JSON has it whole.
constexpr size_t kCell = 120;

// As people call it: without the schema where that is public.
std::string ShortName(const EntityKey& key) {
  const bool is_plain = key.names.size() == 2 || key.kind == "function";
  if (!StandsInSchema(key.kind) || !is_plain || key.names[0] != "public") return ObjectName(key);
  return ObjectName(
      {key.kind == "function" ? "" : key.kind, {key.names.begin() + 1, key.names.end()}});
}

std::string NameOfRoutine(const EntityKey& key) {
  const std::string name = ObjectName(key);
  return key.names[0] == "public" && key.names.size() > 1 ? name.substr(sizeof("public")) : name;
}

std::string References(const v1::TableStructure& table) {
  std::set<std::string> targets;
  for (const v1::Constraint& constraint : table.constraints()) {
    if (constraint.has_references()) {
      targets.insert(MarkdownText(ShortName(KeyOf(constraint.references()))));
    }
  }
  return targets.empty() ? "None" : absl::StrJoin(targets, ", ");
}

std::string RowsText(const EntityView& entity) {
  const RowCount count = RowsOf(entity);
  if (!count.rows.has_value()) return "unknown";
  return absl::StrCat(WithCommas(*count.rows), count.source == "estimate" ? " (estimate)" : "");
}

std::string ColumnDefault(const v1::Column& column, const RelationTexts& texts) {
  const std::string expression = MarkdownExcerpt(texts.OfColumn(column.name()), kCell);
  if (column.identity() != v1::COLUMN_IDENTITY_UNSPECIFIED) {
    return absl::StrCat("identity ", Word(column.identity()));
  }
  if (column.generated() != v1::COLUMN_GENERATED_UNSPECIFIED) {
    return absl::StrCat("generated ", Word(column.generated()), expression.empty() ? "" : ": ",
                        expression);
  }
  return column.has_default() && expression.empty() ? "not seen" : expression;
}

std::string ColumnTable(const google::protobuf::RepeatedPtrField<v1::Column>& columns,
                        const RelationTexts& texts, const PartComments& comments) {
  MarkdownTable table({"Column", "Type", "Nullable", "Default", "Comment"});
  for (const v1::Column& column : columns) {
    table.Add({MarkdownText(column.name()), MarkdownText(TypeText(column.type())),
               column.not_null() ? "no" : "yes", ColumnDefault(column, texts),
               MarkdownExcerpt(comments.Of("column", column.name()), kCell)});
  }
  return table.Text();
}

std::string UnseenFacets(const EntityView& entity) {
  std::vector<std::string> unseen;
  for (const FacetView& facet : entity.facets()) {
    if (facet.line->Current() != nullptr) continue;
    unseen.push_back(absl::StrCat(FacetName(facet.line->line.key.facet), " (",
                                  SightName(facet.line->line.unseen), ")"));
  }
  return absl::StrJoin(unseen, ", ");
}

std::string CommentFact(const EntityView& entity) {
  const std::string& comment = entity.Shape(v1::FACET_DOCS).docs().comment();
  return comment.empty() ? "" : Fact("Comment", MarkdownText(comment));
}

std::string UnseenFact(const EntityView& entity) {
  const std::string unseen = UnseenFacets(entity);
  return unseen.empty() ? "" : Fact("Not Seen", unseen);
}

std::string TablePart(const EntityView& entity) {
  const v1::TableStructure& table = entity.Shape(v1::FACET_STRUCTURE).table();
  const std::vector<std::string> primary = PrimaryKeyColumns(table);
  const auto foreign_keys = std::count_if(
      table.constraints().begin(), table.constraints().end(),
      [](const auto& each) { return each.type() == v1::CONSTRAINT_TYPE_FOREIGN_KEY; });
  std::string text = absl::StrCat("#### ", MarkdownText(ShortName(entity.key())), "\n");
  absl::StrAppend(
      &text, Fact("Columns", table.columns_size()),
      Fact("Primary Key", primary.empty() ? "None" : MarkdownText(absl::StrJoin(primary, ", "))),
      Fact("Foreign Keys", static_cast<int64_t>(foreign_keys)),
      Fact("Indexes", table.indexes_size()), Fact("Row Count", RowsText(entity)),
      Fact("References", References(table)));
  if (table.triggers_size() > 0) absl::StrAppend(&text, Fact("Triggers", table.triggers_size()));
  if (table.kind() != v1::TABLE_KIND_PLAIN)
    absl::StrAppend(&text, Fact("Kind", Word(table.kind())));
  if (const auto bytes = entity.Number("total_bytes")) {
    absl::StrAppend(&text, Fact("Size", MemoryText(static_cast<uint64_t>(*bytes))));
  }
  absl::StrAppend(&text, CommentFact(entity), UnseenFact(entity));
  absl::StrAppend(&text, ColumnTable(table.columns(), RelationTexts(entity),
                                     PartComments(entity.Shape(v1::FACET_DOCS).docs())));
  if (table.columns().empty()) text += '\n';
  return text;
}

// What stands where there is nothing of those kinds to show: that there is none, or that they were
// left out.
std::string Nothing(const SectionView& section, std::initializer_list<absl::string_view> kinds) {
  std::vector<std::string> left_out;
  for (const LeftOutKind& kind : LeftOutKinds(section.coverage())) {
    if (std::find(kinds.begin(), kinds.end(), kind.entry->kind()) != kinds.end()) {
      left_out.push_back(MarkdownText(kind.Text()));
    }
  }
  if (left_out.empty()) return "None.\n\n";
  return absl::StrCat("Excluded: ", absl::StrJoin(left_out, "; "), ".\n\n");
}

std::string Tables(const SectionView& section) {
  std::string text = "### Tables\n\n";
  bool any = false;
  for (const EntityView& entity : section.OfKind("table")) {
    if (!entity.IsThere()) continue;
    absl::StrAppend(&text, TablePart(entity));
    any = true;
  }
  if (!any) text += Nothing(section, {"table"});
  return text;
}

std::string Views(const SectionView& section) {
  MarkdownTable table({"View", "Kind", "Columns", "Comment", "Not Seen"});
  for (const absl::string_view kind : {"view", "materialized_view"}) {
    for (const EntityView& entity : section.OfKind(kind)) {
      if (!entity.IsThere()) continue;
      table.Add({MarkdownText(ShortName(entity.key())),
                 kind == "view" ? "view" : "materialized view",
                 WithCommas(entity.Shape(v1::FACET_STRUCTURE).view().columns_size()),
                 MarkdownExcerpt(entity.Shape(v1::FACET_DOCS).docs().comment(), kCell),
                 UnseenFacets(entity)});
    }
  }
  return absl::StrCat("### Views\n", table.empty()
                                         ? "\n" + Nothing(section, {"view", "materialized_view"})
                                         : table.Text());
}

void AddTriggers(const EntityView& entity,
                 const google::protobuf::RepeatedPtrField<v1::Trigger>& triggers,
                 MarkdownTable& table) {
  for (const v1::Trigger& trigger : triggers) {
    table.Add({MarkdownText(trigger.name()), MarkdownText(ShortName(entity.key())),
               MarkdownText(trigger.timing()), MarkdownText(absl::StrJoin(trigger.events(), ", ")),
               trigger.for_each_row() ? "row" : "statement",
               MarkdownText(ShortName(KeyOf(trigger.function()))),
               MarkdownText(trigger.enabled())});
  }
}

std::string Triggers(const SectionView& section) {
  MarkdownTable table({"Trigger", "Table", "Timing", "Events", "Level", "Function", "Enabled"});
  for (const EntityView& entity : section.OfKind("table")) {
    AddTriggers(entity, entity.Shape(v1::FACET_STRUCTURE).table().triggers(), table);
  }
  for (const EntityView& entity : section.OfKind("view")) {
    AddTriggers(entity, entity.Shape(v1::FACET_STRUCTURE).view().triggers(), table);
  }
  return absl::StrCat("### Triggers\n",
                      table.empty() ? "\n" + Nothing(section, {"table", "view"}) : table.Text());
}

std::string Functions(const SectionView& section) {
  MarkdownTable table({"Function", "Kind", "Language", "Returns", "Volatility", "Security"});
  for (const EntityView& entity : section.OfKind("function")) {
    if (!entity.IsThere()) continue;
    const v1::RoutineStructure& routine = entity.Shape(v1::FACET_STRUCTURE).routine();
    std::string returns = routine.has_returns() ? MarkdownText(TypeText(routine.returns())) : "";
    table.Add({MarkdownText(NameOfRoutine(entity.key())), MarkdownText(routine.kind()),
               MarkdownText(routine.language()),
               absl::StrCat(routine.returns_set() ? "set of " : "", returns),
               MarkdownText(routine.volatility()),
               routine.security_definer() ? "definer" : "invoker"});
  }
  return absl::StrCat("### Functions\n",
                      table.empty() ? "\n" + Nothing(section, {"function"}) : table.Text());
}

// What a type is made of, in a few words.
std::string TypeFacts(const EntityView& entity) {
  const v1::Shape& shape = entity.Shape(v1::FACET_STRUCTURE);
  if (shape.has_enumeration()) return absl::StrJoin(shape.enumeration().labels(), ", ");
  if (shape.has_domain()) {
    return absl::StrCat(TypeText(shape.domain().base()),
                        shape.domain().not_null() ? " not null" : "");
  }
  if (shape.has_range_type()) return TypeText(shape.range_type().subtype());
  std::vector<std::string> attributes;
  for (const v1::Column& attribute : shape.composite_type().attributes()) {
    attributes.push_back(absl::StrCat(attribute.name(), " ", TypeText(attribute.type())));
  }
  return absl::StrJoin(attributes, ", ");
}

std::string Types(const SectionView& section) {
  MarkdownTable table({"Type", "Kind", "Of"});
  for (const absl::string_view kind : kTypeKinds) {
    for (const EntityView& entity : section.OfKind(kind)) {
      if (!entity.IsThere()) continue;
      table.Add({MarkdownText(ShortName(entity.key())), absl::StrReplaceAll(kind, {{"_", " "}}),
                 MarkdownExcerpt(TypeFacts(entity), kCell)});
    }
  }
  return table.empty() ? "" : absl::StrCat("### Types\n", table.Text());
}

std::string Extensions(const SectionView& section) {
  MarkdownTable table({"Extension", "Version", "Schema"});
  for (const EntityView& entity : section.OfKind("extension")) {
    if (!entity.IsThere()) continue;
    const v1::ExtensionStructure& extension = entity.Shape(v1::FACET_STRUCTURE).extension();
    table.Add({MarkdownText(ObjectName(entity.key())), MarkdownText(extension.version()),
               MarkdownText(extension.schema())});
  }
  return table.empty() ? "" : absl::StrCat("### Extensions\n", table.Text());
}

// Kinds that have a part of their own above.
bool HasPart(absl::string_view kind) {
  constexpr absl::string_view kParts[] = {"database",          "table",    "view",
                                          "materialized_view", "function", "extension"};
  const auto has = [kind](const auto& kinds) {
    return std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds);
  };
  return has(kParts) || has(kTypeKinds);
}

// "Text search configurations".
std::string Heading(absl::string_view plural) {
  std::string words = absl::StrReplaceAll(plural, {{"_", " "}});
  if (!words.empty()) words[0] = absl::ascii_toupper(static_cast<unsigned char>(words[0]));
  return words;
}

// Each other kind that has any, with the names of its objects.
std::string OtherObjects(const SectionView& section) {
  MarkdownTable table({"Kind", "Objects", "Names"});
  for (const Kind& kind : Kinds()) {
    if (kind.source_kind != "postgres" || HasPart(kind.name)) continue;
    std::vector<std::string> names;
    for (const EntityView& entity : section.OfKind(kind.name)) {
      if (entity.IsThere()) names.push_back(ShortName(entity.key()));
    }
    if (names.empty()) continue;
    table.Add({Heading(kind.plural), WithCommas(static_cast<int64_t>(names.size())),
               MarkdownExcerpt(absl::StrJoin(names, ", "), kCell)});
  }
  return table.empty() ? "" : absl::StrCat("### Other Objects\n", table.Text());
}

}  // namespace

std::string SchemaAnalysis(const SectionView& section, absl::string_view title) {
  std::string text = SourceHeading("Database Schema", title, section);
  if (section.entities().empty() && LeftOutKinds(section.coverage()).empty()) return text;
  absl::StrAppend(&text, Tables(section), Views(section), Triggers(section), Functions(section),
                  Types(section), Extensions(section), OtherObjects(section));
  return text;
}

}  // namespace varve
