#include "tests/unit/snapshot/random_snapshot.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "snapshot/kinds.h"
#include "tests/support/matchers.h"
#include "tests/support/sample_snapshot.h"
#include "varve/v1/options.pb.h"

namespace varve::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr absl::string_view kTable = "table";

LooseLine LooseLineOf(const ReadLine& line, const Section& section) {
  LooseLine loose;
  const Seen* const seen = line.Current();
  if (seen == nullptr) {
    loose.unseen = line.line.unseen;
    return loose;
  }
  auto shape = DecodeShape(section, seen->shape);
  VARVE_EXPECT_OK(shape);
  if (shape.ok()) loose.shape = *std::move(shape);
  loose.facts.way = seen->way;
  loose.facts.masked = {seen->digest, seen->key_id};
  EXPECT_TRUE(loose.facts.locator.ParseFromString(seen->locator));
  const EntityKey& entity = line.line.key.entity;
  if (entity.kind == kTable && line.line.key.facet == v1::FACET_STRUCTURE) {
    loose.facts.locator.set_id(absl::StrCat("locator of ", DisplayName(entity)));
  }
  return loose;
}

template <typename Map>
auto Nth(Map& map, size_t n) {
  return std::next(map.begin(), static_cast<std::ptrdiff_t>(n));
}

// One of two messages of a list is not the other's twin: it has another name.
void SetName(Message& message, const std::string& name) {
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName("name");
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return;
  message.GetReflection()->SetString(&message, field, name);
}

bool HasName(const Message& message) {
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName("name");
  return field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
}

}  // namespace

LooseSnapshot LooseSample() {
  LooseSnapshot loose;
  for (const Section& section : SampleSnapshot().sections) {
    LooseSection& into = loose[section.header.name()];
    into.source_kind = section.header.source_kind();
    for (const ReadLine& line : section.lines) {
      into.lines[line.line.key] = LooseLineOf(line, section);
      into.kinds[line.line.key.entity.kind] = v1::SIGHT_CAPTURED;
    }
  }
  return loose;
}

void Changer::Change(LooseSnapshot& snapshot) {
  for (size_t changes = Pick(7); changes > 0; --changes) {
    ChangeOne(Nth(snapshot, Pick(snapshot.size()))->second);
  }
}

void Changer::Lock(LooseSnapshot& snapshot) {
  for (auto& [name, section] : snapshot) {
    if (section.lines.empty()) continue;
    LooseLine& line = Nth(section.lines, Pick(section.lines.size()))->second;
    line.shape.reset();
    line.unseen = v1::SIGHT_LOCKED;
  }
}

std::string Changer::SomeKind(const LooseSection& section) {
  return Nth(section.kinds, Pick(section.kinds.size()))->first;
}

std::string Changer::Fresh(const std::string& what) { return absl::StrCat(what, "_", ++fresh_); }

void Changer::ChangeOne(LooseSection& section) {
  if (section.lines.empty()) return;
  const auto at = Nth(section.lines, Pick(section.lines.size()));
  const EntityKey entity = at->first.entity;
  switch (Pick(10)) {
    case 0:
      return Drop(section, entity);
    case 1:
      if (at->first.facet != FirstFacet(entity.kind)) section.lines.erase(at);
      return;
    case 2:
    case 3:
      return Copy(section, entity, entity.kind == kTable && Pick(2) == 0);
    default:
      if (!at->second.shape.has_value()) return;
      for (size_t times = 1 + Pick(3); times > 0; --times) {
        const FieldDescriptor* const member =
            v1::Shape::descriptor()->FindFieldByNumber(at->second.shape->facet_case());
        if (member == nullptr) return;
        v1::Shape& shape = *at->second.shape;
        ChangeMessage(*shape.GetReflection()->MutableMessage(&shape, member));
      }
  }
}

