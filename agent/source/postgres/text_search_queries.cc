// Text search: configurations, dictionaries, parsers, templates.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr unsigned kStructure = Bit(v1::FACET_STRUCTURE);
constexpr Feed kConfigurations[] = {{"text_search_configuration", kEveryFacet}};
constexpr Feed kMappings[] = {{"text_search_configuration", kStructure}};
constexpr Feed kDictionaries[] = {{"text_search_dictionary", kEveryFacet},
                                  {"text_search_configuration", kStructure}};
constexpr Feed kParsers[] = {{"text_search_parser", kEveryFacet},
                             {"text_search_configuration", kStructure}};
constexpr Feed kTemplates[] = {{"text_search_template", kEveryFacet},
                               {"text_search_dictionary", kStructure}};

constexpr QueryColumn kConfigurationColumns[] = {
    {"oid"}, {"cfgname"}, {"cfgnamespace"}, {"cfgowner"}, {"cfgparser"}};

void LoadConfiguration(RowReader& row, Catalog& catalog) {
  TextSearchConfigurationRow& configuration = catalog.text_search.configurations.emplace_back();
  configuration.oid = row.TakeOid();
  configuration.name = row.TakeText();
  configuration.schema = row.TakeOid();
  configuration.owner = row.TakeOid();
  configuration.parser = row.TakeOid();
}

constexpr QueryColumn kMappingColumns[] = {{"mapcfg"}, {"maptokentype"}, {"mapdict"}};

void LoadMapping(RowReader& row, Catalog& catalog) {
  TokenMappingRow& mapping = catalog.text_search.mappings[row.TakeOid()].emplace_back();
  mapping.token = static_cast<int32_t>(row.TakeInt());
  mapping.dictionary = row.TakeOid();
}

constexpr QueryColumn kDictionaryColumns[] = {{"oid"},       {"dictname"},     {"dictnamespace"},
                                              {"dictowner"}, {"dicttemplate"}, {"dictinitoption"}};

void LoadDictionary(RowReader& row, Catalog& catalog) {
  TextSearchDictionaryRow& dictionary = catalog.text_search.dictionaries[row.TakeOid()];
  dictionary.name = row.TakeText();
  dictionary.schema = row.TakeOid();
  dictionary.owner = row.TakeOid();
  dictionary.template_oid = row.TakeOid();
  dictionary.options = row.TakeRaw();
}

constexpr QueryColumn kParserColumns[] = {
    {"oid"},           {"prsname"},     {"prsnamespace"},     {"prsstart::oid"},
    {"prstoken::oid"}, {"prsend::oid"}, {"prsheadline::oid"}, {"prslextype::oid"}};

// Without a cast, regproc is a name.
void LoadParser(RowReader& row, Catalog& catalog) {
  TextSearchParserRow& parser = catalog.text_search.parsers[row.TakeOid()];
  parser.name = row.TakeText();
  parser.schema = row.TakeOid();
  parser.start = row.TakeOid();
  parser.token = row.TakeOid();
  parser.end = row.TakeOid();
  parser.headline = row.TakeOid();
  parser.lextypes = row.TakeOid();
}

constexpr QueryColumn kTemplateColumns[] = {
    {"oid"}, {"tmplname"}, {"tmplnamespace"}, {"tmplinit::oid"}, {"tmpllexize::oid"}};

void LoadTemplate(RowReader& row, Catalog& catalog) {
  TextSearchTemplateRow& row_template = catalog.text_search.templates[row.TakeOid()];
  row_template.name = row.TakeText();
  row_template.schema = row.TakeOid();
  row_template.init = row.TakeOid();
  row_template.lexize = row.TakeOid();
}

// The server's own parser alone: one that was made here runs a function of its maker's, and is
// asked by itself (token_names.h).
constexpr QueryColumn kTokenColumns[] = {{"p.oid"}, {"t.tokid"}, {"t.alias"}};

void LoadToken(RowReader& row, Catalog& catalog) {
  const Oid parser = row.TakeOid();
  const auto token = static_cast<int32_t>(row.TakeInt());
  catalog.text_search.token_names.emplace(std::pair(parser, token), row.TakeText());
}

constexpr CatalogQuery kQueries[] = {
    {"pg_ts_config", kConfigurationColumns, "FROM pg_ts_config WHERE oid >= 16384",
     LoadConfiguration, kConfigurations},
    {"pg_ts_config_map", kMappingColumns,
     "FROM pg_ts_config_map WHERE mapcfg >= 16384 ORDER BY mapcfg, maptokentype, mapseqno",
     LoadMapping, kMappings},
    {"pg_ts_dict", kDictionaryColumns, "FROM pg_ts_dict", LoadDictionary, kDictionaries},
    {"pg_ts_parser", kParserColumns, "FROM pg_ts_parser", LoadParser, kParsers},
    {"pg_ts_template", kTemplateColumns, "FROM pg_ts_template", LoadTemplate, kTemplates},
    {"ts_token_type(oid)", kTokenColumns,
     "FROM pg_ts_parser p, ts_token_type(p.oid) t WHERE p.oid < 16384", LoadToken, kMappings, 0,
     [](const Catalog& catalog) { return !catalog.text_search.configurations.empty(); }},
};

}  // namespace

absl::Span<const CatalogQuery> TextSearchQueries() { return kQueries; }

}  // namespace varve::postgres
