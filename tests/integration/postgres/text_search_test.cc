// Text search configurations, dictionaries, parsers and templates.
#include "absl/strings/str_join.h"
#include "tests/integration/postgres/owned_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TextSearch : public OwnedCase {};
VARVE_ON_EVERY_POSTGRES(TextSearch);

constexpr const char* kParser =
    "CREATE TEXT SEARCH PARSER prs (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,"
    "  LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);";
constexpr const char* kDictionary =
    "CREATE TEXT SEARCH TEMPLATE tmpl (INIT = dsimple_init, LEXIZE = dsimple_lexize);"
    "CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = tmpl, STOPWORDS = 'english');";
constexpr const char* kConfiguration =
    "CREATE TEXT SEARCH CONFIGURATION cfg (PARSER = prs);"
    "ALTER TEXT SEARCH CONFIGURATION cfg ADD MAPPING FOR word, asciiword WITH dict, simple;";

EntityKey Named(const std::string& kind, const std::string& name) {
  return {kind, {"public", name}};
}

std::string NameOf(const v1::Identity& identity) {
  return absl::StrCat(identity.kind(), " ", DisplayName(KeyOf(identity)));
}

TEST_P(TextSearch, ParsersAndTemplatesNameTheirFunctions) {
  Run(kParser);
  Run(kDictionary);
  Run("CREATE TEXT SEARCH PARSER bare (START = prsd_start, GETTOKEN = prsd_nexttoken,"
      "  END = prsd_end, LEXTYPES = prsd_lextype);"
      "CREATE TEXT SEARCH TEMPLATE plain (LEXIZE = dsimple_lexize)");
  const Gathered gathered = Gather();
  const v1::TextSearchParserStructure parser =
      gathered.Shape(Named("text_search_parser", "prs"), v1::FACET_STRUCTURE).text_search_parser();
  EXPECT_EQ(NameOf(parser.start()), "function pg_catalog.prsd_start(internal, integer)");
  EXPECT_EQ(NameOf(parser.token()),
            "function pg_catalog.prsd_nexttoken(internal, internal, internal)");
  EXPECT_EQ(NameOf(parser.end()), "function pg_catalog.prsd_end(internal)");
  EXPECT_EQ(NameOf(parser.headline()),
            "function pg_catalog.prsd_headline(internal, internal, tsquery)");
  EXPECT_EQ(NameOf(parser.lextypes()), "function pg_catalog.prsd_lextype(internal)");
  EXPECT_FALSE(gathered.Shape(Named("text_search_parser", "bare"), v1::FACET_STRUCTURE)
                   .text_search_parser()
                   .has_headline());
  const v1::TextSearchTemplateStructure made =
      gathered.Shape(Named("text_search_template", "tmpl"), v1::FACET_STRUCTURE)
          .text_search_template();
  EXPECT_EQ(NameOf(made.init()), "function pg_catalog.dsimple_init(internal)");
  EXPECT_THAT(NameOf(made.lexize()), HasSubstr("function pg_catalog.dsimple_lexize(internal"));
  EXPECT_FALSE(gathered.Shape(Named("text_search_template", "plain"), v1::FACET_STRUCTURE)
                   .text_search_template()
                   .has_init());
}

TEST_P(TextSearch, DictionariesHaveTheirOptions) {
  Run(kDictionary);
  Run("CREATE TEXT SEARCH DICTIONARY syn (TEMPLATE = synonym, SYNONYMS = 'synonym_sample',"
      "  CASESENSITIVE = 1); CREATE TEXT SEARCH DICTIONARY none (TEMPLATE = simple)");
  const Gathered gathered = Gather();
  const auto dictionary = [&](const std::string& name) {
    const v1::TextSearchDictionaryStructure shape =
        gathered.Shape(Named("text_search_dictionary", name), v1::FACET_STRUCTURE)
            .text_search_dictionary();
    std::vector<std::string> words = {NameOf(shape.template_())};
    for (const v1::Option& option : shape.options()) {
      words.push_back(absl::StrCat(option.name(), "=", option.value()));
    }
    return words;
  };
  EXPECT_THAT(dictionary("dict"),
              ElementsAre("text_search_template public.tmpl", "stopwords=english"));
  EXPECT_THAT(dictionary("syn"), ElementsAre("text_search_template pg_catalog.synonym",
                                             "casesensitive=1", "synonyms=synonym_sample"));
  EXPECT_THAT(dictionary("none"), ElementsAre("text_search_template pg_catalog.simple"));
}

TEST_P(TextSearch, ConfigurationsMapTokensToDictionaries) {
  Run(kParser);
  Run(kDictionary);
  Run(kConfiguration);
  Run("CREATE TEXT SEARCH CONFIGURATION copied (COPY = pg_catalog.english)");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("text_search_configuration"),
              ElementsAre("public.cfg", "public.copied"));
  const auto lines = [&](const std::string& name) {
    std::vector<std::string> words;
    const v1::TextSearchConfigurationStructure shape =
        gathered.Shape(Named("text_search_configuration", name), v1::FACET_STRUCTURE)
            .text_search_configuration();
    words.push_back(DisplayName(KeyOf(shape.parser())));
    for (const v1::TokenMapping& mapping : shape.mappings()) {
      std::string& line = words.emplace_back(mapping.token());
      for (const v1::Identity& dictionary : mapping.dictionaries()) {
        absl::StrAppend(&line, " ", DisplayName(KeyOf(dictionary)));
      }
    }
    return words;
  };
  EXPECT_THAT(lines("cfg"), ElementsAre("public.prs", "asciiword public.dict pg_catalog.simple",
                                        "word public.dict pg_catalog.simple"));
  EXPECT_THAT(
      lines("copied"),
      ElementsAreArray(Ask("SELECT 'pg_catalog.default' UNION ALL (SELECT t.alias || ' pg_catalog.'"
                           " || d.dictname FROM pg_ts_config_map m JOIN pg_ts_dict d ON d.oid ="
                           " m.mapdict, ts_token_type(3722) t WHERE t.tokid = m.maptokentype"
                           " AND m.mapcfg = 'copied'::regconfig ORDER BY t.alias COLLATE \"C\")")));
}

