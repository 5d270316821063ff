#include "agent/source/models/models_section.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/source/models/model_shapes.h"
#include "agent/source/models/models_errors.h"
#include "snapshot/kinds.h"
#include "snapshot/section_builder.h"

namespace varve {
namespace {

constexpr uint32_t kCaptureRevision = 1;
constexpr absl::string_view kModel = "model";
constexpr absl::string_view kEnum = "model_enum";

std::string Redacted(const Redactor& redactor, absl::string_view text) {
  Masked unused;  // reasons and messages are no shapes
  return redactor.MaskText(text, unused);
}

// Puts one reading into a section.
class Writer {
 public:
  Writer(const ModelsSectionFacts& facts, const ModelsReading& reading, const Redactor& redactor)
      : facts_(facts),
        reading_(reading),
        redactor_(redactor),
        builder_(facts.name, "models", kCaptureRevision) {}

  Section Write() {
    builder_.SetAddress(facts_.interpreter);
    builder_.SetServer(Server());
    const SchemaSecrets secrets = SecretsOf(redactor_, reading_.models);
    for (const ProbeModel& model : reading_.models) AddModel(model, secrets);
    for (const ProbeEnum& found : reading_.enums) AddEnum(found);
    AddUndescribed();
    CoverModules();
    AddErrors();
    MeasureRuns();
    return builder_.Finish();
  }

 private:
  std::string Server() const;
  void AddModel(const ProbeModel& model, const SchemaSecrets& secrets);
  void AddEnum(const ProbeEnum& found);
  void AddRepresentation(const ProbeModel& model, std::optional<ModelFacet> facet);
  void AddUndescribed();
  void CoverAll(v1::Sight state, absl::string_view reason, absl::string_view remedy,
                const std::vector<std::string>& scope);
  v1::Sight CoverWhole();
  void CoverDocument(const std::string& name);
  void CoverModules();
  void AddErrors();
  void MeasureModel(const ProbeModel& model);
  void MeasurePlace(const EntityKey& key, const std::string& file, int64_t line);
  void MeasureRuns();

