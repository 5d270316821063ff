#include "cli/render/sql/sql.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/console.h"
#include "base/status.h"
#include "cli/render/sql/script.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"
#include "snapshot/kinds.h"
#include "snapshot/left_out.h"
#include "snapshot/section_view.h"

namespace varve::sql {
namespace {

// Where objects of a kind stand: first the database and what is in no schema, then schema by
// schema, then what speaks of all of them.
enum class Place { kFirst, kInSchema, kLast };

struct SqlKind {
  absl::string_view kind;
  Place place;
  WriteKind write;
};

// Large objects are data.
void WriteNothing(const EntityView& /*entity*/, Writing& /*writing*/, Object& /*object*/) {}

// In the order in which a reader wants them, within their place.
constexpr SqlKind kKinds[] = {
    {"database", Place::kFirst, WriteDatabase},
    {"access_method", Place::kFirst, WriteAccessMethod},
    {"extension", Place::kFirst, WriteExtension},
    {"language", Place::kFirst, WriteLanguage},
    {"foreign_data_wrapper", Place::kFirst, WriteForeignDataWrapper},
    {"server", Place::kFirst, WriteServer},
    {"user_mapping", Place::kFirst, WriteUserMapping},
    {"schema", Place::kInSchema, WriteSchema},
    {"collation", Place::kInSchema, WriteCollation},
    {"enum", Place::kInSchema, WriteEnum},
    {"domain", Place::kInSchema, WriteDomain},
    {"composite_type", Place::kInSchema, WriteCompositeType},
    {"range_type", Place::kInSchema, WriteRangeType},
    {"base_type", Place::kInSchema, WriteBaseType},
    {"table", Place::kInSchema, WriteTable},
    {"sequence", Place::kInSchema, WriteSequence},
    {"view", Place::kInSchema, WriteView},
    {"materialized_view", Place::kInSchema, WriteView},
    {"function", Place::kInSchema, WriteRoutine},
    {"operator", Place::kInSchema, WriteOperator},
    {"operator_family", Place::kInSchema, WriteOperatorFamily},
    {"operator_class", Place::kInSchema, WriteOperatorClass},
    {"conversion", Place::kInSchema, WriteConversion},
    {"text_search_parser", Place::kInSchema, WriteTextSearchParser},
    {"text_search_template", Place::kInSchema, WriteTextSearchTemplate},
    {"text_search_dictionary", Place::kInSchema, WriteTextSearchDictionary},
    {"text_search_configuration", Place::kInSchema, WriteTextSearchConfiguration},
    {"extended_statistics", Place::kInSchema, WriteExtendedStatistics},
    {"cast", Place::kLast, WriteCast},
    {"transform", Place::kLast, WriteTransform},
    {"publication", Place::kLast, WritePublication},
    {"subscription", Place::kLast, WriteSubscription},
    {"event_trigger", Place::kLast, WriteEventTrigger},
    {"default_privileges", Place::kLast, WriteDefaultPrivileges},
    {"large_objects", Place::kLast, WriteNothing},
};

const SqlKind* FindKind(absl::string_view kind) {
  const auto* const found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                         [&](const SqlKind& each) { return each.kind == kind; });
  return found == std::end(kKinds) ? nullptr : found;
}

bool MakesObject(const Object& object) {
  return std::any_of(object.statements.begin(), object.statements.end(),
                     [](const Statement& statement) {
                       return !statement.makes.empty() && statement.makes.front() == Part();
                     });
}

// Objects by the names that dependencies call them.
class Names {
 public:
  explicit Names(const SectionView& view) : view_(view) {
    for (const EntityView& extension : view.OfKind("extension")) {
      for (const v1::Identity& member :
           extension.Shape(v1::FACET_STRUCTURE).extension().members()) {
        others_.emplace(KeyOf(member), extension.key());
      }
    }
    for (const EntityView& range : view.OfKind("range_type")) {
      const v1::RangeTypeStructure& structure = range.Shape(v1::FACET_STRUCTURE).range_type();
      if (structure.has_multirange()) others_.emplace(KeyOf(structure.multirange()), range.key());
    }
  }

  // Null where the view has no such object: then it is the server's own.
  const EntityKey* Of(const EntityKey& key) const {
    const auto other = others_.find(key);
    const EntityView* const entity = view_.Find(other == others_.end() ? key : other->second);
    return entity == nullptr ? nullptr : &entity->key();
  }