TEST_P(TextSearch, AParserThatCannotNameItsTokensCostsTheirNamesAlone) {
  Run(kParser);
  Run(kDictionary);
  Run(kConfiguration);
  // Its function is none of a parser any more.
  Run("UPDATE pg_ts_parser SET prslextype = 0 WHERE prsname = 'prs'");
  const Gathered gathered = Gather();
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(gathered.Errors(),
              ElementsAre(HasSubstr("naming the types of tokens of its parser | ")));
  const auto mappings =
      gathered.Shape(Named("text_search_configuration", "cfg"), v1::FACET_STRUCTURE)
          .text_search_configuration()
          .mappings();
  ASSERT_EQ(mappings.size(), 2);
  EXPECT_EQ(mappings[0].token(), "1");
  EXPECT_EQ(mappings[1].token(), "2");
}

// No template at hand takes such an option; what one leaves is this text.
TEST_P(TextSearch, SecretsOfOptionsStayHere) {
  Run("CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple);"
      "UPDATE pg_ts_dict SET dictinitoption ="
      " $$password = E's3cret ''of \\\\mine', x = 'y'$$ WHERE dictname = 'd'");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
  EXPECT_THAT(gathered.Mentioning("mine"), IsEmpty());
  EXPECT_THAT(NamesOf(gathered.Shape(Named("text_search_dictionary", "d"), v1::FACET_STRUCTURE)
                          .text_search_dictionary()
                          .options()),
              ElementsAre("password", "x"));
}

TEST_P(TextSearch, ChangesByOnePropertyAtATime) {
  Run(kParser);
  Run(kDictionary);
  Run(kConfiguration);
  ExpectChanges({
      {"ALTER TEXT SEARCH CONFIGURATION cfg ALTER MAPPING FOR word WITH simple, dict",
       {"text_search_configuration public.cfg structure: mappings.word.dictionaries "
        "[public.dict, pg_catalog.simple] -> [pg_catalog.simple, public.dict]"}},
      {"ALTER TEXT SEARCH CONFIGURATION cfg ADD MAPPING FOR url WITH simple",
       {"text_search_configuration public.cfg structure: mappings.url nothing -> dictionaries "
        "[pg_catalog.simple]"}},
      {"ALTER TEXT SEARCH CONFIGURATION cfg DROP MAPPING FOR url",
       {"text_search_configuration public.cfg structure: mappings.url dictionaries "
        "[pg_catalog.simple] -> nothing"}},
      {"ALTER TEXT SEARCH CONFIGURATION cfg ALTER MAPPING REPLACE simple WITH english_stem",
       {"text_search_configuration public.cfg structure: mappings.asciiword.dictionaries "
        "[public.dict, pg_catalog.simple] -> [public.dict, pg_catalog.english_stem]",
        "text_search_configuration public.cfg structure: mappings.word.dictionaries "
        "[pg_catalog.simple, public.dict] -> [pg_catalog.english_stem, public.dict]"}},
      {"ALTER TEXT SEARCH DICTIONARY dict (STOPWORDS = 'german')",
       {"text_search_dictionary public.dict structure: options.stopwords.value english -> german"}},
      {"ALTER TEXT SEARCH DICTIONARY dict (STOPWORDS)",
       {"text_search_dictionary public.dict structure: options.stopwords value german -> nothing"}},
      {absl::StrCat("ALTER TEXT SEARCH DICTIONARY dict OWNER TO ", Owner()),
       {absl::StrCat("text_search_dictionary public.dict access: owner postgres -> ", Owner())}},
      {absl::StrCat("ALTER TEXT SEARCH CONFIGURATION cfg OWNER TO ", Owner()),
       {absl::StrCat("text_search_configuration public.cfg access: owner postgres -> ", Owner())}},
      {"COMMENT ON TEXT SEARCH CONFIGURATION cfg IS 'c'",
       {"text_search_configuration public.cfg docs: comment nothing -> c"}},
      {"COMMENT ON TEXT SEARCH DICTIONARY dict IS 'd'",
       {"text_search_dictionary public.dict docs: comment nothing -> d"}},
      {"COMMENT ON TEXT SEARCH PARSER prs IS 'p'",
       {"text_search_parser public.prs docs: comment nothing -> p"}},
      {"COMMENT ON TEXT SEARCH TEMPLATE tmpl IS 't'",
       {"text_search_template public.tmpl docs: comment nothing -> t"}},
      {"ALTER TEXT SEARCH DICTIONARY dict RENAME TO lexicon",
       {"renamed text_search_dictionary public.lexicon was public.dict",
        "follows: text_search_configuration public.cfg structure"}},
      {"ALTER TEXT SEARCH DICTIONARY lexicon RENAME TO dict; DROP TEXT SEARCH CONFIGURATION cfg",
       {"renamed text_search_dictionary public.dict was public.lexicon",
        "- text_search_configuration public.cfg"}},
      {"DROP TEXT SEARCH PARSER prs", {"- text_search_parser public.prs"}},
      {"DROP TEXT SEARCH TEMPLATE tmpl CASCADE",
       {"- text_search_template public.tmpl", "- text_search_dictionary public.dict"}},
  });
}

}  // namespace
}  // namespace varve::testing
