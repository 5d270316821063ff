// Types, domains, collations and conversions.
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

// "CREATE TYPE x AS RANGE (a = b, …);"
std::string WithItems(absl::string_view head, const std::vector<std::string>& items) {
  return absl::StrCat(head, " (\n    ", absl::StrJoin(items, ",\n    "), "\n);");
}

// What functions of a type speak of before it is made.
void AddShell(const EntityView& type, Object& object) {
  AddPart(object, {"shell", ""}, absl::StrCat("CREATE TYPE ", NameOf(type), ";"));
}

absl::string_view AlignmentText(absl::string_view alignment) {
  if (alignment == "char") return "char";
  if (alignment == "int2") return "int2";
  if (alignment == "double") return "double";
  return "int4";
}

}  // namespace

void WriteEnum(const EntityView& type, Writing& /*writing*/, Object& object) {
  std::vector<std::string> labels;
  for (const std::string& label : type.Shape(v1::FACET_STRUCTURE).enumeration().labels()) {
    labels.push_back(Literal(label));
  }
  const std::string head = absl::StrCat("CREATE TYPE ", NameOf(type), " AS ENUM");
  AddObject(object, labels.empty() ? absl::StrCat(head, " ();") : WithItems(head, labels));
}

void WriteDomain(const EntityView& entity, Writing& writing, Object& object) {
  const v1::DomainStructure& domain = entity.Shape(v1::FACET_STRUCTURE).domain();
  const v1::DomainExpressions& texts = entity.Shape(v1::FACET_EXPRESSIONS).domain_expressions();
  const std::string name = NameOf(entity);
  std::string text = absl::StrCat("CREATE DOMAIN ", name, " AS ", Type(domain.base()));
  if (domain.has_collation()) absl::StrAppend(&text, " COLLATE ", Qualified(domain.collation()));
  if (domain.has_default()) {
    if (entity.Saw(v1::FACET_EXPRESSIONS)) {
      absl::StrAppend(&text, " DEFAULT ",
                      writing.variables().Expression(texts.default_value(), name));
    } else {
      writing.Miss(object, "its default", WhyUnseen(entity, v1::FACET_EXPRESSIONS));
    }
  }
  std::string not_null = domain.not_null() ? " NOT NULL" : "";
  for (const v1::DomainConstraint& constraint : domain.constraints()) {
    if (constraint.type() != v1::CONSTRAINT_TYPE_NOT_NULL) continue;
    not_null = absl::StrCat(" CONSTRAINT ", Name(constraint.name()), " NOT NULL");
  }
  AddObject(object, absl::StrCat(text, not_null, ";"));
  for (const v1::DomainConstraint& constraint : domain.constraints()) {
    if (constraint.type() != v1::CONSTRAINT_TYPE_CHECK) continue;
    const v1::ConstraintExpression* check = nullptr;
    for (const v1::ConstraintExpression& each : texts.constraints()) {
      if (each.name() == constraint.name()) check = &each;
    }
    if (check == nullptr) {
      writing.Miss(object, absl::StrCat("constraint ", constraint.name()),
                   WhyUnseen(entity, v1::FACET_EXPRESSIONS));
      continue;
    }
    AddPart(
        object, {"constraint", constraint.name()},
        absl::StrCat("ALTER DOMAIN ", name, " ADD CONSTRAINT ", Name(constraint.name()), " CHECK (",
                     writing.variables().Expression(check->expression(),
                                                    absl::StrCat(name, " ", constraint.name())),
                     ")", constraint.not_valid() ? " NOT VALID;" : ";"));
  }
}

void WriteCompositeType(const EntityView& type, Writing& /*writing*/, Object& object) {
  AddObject(object, absl::StrCat("CREATE TYPE ", NameOf(type), " AS"));
  object.has_lines = true;
  object.tail = ";";
  for (const v1::Column& attribute :
       type.Shape(v1::FACET_STRUCTURE).composite_type().attributes()) {
    object.lines.push_back(absl::StrCat(
        Name(attribute.name()), " ", Type(attribute.type()),
        attribute.has_collation() ? absl::StrCat(" COLLATE ", Qualified(attribute.collation()))
                                  : ""));
  }
}

