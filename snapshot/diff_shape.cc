#include "snapshot/diff_shape.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/unknown_field_set.h"
#include "snapshot/canonical.h"
#include "snapshot/diff_comparable.h"
#include "snapshot/diff_names.h"
#include "snapshot/diff_text.h"
#include "varve/v1/identity.pb.h"
#include "varve/v1/options.pb.h"
#include "varve/v1/postgres.pb.h"

namespace varve {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;

using Path = std::vector<std::string>;

// A message of one side: as that side wrote it, and with all names put into the common ones. Same
// structure, item by item.
struct Side {
  const Message* raw;
  const Message* common;

  bool Has(const FieldDescriptor& field) const {
    return raw->GetReflection()->HasField(*raw, &field);
  }
  int Size(const FieldDescriptor& field) const {
    return raw->GetReflection()->FieldSize(*raw, &field);
  }
  Side Child(const FieldDescriptor& field) const {
    return {&raw->GetReflection()->GetMessage(*raw, &field),
            &common->GetReflection()->GetMessage(*common, &field)};
  }
  Side Item(const FieldDescriptor& field, int at) const {
    return {&raw->GetReflection()->GetRepeatedMessage(*raw, &field, at),
            &common->GetReflection()->GetRepeatedMessage(*common, &field, at)};
  }
  std::string UnknownFields() const {
    std::string bytes;
    raw->GetReflection()->GetUnknownFields(*raw).SerializeToString(&bytes);
    return bytes;
  }
};

// Messages that people read as one value.
bool IsOneValue(const Descriptor& type) {
  return &type == v1::Identity::descriptor() || &type == v1::DataType::descriptor();
}

bool IsMessage(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

// What stands in a path for a field: its oneof where it is one of several ways to say one thing.
const std::string& NameOf(const FieldDescriptor& field) {
  const OneofDescriptor* const choice = field.real_containing_oneof();
  return choice == nullptr ? field.name() : choice->name();
}

// The text of one value, in a form in which equal texts are equal values.
std::string ValueKey(const Message& message, const FieldDescriptor& field) {
  return FieldText(message, field).value_or(std::string("\0", 1));
}

// The relation that the deparsed texts of `message` speak of: the one it names as its `table`, else
// `entity`.
std::vector<std::string> SpeaksOf(const Message& message, const EntityKey& entity) {
  const FieldDescriptor* const table = message.GetDescriptor()->FindFieldByName("table");
  if (table == nullptr || table->message_type() != v1::Identity::descriptor()) return entity.names;
  const auto& identity =
      static_cast<const v1::Identity&>(message.GetReflection()->GetMessage(message, table));
  return KeyOf(identity).names;
}

std::vector<std::string> ItemKeys(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  std::vector<std::string> keys;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        keys.push_back(reflection.GetRepeatedString(message, &field, i));
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        keys.push_back(absl::StrCat(reflection.GetRepeatedEnumValue(message, &field, i)));
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        keys.push_back(absl::StrCat(reflection.GetRepeatedUInt32(message, &field, i)));
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        keys.push_back(reflection.GetRepeatedMessage(message, &field, i).SerializeAsString());
        break;
      default:
        break;  // our shapes have no other lists; a test walks them all
    }
  }
  return keys;
}

class Comparison {
 public:
  Comparison(const ShapeSide& before, const ShapeSide& after, const Renames& renames)
      : before_(before), after_(after), comparable_(before, after), renames_(renames) {}

  ShapeDifference Run() {
    if (before_.shape.GetDescriptor() != after_.shape.GetDescriptor()) {
      AddNewer({});
      return std::move(found_);
    }
    if (renames_.names.empty()) {
      CompareMessages({&before_.shape, &before_.shape}, {&after_.shape, &after_.shape}, {});
      return std::move(found_);
    }
    const std::unique_ptr<Message> a(before_.shape.New());
    const std::unique_ptr<Message> b(after_.shape.New());
    a->CopyFrom(before_.shape);
    b->CopyFrom(after_.shape);
    PutInCommonNames(*a, before_.entity, renames_.names, RenameSide::kBefore);
    PutInCommonNames(*b, after_.entity, renames_.names, RenameSide::kAfter);
    CompareMessages({&before_.shape, a.get()}, {&after_.shape, b.get()}, {});
    return std::move(found_);
  }

