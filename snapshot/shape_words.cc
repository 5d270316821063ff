#include "snapshot/shape_words.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/console.h"
#include "google/protobuf/descriptor.h"
#include "snapshot/canonical.h"
#include "snapshot/diff_text.h"
#include "snapshot/line.h"
#include "snapshot/postgres_type.h"
#include "snapshot/shape_elements.h"
#include "varve/v1/options.pb.h"

namespace varve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// In bytes.
constexpr size_t kLongestEntity = 120;
constexpr absl::string_view kNotSeen = "(not seen)";

std::string Listed(const google::protobuf::RepeatedPtrField<std::string>& names) {
  return absl::StrCat("(", absl::StrJoin(names, ", "), ")");
}

std::string ActionWords(absl::string_view event, v1::ReferentialAction action) {
  if (action == v1::REFERENTIAL_ACTION_UNSPECIFIED || action == v1::REFERENTIAL_ACTION_NO_ACTION) {
    return "";
  }
  return absl::StrCat(" on ", event, " ", EnumText(*v1::ReferentialAction_descriptor(), action));
}

std::string ForeignKeyWords(const v1::Constraint& constraint) {
  return absl::StrCat(
      "foreign key ", Listed(constraint.columns()), " references ",
      DisplayName(KeyOf(constraint.references())), " ", Listed(constraint.referenced_columns()),
      ActionWords("update", constraint.on_update()), ActionWords("delete", constraint.on_delete()));
}

// The item of that name; the empty message where there is none.
template <typename Item>
const Item& Named(const google::protobuf::RepeatedPtrField<Item>& items, absl::string_view name) {
  for (const Item& item : items) {
    if (item.name() == name) return item;
  }
  return Item::default_instance();
}

const google::protobuf::RepeatedPtrField<v1::ColumnExpression>& ColumnTexts(
    const v1::Shape& expressions) {
  return expressions.has_view_expressions() ? expressions.view_expressions().columns()
                                            : expressions.table_expressions().columns();
}

const google::protobuf::RepeatedPtrField<v1::IndexExpression>& IndexTexts(
    const v1::Shape& expressions) {
  return expressions.has_view_expressions() ? expressions.view_expressions().indexes()
                                            : expressions.table_expressions().indexes();
}

const google::protobuf::RepeatedPtrField<v1::ConstraintExpression>& ConstraintTexts(
    const v1::Shape& expressions) {
  return expressions.table_expressions().constraints();
}

std::string WordsOf(const Message& element, const v1::Shape& expressions,
                    const std::string& name_fields) {
  if (element.GetDescriptor() == v1::Column::descriptor()) {
    const auto& column = static_cast<const v1::Column&>(element);
    return ColumnWords(column, Named(ColumnTexts(expressions), column.name()).expression());
  }
  if (element.GetDescriptor() == v1::Constraint::descriptor()) {
    const auto& constraint = static_cast<const v1::Constraint&>(element);
    return ConstraintWords(constraint,
                           Named(ConstraintTexts(expressions), constraint.name()).expression());
  }
  if (element.GetDescriptor() == v1::Index::descriptor()) {
    const auto& index = static_cast<const v1::Index&>(element);
    return IndexWords(index, Named(IndexTexts(expressions), index.name()));
  }
  return MessageText(element, name_fields);
}

// "3 columns" of a list of named elements with three.
void AddCount(const Message& shape, const FieldDescriptor& field,
              std::vector<std::string>& counts) {
  const int count = shape.GetReflection()->FieldSize(shape, &field);
  std::string word = absl::StrReplaceAll(field.name(), {{"_", " "}});
  if (count == 1 && word.back() == 's') {
    word.resize(word.size() - (word == "indexes" ? 2 : 1));
    if (word == "policie") word = "policy";
  }
  counts.push_back(absl::StrCat(count, " ", word));
}

// So much of `text` as is told of an entity, up to the end of a character.
std::string Beginning(std::string text) {
  if (text.size() <= kLongestEntity) return text;
  size_t end = kLongestEntity;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return absl::StrCat(text, "…");
}

}  // namespace

