// Functions, procedures, aggregates, window functions.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr unsigned kStructure = Bit(v1::FACET_STRUCTURE);
constexpr Feed kRoutines[] = {
    {"function", kEveryFacet}, {"table", kStructure}, {"view", kStructure}};
constexpr Feed kEverything[] = {{"", kStructure}};
constexpr Feed kLanguages[] = {{"function", kStructure}};

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
                                        {"pronargdefaults"},
                                        {"proargtypes"},
                                        {"proallargtypes"},
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
  routine.default_count = row.TakeSmall();
  routine.input_types = row.TakeOids();
  routine.all_types = row.TakeOids();
  routine.modes = row.TakeRaw();
  routine.argument_names = row.TakeRaw();
  routine.settings = row.TakeRaw();
  routine.acl = row.TakeAcl();
}

// Every catalog column of type regproc, of the objects that are not the server's own.
constexpr absl::string_view kCalledByObjects =
    "FROM pg_proc WHERE oid < 16384 AND oid IN ("
    "SELECT tgfoid FROM pg_trigger WHERE NOT tgisinternal "
    "UNION ALL SELECT evtfoid FROM pg_event_trigger "
    "UNION ALL SELECT prosupport FROM pg_proc WHERE oid >= 16384 "
    "UNION ALL SELECT castfunc FROM pg_cast WHERE oid >= 16384 "
    "UNION ALL SELECT unnest(ARRAY[oprcode, oprrest, oprjoin]) FROM pg_operator "
    "WHERE oid >= 16384 "
    "UNION ALL SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend, typmodin, typmodout, "
    "typanalyze]) FROM pg_type WHERE oid >= 16384 AND typtype = 'b' "
    "UNION ALL SELECT unnest(ARRAY[rngcanonical, rngsubdiff]) FROM pg_range "
    "WHERE rngtypid >= 16384 "
    "UNION ALL SELECT unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, "
    "aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn]) FROM pg_aggregate "
    "WHERE aggfnoid >= 16384 "
    "UNION ALL SELECT amproc FROM pg_amproc WHERE oid >= 16384 "
    "UNION ALL SELECT conproc FROM pg_conversion WHERE oid >= 16384 "
    "UNION ALL SELECT unnest(ARRAY[lanplcallfoid, laninline, lanvalidator]) FROM pg_language "
    "WHERE oid >= 16384 "
    "UNION ALL SELECT unnest(ARRAY[prsstart, prstoken, prsend, prsheadline, prslextype]) "
    "FROM pg_ts_parser WHERE oid >= 16384 "
    "UNION ALL SELECT unnest(ARRAY[tmplinit, tmpllexize]) FROM pg_ts_template WHERE oid >= 16384 "
    "UNION ALL SELECT unnest(ARRAY[fdwhandler, fdwvalidator]) FROM pg_foreign_data_wrapper "
    "UNION ALL SELECT amhandler FROM pg_am WHERE oid >= 16384 "
    "UNION ALL SELECT unnest(ARRAY[trffromsql, trftosql]) FROM pg_transform)";

constexpr QueryColumn kLanguageColumns[] = {{"oid"}, {"lanname"}};

void LoadLanguage(RowReader& row, Catalog& catalog) {
  const Oid oid = row.TakeOid();
  catalog.languages.emplace(oid, row.TakeText());
}

constexpr CatalogQuery kQueries[] = {
    {"pg_proc", kProcColumns, "FROM pg_proc WHERE oid >= 16384", LoadRoutine, kRoutines},
    // The server's own are read where an object of the database calls one: for its name.
    {"pg_proc", kProcColumns, kCalledByObjects, LoadRoutine, kEverything},
    {"pg_language", kLanguageColumns, "FROM pg_language", LoadLanguage, kLanguages},
};

}  // namespace

absl::Span<const CatalogQuery> RoutineQueries() { return kQueries; }

}  // namespace varve::postgres
