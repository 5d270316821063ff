// Operators, their classes and families, casts and transforms.
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {
namespace {

// "public.=": a name of an operator is never quoted.
std::string OperatorName(const v1::Identity& op) {
  return absl::StrCat(Name(op.names(0)), ".", op.names(1));
}

// "public.f(integer, text)" of a routine's identity.
std::string RoutineName(const v1::Identity& routine) {
  std::vector<std::string> types;
  for (int at = 2; at < routine.names_size(); ++at) types.push_back(routine.names(at));
  return absl::StrCat(Qualified(routine), "(", absl::StrJoin(types, ", "), ")");
}

template <typename Members>
std::vector<std::string> MemberItems(const Members& of) {
  std::vector<std::string> items;
  for (const v1::OperatorMember& member : of.operators()) {
    std::string item =
        absl::StrCat("OPERATOR ", member.strategy(), " ", OperatorName(member.operator_()), " (",
                     Type(member.left()), ", ", Type(member.right()), ")");
    if (member.has_order_by()) {
      absl::StrAppend(&item, " FOR ORDER BY ", Qualified(member.order_by()));
    }
    items.push_back(std::move(item));
  }
  for (const v1::FunctionMember& member : of.functions()) {
    items.push_back(absl::StrCat("FUNCTION ", member.number(), " (", Type(member.left()), ", ",
                                 Type(member.right()), ") ", RoutineName(member.function())));
  }
  return items;
}

}  // namespace

void WriteOperator(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::OperatorStructure& op = entity.Shape(v1::FACET_STRUCTURE).operator_();
  std::vector<std::string> items = {absl::StrCat("FUNCTION = ", Qualified(op.function()))};
  if (op.has_left()) items.push_back(absl::StrCat("LEFTARG = ", Type(op.left())));
  if (op.has_right()) items.push_back(absl::StrCat("RIGHTARG = ", Type(op.right())));
  const auto add_operator = [&](absl::string_view name, bool is_there, const v1::Identity& other) {
    if (is_there) items.push_back(absl::StrCat(name, " = OPERATOR(", OperatorName(other), ")"));
  };
  add_operator("COMMUTATOR", op.has_commutator(), op.commutator());
  add_operator("NEGATOR", op.has_negator(), op.negator());
  if (op.has_restriction_estimator()) {
    items.push_back(absl::StrCat("RESTRICT = ", Qualified(op.restriction_estimator())));
  }
  if (op.has_join_estimator()) {
    items.push_back(absl::StrCat("JOIN = ", Qualified(op.join_estimator())));
  }
  if (op.hashes()) items.emplace_back("HASHES");
  if (op.merges()) items.emplace_back("MERGES");
  AddObject(object, absl::StrCat("CREATE OPERATOR ", Name(entity.key().names[0]), ".",
                                 entity.key().names[1], " (\n    ", absl::StrJoin(items, ",\n    "),
                                 "\n);"));
}

void WriteOperatorClass(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::OperatorClassStructure& its = entity.Shape(v1::FACET_STRUCTURE).operator_class();
  std::vector<std::string> items = MemberItems(its);
  if (its.has_storage()) items.push_back(absl::StrCat("STORAGE ", Type(its.storage())));
  // A class has to say something.
  if (items.empty()) items.push_back(absl::StrCat("STORAGE ", Type(its.type())));
  Statement& made = AddObject(
      object, absl::StrCat("CREATE OPERATOR CLASS ",
                           Qualified(entity.key().names[0], entity.key().names[1]),
                           its.is_default() ? " DEFAULT" : "", " FOR TYPE ", Type(its.type()),
                           " USING ", Name(its.method()), " FAMILY ", Qualified(its.family()),
                           " AS\n    ", absl::StrJoin(items, ",\n    "), ";"));
  made.needs.push_back({KeyOf(its.family()), {}});
}

void WriteOperatorFamily(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::OperatorFamilyStructure& family = entity.Shape(v1::FACET_STRUCTURE).operator_family();
  const std::string name = absl::StrCat(Qualified(entity.key().names[0], entity.key().names[1]),
                                        " USING ", Name(family.method()));
  AddObject(object, absl::StrCat("CREATE OPERATOR FAMILY ", name, ";"));
  const std::vector<std::string> items = MemberItems(family);
  if (items.empty()) return;
  AddPart(object, {"members", ""},
          absl::StrCat("ALTER OPERATOR FAMILY ", name, " ADD\n    ",
                       absl::StrJoin(items, ",\n    "), ";"));
}

void WriteCast(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::CastStructure& cast = entity.Shape(v1::FACET_STRUCTURE).cast();
  std::string text =
      absl::StrCat("CREATE CAST (", Type(cast.source()), " AS ", Type(cast.target()), ")");
  if (cast.method() == "function") {
    absl::StrAppend(&text, " WITH FUNCTION ", RoutineName(cast.function()));
  } else {
    absl::StrAppend(&text, cast.method() == "inout" ? " WITH INOUT" : " WITHOUT FUNCTION");
  }
  if (cast.context() == "assignment") absl::StrAppend(&text, " AS ASSIGNMENT");
  if (cast.context() == "implicit") absl::StrAppend(&text, " AS IMPLICIT");
  AddObject(object, absl::StrCat(text, ";"));
}

void WriteTransform(const EntityView& entity, Writing& /*writing*/, Object& object) {
  const v1::TransformStructure& transform = entity.Shape(v1::FACET_STRUCTURE).transform();
  std::vector<std::string> items;
  if (transform.has_from_sql()) {
    items.push_back(absl::StrCat("FROM SQL WITH FUNCTION ", RoutineName(transform.from_sql())));
  }
  if (transform.has_to_sql()) {
    items.push_back(absl::StrCat("TO SQL WITH FUNCTION ", RoutineName(transform.to_sql())));
  }
  AddObject(object,
            absl::StrCat("CREATE TRANSFORM FOR ", Type(transform.type()), " LANGUAGE ",
                         Name(transform.language()), " (", absl::StrJoin(items, ", "), ");"));
}

}  // namespace varve::sql
