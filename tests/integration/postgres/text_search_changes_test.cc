// Single changes of text search objects.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

class TextSearchChanges : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(TextSearchChanges);

TEST_P(TextSearchChanges, ByEachClause) {
  Run("CREATE SCHEMA app; CREATE TEXT SEARCH CONFIGURATION c (COPY = english); CREATE TEXT SEARCH "
      "DICTIONARY d (TEMPLATE = simple); CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN "
      "= prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype); CREATE TEXT SEARCH TEMPLATE t "
      "(LEXIZE = dsimple_lexize)");
  const std::string structure = "text_search_configuration public.c structure: ";
  ExpectChanges({
      {"ALTER TEXT SEARCH CONFIGURATION c DROP MAPPING FOR url, host",
       {structure + "mappings.host dictionaries [pg_catalog.simple] -> nothing",
        structure + "mappings.url dictionaries [pg_catalog.simple] -> nothing"}},
      {"ALTER TEXT SEARCH CONFIGURATION c DROP MAPPING IF EXISTS FOR url", {}},
      {"ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR url WITH d",
       {structure + "mappings.url nothing -> dictionaries [public.d]"}},
      {"ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR url WITH simple",
       {structure + "mappings.url.dictionaries [public.d] -> [pg_catalog.simple]"}},
      {"ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR url REPLACE simple WITH d",
       {structure + "mappings.url.dictionaries [pg_catalog.simple] -> [public.d]"}},
      {"ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING REPLACE simple WITH d",
       {structure + "mappings.email.dictionaries [pg_catalog.simple] -> [public.d]",
        structure + "mappings.file.dictionaries [pg_catalog.simple] -> [public.d]",
        structure + "mappings.float.dictionaries [pg_catalog.simple] -> [public.d]",
        structure + "mappings.int.dictionaries [pg_catalog.simple] -> [public.d]",
        structure + "mappings.numhword.dictionaries [pg_catalog.simple] -> [public.d]",
        structure + "mappings.numword.dictionaries [pg_catalog.simple] -> [public.d]",
        structure + "mappings.hword_numpart.dictionaries [pg_catalog.simple] -> [public.d]",
        structure + "mappings.sfloat.dictionaries [pg_catalog.simple] -> [public.d]",
        structure + "mappings.uint.dictionaries [pg_catalog.simple] -> [public.d]",
        structure + "mappings.url_path.dictionaries [pg_catalog.simple] -> [public.d]",
        structure + "mappings.version.dictionaries [pg_catalog.simple] -> [public.d]"}},
      {"ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR url WITH d, simple",
       {structure + "mappings.url.dictionaries [public.d] -> [public.d, pg_catalog.simple]"}},
      {"ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR url WITH simple, d",
       {structure + "mappings.url.dictionaries [public.d, pg_catalog.simple] -> "
                    "[pg_catalog.simple, public.d]"}},
      {"ALTER TEXT SEARCH DICTIONARY d (ACCEPT = false)",
       {"text_search_dictionary public.d structure: options.accept nothing -> value false"}},
      {"ALTER TEXT SEARCH DICTIONARY d (ACCEPT)",
       {"text_search_dictionary public.d structure: options.accept value false -> nothing"}},
      {"DROP TEXT SEARCH PARSER p; CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = "
       "prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline)",
       {"text_search_parser public.p structure: headline nothing -> "
        "pg_catalog.prsd_headline(internal, internal, tsquery)"}},
      {"DROP TEXT SEARCH TEMPLATE t; CREATE TEXT SEARCH TEMPLATE t (LEXIZE = dsimple_lexize, INIT "
       "= dsimple_init)",
       {"text_search_template public.t structure: init nothing -> "
        "pg_catalog.dsimple_init(internal)"}},
      {absl::StrCat("ALTER TEXT SEARCH CONFIGURATION c OWNER TO ", Role()),
       {absl::StrCat("text_search_configuration public.c access: owner postgres -> ", Role())}},
      {absl::StrCat("ALTER TEXT SEARCH DICTIONARY d OWNER TO ", Role()),
       {absl::StrCat("text_search_dictionary public.d access: owner postgres -> ", Role())}},
      {"ALTER TEXT SEARCH CONFIGURATION c SET SCHEMA app",
       {"renamed text_search_configuration app.c was public.c"}},
      {"ALTER TEXT SEARCH CONFIGURATION app.c RENAME TO cc",
       {"renamed text_search_configuration app.cc was app.c"}},
      {"ALTER TEXT SEARCH DICTIONARY d SET SCHEMA app",
       {"renamed text_search_dictionary app.d was public.d",
        "follows: text_search_configuration app.cc structure"}},
      {"ALTER TEXT SEARCH DICTIONARY app.d RENAME TO dd",
       {"renamed text_search_dictionary app.dd was app.d",
        "follows: text_search_configuration app.cc structure"}},
      {"ALTER TEXT SEARCH PARSER p SET SCHEMA app",
       {"renamed text_search_parser app.p was public.p"}},
      {"ALTER TEXT SEARCH PARSER app.p RENAME TO pp",
       {"renamed text_search_parser app.pp was app.p"}},
      {"ALTER TEXT SEARCH TEMPLATE t SET SCHEMA app",
       {"renamed text_search_template app.t was public.t"}},
      {"ALTER TEXT SEARCH TEMPLATE app.t RENAME TO tt",
       {"renamed text_search_template app.tt was app.t"}},
      {"DROP TEXT SEARCH CONFIGURATION app.cc", {"- text_search_configuration app.cc"}},
      {"DROP TEXT SEARCH DICTIONARY app.dd", {"- text_search_dictionary app.dd"}},
      {"CREATE TEXT SEARCH CONFIGURATION c (PARSER = app.pp)",
       {"+ text_search_configuration public.c"}},
  });
}

}  // namespace
}  // namespace varve::testing