void WriteRangeType(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::RangeTypeStructure& range = entity.Shape(v1::FACET_STRUCTURE).range_type();
  if (range.has_canonical()) AddShell(entity, object);
  std::vector<std::string> items = {absl::StrCat("SUBTYPE = ", Type(range.subtype()))};
  const auto add = [&items](absl::string_view name, bool is_there, const v1::Identity& value) {
    if (is_there) items.push_back(absl::StrCat(name, " = ", Qualified(value)));
  };
  add("SUBTYPE_OPCLASS", range.has_subtype_operator_class(), range.subtype_operator_class());
  add("COLLATION", range.has_collation(), range.collation());
  add("CANONICAL", range.has_canonical(), range.canonical());
  add("SUBTYPE_DIFF", range.has_subtype_diff(), range.subtype_diff());
  add("MULTIRANGE_TYPE_NAME", range.has_multirange(), range.multirange());
  AddObject(object, WithItems(absl::StrCat("CREATE TYPE ", NameOf(entity), " AS RANGE"), items));
}

void WriteBaseType(const EntityView& entity, Writing& writing, Object& object) {
  const v1::BaseTypeStructure& type = entity.Shape(v1::FACET_STRUCTURE).base_type();
  if (type.shell()) {
    AddObject(object, absl::StrCat("CREATE TYPE ", NameOf(entity), ";"));
    return;
  }
  AddShell(entity, object);
  std::vector<std::string> items;
  const auto add = [&items](absl::string_view name, absl::string_view value) {
    items.push_back(absl::StrCat(name, " = ", value));
  };
  const auto add_function = [&](absl::string_view name, bool is_there, const v1::Identity& value) {
    if (is_there) add(name, Qualified(value));
  };
  add_function("INPUT", true, type.input());
  add_function("OUTPUT", true, type.output());
  add_function("RECEIVE", type.has_receive(), type.receive());
  add_function("SEND", type.has_send(), type.send());
  add_function("TYPMOD_IN", type.has_typmod_in(), type.typmod_in());
  add_function("TYPMOD_OUT", type.has_typmod_out(), type.typmod_out());
  add_function("ANALYZE", type.has_analyze(), type.analyze());
  add_function("SUBSCRIPT", type.has_subscript(), type.subscript());
  if (type.length() == -1) {
    add("INTERNALLENGTH", "VARIABLE");
  } else {
    add("INTERNALLENGTH", absl::StrCat(type.length()));
  }
  if (type.by_value()) items.emplace_back("PASSEDBYVALUE");
  add("ALIGNMENT", AlignmentText(type.alignment()));
  add("STORAGE", type.storage());
  add("CATEGORY", Literal(type.category()));
  if (type.preferred()) add("PREFERRED", "true");
  if (!type.default_value().empty()) {
    add("DEFAULT", writing.variables().Literal(type.default_value(), NameOf(entity)));
  }
  if (type.has_element()) add("ELEMENT", Type(type.element()));
  if (type.delimiter() != ",") add("DELIMITER", Literal(type.delimiter()));
  if (type.collatable()) add("COLLATABLE", "true");
  AddObject(object, WithItems(absl::StrCat("CREATE TYPE ", NameOf(entity)), items));
}

void WriteCollation(const EntityView& entity, Writing& writing, Object& object) {
  const v1::CollationStructure& collation = entity.Shape(v1::FACET_STRUCTURE).collation();
  std::vector<std::string> items = {absl::StrCat("PROVIDER = ", collation.provider())};
  if (collation.nondeterministic()) items.emplace_back("DETERMINISTIC = false");
  if (!collation.locale().empty()) {
    items.push_back(absl::StrCat("LOCALE = ", Literal(collation.locale())));
  } else if (collation.collate() == collation.ctype()) {
    items.push_back(absl::StrCat("LOCALE = ", Literal(collation.collate())));
  } else {
    items.push_back(absl::StrCat("LC_COLLATE = ", Literal(collation.collate())));
    items.push_back(absl::StrCat("LC_CTYPE = ", Literal(collation.ctype())));
  }
  if (!collation.icu_rules().empty()) {
    items.push_back(absl::StrCat(
        "RULES = ", writing.variables().Literal(collation.icu_rules(), NameOf(entity))));
  }
  AddObject(object, absl::StrCat("CREATE COLLATION ", NameOf(entity), " (",
                                 absl::StrJoin(items, ", "), ");"));
}

void WriteConversion(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::ConversionStructure& conversion = entity.Shape(v1::FACET_STRUCTURE).conversion();
  AddObject(object,
            absl::StrCat("CREATE ", conversion.is_default() ? "DEFAULT " : "", "CONVERSION ",
                         NameOf(entity), " FOR ", Literal(conversion.source_encoding()), " TO ",
                         Literal(conversion.target_encoding()), " FROM ",
                         Qualified(conversion.function()), ";"));
}

}  // namespace varve::sql
