#include "snapshot/diff_text.h"

#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "snapshot/line.h"
#include "snapshot/postgres_type.h"
#include "varve/v1/identity.pb.h"
#include "varve/v1/postgres.pb.h"

namespace varve {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// "COLUMN_IDENTITY_" of ColumnIdentity: what protobuf's style puts before each value.
std::string ValuePrefix(const EnumDescriptor& type) {
  std::string prefix;
  for (const char letter : type.name()) {
    if (absl::ascii_isupper(letter) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(letter);
  }
  return prefix + "_";
}

std::string Words(absl::string_view name) { return absl::StrReplaceAll(name, {{"_", " "}}); }

std::string ItemText(const Message& message, const FieldDescriptor& field, int at) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageText(reflection.GetRepeatedMessage(message, &field, at));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetRepeatedString(message, &field, at);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumText(*field.enum_type(), reflection.GetRepeatedEnumValue(message, &field, at));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(reflection.GetRepeatedUInt32(message, &field, at));
    default:
      return "?";  // our shapes have no other lists; a test walks them all
  }
}

std::string ListText(const Message& message, const FieldDescriptor& field) {
  std::vector<std::string> items;
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    items.push_back(ItemText(message, field, i));
  }
  return absl::StrCat("[", absl::StrJoin(items, ", "), "]");
}

std::string ScalarText(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(reflection.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumText(*field.enum_type(), reflection.GetEnumValue(message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageText(reflection.GetMessage(message, &field));
    default:
      return "?";  // floating point, which no shape has
  }
}

// One field of a message's line: a flag is its name, a name or a type speaks for itself.
std::string LabelledText(const Message& message, const FieldDescriptor& field) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL && !field.is_repeated()) {
    return Words(field.name());
  }
  const std::string text = FieldText(message, field).value_or("");
  const bool speaks_for_itself = field.name() == "name" || field.name() == "column" ||
                                 field.name() == "type" || field.name() == "expression";
  return speaks_for_itself ? text : absl::StrCat(Words(field.name()), " ", text);
}

}  // namespace

std::string EnumText(const EnumDescriptor& type, int number) {
  const EnumValueDescriptor* const value = type.FindValueByNumber(number);
  if (value == nullptr) return absl::StrCat("value ", number);
  absl::string_view word = value->name();
  const std::string prefix = ValuePrefix(type);
  if (word.substr(0, prefix.size()) == prefix) word.remove_prefix(prefix.size());
  return absl::AsciiStrToLower(Words(word));
}

std::optional<std::string> FieldText(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) {
    if (reflection.FieldSize(message, &field) == 0) return std::nullopt;
    return ListText(message, field);
  }
  if (field.has_presence() && !reflection.HasField(message, &field)) return std::nullopt;
  if (!field.has_presence()) {
    const bool says_nothing_when_zero = field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM ||
                                        field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    if (says_nothing_when_zero && !reflection.HasField(message, &field)) return std::nullopt;
  }
  return ScalarText(message, field);
}

std::string MessageText(const Message& message, absl::string_view leave_out) {
  if (message.GetDescriptor() == v1::Identity::descriptor()) {
    return DisplayName(KeyOf(static_cast<const v1::Identity&>(message)));
  }
  if (message.GetDescriptor() == v1::DataType::descriptor()) {
    return TypeText(static_cast<const v1::DataType&>(message));
  }
  const std::vector<absl::string_view> left_out = absl::StrSplit(leave_out, ',');
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::vector<std::string> parts;
  for (const FieldDescriptor* const field : fields) {
    if (absl::c_linear_search(left_out, field->name())) continue;
    parts.push_back(LabelledText(message, *field));
  }
  return absl::StrJoin(parts, " ");
}

}  // namespace varve