 private:
  const SectionView& view_;
  absl::flat_hash_map<EntityKey, EntityKey> others_;
};

// The statement that makes the part, else that which makes the object.
Statement* StatementOf(Object& object, const v1::Dependency::Part& part) {
  Statement* whole = nullptr;
  for (Statement& statement : object.statements) {
    for (const Part& made : statement.makes) {
      if (made.kind == part.kind() && made.name == part.name()) return &statement;
      if (made == Part() &&
          (part.kind().empty() || part.kind() == "column" || part.kind() == "default")) {
        whole = &statement;
      }
    }
  }
  return whole;
}

void AddNeeds(const EntityView& entity, const Names& names, Object& object) {
  for (const FacetView& facet : entity.facets()) {
    for (const v1::Dependency& dependency : facet.shape->dependencies()) {
      const EntityKey* const on = names.Of(KeyOf(dependency.on()));
      if (on == nullptr || *on == object.key) continue;
      // Who owns a sequence is said in a statement of its own.
      if (object.key.kind == "sequence" && on->kind == "table") continue;
      Statement* const statement = StatementOf(object, dependency.part());
      if (statement == nullptr) continue;
      const absl::string_view kind = KindOfPart(dependency.on_part().kind());
      statement->needs.push_back(
          {KeyRef::Borrowed(*on), {kind, kind.empty() ? "" : dependency.on_part().name()}, false});
    }
  }
}

void NeedSchema(Object& object) {
  if (!StandsInSchema(object.key.kind)) return;
  for (Statement& statement : object.statements) {
    if (statement.makes.empty()) continue;
    statement.needs.push_back({EntityKey{"schema", {object.key.names[0]}}, {}, false});
    if (statement.makes.front() == Part()) return;
  }
}

// Functions that a type is made of speak of it before it is made.
void UseShells(std::vector<Object>& objects) {
  absl::flat_hash_map<EntityKey, absl::flat_hash_set<EntityKey>> types_of;
  for (const Object& object : objects) {
    const bool has_shell = !object.statements.empty() && !object.statements.front().makes.empty() &&
                           object.statements.front().makes.front() == Part{"shell", ""};
    if (!has_shell) continue;
    for (const Statement& statement : object.statements) {
      for (const Need& need : statement.needs) {
        if (need.object->kind == "function") types_of[*need.object].insert(object.key);
      }
    }
  }
  for (Object& object : objects) {
    const auto types = types_of.find(object.key);
    if (types == types_of.end()) continue;
    for (Statement& statement : object.statements) {
      for (Need& need : statement.needs) {
        if (types->second.contains(*need.object)) need.part = {"shell", ""};
      }
    }
  }
}

// Kinds of which a large database has so many that their shapes are decoded one entity after the
// other.
constexpr absl::string_view kMany[] = {"function", "materialized_view", "sequence", "table",
                                       "view"};

bool IsOneOfMany(absl::string_view kind) {
  return std::find(std::begin(kMany), std::end(kMany), kind) != std::end(kMany);
}

// Writes the objects of a view that has the shapes of all but those.
class ObjectsWriter {
 public:
  ObjectsWriter(const SectionView& view, const SqlOptions& options, Writing& writing)
      : view_(view), options_(options), writing_(writing), names_(view) {}

  // In the order in which a reader wants them.
  absl::StatusOr<std::vector<Object>> Write() && {
    TableKin kin;
    for (const EntityView& entity : view_.entities()) VARVE_RETURN_IF_ERROR(WriteOne(entity, kin));
    VARVE_RETURN_IF_ERROR(kin.AddParents(view_));
    writing_.UseKin(std::move(kin));
    for (const EntityView* const table : writing_.kin().tables()) Include(*table);
    writing_.UseKin(TableKin());
    std::sort(places_.begin(), places_.end());
    std::vector<Object> objects;
    objects.reserve(places_.size());
    for (const PlaceOf& place : places_) objects.push_back(std::move(objects_[place.object]));
    UseShells(objects);
    return objects;
  }

 private:
  // Where an object stands: its place, schema and kind, then in the order of keys.
  struct PlaceOf {
    Place place = Place::kLast;
    absl::string_view schema;
    std::ptrdiff_t kind = std::size(kKinds);
    const ReadLine* line = nullptr;
    size_t object = 0;  // in objects_

    friend bool operator<(const PlaceOf& a, const PlaceOf& b) {
      return std::tie(a.place, a.schema, a.kind, a.line) <
             std::tie(b.place, b.schema, b.kind, b.line);
    }
  };