std::string ColumnWords(const v1::Column& column, absl::string_view expression) {
  std::string words = TypeText(column.type());
  if (column.has_collation()) {
    absl::StrAppend(&words, " collate ", DisplayName(KeyOf(column.collation())));
  }
  if (column.not_null()) absl::StrAppend(&words, " not null");
  const absl::string_view text = expression.empty() ? kNotSeen : expression;
  if (column.generated() != v1::COLUMN_GENERATED_UNSPECIFIED) {
    absl::StrAppend(&words, " generated always as (", text, ") ",
                    EnumText(*v1::ColumnGenerated_descriptor(), column.generated()));
  } else if (column.identity() != v1::COLUMN_IDENTITY_UNSPECIFIED) {
    absl::StrAppend(&words, " generated ",
                    EnumText(*v1::ColumnIdentity_descriptor(), column.identity()), " as identity");
  } else if (column.has_default()) {
    absl::StrAppend(&words, " default ", text);
  }
  return words;
}

std::string ConstraintWords(const v1::Constraint& constraint, absl::string_view expression) {
  std::string words;
  switch (constraint.type()) {
    case v1::CONSTRAINT_TYPE_CHECK:
      words = absl::StrCat("check (", expression.empty() ? kNotSeen : expression, ")");
      break;
    case v1::CONSTRAINT_TYPE_FOREIGN_KEY:
      words = ForeignKeyWords(constraint);
      break;
    case v1::CONSTRAINT_TYPE_EXCLUSION:
      words =
          std::string(expression.empty() ? absl::string_view("exclude (not seen)") : expression);
      break;
    default:
      words = absl::StrCat(EnumText(*v1::ConstraintType_descriptor(), constraint.type()),
                           constraint.type() == v1::CONSTRAINT_TYPE_PRIMARY_KEY ||
                                   constraint.type() == v1::CONSTRAINT_TYPE_UNIQUE ||
                                   constraint.type() == v1::CONSTRAINT_TYPE_NOT_NULL
                               ? absl::StrCat(" ", Listed(constraint.columns()))
                               : "");
  }
  if (constraint.deferrable()) absl::StrAppend(&words, " deferrable");
  if (constraint.initially_deferred()) absl::StrAppend(&words, " initially deferred");
  if (constraint.not_valid()) absl::StrAppend(&words, " not valid");
  if (constraint.not_enforced()) absl::StrAppend(&words, " not enforced");
  return words;
}

std::string IndexWords(const v1::Index& index, const v1::IndexExpression& texts) {
  std::vector<std::string> keys;
  int expression = 0;
  for (const v1::IndexKey& key : index.keys()) {
    std::string text = key.column();
    if (text.empty()) {
      text = expression < texts.keys_size() ? texts.keys(expression) : std::string(kNotSeen);
      ++expression;
    }
    if (key.descending()) text += " desc";
    if (key.nulls_first() != key.descending())
      text += key.nulls_first() ? " nulls first" : " nulls last";
    keys.push_back(std::move(text));
  }
  std::string words = absl::StrCat(index.unique() ? "unique " : "", index.method(), " (",
                                   absl::StrJoin(keys, ", "), ")");
  if (index.included_size() > 0) absl::StrAppend(&words, " include ", Listed(index.included()));
  if (index.partial()) {
    absl::StrAppend(&words, " where ", texts.predicate().empty() ? kNotSeen : texts.predicate());
  }
  return words;
}

std::string ElementWords(const v1::Shape& structure, const v1::Shape& expressions,
                         const std::vector<std::string>& element) {
  std::string words;
  VisitElements(structure, [&](const ElementPath& at, const Message& message) {
    if (at.path != element) return;
    // The name stands beside the words.
    words = WordsOf(message, expressions, "name,path");
    if (words.empty()) words = at.path.back();
  });
  return words;
}

std::string EntityWords(const v1::Shape& structure) {
  const FieldDescriptor* const member =
      v1::Shape::descriptor()->FindFieldByNumber(structure.facet_case());
  if (member == nullptr) return "";
  const Message& shape = structure.GetReflection()->GetMessage(structure, member);
  std::vector<const FieldDescriptor*> fields;
  shape.GetReflection()->ListFields(shape, &fields);
  std::vector<std::string> counts;
  for (const FieldDescriptor* const field : fields) {
    if (field->is_repeated() && !field->options().GetExtension(v1::element).empty()) {
      AddCount(shape, *field, counts);
    }
  }
  return counts.empty() ? Beginning(OneLine(MessageText(shape))) : absl::StrJoin(counts, ", ");
}

}  // namespace varve
