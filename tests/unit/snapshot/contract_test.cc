// What the contract promises about itself, looked up in its own sources.
#include <google/protobuf/compiler/importer.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "snapshot/kinds.h"
#include "varve/v1/options.pb.h"
#include "varve/v1/query.pb.h"
#include "varve/v1/shape.pb.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::SourceLocation;

// Every .proto file, parsed from source: compiled descriptors have no comments.
class Sources {
 public:
  Sources() : importer_(&tree_, nullptr) {
    const char* const source = std::getenv("VARVE_SOURCE_DIR");
    const std::string root = std::string(source == nullptr ? "." : source) + "/proto";
    tree_.MapPath("", root);
    tree_.MapPath("", "/usr/include");
    for (const auto& entry : std::filesystem::directory_iterator(root + "/varve/v1")) {
      if (entry.path().extension() != ".proto") continue;
      files.push_back(importer_.Import("varve/v1/" + entry.path().filename().string()));
    }
  }
  std::vector<const FileDescriptor*> files;

 private:
  google::protobuf::compiler::DiskSourceTree tree_;
  google::protobuf::compiler::Importer importer_;
};

template <typename D>
void ExpectComment(const D& descriptor) {
  SourceLocation location;
  ASSERT_TRUE(descriptor.GetSourceLocation(&location)) << descriptor.full_name();
  EXPECT_FALSE(location.leading_comments.empty() && location.trailing_comments.empty())
      << descriptor.full_name() << " has no comment";
}

void ExpectComments(const EnumDescriptor& descriptor) { ExpectComment(descriptor); }

void ExpectComments(const Descriptor& message) {
  ExpectComment(message);
  for (int i = 0; i < message.field_count(); ++i) ExpectComment(*message.field(i));
  for (int i = 0; i < message.nested_type_count(); ++i) ExpectComments(*message.nested_type(i));
  for (int i = 0; i < message.enum_type_count(); ++i) ExpectComments(*message.enum_type(i));
}

TEST(Contract, EveryMessageFieldEnumAndMethodIsDocumented) {
  const Sources sources;
  ASSERT_FALSE(sources.files.empty());
  for (const FileDescriptor* const file : sources.files) {
    ASSERT_NE(file, nullptr);
    for (int i = 0; i < file->message_type_count(); ++i) ExpectComments(*file->message_type(i));
    for (int i = 0; i < file->enum_type_count(); ++i) ExpectComments(*file->enum_type(i));
    for (int i = 0; i < file->service_count(); ++i) {
      ExpectComment(*file->service(i));
      for (int m = 0; m < file->service(i)->method_count(); ++m) {
        ExpectComment(*file->service(i)->method(m));
      }
    }
  }
}

TEST(Contract, EveryEnumBeginsWithUnspecified) {
  const Sources sources;
  for (const FileDescriptor* const file : sources.files) {
    for (int i = 0; i < file->enum_type_count(); ++i) {
      const std::string& first = file->enum_type(i)->value(0)->name();
      EXPECT_NE(first.find("_UNSPECIFIED"), std::string::npos) << first;
    }
  }
}

// All messages that a shape can hold.
void CollectMessages(const Descriptor& message, std::set<const Descriptor*>& all) {
  if (!all.insert(&message).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    const Descriptor* const inner = message.field(i)->message_type();
    if (inner != nullptr) CollectMessages(*inner, all);
  }
}

std::set<const Descriptor*> ShapeMessages() {
  std::set<const Descriptor*> all;
  CollectMessages(*v1::Shape::descriptor(), all);
  return all;
}

TEST(Contract, ShapesHaveNoMapsAndNoFloatingPoint) {
  for (const Descriptor* const message : ShapeMessages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& field = *message->field(i);
      EXPECT_FALSE(field.is_map()) << field.full_name();
      EXPECT_NE(field.cpp_type(), FieldDescriptor::CPPTYPE_DOUBLE) << field.full_name();
      EXPECT_NE(field.cpp_type(), FieldDescriptor::CPPTYPE_FLOAT) << field.full_name();
    }
  }
}

TEST(Contract, EveryListOfAShapeCanBeSortedOrHasAnOrder) {
  for (const Descriptor* const message : ShapeMessages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& field = *message->field(i);
      if (!field.is_repeated() || field.options().GetExtension(v1::ordered)) continue;
      EXPECT_TRUE(field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE ||
                  field.cpp_type() == FieldDescriptor::CPPTYPE_STRING ||
                  field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM ||
                  field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32)
          << field.full_name() << " is a list that canonical.cc does not sort";
    }
  }
}

// The diff looks for the object by that kind and the one name: of another kind nothing is found.
TEST(Contract, ATextThatNamesAnObjectIsOfAKindWithoutASchema) {
  int named = 0;
  for (const Descriptor* const message : ShapeMessages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& field = *message->field(i);
      const std::string& kind = field.options().GetExtension(v1::object_kind);
      if (kind.empty()) continue;
      ++named;
      EXPECT_EQ(field.cpp_type(), FieldDescriptor::CPPTYPE_STRING) << field.full_name();
      EXPECT_FALSE(field.is_repeated()) << field.full_name();
      EXPECT_NE(FindKind(kind), nullptr) << field.full_name() << " names a " << kind;
      EXPECT_FALSE(StandsInSchema(kind)) << field.full_name() << " names a " << kind;
    }
  }
  EXPECT_GT(named, 0);
}