void Changer::Drop(LooseSection& section, const EntityKey& entity) {
  for (auto line = section.lines.begin(); line != section.lines.end();) {
    line = line->first.entity == entity ? section.lines.erase(line) : std::next(line);
  }
}

// A copy has no locator, what is moved keeps it.
void Changer::Copy(LooseSection& section, const EntityKey& entity, bool and_drop) {
  EntityKey other = entity;
  const size_t name = entity.kind == kTable ? 1 : entity.names.size() - 1;
  other.names.at(name) = Fresh("object");
  std::map<LineKey, LooseLine> copies;
  for (const auto& [key, line] : section.lines) {
    if (key.entity != entity) continue;
    LooseLine& copy = copies[{other, key.facet}] = line;
    if (!and_drop) copy.facts.locator.Clear();
  }
  if (and_drop) Drop(section, entity);
  section.lines.merge(copies);
}

void Changer::ChangeMessage(Message& message) {
  const int fields = message.GetDescriptor()->field_count();
  if (fields == 0) return;
  ChangeField(message,
              *message.GetDescriptor()->field(static_cast<int>(Pick(static_cast<size_t>(fields)))));
}

void Changer::ChangeField(Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (field.options().GetExtension(v1::names_unknown)) return;
  if (field.is_repeated()) return ChangeList(message, field);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(&message, &field, Fresh(field.name()));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&message, &field, !reflection.GetBool(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(
          &message, &field,
          field.enum_type()
              ->value(static_cast<int>(Pick(static_cast<size_t>(field.enum_type()->value_count()))))
              ->number());
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&message, &field, ++fresh_);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.SetUInt32(&message, &field, static_cast<uint32_t>(++fresh_));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(&message, &field, ++fresh_);
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection.SetUInt64(&message, &field, static_cast<uint64_t>(++fresh_));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (reflection.HasField(message, &field) && Pick(4) == 0) {
        return reflection.ClearField(&message, &field);
      }
      return ChangeMessage(*reflection.MutableMessage(&message, &field));
    default:
      FAIL() << "shapes have no field like " << field.full_name();
  }
}

void Changer::ChangeList(Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  if (size > 0 && Pick(3) == 0) return reflection.RemoveLast(&message, &field);
  if (size > 1 && Pick(4) == 0) return reflection.SwapElements(&message, &field, 0, size - 1);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    reflection.AddString(&message, &field, Fresh(field.name()));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    ChangeMessages(message, field);
  }
}

void Changer::ChangeMessages(Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  if (size > 0 && Pick(3) > 0) {
    const int at = static_cast<int>(Pick(static_cast<size_t>(size)));
    return ChangeMessage(*reflection.MutableRepeatedMessage(&message, &field, at));
  }
  const bool named = HasName(*reflection.GetMessageFactory()->GetPrototype(field.message_type()));
  if (!named) return;  // two elements of one name are told apart by their order alone
  Message* const added = reflection.AddMessage(&message, &field);
  if (size > 0) added->CopyFrom(reflection.GetRepeatedMessage(message, &field, 0));
  SetName(*added, Fresh("element"));
}

Snapshot Built(const LooseSnapshot& snapshot, const std::string& environment, int64_t seq) {
  Snapshot built;
  built.header.set_environment(environment);
  built.seq = seq;
  for (const auto& [name, section] : snapshot) {
    SectionBuilder builder(name, section.source_kind, 1);
    for (const auto& [kind, state] : section.kinds) {
      for (const KindFacet& each : FindKind(kind)->facets) builder.Cover(kind, each.facet, state);
    }
    for (const auto& [key, line] : section.lines) {
      if (line.shape.has_value()) {
        builder.Add(key.entity, key.facet, *line.shape, line.facts);
      } else {
        builder.AddUnseen(key.entity, key.facet, line.unseen);
      }
    }
    built.sections.push_back(builder.Finish());
    *built.header.add_sections() = built.sections.back().header;
  }
  return built;
}

}  // namespace varve::testing
