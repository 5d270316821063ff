#include "snapshot/shape_elements.h"

#include "google/protobuf/descriptor.h"
#include "snapshot/canonical.h"
#include "varve/v1/options.pb.h"

namespace varve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Visit = absl::FunctionRef<void(const ElementPath&, const Message&)>;

void Push(ElementPath& at, const std::string& item, bool is_name) {
  at.path.push_back(item);
  at.is_name.push_back(is_name);
}

void Pop(ElementPath& at) {
  at.path.pop_back();
  at.is_name.pop_back();
}

void VisitMessage(const Message& message, ElementPath& at, Visit visit) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* const field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const std::string& names = field->options().GetExtension(v1::element);
    if (field->is_repeated() && names.empty()) continue;
    Push(at, field->name(), false);
    if (!field->is_repeated()) {
      VisitMessage(reflection.GetMessage(message, field), at, visit);
    }
    for (int i = 0; field->is_repeated() && i < reflection.FieldSize(message, field); ++i) {
      const Message& element = reflection.GetRepeatedMessage(message, field, i);
      Push(at, ElementName(element, names), true);
      visit(at, element);
      VisitMessage(element, at, visit);
      Pop(at);
    }
    Pop(at);
  }
}

}  // namespace

void VisitElements(const v1::Shape& shape, Visit visit) {
  const auto& reflection = *shape.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(shape, &fields);
  ElementPath at;
  for (const FieldDescriptor* const field : fields) {
    // Dependencies stand beside the facet, and name no part of it.
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_repeated()) continue;
    VisitMessage(reflection.GetMessage(shape, field), at, visit);
  }
}

}  // namespace varve