  // Tables come after sequences. One with kin waits for them.
  absl::Status WriteOne(const EntityView& entity, TableKin& kin) {
    const std::string& kind = entity.key().kind;
    const bool takes = !options_.takes || options_.takes(entity.key());
    if (!takes && kind != "sequence") return absl::OkStatus();
    if (!IsOneOfMany(kind)) {
      Include(entity);
      return absl::OkStatus();
    }
    auto arena = std::make_unique<google::protobuf::Arena>();
    VARVE_ASSIGN_OR_RETURN(EntityView open, view_.Open(entity, *arena));
    if (kind == "sequence") NoteIdentity(open, writing_);
    if (kind == "table" && TableKin::IsOne(open)) {
      kin.Add(std::move(open), std::move(arena));
    } else if (takes) {
      Include(open);
    }
    return absl::OkStatus();
  }

  void Include(const EntityView& entity) {
    PlaceOf& place = places_.emplace_back();
    place.line = entity.facets().front().line;
    place.object = objects_.size();
    const SqlKind* const kind = FindKind(entity.key().kind);
    if (kind == nullptr) {
      Object& object = objects_.emplace_back();
      object.key = entity.key();
      writing_.Miss(object, absl::StrCat("a ", entity.key().kind), "this build does not know it");
      return;
    }
    place.place = kind->place;
    if (kind->place == Place::kInSchema) place.schema = entity.key().names[0];
    place.kind = kind - std::begin(kKinds);
    objects_.push_back(WriteObject(entity, *kind));
  }

  Object WriteObject(const EntityView& entity, const SqlKind& kind) {
    Object object;
    object.key = entity.key();
    const v1::Facet first = entity.facets().front().facet;
    if (!entity.IsThere() || !entity.Saw(first)) {
      writing_.Miss(object, "what it is", WhyUnseen(entity, first));
      return object;
    }
    kind.write(entity, writing_, object);
    if (!MakesObject(object)) return object;
    const Target target = TargetOf(entity);
    WriteComments(entity, target, writing_, object);
    WriteAccess(entity, target, writing_, object);
    AddNeeds(entity, names_, object);
    NeedSchema(object);
    object.statements.shrink_to_fit();
    return object;
  }

  const SectionView& view_;
  const SqlOptions& options_;
  Writing& writing_;
  const Names names_;
  std::deque<Object> objects_;
  std::vector<PlaceOf> places_;
};

void NoteCoverage(const SectionView& view, std::vector<std::string>& missing) {
  for (const LeftOutKind& left_out : LeftOutKinds(view.coverage())) {
    missing.push_back(left_out.Text());
  }
  for (const v1::CoverageEntry& entry : view.coverage().entries()) {
    if (entry.state() == v1::SIGHT_CAPTURED || entry.state() == v1::SIGHT_EXCLUDED ||
        entry.state() == v1::SIGHT_NOT_SUPPORTED || !entry.scope().empty()) {
      continue;
    }
    const Kind* const kind = varve::FindKind(entry.kind());
    missing.push_back(
        absl::StrCat(kind == nullptr ? entry.kind() : std::string(kind->plural), ", ",
                     FacetName(entry.facet()), ": ", SightName(entry.state()),
                     entry.reason().empty() ? "" : absl::StrCat(" (", entry.reason(), ")")));
  }
}

// Texts of such a database are in an escaped form, which means other bytes in a script.
void NoteEncoding(const SectionView& view, std::vector<std::string>& missing) {
  for (const EntityView& entity : view.OfKind("database")) {
    if (entity.Shape(v1::FACET_STRUCTURE).database().encoding() != "SQL_ASCII") continue;
    missing.emplace_back(
        "the bytes of texts: of a SQL_ASCII database backslashes are doubled, and bytes that are "
        "not "
        "UTF-8 read \\xNN");
  }
}

std::string DatabaseText(const SectionView& view) {
  for (const EntityView& entity : view.OfKind("database")) {
    if (!entity.Saw(v1::FACET_STRUCTURE)) continue;
    const v1::DatabaseStructure& database = entity.Shape(v1::FACET_STRUCTURE).database();
    std::string text = absl::StrCat(
        "-- Made for a database with ENCODING ", Literal(database.encoding()), " LC_COLLATE ",
        Literal(database.collate()), " LC_CTYPE ", Literal(database.ctype()));
    if (database.locale_provider() != "libc" && !database.locale_provider().empty()) {
      absl::StrAppend(&text, " LOCALE_PROVIDER ", database.locale_provider(), " LOCALE ",
                      Literal(database.locale()));
    }
    return absl::StrCat(text, ", from TEMPLATE template0.\n");
  }
  return "";
}

std::string HeadText(const Snapshot& snapshot, const SectionView& view, const Variables& variables,
                     const std::vector<std::string>& missing, const std::string& roles) {
  std::string text = absl::StrCat(
      "-- ", snapshot.header.environment(), snapshot.seq > 0 ? absl::StrCat("@", snapshot.seq) : "",
      ", ", OneLine(view.header().name()), ": ", OneLine(view.header().server()), ", as of ",
      absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", absl::FromUnixMicros(snapshot.time_us),
                       absl::UTCTimeZone()),
      "\n-- Run it with psql in an empty database: psql -X -f FILE DATABASE\n", DatabaseText(view));
  if (!variables.names().empty()) {
    absl::StrAppend(&text, "-- What was masked has to be given:");
    for (const std::string& name : variables.names()) absl::StrAppend(&text, " -v ", name, "=…");
    absl::StrAppend(&text, "\n");
  }
  for (const std::string& each : missing) {
    absl::StrAppend(&text, "-- Missing: ", OneLine(each), "\n");
  };
  absl::StrAppend(&text, "\n\\set ON_ERROR_STOP on\n");
  if (!roles.empty()) absl::StrAppend(&text, "-- Passwords of roles are never read.\n");
  for (const std::string& setting : variables.settings()) {
    absl::StrAppend(&text, setting, "\n");
  }
  return absl::StrCat(text, roles,
                      "BEGIN;\n"
                      "SET LOCAL client_encoding = 'UTF8';\n"
                      "SET LOCAL standard_conforming_strings = on;\n"
                      "SET LOCAL check_function_bodies = off;\n"
                      "SET LOCAL client_min_messages = warning;\n"
                      "SET LOCAL row_security = off;\n"
                      "SET LOCAL xmloption = content;\n"
                      "SET LOCAL default_tablespace = '';\n"
                      "SET LOCAL default_table_access_method = heap;\n"
                      "SET LOCAL search_path = '';\n");
}

