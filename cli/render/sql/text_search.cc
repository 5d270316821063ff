// Text search configurations, dictionaries, parsers and templates; extended statistics.
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {
namespace {

std::string NameOf(const EntityView& entity) {
  return Qualified(entity.key().names[0], entity.key().names[1]);
}

}  // namespace

void WriteTextSearchConfiguration(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::TextSearchConfigurationStructure& configuration =
      entity.Shape(v1::FACET_STRUCTURE).text_search_configuration();
  const std::string name = NameOf(entity);
  AddObject(object, absl::StrCat("CREATE TEXT SEARCH CONFIGURATION ", name,
                                 " (PARSER = ", Qualified(configuration.parser()), ");"));
  for (const v1::TokenMapping& mapping : configuration.mappings()) {
    std::vector<std::string> dictionaries;
    Statement& statement = Add(object, "");
    for (const v1::Identity& dictionary : mapping.dictionaries()) {
      dictionaries.push_back(Qualified(dictionary));
      statement.needs.push_back({KeyOf(dictionary), {}});
    }
    statement.text =
        absl::StrCat("ALTER TEXT SEARCH CONFIGURATION ", name, " ADD MAPPING FOR ",
                     Name(mapping.token()), " WITH ", absl::StrJoin(dictionaries, ", "), ";");
  }
}

void WriteTextSearchDictionary(const EntityView& entity, Writing& writing, Object& object) {
  const v1::TextSearchDictionaryStructure& dictionary =
      entity.Shape(v1::FACET_STRUCTURE).text_search_dictionary();
  std::string text = absl::StrCat("CREATE TEXT SEARCH DICTIONARY ", NameOf(entity),
                                  " (TEMPLATE = ", Qualified(dictionary.template_()));
  for (const v1::Option& option : dictionary.options()) {
    absl::StrAppend(&text, ", ", Name(option.name()), " = ",
                    writing.variables().Literal(option.value(),
                                                absl::StrCat(NameOf(entity), " ", option.name())));
  }
  AddObject(object, absl::StrCat(text, ");"));
}

void WriteTextSearchParser(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::TextSearchParserStructure& parser =
      entity.Shape(v1::FACET_STRUCTURE).text_search_parser();
  std::string text = absl::StrCat(
      "CREATE TEXT SEARCH PARSER ", NameOf(entity), " (START = ", Qualified(parser.start()),
      ", GETTOKEN = ", Qualified(parser.token()), ", END = ", Qualified(parser.end()));
  if (parser.has_headline()) absl::StrAppend(&text, ", HEADLINE = ", Qualified(parser.headline()));
  AddObject(object, absl::StrCat(text, ", LEXTYPES = ", Qualified(parser.lextypes()), ");"));
}

void WriteTextSearchTemplate(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::TextSearchTemplateStructure& its =
      entity.Shape(v1::FACET_STRUCTURE).text_search_template();
  AddObject(object,
            absl::StrCat("CREATE TEXT SEARCH TEMPLATE ", NameOf(entity), " (",
                         its.has_init() ? absl::StrCat("INIT = ", Qualified(its.init()), ", ") : "",
                         "LEXIZE = ", Qualified(its.lexize()), ");"));
}

void WriteExtendedStatistics(const EntityView& entity, Writing& writing, Object& object) {
  const v1::ExtendedStatisticsStructure& statistics =
      entity.Shape(v1::FACET_STRUCTURE).extended_statistics();
  const v1::ExtendedStatisticsExpressions& texts =
      entity.Shape(v1::FACET_EXPRESSIONS).extended_statistics_expressions();
  if (statistics.has_expressions() && !entity.Saw(v1::FACET_EXPRESSIONS)) {
    writing.Miss(object, "what they are over", WhyUnseen(entity, v1::FACET_EXPRESSIONS));
    return;
  }
  std::vector<std::string> items;
  for (const std::string& column : statistics.columns()) items.push_back(Name(column));
  for (const std::string& text : texts.expressions()) {
    items.push_back(absl::StrCat("(", writing.variables().Expression(text, NameOf(entity)), ")"));
  }
  // Of one expression the server keeps no kind beside what expressions always have.
  const std::string kinds = statistics.kinds().empty() || items.size() == 1
                                ? ""
                                : absl::StrCat(" (", absl::StrJoin(statistics.kinds(), ", "), ")");
  AddObject(object,
            absl::StrCat("CREATE STATISTICS ", NameOf(entity), kinds, " ON ",
                         absl::StrJoin(items, ", "), " FROM ", Qualified(statistics.table()), ";"));
  if (statistics.has_target()) {
    Add(object, absl::StrCat("ALTER STATISTICS ", NameOf(entity), " SET STATISTICS ",
                             statistics.target(), ";"));
  }
}

}  // namespace varve::sql
