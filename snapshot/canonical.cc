#include "snapshot/canonical.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
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

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using google::protobuf::Reflection;

std::string Serialized(const Message& message) {
  std::string bytes;
  bytes.reserve(message.ByteSizeLong());
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeWithCachedSizes(&coded);
  }
  return bytes;
}

// "table public.orders".
std::string IdentityName(const Message& message) {
  const auto& identity = static_cast<const v1::Identity&>(message);
  return absl::StrCat(identity.kind(), " ", DisplayName(KeyOf(identity)));
}

// "object.kind": of an identity its kind.
constexpr absl::string_view kKindOf = "kind";

// Appends what one field says of an element's name; nothing where it has no part in it. `part` is
// what stands behind the field's name.
void AppendNamePart(const Message& element, const FieldDescriptor& field, absl::string_view part,
                    std::string& name) {
  const Reflection& reflection = *element.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string copy;  // not used: our strings are plain ones
      name += reflection.GetStringReference(element, &field, &copy);
      return;
    }
    case FieldDescriptor::CPPTYPE_UINT32:
      absl::StrAppend(&name, reflection.GetUInt32(element, &field));
      return;
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      if (field.message_type() == v1::Identity::descriptor()) {
        const auto& identity =
            static_cast<const v1::Identity&>(reflection.GetMessage(element, &field));
        name += part == kKindOf ? identity.kind() : DisplayName(KeyOf(identity));
        return;
      }
      const bool is_type = field.message_type() == v1::DataType::descriptor();
      if (!is_type || !reflection.HasField(element, &field)) return;
      name += TypeText(static_cast<const v1::DataType&>(reflection.GetMessage(element, &field)));
      return;
    }
    default:
      return;  // no element has such a name; a test looks at them all
  }
}

// A field that says a part of an element's name, and what stands behind it ("kind").
struct NameField {
  const FieldDescriptor* field;
  std::string part;
};

std::vector<NameField> NameFieldsOf(const Descriptor& element, absl::string_view fields) {
  std::vector<NameField> named;
  for (const absl::string_view each : absl::StrSplit(fields, ',', absl::SkipEmpty())) {
    const std::pair<absl::string_view, std::string> part =
        absl::StrSplit(each, absl::MaxSplits('.', 1));
    const FieldDescriptor* const field = element.FindFieldByName(std::string(part.first));
    if (field != nullptr) named.push_back({field, part.second});
  }
  return named;
}

// Makes `name` what the element is called.
void NameOf(const Message& element, absl::Span<const NameField> fields, std::string& name) {
  name.clear();
  if (element.GetDescriptor() == v1::Identity::descriptor()) {
    name = IdentityName(element);
    return;
  }
  for (const NameField& each : fields) {
    if (!name.empty()) name += ' ';
    AppendNamePart(element, *each.field, each.part, name);
  }
}

// What sorting a message of one type takes: its lists to sort, and the fields that hold such lists
// at some depth. Most types have neither and are not looked into.
struct SortPlan {
  struct Step {
    const FieldDescriptor* field;
    const SortPlan* within;  // null: nothing to sort in there
    bool sorted;
    bool has_names;
    std::vector<NameField> names;
  };
  // A oneof, and what is to be sorted within each of its fields. A shape has one of some fifty:
  // asking each whether it is there would cost more than all sorting.
  struct Choice {
    const OneofDescriptor* oneof;
    absl::flat_hash_map<const FieldDescriptor*, const SortPlan*> within;
  };
  std::vector<Step> steps;
  std::vector<Choice> choices;
};

bool IsSorted(const FieldDescriptor& field) {
  return field.is_repeated() && !field.options().GetExtension(v1::ordered);
}