SqlBlock TextOf(Block block) {
  std::string text;
  for (const std::string& statement : block.statements) {
    if (statement.empty()) continue;
    absl::StrAppend(&text, statement, "\n");
  }
  return {std::move(block.object), std::move(text), block.is_rest};
}

absl::StatusOr<std::string> ClusterText(const SqlOptions& options, Variables& variables) {
  if (options.cluster == nullptr) return "";
  VARVE_ASSIGN_OR_RETURN(const SectionView view, SectionView::Of(*options.cluster));
  Writing writing(view, options, variables);
  return RolesText(writing);
}

}  // namespace

absl::StatusOr<SqlScript> RenderSql(const Snapshot& snapshot, Section section,
                                    const SqlOptions& options) {
  if (section.header.status() == v1::SECTION_STATUS_UNAVAILABLE) {
    return absl::FailedPreconditionError(absl::StrCat(
        "section ", section.header.name(), " was unavailable then; there is nothing to write"));
  }
  section.measures = {};  // none is written
  VARVE_ASSIGN_OR_RETURN(
      const SectionView view,
      SectionView::Opening(section, [](const EntityKey& key) { return !IsOneOfMany(key.kind); }));
  Variables variables;
  VARVE_ASSIGN_OR_RETURN(const std::string roles, ClusterText(options, variables));
  Writing writing(view, options, variables);
  VARVE_ASSIGN_OR_RETURN(std::vector<Object> objects,
                         ObjectsWriter(view, options, writing).Write());
  section.shapes = {};  // those that are still looked at are decoded
  Script script = InOrder(std::move(objects));
  SqlScript result;
  for (Block& block : script.blocks) {
    SqlBlock text = TextOf(std::move(block));
    if (!text.text.empty()) result.blocks.push_back(std::move(text));
  }
  result.missing = writing.missing();
  NoteCoverage(view, result.missing);
  NoteEncoding(view, result.missing);
  for (const Block& block : script.in_cycles) {
    result.missing.push_back(absl::StrCat(DisplayName(block.object),
                                          ": needs what needs it, and could not be put in order"));
  }
  result.variables = variables.names();
  result.head = HeadText(snapshot, view, variables, result.missing, roles);
  result.tail = "COMMIT;\n";
  return result;
}

std::vector<absl::string_view> Pieces(const SqlScript& script) {
  std::vector<absl::string_view> pieces = {script.head};
  for (const SqlBlock& block : script.blocks) {
    pieces.emplace_back("\n");
    pieces.emplace_back(block.text);
  }
  pieces.emplace_back("\n");
  pieces.emplace_back(script.tail);
  return pieces;
}

std::string Joined(const SqlScript& script) { return absl::StrJoin(Pieces(script), ""); }

}  // namespace varve::sql
