// Any protobuf message as JSON.
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/render/json_sources.h"
#include "cli/render/words.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "snapshot/postgres_type.h"

namespace varve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// "COLUMN_IDENTITY_BY_DEFAULT" → "column identity by default"; the number of a value that this
// build does not know.
std::string EnumWord(const FieldDescriptor& field, int number) {
  const auto* const value = field.enum_type()->FindValueByNumber(number);
  std::string word = value == nullptr ? absl::StrCat("value ", number) : value->name();
  for (char& c : word) c = c == '_' ? ' ' : absl::ascii_tolower(static_cast<unsigned char>(c));
  return word;
}

// `at` of a repeated field; -1 of one that is not.
const Message& MessageAt(const Message& message, const FieldDescriptor& field, int at) {
  return at < 0 ? message.GetReflection()->GetMessage(message, &field)
                : message.GetReflection()->GetRepeatedMessage(message, &field, at);
}

void WriteNested(JsonWriter& out, const Message& message) {
  if (const auto* const type = dynamic_cast<const v1::DataType*>(&message)) {
    return out.Text(TypeText(*type));
  }
  if (const auto* const identity = dynamic_cast<const v1::Identity*>(&message)) {
    return out.Text(ObjectName(*identity));
  }
  out.BeginObject();
  WriteMessage(out, message);
  out.EndObject();
}

void WriteList(JsonWriter& out, const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  out.BeginArray(field.name());
  for (int at = 0; at < reflection.FieldSize(message, &field); ++at) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        WriteNested(out, MessageAt(message, field, at));
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        out.Text(reflection.GetRepeatedString(message, &field, at));
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        out.Text(EnumWord(field, reflection.GetRepeatedEnumValue(message, &field, at)));
        break;
      default:  // our shapes have no other lists
        break;
    }
  }
  out.EndArray();
}

void WriteSingle(JsonWriter& out, const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      out.Key(field.name());
      return WriteNested(out, MessageAt(message, field, -1));
    case FieldDescriptor::CPPTYPE_STRING:
      return out.Text(field.name(), reflection.GetString(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return out.Text(field.name(), EnumWord(field, reflection.GetEnumValue(message, &field)));
    case FieldDescriptor::CPPTYPE_BOOL:
      return out.Flag(field.name(), reflection.GetBool(message, &field));
    case FieldDescriptor::CPPTYPE_INT32:
      return out.Number(field.name(), reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return out.Number(field.name(), reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return out.Unsigned(field.name(), reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return out.Unsigned(field.name(), reflection.GetUInt64(message, &field));
    default:  // shapes have no floating point
      return out.Null(field.name());
  }
}

}  // namespace

void WriteMessage(JsonWriter& out, const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* const field : fields) {
    if (field->is_repeated()) {
      WriteList(out, message, *field);
    } else {
      WriteSingle(out, message, *field);
    }
  }
}

}  // namespace varve
