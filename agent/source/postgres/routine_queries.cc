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
                              {"event_trigger", kStructure}};
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

constexpr QueryColumn kLanguageColumns[] = {{"oid"}, {"lanname"}};

void LoadLanguage(RowReader& row, Catalog& catalog) {
  const Oid oid = row.TakeOid();
  catalog.languages.emplace(oid, row.TakeText());
}

constexpr CatalogQuery kQueries[] = {
    {"pg_proc", kProcColumns, "FROM pg_proc WHERE oid >= 16384", LoadRoutine, kRoutines},
    {"pg_language", kLanguageColumns, "FROM pg_language", LoadLanguage, kLanguages},
};

}  // namespace

absl::Span<const CatalogQuery> RoutineQueries() { return kQueries; }

}  // namespace varve::postgres
