#include "snapshot/diff_comparable.h"

#include <algorithm>
#include <cstdint>

#include "varve/v1/models.pb.h"
#include "varve/v1/options.pb.h"

namespace varve {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using google::protobuf::Reflection;

bool NamesUnknown(const Message& message, absl::string_view name) {
  const Descriptor& type = *message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!field.options().GetExtension(v1::names_unknown)) continue;
    for (int item = 0; item < reflection.FieldSize(message, &field); ++item) {
      if (reflection.GetRepeatedString(message, &field, item) == name) return true;
    }
  }
  return false;
}

bool IsNewerOrMended(const FieldDescriptor& field, uint32_t low, uint32_t high) {
  if (low == high) return false;
  const auto& options = field.options();
  if (std::max(options.GetExtension(v1::since), 1U) > low) return true;
  for (int i = 0; i < options.ExtensionSize(v1::mended); ++i) {
    const uint32_t revision = options.GetExtension(v1::mended, i);
    if (low < revision && revision <= high) return true;
  }
  return false;
}

absl::string_view Comparable::WhyNot(const Message& a, const Message& b,
                                     const FieldDescriptor& field) const {
  const auto [low, high] = std::minmax(before_.revision, after_.revision);
  if (IsNewerOrMended(field, low, high)) return "revision";
  const OneofDescriptor* const choice = field.real_containing_oneof();
  if (field.options().GetExtension(v1::names_unknown) || IsUnknown(a, b, field.name()) ||
      (choice != nullptr && IsUnknown(a, b, choice->name()))) {
    return "way";
  }
  if (before_.way == after_.way) return "";
  const bool run_only = field.options().GetExtension(v1::run_only);
  return run_only || IsUnknownToStatic(a, b, field) ? "way" : "";
}

bool Comparable::IsUnknown(const Message& a, const Message& b, absl::string_view name) const {
  const bool before = NamesUnknown(a, name), after = NamesUnknown(b, name);
  return before != after || (before && before_.way != after_.way);
}

// A static read cannot always tell, and says "not known" then.
bool Comparable::IsUnknownToStatic(const Message& a, const Message& b,
                                   const FieldDescriptor& field) const {
  if (field.is_repeated() || field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM ||
      field.enum_type() != v1::Known_descriptor()) {
    return false;
  }
  const Message& weaker = before_.way == v1::WAY_STATIC ? a : b;
  return weaker.GetReflection()->GetEnumValue(weaker, &field) == v1::KNOWN_UNSPECIFIED;
}

}  // namespace varve