// The plans of types, made when first asked for.
class SortPlans {
 public:
  const SortPlan& Of(const Descriptor& type) {
    const auto [at, is_new] = plans_.try_emplace(&type, nullptr);
    if (!is_new) return *at->second;
    at->second = std::make_unique<SortPlan>();
    SortPlan& plan = *at->second;  // known before it is whole: types refer to themselves
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      const Descriptor* const item = field.message_type();
      SortPlan::Step step{&field, nullptr, IsSorted(field), false, {}};
      if (item != nullptr && HasLists(*item)) step.within = &Of(*item);
      if (!step.sorted && step.within == nullptr) continue;
      if (field.real_containing_oneof() != nullptr) {
        ChoiceOf(plan, *field.real_containing_oneof()).within.emplace(&field, step.within);
        continue;
      }
      if (item != nullptr) {
        const std::string& element = field.options().GetExtension(v1::element);
        step.has_names = !element.empty();
        step.names = NameFieldsOf(*item, element);
      }
      plan.steps.push_back(std::move(step));
    }
    return plan;
  }

 private:
  static bool HasLists(const Descriptor& type) {
    absl::flat_hash_set<const Descriptor*> seen = {&type};
    std::vector<const Descriptor*> rest = {&type};
    while (!rest.empty()) {
      const Descriptor& each = *rest.back();
      rest.pop_back();
      for (int i = 0; i < each.field_count(); ++i) {
        if (IsSorted(*each.field(i))) return true;
        const Descriptor* const item = each.field(i)->message_type();
        if (item != nullptr && seen.insert(item).second) rest.push_back(item);
      }
    }
    return false;
  }

  static SortPlan::Choice& ChoiceOf(SortPlan& plan, const OneofDescriptor& oneof) {
    for (SortPlan::Choice& choice : plan.choices) {
      if (choice.oneof == &oneof) return choice;
    }
    return plan.choices.emplace_back(SortPlan::Choice{&oneof, {}});
  }

  absl::flat_hash_map<const Descriptor*, std::unique_ptr<SortPlan>> plans_;
};

// The place of each item in order, by its key; equal keys keep theirs.
template <typename Less>
std::vector<int> OrderBy(int size, Less less) {
  std::vector<int> order(static_cast<size_t>(size));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), less);
  return order;
}

// Whether the items stand in order by their names, which all differ: nearly always, and it costs no
// allocation.
bool NamesRise(const Message& message, const SortPlan::Step& step, int size) {
  const Reflection& reflection = *message.GetReflection();
  std::string last, name;
  for (int i = 0; i < size; ++i) {
    NameOf(reflection.GetRepeatedMessage(message, step.field, i), step.names, name);
    if (i > 0 && name <= last) return false;
    last.swap(name);
  }
  return true;
}

// By names where the items have such; the content decides where they have one name, or none.
std::vector<int> OrderOfMessages(const Message& message, const SortPlan::Step& step, int size) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<std::string> names(static_cast<size_t>(size));
  std::vector<std::optional<std::string>> contents(names.size());
  for (int i = 0; step.has_names && i < size; ++i) {
    NameOf(reflection.GetRepeatedMessage(message, step.field, i), step.names,
           names[static_cast<size_t>(i)]);
  }
  const auto content = [&](int i) -> const std::string& {
    std::optional<std::string>& bytes = contents[static_cast<size_t>(i)];
    if (!bytes.has_value()) {
      bytes = Serialized(reflection.GetRepeatedMessage(message, step.field, i));
    }
    return *bytes;
  };
  return OrderBy(size, [&](int a, int b) {
    const int by_name = names[static_cast<size_t>(a)].compare(names[static_cast<size_t>(b)]);
    return by_name != 0 ? by_name < 0 : content(a) < content(b);
  });
}

