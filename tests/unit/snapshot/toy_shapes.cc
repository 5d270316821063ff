#include "tests/unit/snapshot/toy_shapes.h"

#include <google/protobuf/descriptor.pb.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "snapshot/canonical.h"
#include "snapshot/kinds.h"
#include "varve/v1/identity.pb.h"
#include "varve/v1/options.pb.h"

namespace varve::testing {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FieldOptions;
using google::protobuf::FileDescriptorProto;
using google::protobuf::Message;

constexpr v1::Facet kFacets[] = {v1::FACET_STRUCTURE, v1::FACET_EXPRESSIONS, v1::FACET_ACCESS};

FieldOptions& AddText(DescriptorProto& type, const std::string& name) {
  FieldDescriptorProto& field = *type.add_field();
  field.set_name(name);
  field.set_number(type.field_size());
  field.set_label(FieldDescriptorProto::LABEL_OPTIONAL);
  field.set_type(FieldDescriptorProto::TYPE_STRING);
  return *field.mutable_options();
}

FileDescriptorProto ToyFile() {
  FileDescriptorProto file;
  file.set_name("toy.proto");
  file.set_package("toy");
  file.add_dependency("varve/v1/identity.proto");
  file.add_dependency("varve/v1/options.proto");
  for (const v1::Facet facet : kFacets) {
    DescriptorProto& type = *file.add_message_type();
    type.set_name(FacetName(facet));
    AddText(type, "a");
    AddText(type, "b");
    FieldOptions& newer = AddText(type, "new");
    FieldOptions& mended = AddText(type, "mended");
    FieldOptions& computed = AddText(type, "computed");
    AddText(type, "col").SetExtension(v1::column_of, ".");
    if (facet == v1::FACET_STRUCTURE) {
      newer.SetExtension(v1::since, 2);
      mended.AddExtension(v1::mended, 2);
      mended.AddExtension(v1::mended, 3);
      computed.SetExtension(v1::run_only, true);
    }
    if (facet == v1::FACET_EXPRESSIONS) {
      newer.SetExtension(v1::since, 3);
      mended.AddExtension(v1::mended, 3);
    }
    AddText(type, "unknown").SetExtension(v1::names_unknown, true);
    type.mutable_field()->rbegin()->set_label(FieldDescriptorProto::LABEL_REPEATED);
    FieldDescriptorProto& me = *type.add_field();
    me.set_name("me");
    me.set_number(type.field_size());
    me.set_label(FieldDescriptorProto::LABEL_OPTIONAL);
    me.set_type(FieldDescriptorProto::TYPE_MESSAGE);
    me.set_type_name(".varve.v1.Identity");
  }
  return file;
}

}  // namespace

ToyShapes::ToyShapes()
    : pool_(google::protobuf::DescriptorPool::generated_pool()), factory_(&pool_) {
  // Identities inside toy shapes are the real ones.
  factory_.SetDelegateToGeneratedFactory(true);
  v1::Identity::descriptor();
  v1::since.number();
  pool_.BuildFile(ToyFile());
}

const google::protobuf::Descriptor* ToyShapes::TypeOf(v1::Facet facet) const {
  return pool_.FindMessageTypeByName(absl::StrCat("toy.", FacetName(facet)));
}

std::string ToyShapes::Bytes(v1::Facet facet, const ToyShape& shape) const {
  const std::unique_ptr<Message> message(factory_.GetPrototype(TypeOf(facet))->New());
  const google::protobuf::Reflection& reflection = *message->GetReflection();
  for (const auto& [name, value] : shape) {
    const FieldDescriptor* const field = message->GetDescriptor()->FindFieldByName(name);
    if (name == "unknown") {
      reflection.AddString(message.get(), field, value);
      continue;
    }
    if (name != "me") {
      reflection.SetString(message.get(), field, value);
      continue;
    }
    auto& me =
        static_cast<v1::Identity&>(*reflection.MutableMessage(message.get(), field, nullptr));
    me.set_kind("table");
    for (const absl::string_view part : absl::StrSplit(value, '.')) me.add_names(std::string(part));
  }
  return CanonicalBytes(*message);
}

ShapeDecoder ToyShapes::Decoder() const {
  return [this](const LineKey& key,
                absl::string_view bytes) -> absl::StatusOr<std::unique_ptr<Message>> {
    std::unique_ptr<Message> message(factory_.GetPrototype(TypeOf(key.facet))->New());
    if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      return absl::DataLossError("not a toy shape");
    }
    return message;
  };
}

}  // namespace varve::testing
