#include "snapshot/rules/model_values.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "snapshot/masked.h"
#include "snapshot/rules/column_family.h"
#include "snapshot/rules/model_type.h"
#include "snapshot/rules/sql_text.h"

namespace varve {
namespace {

// The class that a field's type names, alone, in Optional or in a list.
absl::string_view NamedClass(absl::string_view type) {
  const SpelledType spelled = TakeApart(WithoutNone(type));
  const bool is_of_one = spelled.arguments.size() == 1 && spelled.name != "Literal";
  return is_of_one ? NamedClass(spelled.arguments[0]) : WithoutNone(type);
}

// The one enum that a field refers to. Source has no references: there the name must do, where one
// enum alone has it.
const EntityView* EnumOf(const SectionView& models, const v1::ModelField& field) {
  const absl::string_view name = NamedClass(field.type());
  const EntityView* found = nullptr;
  for (const v1::Identity& reference : field.type_references()) {
    if (reference.kind() != "model_enum") continue;
    if (found != nullptr) return nullptr;
    found = models.Find(KeyOf(reference));
    if (found == nullptr || found->key().names.back() != name) return nullptr;
  }
  if (found != nullptr || !field.type_references().empty()) return found;
  for (const EntityView& each : models.OfKind("model_enum")) {
    if (each.key().names.back() != name) continue;
    if (found != nullptr) return nullptr;
    found = &each;
  }
  return found;
}

bool IsFlag(const v1::ModelEnumStructure& shape) {
  return std::any_of(shape.bases().begin(), shape.bases().end(), [](absl::string_view base) {
    return base == "enum:Flag" || base == "enum:IntFlag";
  });
}

std::optional<ModelValues> ValuesOfEnum(const v1::ModelEnumStructure& shape) {
  if (IsFlag(shape)) return std::nullopt;  // its values are combined
  ModelValues values;
  int texts = 0, numbers = 0;
  for (const v1::ModelEnumMember& member : shape.members()) {
    values.names.push_back(member.name());
    const std::string& json = member.value_json();
    const nlohmann::json value = nlohmann::json::parse(json, nullptr, false);
    values.are_all &= !value.is_discarded() && !absl::StrContains(json, kMasked);
    texts += value.is_string() ? 1 : 0;
    numbers += value.is_number_integer() ? 1 : 0;
    values.values.push_back(value.is_string() ? value.get<std::string>() : json);
  }
  if (values.are_all && texts > 0 && numbers > 0) return std::nullopt;
  if (values.are_all && texts + numbers < shape.members_size()) return std::nullopt;
  values.kind = numbers > 0 ? EnumValues::kNumbers : EnumValues::kTexts;
  return values;
}

std::optional<ModelValues> ValuesOfLiteralType(absl::string_view type) {
  LiteralValues found = ValuesOfLiteral(TakeApart(NamedClass(type)));
  if (found.texts.empty() && found.numbers.empty()) return std::nullopt;
  ModelValues values;
  values.kind = found.texts.empty() ? EnumValues::kNumbers : EnumValues::kTexts;
  values.values = found.texts.empty() ? std::move(found.numbers) : std::move(found.texts);
  return values;
}

ColumnValues LabelsOf(const SectionView& database, const v1::DataType& type) {
  const EntityKey key = KeyOf(type.type());
  const EntityView* const entity = database.Find(key);
  if (entity == nullptr || !entity->Saw(v1::FACET_STRUCTURE)) {
    return {ColumnValues::Kind::kUnseen, {}, DisplayName(key)};
  }
  const auto& labels = entity->Shape(v1::FACET_STRUCTURE).enumeration().labels();
  return {ColumnValues::Kind::kListed, {labels.begin(), labels.end()}, DisplayName(key)};
}

bool HasCheckOf(const v1::TableStructure& table, absl::string_view column) {
  return std::any_of(table.constraints().begin(), table.constraints().end(),
                     [column](const v1::Constraint& constraint) {
                       return constraint.type() == v1::CONSTRAINT_TYPE_CHECK &&
                              constraint.columns_size() == 1 && constraint.columns(0) == column;
                     });
}

ColumnValues ValuesOfCheck(const MappedModel& mapped, absl::string_view column) {
  if (!HasCheckOf(TableOf(mapped), column)) return {};
  if (!SawTexts(mapped)) return {ColumnValues::Kind::kUnseen, {}, "a check"};
  for (const v1::ConstraintExpression& check :
       mapped.table->Shape(v1::FACET_EXPRESSIONS).table_expressions().constraints()) {
    std::optional<std::vector<std::string>> texts = AllowedTexts(check.expression(), column);
    if (texts.has_value()) {
      return {ColumnValues::Kind::kListed, *std::move(texts), absl::StrCat("check ", check.name())};
    }
  }
  return {};
}

// The list of the first domain that has one, of those that the type rests on.
ColumnValues ValuesOfDomain(const SectionView& database, v1::DataType type) {
  while (type.type().kind() == "domain") {
    const EntityKey key = KeyOf(type.type());
    const EntityView* const domain = database.Find(key);
    const std::string by = absl::StrCat("domain ", DisplayName(key));
    if (domain == nullptr || !domain->Saw(v1::FACET_STRUCTURE)) {
      return {ColumnValues::Kind::kUnseen, {}, by};
    }
    const v1::DomainStructure& shape = domain->Shape(v1::FACET_STRUCTURE).domain();
    const bool has_check = absl::c_any_of(shape.constraints(), [](const auto& constraint) {
      return constraint.type() == v1::CONSTRAINT_TYPE_CHECK;
    });
    if (has_check && !domain->Saw(v1::FACET_EXPRESSIONS)) {
      return {ColumnValues::Kind::kUnseen, {}, by};
    }
    for (const v1::ConstraintExpression& check :
         domain->Shape(v1::FACET_EXPRESSIONS).domain_expressions().constraints()) {
      std::optional<std::vector<std::string>> texts = AllowedTexts(check.expression(), "value");
      if (texts.has_value()) return {ColumnValues::Kind::kListed, *std::move(texts), by};
    }
    const v1::DataType below = shape.base();  // `type` may be what holds it
    type = below;
  }
  return {};
}

}  // namespace

std::optional<ModelValues> ValuesOf(const SectionView& models, const v1::ModelField& field) {
  std::optional<ModelValues> of_literal = ValuesOfLiteralType(field.type());
  if (of_literal.has_value()) return of_literal;
  const EntityView* const entity = EnumOf(models, field);
  if (entity == nullptr || !entity->Saw(v1::FACET_STRUCTURE)) return std::nullopt;
  return ValuesOfEnum(entity->Shape(v1::FACET_STRUCTURE).model_enum());
}

ColumnValues ValuesOf(const MappedModel& mapped, const v1::Column& column) {
  v1::DataType element = column.type();
  element.set_array(false);
  v1::DataType type = WithoutDomain(*mapped.database, element);
  type.set_array(false);
  if (FamilyOf(type) == kEnum) return LabelsOf(*mapped.database, type);
  ColumnValues of_check = ValuesOfCheck(mapped, column.name());
  return of_check.kind == ColumnValues::Kind::kFree ? ValuesOfDomain(*mapped.database, element)
                                                    : of_check;
}

std::vector<std::string> Without(const std::vector<std::string>& texts,
                                 const std::vector<std::string>& others) {
  std::vector<std::string> left;
  for (const std::string& text : texts) {
    if (std::find(others.begin(), others.end(), text) == others.end()) left.push_back(text);
  }
  return left;
}

}  // namespace varve