  const ModelsSectionFacts& facts_;
  const ModelsReading& reading_;
  const Redactor& redactor_;
  SectionBuilder builder_;
};

// Whether it is a class or table that SQLAlchemy alone knows: there is no schema of it to be made.
bool HasNoSchema(const ProbeModel& model) {
  return model.kind == "table" && model.fields.empty() && !model.schema.has_value() &&
         !model.schema_error.has_value();
}

// "Python 3.11.2, Pydantic 2.11.1, pydantic.v1 1.10.21".
std::string Writer::Server() const {
  std::string server = absl::StrCat("Python ", reading_.python);
  for (const auto& [name, version] : reading_.versions) {
    if (version.empty()) continue;
    absl::StrAppend(&server, ", ", name == "pydantic" ? "Pydantic" : name, " ", version);
  }
  return server;
}

void Writer::AddModel(const ProbeModel& model, const SchemaSecrets& secrets) {
  const EntityKey key = ModelKey(model);
  ModelShapes shapes = ShapesOf(model, redactor_, secrets);
  builder_.Add(key, v1::FACET_STRUCTURE, std::move(shapes.structure.shape), shapes.structure.facts);
  builder_.Add(key, v1::FACET_BEHAVIOUR, std::move(shapes.behaviour.shape), shapes.behaviour.facts);
  if (shapes.docs.has_value()) {
    builder_.Add(key, v1::FACET_DOCS, std::move(shapes.docs->shape), shapes.docs->facts);
  }
  AddRepresentation(model, std::move(shapes.representation));
  MeasureModel(model);
  if (model.table.has_value() && !model.table->error.empty()) {
    builder_.Error(absl::StrCat("describing the table of ", model.id),
                   absl::StrCat("SQLAlchemy could not tell all of it for PostgreSQL: ",
                                Redacted(redactor_, model.table->error)),
                   "", &key);
  }
  if (!model.also.empty()) {
    builder_.Warning(absl::StrCat("gathering model ", model.id),
                     absl::StrCat("its file is loaded under another name, too: ",
                                  model.also.front(), "; it counts once"),
                     "import it by one name", &key);
  }
  if (model.is_namesake) {
    builder_.Warning(absl::StrCat("gathering model ", model.id),
                     "another class has the same module and name; they are numbered by content",
                     "give each class a name of its own", &key);
  }
  for (const std::string& base : model.incomplete) {
    builder_.Warning(absl::StrCat("reading the source of ", model.id),
                     absl::StrCat("what its base ", base,
                                  " brings is not known: its source is not below `path`"),
                     "let the module be imported, or add the folder that holds the base to `path` "
                     "(--models-path)",
                     &key);
  }
}

void Writer::AddEnum(const ProbeEnum& found) {
  const EntityKey key = EnumKey(found);
  EnumShapes shapes = ShapesOf(found, redactor_);
  builder_.Add(key, v1::FACET_STRUCTURE, std::move(shapes.structure.shape), shapes.structure.facts);
  if (shapes.docs.has_value()) {
    builder_.Add(key, v1::FACET_DOCS, std::move(shapes.docs->shape), shapes.docs->facts);
  }
  builder_.MeasureNumber(key, "member_count", static_cast<int64_t>(found.members.size()));
  MeasurePlace(key, found.file, found.line);
}

void Writer::AddRepresentation(const ProbeModel& model, std::optional<ModelFacet> facet) {
  const EntityKey key = ModelKey(model);
  if (model.schema_error.has_value()) {
    const std::string why = Redacted(redactor_, *model.schema_error);
    const std::string doing = absl::StrCat("making the JSON schema of ", model.id);
    if (facet.has_value()) {
      builder_.Warning(doing, absl::StrCat(why, "; what has no JSON form is marked in it"), "",
                       &key);
    } else {
      builder_.Error(doing, why, "", &key);
    }
  }
  if (model.schema.has_value() && !facet.has_value() && !model.schema_error.has_value()) {
    builder_.Error(absl::StrCat("making the JSON schema of ", model.id),
                   "it is nested deeper than 200 levels, or is no JSON", "", &key);
  }
  if (facet.has_value()) {
    builder_.Add(key, v1::FACET_REPRESENTATION, std::move(facet->shape), facet->facts);
  } else if (!facts_.static_only && !HasNoSchema(model)) {
    builder_.AddUnseen(key, v1::FACET_REPRESENTATION, v1::SIGHT_FAILED);
  }
}

// Models that are there, and that neither a run nor their source could tell.
void Writer::AddUndescribed() {
  std::set<std::string> told, wanted;
  for (const ProbeModel& model : reading_.models) told.insert(model.id);
  for (const ProbeEnum& found : reading_.enums) told.insert(found.id);
  for (const Casualty& casualty : reading_.casualties) wanted.insert(casualty.model);
  for (const ProbeError& error : reading_.errors) wanted.insert(error.id);
  wanted.erase("");
  for (const std::string& id : wanted) {
    const size_t colon = id.find(':');
    if (colon == std::string::npos) continue;
    const std::vector<std::string> names = {id.substr(0, colon), id.substr(colon + 1)};
    CoverAll(v1::SIGHT_FAILED, "a run could not describe it", "", names);
    if (told.count(id) > 0) continue;
    for (const KindFacet& facet : FindKind(kModel)->facets) {
      builder_.AddUnseen({std::string(kModel), names}, facet.facet, v1::SIGHT_FAILED);
    }
  }
}

void Writer::CoverAll(v1::Sight state, absl::string_view reason, absl::string_view remedy,
                      const std::vector<std::string>& scope) {
  for (const KindFacet& facet : FindKind(kEnum)->facets) {
    builder_.Cover(kEnum, facet.facet, state, reason, remedy, scope);
  }
  for (const KindFacet& facet : FindKind(kModel)->facets) {
    if (facts_.static_only && facet.facet == v1::FACET_REPRESENTATION) {
      builder_.Cover(kModel, facet.facet, v1::SIGHT_NOT_SUPPORTED, "source alone does not show it",
                     "let the modules be imported: without `static: true` (--models-static)");
    } else {
      builder_.Cover(kModel, facet.facet, state, reason, remedy, scope);
    }
  }
}

// Says whether the kind was looked at whole: where every module below the roots is known.
v1::Sight Writer::CoverWhole() {
  std::string reason, remedy;
  v1::Sight state = v1::SIGHT_FAILED;
  if (!reading_.missing_roots.empty()) {
    reason = absl::StrCat("module ", reading_.missing_roots.front(), " was not found");
    remedy = MissingRoot(reading_.missing_roots.front()).remedy;
  } else if (!reading_.listed.has_value() && facts_.has_modules) {
    reason = "the interpreter was ended before it had told all modules";
  } else if (reading_.listed.has_value() && !reading_.listed->unread.empty()) {
    reason = absl::StrCat("the folder of ", reading_.listed->unread.front(), " cannot be listed");
    remedy = "let the agent's user read it";
  } else if (reading_.listed.has_value() && !reading_.listed->capped.empty()) {
    state = v1::SIGHT_CAPPED;
    reason =
        absl::StrCat("there are more than 20000 modules below ", reading_.listed->capped.front());
    remedy = absl::StrCat("name smaller packages in ", ConfigKey("modules"));
  } else {
    state = v1::SIGHT_CAPTURED;
  }
  CoverAll(state, reason, remedy, {});
  return state;
}

// A document tells all facets that there are of its models.
void Writer::CoverDocument(const std::string& name) {
  for (const absl::string_view kind : {kModel, kEnum}) {
    for (const KindFacet& facet : FindKind(kind)->facets) {
      builder_.Cover(kind, facet.facet, v1::SIGHT_CAPTURED, "", "", {name});
    }
  }
}

// A module that was not imported is a hole in what was looked at, also where its source was read:
// what it makes while it runs is not in its source.
void Writer::CoverModules() {
  const ModuleReading::By whole_by =
      facts_.static_only ? ModuleReading::By::kSource : ModuleReading::By::kRun;
  const v1::Sight whole = CoverWhole();
  for (const auto& [name, module] : reading_.modules) {
    if (module.by == ModuleReading::By::kDocument) {
      CoverDocument(name);
      continue;
    }
    if (module.by == whole_by) {
      // Of tens of thousands of modules each would be an entry of its own: more than it is worth.
      if (whole == v1::SIGHT_FAILED) CoverAll(v1::SIGHT_CAPTURED, "", "", {name});
      continue;
    }
    std::string reason =
        module.why.empty() ? "it was not imported" : Redacted(redactor_, module.why);
    if (module.by == ModuleReading::By::kSource) absl::StrAppend(&reason, "; read from its source");
    CoverAll(v1::SIGHT_FAILED, reason, "", {name});
  }
  for (const std::string& name : reading_.left_out) {
    if (reading_.modules.count(name) > 0) continue;
    CoverAll(v1::SIGHT_EXCLUDED, "left out by its name",
             absl::StrCat("name it in ", ConfigKey("modules")), {name});
  }
}

void Writer::AddErrors() {
  for (const std::string& root : reading_.missing_roots) {
    const ModelsError error = MissingRoot(root);
    builder_.Error(error.doing, error.why, error.remedy);
  }
  for (const absl::Status& trouble : reading_.troubles) {
    const ModelsError error = RunError(facts_, trouble, redactor_);
    builder_.Error(error.doing, error.why, error.remedy);
  }
  for (const UnreadDocument& document : reading_.unread_documents) {
    const ModelsError error = DocumentError(document, redactor_);
    builder_.Error(error.doing, error.why, error.remedy);
  }
  for (const ModelsError& error : ModuleErrors(facts_, reading_, redactor_)) {
    builder_.Error(error.doing, error.why, error.remedy);
  }
  for (const std::string& why : reading_.lines_not_understood) {
    builder_.Error("reading what the interpreter answered",
                   absl::StrCat("a line was not understood: ", why),
                   "see whether a module writes to descriptors that it did not open");
  }
}

void Writer::MeasureModel(const ProbeModel& model) {
  const EntityKey key = ModelKey(model);
  builder_.MeasureNumber(key, "field_count", static_cast<int64_t>(model.fields.size()));
  MeasurePlace(key, model.file, model.line);
}

void Writer::MeasurePlace(const EntityKey& key, const std::string& file, int64_t line) {
  if (!file.empty()) builder_.MeasureText(key, "file", file);
  if (line > 0) builder_.MeasureNumber(key, "line", line);
}

void Writer::MeasureRuns() {
  const EntityKey probe = {"models_probe", {"probe"}};
  builder_.MeasureNumber(probe, "modules", static_cast<int64_t>(reading_.modules.size()));
  builder_.MeasureNumber(probe, "runs", reading_.runs);
  builder_.MeasureNumber(probe, "run_ms", absl::ToInt64Milliseconds(reading_.took));
  builder_.MeasureNumber(probe, "max_rss_bytes", reading_.max_rss_bytes);
  if (facts_.has_modules) {
    builder_.MeasureText(
        probe, "read_at",
        absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", facts_.read_at, absl::UTCTimeZone()));
  }
}

bool ReadNothing(const ModelsReading& reading) {
  for (const auto& [name, module] : reading.modules) {
    if (module.by != ModuleReading::By::kNothing) return false;
  }
  return true;
}

}  // namespace

Section ModelsSection(const ModelsSectionFacts& facts, const ModelsReading& reading,
                      const Redactor& redactor) {
  // No interpreter, or no module of that name anywhere: nothing is known, which is not "there are
  // no models".
  if (reading.modules.empty() && ReadNothing(reading)) {
    ModelsError error = {"reading models", "nothing was read", ""};
    if (!reading.troubles.empty()) {
      error = RunError(facts, reading.troubles.front(), redactor);
    } else if (!reading.missing_roots.empty()) {
      error = MissingRoot(reading.missing_roots.front());
    }
    return SectionBuilder::Unavailable(facts.name, "models", facts.interpreter, error.doing,
                                       error.why, error.remedy);
  }
  return Writer(facts, reading, redactor).Write();
}

}  // namespace varve