 private:
  void CompareMessages(const Side& a, const Side& b, const Path& path) {
    const Descriptor& type = *a.raw->GetDescriptor();
    std::set<const OneofDescriptor*> done;
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      const OneofDescriptor* const choice = field.real_containing_oneof();
      if (choice != nullptr && (done.count(choice) > 0 || CompareChoice(a, b, *choice, path))) {
        done.insert(choice);
        continue;
      }
      CompareField(a, b, field, path);
    }
    if (a.UnknownFields() != b.UnknownFields()) AddNewer(path);
  }

  // Compares a oneof where both sides chose, but not the same; else leaves it to the fields.
  bool CompareChoice(const Side& a, const Side& b, const OneofDescriptor& choice,
                     const Path& path) {
    const auto chosen = [&](const Side& side) {
      return side.raw->GetReflection()->GetOneofFieldDescriptor(*side.raw, &choice);
    };
    const FieldDescriptor* const before = chosen(a);
    const FieldDescriptor* const after = chosen(b);
    Path at = path;
    at.push_back(choice.name());
    if (before != after && comparable_.IsUnknown(*a.raw, *b.raw, choice.name())) {
      found_.not_comparable.push_back({std::move(at), "way"});
      return true;
    }
    if (before == nullptr || after == nullptr || before == after) return false;
    // A weaker read says the same thing another way: a default as text instead of its value.
    if (before_.way != after_.way) {
      found_.not_comparable.push_back({std::move(at), "way"});
    } else {
      AddChange(std::move(at), FieldText(*a.raw, *before), FieldText(*b.raw, *after));
    }
    return true;
  }

  // Compares one field by itself, then says of what it found whether it can be compared at all.
  void CompareField(const Side& a, const Side& b, const FieldDescriptor& field, const Path& path) {
    ShapeDifference outer = std::exchange(found_, {});
    Path at = path;
    at.push_back(NameOf(field));
    CompareValues(a, b, field, at);
    if (!found_.changed.empty()) {
      const absl::string_view why = comparable_.WhyNot(*a.raw, *b.raw, field);
      if (!why.empty()) found_ = {{}, {{at, std::string(why)}}, false};
    }
    std::swap(outer, found_);
    std::move(outer.changed.begin(), outer.changed.end(), std::back_inserter(found_.changed));
    std::move(outer.not_comparable.begin(), outer.not_comparable.end(),
              std::back_inserter(found_.not_comparable));
    found_.follows |= outer.follows;
  }

  void CompareValues(const Side& a, const Side& b, const FieldDescriptor& field, const Path& at) {
    if (field.is_repeated()) {
      CompareLists(a, b, field, at);
    } else if (IsMessage(field)) {
      CompareChildren(a, b, field, at);
    } else if (ValueKey(*a.common, field) == ValueKey(*b.common, field)) {
      found_.follows |= ValueKey(*a.raw, field) != ValueKey(*b.raw, field);
    } else if (field.options().GetExtension(v1::deparsed) &&
               renames_.words.ExplainDifference(SpeaksOf(*a.raw, before_.entity),
                                                ValueKey(*a.raw, field), ValueKey(*b.raw, field))) {
      found_.follows = true;
    } else {
      AddChange(at, FieldText(*a.raw, field), FieldText(*b.raw, field));
    }
  }

  void CompareChildren(const Side& a, const Side& b, const FieldDescriptor& field, const Path& at) {
    if (!a.Has(field) && !b.Has(field)) return;
    if (a.Has(field) != b.Has(field)) {
      AddChange(at, FieldText(*a.raw, field), FieldText(*b.raw, field));
      return;
    }
    CompareMessages(a.Child(field), b.Child(field), at);
    if (IsOneValue(*field.message_type())) FoldInto(a, b, field, at);
  }

  // Tells changes within `field` as one change of its whole value.
  void FoldInto(const Side& a, const Side& b, const FieldDescriptor& field, const Path& at) {
    if (found_.changed.empty()) return;
    found_.changed.clear();
    AddChange(at, FieldText(*a.raw, field), FieldText(*b.raw, field));
  }

  void CompareLists(const Side& a, const Side& b, const FieldDescriptor& field, const Path& at) {
    if (IsMessage(field) && !field.options().GetExtension(v1::element).empty()) {
      CompareElements(a, b, field, at);
      return;
    }
    const bool ordered = field.options().GetExtension(v1::ordered);
    if (IsMessage(field) && ordered && a.Size(field) == b.Size(field)) {
      for (int i = 0; i < a.Size(field); ++i) {
        CompareMessages(a.Item(field, i), b.Item(field, i), at);
      }
      FoldInto(a, b, field, at);
      return;
    }
    if (field.options().GetExtension(v1::deparsed) && FollowsItemByItem(a, b, field)) return;
    CompareWholeLists(a, b, field, ordered, at);
  }

  void CompareWholeLists(const Side& a, const Side& b, const FieldDescriptor& field, bool ordered,
                         const Path& at) {
    const auto keys = [&](const Message& message) {
      std::vector<std::string> items = ItemKeys(message, field);
      if (!ordered) std::sort(items.begin(), items.end());
      return items;
    };
    if (keys(*a.common) != keys(*b.common)) {
      AddChange(at, FieldText(*a.raw, field), FieldText(*b.raw, field));
    } else {
      found_.follows |= keys(*a.raw) != keys(*b.raw);
    }
  }

  // Each of a list's deparsed texts is equal, or differs only by renames.
  bool FollowsItemByItem(const Side& a, const Side& b, const FieldDescriptor& field) {
    const std::vector<std::string> before = ItemKeys(*a.raw, field);
    const std::vector<std::string> after = ItemKeys(*b.raw, field);
    if (before.size() != after.size() || before == after) return false;
    const std::vector<std::string> relation = SpeaksOf(*a.raw, before_.entity);
    for (size_t i = 0; i < before.size(); ++i) {
      if (before[i] != after[i] &&
          !renames_.words.ExplainDifference(relation, before[i], after[i])) {
        return false;
      }
    }
    found_.follows = true;
    return true;
  }

  // Places of a list's elements by their common name; equal names keep their order.
  static std::multimap<std::string, int> Places(const Side& side, const FieldDescriptor& field) {
    const std::string& names = field.options().GetExtension(v1::element);
    std::multimap<std::string, int> places;
    for (int i = 0; i < side.Size(field); ++i) {
      places.emplace(ElementName(*side.Item(field, i).common, names), i);
    }
    return places;
  }

  void CompareElements(const Side& a, const Side& b, const FieldDescriptor& field, const Path& at) {
    const std::string& names = field.options().GetExtension(v1::element);
    std::multimap<std::string, int> there = Places(b, field);
    std::map<int, int> pairs;  // places of elements that both sides have
    const auto add_one_sided = [&](const Message& element, bool added) {
      Path path = at;
      path.push_back(ElementName(element, names));
      std::string text = MessageText(element, names);
      if (text.empty()) text = MessageText(element);  // there is no more to it than its name
      AddChange(std::move(path), added ? std::nullopt : std::make_optional(text),
                added ? std::make_optional(text) : std::nullopt);
    };
    for (const auto& [name, place] : Places(a, field)) {
      const auto match = there.find(name);
      if (match == there.end()) {
        add_one_sided(*a.Item(field, place).raw, false);
        continue;
      }
      const Side other = b.Item(field, match->second);
      Path path = at;
      path.push_back(ElementName(*other.raw, names));
      CompareMessages(a.Item(field, place), other, path);
      pairs[place] = match->second;
      there.erase(match);
    }
    for (const auto& [name, place] : there) add_one_sided(*b.Item(field, place).raw, true);
    if (field.options().GetExtension(v1::ordered)) CompareOrder(a, b, field, pairs, at);
  }

  // Elements that both sides have stand in the same order, or the order is a change of the list.
  void CompareOrder(const Side& a, const Side& b, const FieldDescriptor& field,
                    const std::map<int, int>& pairs, const Path& at) {
    const std::string& names = field.options().GetExtension(v1::element);
    std::vector<int> after;
    std::vector<std::string> before_names;
    for (const auto& [place, other] : pairs) {
      before_names.push_back(ElementName(*a.Item(field, place).raw, names));
      after.push_back(other);
    }
    if (std::is_sorted(after.begin(), after.end())) return;
    const std::string order = absl::StrCat(field.name(), ".order");
    if (comparable_.IsUnknown(*a.raw, *b.raw, order)) {
      found_.not_comparable.push_back({at, "way"});
      return;
    }
    std::sort(after.begin(), after.end());
    std::vector<std::string> after_names;
    for (const int place : after) {
      after_names.push_back(ElementName(*b.Item(field, place).raw, names));
    }
    AddChange(at, absl::StrCat("[", absl::StrJoin(before_names, ", "), "]"),
              absl::StrCat("[", absl::StrJoin(after_names, ", "), "]"));
  }

  void AddChange(Path path, std::optional<std::string> before, std::optional<std::string> after) {
    v1::PropertyChange change;
    for (std::string& name : path) change.add_path(std::move(name));
    if (before.has_value() && before == after) {
      after = absl::StrCat(*after, " (another one of that name)");
    }
    if (before.has_value()) change.set_before(*std::move(before));
    if (after.has_value()) change.set_after(*std::move(after));
    found_.changed.push_back(std::move(change));
  }

  // What this build does not know differs. Of unequal revisions it may be newly captured; of equal
  // ones it changed.
  void AddNewer(Path path) {
    path.push_back(std::string(kMadeByNewer));
    if (before_.revision != after_.revision) {
      found_.not_comparable.push_back({std::move(path), "revision"});
    } else {
      AddChange(std::move(path), std::nullopt, std::nullopt);
    }
  }

  const ShapeSide& before_;
  const ShapeSide& after_;
  const Comparable comparable_;
  const Renames& renames_;
  ShapeDifference found_;
};

}  // namespace

ShapeDifference CompareShapes(const ShapeSide& before, const ShapeSide& after,
                              const Renames& renames) {
  return Comparison(before, after, renames).Run();
}

}  // namespace varve
