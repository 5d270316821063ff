// Functions, procedures, aggregates and window functions: kind `function`.
#include "absl/strings/str_join.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"
#include "agent/source/postgres/sql_text.h"

namespace varve::postgres {
namespace {

const char* KindOf(char prokind) {
  switch (prokind) {
    case 'p':
      return "procedure";
    case 'a':
      return "aggregate";
    case 'w':
      return "window";
    default:
      return "function";
  }
}

const char* VolatilityOf(char provolatile) {
  switch (provolatile) {
    case 'i':
      return "immutable";
    case 's':
      return "stable";
    default:
      return "volatile";
  }
}

const char* ParallelOf(char proparallel) {
  switch (proparallel) {
    case 's':
      return "safe";
    case 'r':
      return "restricted";
    default:
      return "unsafe";
  }
}

const char* ModeOf(absl::string_view mode) {
  switch (mode.empty() ? 'i' : mode.front()) {
    case 'o':
      return "out";
    case 'b':
      return "inout";
    case 'v':
      return "variadic";
    case 't':
      return "table";
    default:
      return "in";
  }
}

// proallargtypes is NULL where all arguments are IN, and then so is proargmodes.
void FillArguments(const Catalog& catalog, const RoutineRow& row, v1::RoutineStructure& routine) {
  const std::vector<Oid>& types = row.all_types.empty() ? row.input_types : row.all_types;
  const std::vector<std::string> modes = ArrayItems(row.modes);
  const std::vector<std::string> names = ArrayItems(row.argument_names);
  for (size_t at = 0; at < types.size(); ++at) {
    v1::RoutineArgument& argument = *routine.add_arguments();
    if (at < names.size()) argument.set_name(TextFrom(names[at], catalog.text_form));
    argument.set_mode(ModeOf(at < modes.size() ? modes[at] : ""));
    *argument.mutable_type() = DataTypeOf(catalog, types[at]);
  }
}

// The names of the arguments that a call gives, in order; "" of one without a name.
std::vector<std::string> InputNames(const RoutineRow& row) {
  const size_t count = row.all_types.empty() ? row.input_types.size() : row.all_types.size();
  const std::vector<std::string> modes = ArrayItems(row.modes);
  const std::vector<std::string> names = ArrayItems(row.argument_names);
  std::vector<std::string> inputs;
  for (size_t at = 0; at < count; ++at) {
    const char mode = at < modes.size() && !modes[at].empty() ? modes[at].front() : 'i';
    if (mode == 'o' || mode == 't') continue;
    inputs.push_back(at < names.size() ? names[at] : "");
  }
  return inputs;
}

// Defaults are those of the last arguments that a call gives.
std::string MaskDefaults(const RoutineRow& row, absl::string_view text, FacetShape& facet) {
  const std::vector<std::string> names = InputNames(row);
  const std::vector<absl::string_view> defaults = ListedExpressions(text);
  std::vector<std::string> masked;
  for (size_t at = 0; at < defaults.size(); ++at) {
    const size_t name = names.size() + at - defaults.size();
    masked.push_back(facet.MaskExpression(name < names.size() ? names[name] : "", defaults[at]));
  }
  return absl::StrJoin(masked, ",");
}

FacetShape Structure(const Catalog& catalog, const RoutineRow& row, FacetShape facet) {
  v1::RoutineStructure& routine = *facet.shape.mutable_routine();
  routine.set_kind(KindOf(row.kind));
  const auto language = catalog.languages.find(row.language);
  if (language != catalog.languages.end()) routine.set_language(std::string(language->second.name));
  FillArguments(catalog, row, routine);
  if (row.returns != 0 && row.kind != 'p') {
    *routine.mutable_returns() = DataTypeOf(catalog, row.returns);
  }
  routine.set_returns_set(row.returns_set);
  // An aggregate's is "aggregate_dummy"; a parsed body is in the facet expressions.
  if (row.kind != 'a' && !row.has_sql_body) routine.set_source(facet.Mask(row.source));
  routine.set_library(std::string(row.library));
  routine.set_volatility(VolatilityOf(row.volatility));
  routine.set_parallel(ParallelOf(row.parallel));
  routine.set_strict(row.strict);
  routine.set_security_definer(row.security_definer);
  routine.set_leakproof(row.leakproof);
  routine.set_cost(std::string(row.cost));
  routine.set_rows(std::string(row.rows));
  facet.MaskOptions(row.settings, catalog.text_form, *routine.mutable_settings());
  routine.set_default_count(static_cast<uint32_t>(row.default_count));
  if (row.support != 0) *routine.mutable_support() = RoutineIdentity(catalog, row.support);
  for (const Oid type : row.transform_types) {
    *routine.add_transforms() = DataTypeOf(catalog, type);
  }
  FillAggregate(catalog, row, facet);
  FillExtensionsNeeded(catalog, kProcCatalog, row.oid, *routine.mutable_depends_on_extensions());
  return facet;
}

void WriteExpressions(const Reading& reading, const RoutineRow& row, const EntityKey& entity,
                      SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  v1::RoutineExpressions& routine = *facet.shape.mutable_routine_expressions();
  bool printed = true;
  if (row.default_count > 0) {
    const auto text = reading.expressions.argument_defaults.find(row.oid);
    printed = text != reading.expressions.argument_defaults.end();
    if (printed) routine.set_argument_defaults(MaskDefaults(row, text->second, facet));
  }
  if (row.has_sql_body) {
    const auto text = reading.expressions.sql_bodies.find(row.oid);
    printed = printed && text != reading.expressions.sql_bodies.end();
    if (printed) routine.set_sql_body(facet.Mask(text->second));
  }
  AddExpressions(reading, kProcCatalog, row.oid, entity, printed, std::move(facet), writer);
}

}  // namespace

void WriteRoutines(const Reading& reading, SectionWriter& writer) {
  const Catalog& catalog = reading.catalog;
  for (const RoutineRow& row : catalog.routines) {
    if (row.oid < kFirstUserOid || row.of_type) continue;
    if (!Belongs(catalog, kProcCatalog, row.oid, row.schema, "function", writer)) continue;
    const EntityKey entity = RoutineKey(catalog, row);
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, row, writer.NewShape()),
               ObjectLocator(catalog, row.oid));
    WriteExpressions(reading, row, entity, writer);
    const ObjectAddress address{kProcCatalog, row.oid, 0};
    WriteAccess(catalog, entity, address, row.owner, row.acl, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

}  // namespace varve::postgres