std::vector<int> OrderOf(const Message& message, const SortPlan::Step& step, int size) {
  const Reflection& reflection = *message.GetReflection();
  switch (step.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return OrderOfMessages(message, step, size);
    case FieldDescriptor::CPPTYPE_STRING:
      return OrderBy(size, [&](int a, int b) {
        std::string one, other;  // no copies: our strings are plain ones
        return reflection.GetRepeatedStringReference(message, step.field, a, &one) <
               reflection.GetRepeatedStringReference(message, step.field, b, &other);
      });
    case FieldDescriptor::CPPTYPE_ENUM:
      return OrderBy(size, [&](int a, int b) {
        return reflection.GetRepeatedEnumValue(message, step.field, a) <
               reflection.GetRepeatedEnumValue(message, step.field, b);
      });
    case FieldDescriptor::CPPTYPE_UINT32:
      return OrderBy(size, [&](int a, int b) {
        return reflection.GetRepeatedUInt32(message, step.field, a) <
               reflection.GetRepeatedUInt32(message, step.field, b);
      });
    default:
      return OrderBy(size, [](int, int) { return false; });  // our messages have no other lists; a
                                                             // test walks them all
  }
}

// Puts item `order[i]` at place i.
void Rearrange(Message& message, const FieldDescriptor& field, const std::vector<int>& order) {
  // Each item is swapped to its place; `place` follows where the swaps have put the others.
  std::vector<int> place(order.size()), item(order.size());
  std::iota(place.begin(), place.end(), 0);
  std::iota(item.begin(), item.end(), 0);
  for (int i = 0; i < static_cast<int>(order.size()); ++i) {
    const int from = place[static_cast<size_t>(order[static_cast<size_t>(i)])];
    if (from == i) continue;
    message.GetReflection()->SwapElements(&message, &field, i, from);
    std::swap(item[static_cast<size_t>(i)], item[static_cast<size_t>(from)]);
    place[static_cast<size_t>(item[static_cast<size_t>(i)])] = i;
    place[static_cast<size_t>(item[static_cast<size_t>(from)])] = from;
  }
}

void SortBy(const SortPlan& plan, Message& message) {
  const Reflection& reflection = *message.GetReflection();
  for (const SortPlan::Choice& choice : plan.choices) {
    const auto chosen =
        choice.within.find(reflection.GetOneofFieldDescriptor(message, choice.oneof));
    if (chosen == choice.within.end()) continue;
    SortBy(*chosen->second, *reflection.MutableMessage(&message, chosen->first));
  }
  for (const SortPlan::Step& step : plan.steps) {
    if (!step.field->is_repeated()) {
      if (!reflection.HasField(message, step.field)) continue;
      SortBy(*step.within, *reflection.MutableMessage(&message, step.field));
      continue;
    }
    const int size = reflection.FieldSize(message, step.field);
    for (int i = 0; step.within != nullptr && i < size; ++i) {
      SortBy(*step.within, *reflection.MutableRepeatedMessage(&message, step.field, i));
    }
    if (!step.sorted || size < 2) continue;
    if (step.has_names && NamesRise(message, step, size)) continue;
    const std::vector<int> order = OrderOf(message, step, size);
    if (!absl::c_is_sorted(order)) Rearrange(message, *step.field, order);
  }
}

// Those of the types that this program was built with are kept for good.
const SortPlan& KnownPlanOf(const Descriptor& type) {
  static absl::Mutex mutex(absl::kConstInit);
  static SortPlans& plans = *new SortPlans;
  const absl::MutexLock lock(&mutex);
  return plans.Of(type);
}

}  // namespace

void SortUnordered(Message& message) {
  const Descriptor& type = *message.GetDescriptor();
  if (type.file()->pool() == google::protobuf::DescriptorPool::generated_pool()) {
    SortBy(KnownPlanOf(type), message);
  } else {
    SortPlans plans;  // the type may go with its pool
    SortBy(plans.Of(type), message);
  }
}

std::string CanonicalBytes(Message& message) {
  message.DiscardUnknownFields();
  return OwnCanonicalBytes(message);
}

std::string OwnCanonicalBytes(Message& message) {
  SortUnordered(message);
  return Serialized(message);
}

std::string ElementName(const Message& element, absl::string_view fields) {
  std::string name;
  NameOf(element, NameFieldsOf(*element.GetDescriptor(), fields), name);
  return name;
}

}  // namespace varve
