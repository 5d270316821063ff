// How commands name objects.
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {
namespace {

absl::string_view RelationWord(const EntityView& entity) {
  if (entity.key().kind == "view") return "VIEW";
  if (entity.key().kind == "materialized_view") return "MATERIALIZED VIEW";
  return entity.Shape(v1::FACET_STRUCTURE).table().kind() == v1::TABLE_KIND_FOREIGN
             ? "FOREIGN TABLE"
             : "TABLE";
}

absl::string_view RoutineWord(const v1::RoutineStructure& routine) {
  if (routine.has_aggregate()) return "AGGREGATE";
  return routine.kind() == "procedure" ? "PROCEDURE" : "FUNCTION";
}

std::string OperatorTarget(const EntityView& entity) {
  const v1::OperatorStructure& op = entity.Shape(v1::FACET_STRUCTURE).operator_();
  return absl::StrCat(Name(entity.key().names[0]), ".", entity.key().names[1], " (",
                      op.has_left() ? Type(op.left()) : "NONE", ", ",
                      op.has_right() ? Type(op.right()) : "NONE", ")");
}

// "TEXT SEARCH PARSER" of "text_search_parser".
std::string KindWords(absl::string_view kind) {
  std::string words = absl::AsciiStrToUpper(kind);
  for (char& letter : words) {
    if (letter == '_') letter = ' ';
  }
  return words;
}

}  // namespace

Target TargetOf(const EntityView& entity) {
  const std::string& kind = entity.key().kind;
  const std::vector<std::string>& names = entity.key().names;
  const v1::Shape& shape = entity.Shape(v1::FACET_STRUCTURE);
  if (kind == "database") return {"DATABASE", ":\"DBNAME\""};
  if (kind == "operator") return {"OPERATOR", OperatorTarget(entity)};
  if (kind == "function") {
    return {std::string(RoutineWord(shape.routine())), Signature(entity.key(), shape.routine())};
  }
  if (kind == "cast") {
    return {"CAST", absl::StrCat("(", Type(shape.cast().source()), " AS ",
                                 Type(shape.cast().target()), ")")};
  }
  if (kind == "transform") {
    return {"TRANSFORM", absl::StrCat("FOR ", Type(shape.transform().type()), " LANGUAGE ",
                                      Name(shape.transform().language()))};
  }
  if (names.size() < 2) return {KindWords(kind), Name(names[0])};
  const std::string name = Qualified(names[0], names[1]);
  if (kind == "table" || kind == "view" || kind == "materialized_view") {
    return {std::string(RelationWord(entity)), name};
  }
  if (kind == "operator_class" || kind == "operator_family") {
    return {KindWords(kind), absl::StrCat(name, " USING ", Name(names[2]))};
  }
  if (kind == "enum" || kind == "composite_type" || kind == "range_type" || kind == "base_type") {
    return {"TYPE", name};
  }
  if (kind == "extended_statistics") return {"STATISTICS", name};
  if (kind == "user_mapping" || kind == "default_privileges") return {"", ""};
  return {KindWords(kind), name};
}

}  // namespace varve::sql