// Sorting a list whose order has meaning makes another thing of it: public.orders of orders.public.
TEST(Contract, TheListsOfScalarsThatAreSortedAreSets) {
  std::set<const Descriptor*> all = ShapeMessages();
  for (const Descriptor* const canonical :
       {v1::Coverage::descriptor(), v1::Line::descriptor(), v1::Locator::descriptor()}) {
    CollectMessages(*canonical, all);
  }
  std::set<std::string> sorted;
  for (const Descriptor* const message : all) {
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& field = *message->field(i);
      if (!field.is_repeated() || field.message_type() != nullptr) continue;
      if (!field.options().GetExtension(v1::ordered)) sorted.insert(field.full_name());
    }
  }
  EXPECT_EQ(sorted, (std::set<std::string>{"varve.v1.Docs.unknown",
                                           "varve.v1.EventTriggerStructure.tags",
                                           "varve.v1.ExtendedStatisticsStructure.columns",
                                           "varve.v1.ExtendedStatisticsStructure.kinds",
                                           "varve.v1.Grant.grantable",
                                           "varve.v1.Grant.privileges",
                                           "varve.v1.Index.depends_on_extensions",
                                           "varve.v1.KeyPatternStructure.types",
                                           "varve.v1.ModelBehaviour.unknown",
                                           "varve.v1.ModelColumn.unknown",
                                           "varve.v1.ModelField.unknown",
                                           "varve.v1.ModelFunction.fields",
                                           "varve.v1.ModelStructure.unknown",
                                           "varve.v1.ModelTable.unknown",
                                           "varve.v1.Policy.roles",
                                           "varve.v1.PublishedTable.columns",
                                           "varve.v1.RedisFunction.flags",
                                           "varve.v1.RedisUserAccess.channels",
                                           "varve.v1.RedisUserAccess.flags",
                                           "varve.v1.RedisUserAccess.keys",
                                           "varve.v1.RedisUserAccess.selectors",
                                           "varve.v1.RoutineStructure.depends_on_extensions",
                                           "varve.v1.SubscriptionStructure.publications",
                                           "varve.v1.Trigger.depends_on_extensions",
                                           "varve.v1.ValuePath.types",
                                           "varve.v1.ValueShape.formats",
                                           "varve.v1.ValueShape.groups",
                                           "varve.v1.ViewStructure.depends_on_extensions"}));
}

TEST(Contract, TheNamesThatElementsAreKnownByExist) {
  for (const Descriptor* const message : ShapeMessages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& field = *message->field(i);
      std::string names = field.options().GetExtension(v1::element);
      while (!names.empty()) {
        const size_t comma = names.find(',');
        std::string name = names.substr(0, comma);
        name.resize(std::min(name.size(), name.find('.')));
        names = comma == std::string::npos ? "" : names.substr(comma + 1);
        ASSERT_NE(field.message_type(), nullptr) << field.full_name();
        const FieldDescriptor* const named = field.message_type()->FindFieldByName(name);
        ASSERT_NE(named, nullptr) << field.full_name() << " has no element field " << name;
        EXPECT_TRUE(named->cpp_type() == FieldDescriptor::CPPTYPE_STRING ||
                    named->message_type() == v1::Identity::descriptor() ||
                    named->cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
                    named->message_type() == v1::DataType::descriptor())
            << field.full_name();
      }
    }
  }
}

TEST(Contract, WhatNamesTheUnknownIsASetOfTextsAndTheOnlyOneOfItsMessage) {
  std::set<std::string> messages;
  for (const Descriptor* const message : ShapeMessages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& field = *message->field(i);
      if (!field.options().GetExtension(v1::names_unknown)) continue;
      EXPECT_TRUE(field.is_repeated()) << field.full_name();
      EXPECT_EQ(field.cpp_type(), FieldDescriptor::CPPTYPE_STRING) << field.full_name();
      EXPECT_FALSE(field.options().GetExtension(v1::ordered)) << field.full_name();
      EXPECT_TRUE(messages.insert(message->full_name()).second) << field.full_name();
    }
  }
  EXPECT_FALSE(messages.empty());
}

TEST(Kinds, EveryFacetOfEveryKindHasItsMemberInTheEnvelope) {
  std::set<int> used = {v1::Shape::kOptionList};  // shared; no kind has it yet
  for (const Kind& kind : Kinds()) {
    ASSERT_FALSE(kind.facets.empty()) << kind.name;
    std::set<v1::Facet> facets;
    for (const KindFacet& facet : kind.facets) {
      EXPECT_TRUE(facets.insert(facet.facet).second) << kind.name;
      EXPECT_NE(v1::Shape::descriptor()->FindFieldByNumber(facet.shape_member), nullptr)
          << kind.name;
      used.insert(facet.shape_member);
    }
    EXPECT_EQ(FindKind(kind.name), &kind);
  }
  EXPECT_EQ(static_cast<int>(used.size()), v1::Shape::descriptor()->oneof_decl(0)->field_count());
}

TEST(Kinds, AKindOfANewerAgentIsAnAnswer) {
  EXPECT_EQ(FindKind("hologram"), nullptr);
  EXPECT_EQ(FirstFacet("hologram"), v1::FACET_STRUCTURE);
  EXPECT_EQ(FacetName(static_cast<v1::Facet>(77)), "facet 77");
  EXPECT_EQ(SightName(static_cast<v1::Sight>(77)), "reason 77");
}

}  // namespace
}  // namespace varve
