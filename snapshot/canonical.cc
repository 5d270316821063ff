#include "snapshot/canonical.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "snapshot/line.h"
#include "snapshot/postgres_type.h"
#include "varve/v1/identity.pb.h"
#include "varve/v1/options.pb.h"
#include "varve/v1/postgres.pb.h"

namespace varve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string Serialized(const Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeWithCachedSizes(&coded);
  }
  return bytes;
}

// What the item at `at` of a repeated field is sorted by: byte order is the order of the values.
std::string SortKey(const Message& message, const FieldDescriptor& field, int at) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const Message& item = reflection.GetRepeatedMessage(message, &field, at);
      const std::string& element = field.options().GetExtension(v1::element);
      // No name holds a NUL, so names decide; the content does where two elements have one name.
      const std::string name = element.empty() ? "" : ElementName(item, element) + '\0';
      item.ByteSizeLong();
      return name + Serialized(item);
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetRepeatedString(message, &field, at);
    case FieldDescriptor::CPPTYPE_ENUM:
      return absl::StrFormat("%010d", reflection.GetRepeatedEnumValue(message, &field, at));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrFormat("%010u", reflection.GetRepeatedUInt32(message, &field, at));
    default:
      return "";  // our messages have no other lists; a test walks them all
  }
}

void SortRepeated(Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  std::vector<std::pair<std::string, int>> order;
  for (int i = 0; i < size; ++i) order.emplace_back(SortKey(message, field, i), i);
  if (std::is_sorted(order.begin(), order.end())) return;
  std::sort(order.begin(), order.end());
  // Each item is swapped to its place; `place` follows where the swaps have put the others.
  std::vector<int> place(order.size()), item(order.size());
  std::iota(place.begin(), place.end(), 0);
  std::iota(item.begin(), item.end(), 0);
  for (int i = 0; i < size; ++i) {
    const int from = place[static_cast<size_t>(order[static_cast<size_t>(i)].second)];
    if (from == i) continue;
    reflection.SwapElements(&message, &field, i, from);
    std::swap(item[static_cast<size_t>(i)], item[static_cast<size_t>(from)]);
    place[static_cast<size_t>(item[static_cast<size_t>(i)])] = i;
    place[static_cast<size_t>(item[static_cast<size_t>(from)])] = from;
  }
}

// "table public.orders".
std::string IdentityName(const Message& message) {
  const auto& identity = static_cast<const v1::Identity&>(message);
  return absl::StrCat(identity.kind(), " ", DisplayName(KeyOf(identity)));
}

// "object.kind": of an identity its kind.
constexpr absl::string_view kKindOf = "kind";

// What one field says of an element's name; "" where it has no part in it. `part` is what stands
// behind the field's name.
std::string NamePart(const Message& element, const FieldDescriptor& field, absl::string_view part) {
  const Reflection& reflection = *element.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(element, &field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(reflection.GetUInt32(element, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      if (field.message_type() == v1::Identity::descriptor()) {
        const auto& identity =
            static_cast<const v1::Identity&>(reflection.GetMessage(element, &field));
        return part == kKindOf ? identity.kind() : DisplayName(KeyOf(identity));
      }
      const bool is_type = field.message_type() == v1::DataType::descriptor();
      if (!is_type || !reflection.HasField(element, &field)) return "";
      return TypeText(static_cast<const v1::DataType&>(reflection.GetMessage(element, &field)));
    }
    default:
      return "";  // no element has such a name; a test looks at them all
  }
}

}  // namespace

void SortUnordered(Message& message) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* const field : fields) {
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!field->is_repeated()) {
      if (is_message) SortUnordered(*reflection.MutableMessage(&message, field));
      continue;
    }
    if (is_message) {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        SortUnordered(*reflection.MutableRepeatedMessage(&message, field, i));
      }
    }
    if (field->options().GetExtension(v1::ordered)) continue;
    SortRepeated(message, *field);
  }
}

std::string CanonicalBytes(Message& message) {
  message.DiscardUnknownFields();
  SortUnordered(message);
  message.ByteSizeLong();
  return Serialized(message);
}

std::string ElementName(const Message& element, absl::string_view fields) {
  if (element.GetDescriptor() == v1::Identity::descriptor()) return IdentityName(element);
  std::string name;
  for (const absl::string_view each : absl::StrSplit(fields, ',')) {
    const std::pair<absl::string_view, absl::string_view> part =
        absl::StrSplit(each, absl::MaxSplits('.', 1));
    const FieldDescriptor* const field =
        element.GetDescriptor()->FindFieldByName(std::string(part.first));
    if (field == nullptr) continue;
    if (!name.empty()) name += ' ';
    name += NamePart(element, *field, part.second);
  }
  return name;
}

}  // namespace varve
