// Any protobuf message as JSON, and entities whose kinds have no form of their own.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/render/json_parts.h"
#include "cli/render/json_sources.h"
#include "cli/render/words.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "snapshot/kinds.h"
#include "snapshot/postgres_type.h"

namespace varve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void WriteFields(JsonWriter& out, const Message& message);

// "REFERENTIAL_ACTION_SET_NULL" → "set null": without what all values of the enum begin with.
std::string EnumWord(const FieldDescriptor& field, int number) {
  const auto* const value = field.enum_type()->FindValueByNumber(number);
  if (value == nullptr) return absl::StrCat("value ", number);
  std::string prefix = field.enum_type()->FindValueByNumber(0)->name();
  absl::string_view word = value->name();
  absl::ConsumePrefix(&word, absl::StripSuffix(prefix, "UNSPECIFIED"));
  std::string text(word);
  for (char& c : text) c = c == '_' ? ' ' : absl::ascii_tolower(static_cast<unsigned char>(c));
  return text;
}

// "" where the message is no value that people read as one text.
std::string OneText(const Message& message) {
  if (const auto* const type = dynamic_cast<const v1::DataType*>(&message)) return TypeText(*type);
  if (const auto* const identity = dynamic_cast<const v1::Identity*>(&message)) {
    return ObjectName(*identity);
  }
  return "";
}

void WriteNested(JsonWriter& out, const Message& message) {
  const std::string text = OneText(message);
  if (!text.empty()) return out.Text(text);
  out.BeginObject();
  WriteFields(out, message);
  out.EndObject();
}

void WriteItem(JsonWriter& out, const Message& message, const FieldDescriptor& field, int at) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return WriteNested(out, reflection.GetRepeatedMessage(message, &field, at));
    case FieldDescriptor::CPPTYPE_STRING:
      return out.Text(reflection.GetRepeatedString(message, &field, at));
    case FieldDescriptor::CPPTYPE_ENUM:
      return out.Text(EnumWord(field, reflection.GetRepeatedEnumValue(message, &field, at)));
    default:  // our shapes have no other lists
      return;
  }
}

void WriteList(JsonWriter& out, const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  if (field.message_type() == v1::Option::descriptor()) {
    out.BeginObject(field.name());
    for (int at = 0; at < size; ++at) {
      const auto& option =
          static_cast<const v1::Option&>(reflection.GetRepeatedMessage(message, &field, at));
      out.Text(option.name(), option.value());
    }
    return out.EndObject();
  }
  out.BeginArray(field.name());
  for (int at = 0; at < size; ++at) WriteItem(out, message, field, at);
  out.EndArray();
}

// Text and messages that are not set are null; flags and numbers have their value.
void WriteSingle(JsonWriter& out, const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (!reflection.HasField(message, &field)) return out.Null(field.name());
      out.Key(field.name());
      return WriteNested(out, reflection.GetMessage(message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      return out.TextOrNull(field.name(), reflection.GetString(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number = reflection.GetEnumValue(message, &field);
      return number == 0 ? out.Null(field.name()) : out.Text(field.name(), EnumWord(field, number));
    }
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

void WriteFields(JsonWriter& out, const Message& message) {
  const auto& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (field.is_repeated()) {
      WriteList(out, message, field);
    } else {
      WriteSingle(out, message, field);
    }
  }
}

// The member of the envelope that is set; null where a newer agent set one that we do not know.
const Message* FacetMessage(const v1::Shape& shape) {
  const FieldDescriptor* const member =
      v1::Shape::descriptor()->FindFieldByNumber(shape.facet_case());
  return member == nullptr ? nullptr : &shape.GetReflection()->GetMessage(shape, member);
}

// What the names of an identity are, of the kinds that are not called [schema, name] or [name].
struct NamesOf {
  absl::string_view kind;
  std::vector<absl::string_view> keys;
};

const std::vector<absl::string_view>& KeysOfNames(const EntityKey& key) {
  static const auto& known = *new std::vector<NamesOf>{
      {"cast", {"source", "target"}},
      {"default_privileges", {"role", "schema", "object_type"}},
      {"large_objects", {"owner"}},
      {"operator", {"schema", "name", "left", "right"}},
      {"operator_class", {"schema", "name", "method"}},
      {"operator_family", {"schema", "name", "method"}},
      {"transform", {"type", "language"}},
      {"user_mapping", {"user", "server"}},
  };
  static const auto& in_schema = *new std::vector<absl::string_view>{"schema", "name"};
  static const auto& alone = *new std::vector<absl::string_view>{"name"};
  for (const NamesOf& names : known) {
    if (names.kind == key.kind) return names.keys;
  }
  return key.names.size() == 1 ? alone : in_schema;
}

// Keys of the identity that the facet's fields repeat are written once.
void WriteNames(JsonWriter& out, const EntityKey& key, const Message* first) {
  const std::vector<absl::string_view>& keys = KeysOfNames(key);
  if (keys.size() != key.names.size()) return out.Texts("identity", key.names);
  for (size_t i = 0; i < keys.size(); ++i) {
    const bool is_field = first != nullptr &&
                          first->GetDescriptor()->FindFieldByName(std::string(keys[i])) != nullptr;
    if (!is_field) out.TextOrNull(keys[i], key.names[i]);
  }
}

}  // namespace

void WriteFacet(JsonWriter& out, const v1::Shape& shape) {
  if (const Message* const message = FacetMessage(shape)) WriteFields(out, *message);
}

void WriteRest(JsonWriter& out, const EntityView& entity) {
  if (HasFacet(entity.key().kind, v1::FACET_ACCESS)) {
    WriteOwnerAndComment(out, entity);
  } else {
    out.TextOrNull("comment", entity.Shape(v1::FACET_DOCS).docs().comment());
  }
  WriteMeasures(out, entity);
  WriteDependencies(out, entity);
  WriteMasked(out, entity);
  WriteUnseen(out, entity);
}

void WriteAnyEntity(JsonWriter& out, const EntityView& entity) {
  const v1::Facet first = FirstFacet(entity.key().kind);
  const v1::Shape& shape = entity.Shape(first);
  const Message* const message = FacetMessage(shape);
  const bool is_shared = first == v1::FACET_ACCESS && shape.has_access();
  WriteNames(out, entity.key(), message);
  if (message != nullptr && !is_shared) WriteFields(out, *message);
  for (const FacetView& facet : entity.facets()) {
    const v1::Facet name = facet.line->line.key.facet;
    const Message* const other = FacetMessage(*facet.shape);
    if (name == first || other == nullptr || facet.shape->has_access() || facet.shape->has_docs()) {
      continue;
    }
    if (facet.shape->has_option_list()) {
      WriteOptions(out, FacetName(name), facet.shape->option_list().options());
      continue;
    }
    out.BeginObject(FacetName(name));
    WriteFields(out, *other);
    out.EndObject();
  }
  WriteRest(out, entity);
}

}  // namespace varve
