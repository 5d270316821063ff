// Text search configurations, dictionaries, parsers and templates. pg_ts_….
#include "absl/strings/str_cat.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"
#include "agent/source/postgres/option_text.h"

namespace varve::postgres {
namespace {

template <typename Row>
EntityKey KeyOfRow(const Catalog& catalog, absl::string_view kind, const Row& row) {
  return {std::string(kind), {std::string(catalog.SchemaName(row.schema)), std::string(row.name)}};
}

// Empty where there is no such row any more.
template <typename Row>
v1::Identity IdentityIn(const Catalog& catalog, absl::string_view kind,
                        const absl::flat_hash_map<Oid, Row>& rows, Oid oid) {
  const auto row = rows.find(oid);
  return row == rows.end() ? v1::Identity() : IdentityOf(KeyOfRow(catalog, kind, row->second));
}

std::string TokenName(const TextSearchRows& rows, Oid parser, int32_t token) {
  const auto name = rows.token_names.find({parser, token});
  const bool known = name != rows.token_names.end() && !rows.nameless.contains(parser);
  return known ? std::string(name->second) : absl::StrCat(token);
}

void FillMappings(const Catalog& catalog, const TextSearchConfigurationRow& row,
                  Repeated<v1::TokenMapping>& mappings) {
  const TextSearchRows& rows = catalog.text_search;
  const auto mapped = rows.mappings.find(row.oid);
  if (mapped == rows.mappings.end()) return;
  int32_t before = 0;
  for (const TokenMappingRow& item : mapped->second) {  // by token
    if (mappings.empty() || item.token != before) {
      mappings.Add()->set_token(TokenName(rows, row.parser, item.token));
    }
    before = item.token;
    v1::TokenMapping& mapping = *mappings.rbegin();
    *mapping.add_dictionaries() =
        IdentityIn(catalog, "text_search_dictionary", rows.dictionaries, item.dictionary);
  }
}

void WriteConfigurations(const Catalog& catalog, SectionWriter& writer) {
  constexpr absl::string_view kKind = "text_search_configuration";
  for (const TextSearchConfigurationRow& row : catalog.text_search.configurations) {
    const ObjectAddress address{kTextSearchConfigurationCatalog, row.oid, 0};
    if (!Belongs(catalog, address.catalog, row.oid, row.schema, kKind, writer)) continue;
    const EntityKey entity = KeyOfRow(catalog, kKind, row);
    FacetShape facet = writer.NewShape();
    v1::TextSearchConfigurationStructure& configuration =
        *facet.shape.mutable_text_search_configuration();
    *configuration.mutable_parser() =
        IdentityIn(catalog, "text_search_parser", catalog.text_search.parsers, row.parser);
    FillMappings(catalog, row, *configuration.mutable_mappings());
    if (const auto why = catalog.text_search.nameless.find(row.parser);
        why != catalog.text_search.nameless.end()) {
      writer.Warning("naming the types of tokens of its parser", why->second,
                     "they are given by number; mend the parser's function", &entity);
    }
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, row.oid));
    WriteAccess(catalog, entity, address, row.owner, {}, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

void WriteDictionaries(const Catalog& catalog, SectionWriter& writer) {
  constexpr absl::string_view kKind = "text_search_dictionary";
  for (const auto& [oid, row] : catalog.text_search.dictionaries) {
    const ObjectAddress address{kTextSearchDictionaryCatalog, oid, 0};
    if (!Belongs(catalog, address.catalog, oid, row.schema, kKind, writer)) continue;
    const EntityKey entity = KeyOfRow(catalog, kKind, row);
    FacetShape facet = writer.NewShape();
    v1::TextSearchDictionaryStructure& dictionary = *facet.shape.mutable_text_search_dictionary();
    *dictionary.mutable_template_() = IdentityIn(catalog, "text_search_template",
                                                 catalog.text_search.templates, row.template_oid);
    for (const OptionText& option : DefinitionOptions(row.options)) {
      v1::Option& added = *dictionary.add_options();
      added.set_name(TextFrom(option.name, catalog.text_form));
      added.set_value(facet.MaskValue(added.name(), TextFrom(option.value, catalog.text_form)));
    }
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, oid));
    WriteAccess(catalog, entity, address, row.owner, {}, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

void WriteParsers(const Catalog& catalog, SectionWriter& writer) {
  constexpr absl::string_view kKind = "text_search_parser";
  for (const auto& [oid, row] : catalog.text_search.parsers) {
    if (!Belongs(catalog, kTextSearchParserCatalog, oid, row.schema, kKind, writer)) continue;
    const EntityKey entity = KeyOfRow(catalog, kKind, row);
    FacetShape facet = writer.NewShape();
    v1::TextSearchParserStructure& parser = *facet.shape.mutable_text_search_parser();
    *parser.mutable_start() = RoutineIdentity(catalog, row.start);
    *parser.mutable_token() = RoutineIdentity(catalog, row.token);
    *parser.mutable_end() = RoutineIdentity(catalog, row.end);
    if (row.headline != 0) *parser.mutable_headline() = RoutineIdentity(catalog, row.headline);
    *parser.mutable_lextypes() = RoutineIdentity(catalog, row.lextypes);
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, oid));
    WriteDocs(catalog, entity, {kTextSearchParserCatalog, oid, 0}, writer);
  }
}

void WriteTemplates(const Catalog& catalog, SectionWriter& writer) {
  constexpr absl::string_view kKind = "text_search_template";
  for (const auto& [oid, row] : catalog.text_search.templates) {
    if (!Belongs(catalog, kTextSearchTemplateCatalog, oid, row.schema, kKind, writer)) continue;
    const EntityKey entity = KeyOfRow(catalog, kKind, row);
    FacetShape facet = writer.NewShape();
    v1::TextSearchTemplateStructure& shape = *facet.shape.mutable_text_search_template();
    if (row.init != 0) *shape.mutable_init() = RoutineIdentity(catalog, row.init);
    *shape.mutable_lexize() = RoutineIdentity(catalog, row.lexize);
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, oid));
    WriteDocs(catalog, entity, {kTextSearchTemplateCatalog, oid, 0}, writer);
  }
}

}  // namespace

void WriteTextSearch(const Catalog& catalog, SectionWriter& writer) {
  WriteConfigurations(catalog, writer);
  WriteDictionaries(catalog, writer);
  WriteParsers(catalog, writer);
  WriteTemplates(catalog, writer);
}

}  // namespace varve::postgres
