// Functions, procedures, aggregates, window functions.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr unsigned kStructure = Bit(v1::FACET_STRUCTURE);
constexpr Feed kRoutines[] = {{"function", kEveryFacet},
                              {"table", kStructure},
                              {"view", kStructure},
                              {"text_search_parser", kStructure},
                              {"text_search_template", kStructure},
                              {"foreign_data_wrapper", kStructure},
                              {"event_trigger", kStructure},
                              {"base_type", kStructure},
                              {"range_type", kStructure},
                              {"conversion", kStructure},
                              {"language", kStructure},
                              {"operator", kStructure},
                              {"operator_class", kStructure},
                              {"operator_family", kStructure},
                              {"cast", kStructure},
                              {"transform", kStructure},
                              {"access_method", kStructure},
                              {"extension", kStructure}};
constexpr Feed kEverything[] = {{"", kStructure}};
constexpr Feed kLanguages[] = {{"function", kStructure},
                               {"language", kEveryFacet},
                               {"transform", kEveryFacet},
                               {"extension", kStructure}};
constexpr Feed kFunctionStructure[] = {{"function", kStructure}};

constexpr QueryColumn kProcColumns[] = {{"oid"},
                                        {"proname"},
                                        {"pronamespace"},
                                        {"proowner"},
                                        {"prolang"},
                                        {"prorettype"},
                                        {"prokind"},
                                        {"provolatile"},
                                        {"proparallel"},
                                        {"prosecdef"},
                                        {"proleakproof"},
                                        {"proisstrict"},
                                        {"proretset"},
                                        {"procost"},
                                        {"prorows"},
                                        {"prosrc"},
                                        {"probin"},
                                        {"prosqlbody IS NOT NULL", 14, "false"},
                                        {"EXISTS (SELECT FROM pg_depend WHERE classid = 1255 "
                                         "AND objid = pg_proc.oid AND deptype = 'i')"},
                                        {"pronargdefaults"},
                                        {"prosupport::oid"},
                                        {"proargtypes"},
                                        {"proallargtypes"},
                                        {"protrftypes"},
                                        {"proargmodes"},
                                        {"proargnames"},
                                        {"proconfig"},
                                        {"proacl"}};

void LoadRoutine(RowReader& row, Catalog& catalog) {
  RoutineRow& routine = catalog.routines.emplace_back();
  routine.oid = row.TakeOid();
  routine.name = row.TakeText();
  routine.schema = row.TakeOid();
  routine.owner = row.TakeOid();
  routine.language = row.TakeOid();
  routine.returns = row.TakeOid();
  routine.kind = row.TakeChar();
  routine.volatility = row.TakeChar();
  routine.parallel = row.TakeChar();
  routine.security_definer = row.TakeBool();
  routine.leakproof = row.TakeBool();
  routine.strict = row.TakeBool();
  routine.returns_set = row.TakeBool();
  routine.cost = row.TakeText();
  routine.rows = row.TakeText();
  routine.source = row.TakeText();
  routine.library = row.TakeText();
  routine.has_sql_body = row.TakeBool();
  routine.of_type = row.TakeBool();
  routine.default_count = row.TakeSmall();
  routine.support = row.TakeOid();
  routine.input_types = row.TakeOids();
  routine.all_types = row.TakeOids();
  routine.transform_types = row.TakeOids();
  routine.modes = row.TakeRaw();
  routine.argument_names = row.TakeRaw();
  routine.settings = row.TakeRaw();
  routine.acl = row.TakeAcl();
}

constexpr QueryColumn kNameColumns[] = {{"oid"}, {"proname"}, {"pronamespace"}, {"proargtypes"}};

void LoadRoutineName(RowReader& row, Catalog& catalog) {
  RoutineRow& routine = catalog.routines.emplace_back();
  routine.oid = row.TakeOid();
  routine.name = row.TakeText();
  routine.schema = row.TakeOid();
  routine.input_types = row.TakeOids();
}

constexpr QueryColumn kAggregateColumns[] = {
    {"aggfnoid::oid"},     {"aggkind"},          {"aggnumdirectargs"},
    {"aggcombinefn::oid"}, {"aggserialfn::oid"}, {"aggdeserialfn::oid"},
    {"aggsortop"},         {"aggtransfn::oid"},  {"0"},
    {"aggtranstype"},      {"aggfinalfn::oid"},  {"aggtransspace"},
    {"aggfinalextra"},     {"aggfinalmodify"},   {"agginitval IS NOT NULL"},
    {"agginitval"},        {"aggmtransfn::oid"}, {"aggminvtransfn::oid"},
    {"aggmtranstype"},     {"aggmfinalfn::oid"}, {"aggmtransspace"},
    {"aggmfinalextra"},    {"aggmfinalmodify"},  {"aggminitval IS NOT NULL"},
    {"aggminitval"}};

void TakeSteps(RowReader& row, AggregateStepsRow& steps) {
  steps.transition = row.TakeOid();
  steps.inverse = row.TakeOid();
  steps.state_type = row.TakeOid();
  steps.final = row.TakeOid();
  steps.state_space = static_cast<int32_t>(row.TakeInt());
  steps.final_extra = row.TakeBool();
  steps.final_modify = row.TakeChar();
  steps.has_initial = row.TakeBool();
  steps.initial = row.TakeText();
}

void LoadAggregate(RowReader& row, Catalog& catalog) {
  AggregateRow& aggregate = catalog.aggregates[row.TakeOid()];
  aggregate.kind = row.TakeChar();
  aggregate.direct_argument_count = row.TakeSmall();
  aggregate.combine = row.TakeOid();
  aggregate.serial = row.TakeOid();
  aggregate.deserial = row.TakeOid();
  aggregate.sort_operator = row.TakeOid();
  TakeSteps(row, aggregate.steps);
  TakeSteps(row, aggregate.moving);
}

constexpr QueryColumn kLanguageColumns[] = {{"oid"},          {"lanname"},       {"lanowner"},
                                            {"lanpltrusted"}, {"lanplcallfoid"}, {"laninline"},
                                            {"lanvalidator"}, {"lanacl"}};

void LoadLanguage(RowReader& row, Catalog& catalog) {
  LanguageRow& language = catalog.languages[row.TakeOid()];
  language.name = row.TakeText();
  language.owner = row.TakeOid();
  language.trusted = row.TakeBool();
  language.handler = row.TakeOid();
  language.inline_handler = row.TakeOid();
  language.validator = row.TakeOid();
  language.acl = row.TakeAcl();
}

constexpr CatalogQuery kQueries[] = {
    {"pg_proc", kProcColumns, "FROM pg_proc WHERE oid >= 16384", LoadRoutine, kRoutines},
    // Of the server's own only the names, for objects that call one. To ask which are called would
    // make one catalog that is denied cost the names of all.
    {"pg_proc", kNameColumns, "FROM pg_proc WHERE oid < 16384", LoadRoutineName, kEverything},
    {"pg_aggregate", kAggregateColumns, "FROM pg_aggregate WHERE aggfnoid >= 16384", LoadAggregate,
     kFunctionStructure},
    {"pg_language", kLanguageColumns, "FROM pg_language", LoadLanguage, kLanguages},
};

}  // namespace

absl::Span<const CatalogQuery> RoutineQueries() { return kQueries; }

}  // namespace varve::postgres
