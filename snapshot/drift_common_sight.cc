#include "snapshot/drift_common_sight.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/unknown_field_set.h"
#include "snapshot/canonical.h"
#include "snapshot/diff_comparable.h"
#include "snapshot/diff_shape.h"
#include "varve/v1/models.pb.h"
#include "varve/v1/options.pb.h"

namespace varve {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;

using Path = std::vector<std::string>;

// A message of one of the shapes, or inside it.
struct Part {
  size_t of;  // the shape, by its place
  Message* message;
  v1::Way way;

  bool Has(const FieldDescriptor& field) const {
    const auto& reflection = *message->GetReflection();
    return field.is_repeated() ? reflection.FieldSize(*message, &field) > 0
                               : reflection.HasField(*message, &field);
  }
  int Size(const FieldDescriptor& field) const {
    return message->GetReflection()->FieldSize(*message, &field);
  }
  Part Child(const FieldDescriptor& field) const {
    return {of, message->GetReflection()->MutableMessage(message, &field), way};
  }
  Part Item(const FieldDescriptor& field, int at) const {
    return {of, message->GetReflection()->MutableRepeatedMessage(message, &field, at), way};
  }
  void Clear(const FieldDescriptor& field) const {
    message->GetReflection()->ClearField(message, &field);
  }
};
// Of the same place in several shapes, and of one type.
using Parts = std::vector<Part>;

bool IsMessage(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

// The bytes of one field alone. What was taken out below it can change the order of a list.
std::string BytesOf(const Part& part, const FieldDescriptor& field) {
  const std::unique_ptr<Message> alone(part.message->New());
  const google::protobuf::Reflection& reflection = *part.message->GetReflection();
  reflection.SwapFields(part.message, alone.get(), {&field});
  SortUnordered(*alone);
  std::string bytes = BytesOfReduced(*alone);
  reflection.SwapFields(part.message, alone.get(), {&field});
  return bytes;
}

template <typename ValueOf>
bool Differ(const Parts& parts, const ValueOf& value_of) {
  if (parts.size() < 2) return false;
  const auto first = value_of(parts.front());
  return std::any_of(parts.begin() + 1, parts.end(),
                     [&](const Part& part) { return value_of(part) != first; });
}

bool HasSeveralWays(const Parts& parts) {
  return Differ(parts, [](const Part& part) { return part.way; });
}

// Some reads say that they could not tell what is called `name`, and others could; or none could,
// in more ways than one.
bool IsUnknown(const Parts& parts, absl::string_view name) {
  const auto names_it = [&](const Part& part) { return NamesUnknown(*part.message, name); };
  if (Differ(parts, names_it)) return true;
  return names_it(parts.front()) && HasSeveralWays(parts);
}

// A static read cannot always tell, and says "not known" then.
bool IsUnknownToStatic(const Parts& parts, const FieldDescriptor& field) {
  if (field.is_repeated() || field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM ||
      field.enum_type() != v1::Known_descriptor()) {
    return false;
  }
  return std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
    return part.way == v1::WAY_STATIC && part.message->GetReflection()->GetEnumValue(
                                             *part.message, &field) == v1::KNOWN_UNSPECIFIED;
  });
}

class Reduction {
 public:
  Reduction(uint32_t low, uint32_t high) : low_(low), high_(high) {}

  std::vector<LeftOutOfSight> Run(const Parts& parts) {
    const auto type = [](const Part& part) { return part.message->GetDescriptor(); };
    if (!Differ(parts, type)) {
      ReduceMessages(parts, {});
    } else if (low_ != high_) {  // a newer agent's, of which this build knows nothing
      LeaveOut({std::string(kMadeByNewer)}, "revision", parts);
      for (const Part& part : parts) part.message->Clear();
    }
    return std::move(left_out_);
  }

 private:
  void ReduceMessages(const Parts& parts, const Path& path) {
    if (parts.size() < 2) return;
    const Descriptor& type = *parts.front().message->GetDescriptor();
    std::set<const OneofDescriptor*> done;
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      const OneofDescriptor* const choice = field.real_containing_oneof();
      if (choice != nullptr && done.insert(choice).second) ReduceChoice(parts, *choice, path);
      ReduceField(parts, field, path);
    }
    const auto unknown = [](const Part& part) {
      std::string bytes;
      part.message->GetReflection()->GetUnknownFields(*part.message).SerializeToString(&bytes);
      return bytes;
    };
    if (low_ == high_ || !Differ(parts, unknown)) return;
    Path at = path;
    at.emplace_back(kMadeByNewer);
    LeaveOut(std::move(at), "revision", parts);
    for (const Part& part : parts) {
      part.message->GetReflection()->MutableUnknownFields(part.message)->Clear();
    }
  }

  // Of a oneof that not all set alike: a weaker read says the same thing another way, a default as
  // text instead of its value.
  void ReduceChoice(const Parts& parts, const OneofDescriptor& choice, const Path& path) {
    const auto chosen = [&](const Part& part) {
      return part.message->GetReflection()->GetOneofFieldDescriptor(*part.message, &choice);
    };
    if (!Differ(parts, chosen)) return;
    bool is_said_otherwise = false;
    for (const Part& a : parts) {
      for (const Part& b : parts) {
        is_said_otherwise |= a.way != b.way && chosen(a) != nullptr && chosen(b) != nullptr &&
                             chosen(a) != chosen(b);
      }
    }
    if (!is_said_otherwise && !IsUnknown(parts, choice.name())) return;
    Parts having;
    std::copy_if(parts.begin(), parts.end(), std::back_inserter(having),
                 [&](const Part& part) { return chosen(part) != nullptr; });
    Path at = path;
    at.push_back(choice.name());
    LeaveOut(std::move(at), "way", having);
    for (const Part& part : having) part.Clear(*chosen(part));
  }

  // Reduces what is inside a field, then says of what still differs whether it can be compared.
  void ReduceField(const Parts& parts, const FieldDescriptor& field, const Path& path) {
    Parts having;
    std::copy_if(parts.begin(), parts.end(), std::back_inserter(having),
                 [&](const Part& part) { return part.Has(field); });
    if (having.empty()) return;
    const OneofDescriptor* const choice = field.real_containing_oneof();
    Path at = path;
    at.push_back(choice == nullptr ? field.name() : choice->name());
    const size_t before = left_out_.size();
    if (IsMessage(field) && field.is_repeated()) {
      ReduceLists(having, field, at);
    } else if (IsMessage(field)) {
      Parts children;
      for (const Part& part : having) children.push_back(part.Child(field));
      ReduceMessages(children, at);
    }
    const absl::string_view why = WhyNot(parts, field);
    if (why.empty()) return;
    const auto value = [&](const Part& part) {
      return part.Has(field) ? BytesOf(part, field) : std::string();
    };
    if (!Differ(parts, value)) return;
    left_out_.resize(before);  // the whole tells of what is inside it
    LeaveOut(std::move(at), why, having);
    for (const Part& part : having) part.Clear(field);
  }

  absl::string_view WhyNot(const Parts& parts, const FieldDescriptor& field) const {
    if (IsNewerOrMended(field, low_, high_)) return "revision";
    const OneofDescriptor* const choice = field.real_containing_oneof();
    if (field.options().GetExtension(v1::names_unknown) || IsUnknown(parts, field.name()) ||
        (choice != nullptr && IsUnknown(parts, choice->name()))) {
      return "way";
    }
    if (!HasSeveralWays(parts)) return "";
    const bool run_only = field.options().GetExtension(v1::run_only);
    return run_only || IsUnknownToStatic(parts, field) ? "way" : "";
  }

  void ReduceLists(const Parts& parts, const FieldDescriptor& field, const Path& at) {
    if (!field.options().GetExtension(v1::element).empty()) {
      ReduceElements(parts, field, at);
    } else if (field.options().GetExtension(v1::ordered)) {
      std::map<int, Parts> by_size;  // lists of unequal size are compared whole
      for (const Part& part : parts) by_size[part.Size(field)].push_back(part);
      for (const auto& [size, alike] : by_size) {
        for (int i = 0; i < size; ++i) {
          Parts items;
          for (const Part& part : alike) items.push_back(part.Item(field, i));
          ReduceMessages(items, at);
        }
      }
    }
  }

  void ReduceElements(const Parts& parts, const FieldDescriptor& field, const Path& at) {
    const std::string& names = field.options().GetExtension(v1::element);
    std::map<std::pair<std::string, int>, Parts> elements;  // by name; those of one name in order
    for (const Part& part : parts) {
      std::map<std::string, int> counts;
      for (int i = 0; i < part.Size(field); ++i) {
        const Part item = part.Item(field, i);
        std::string name = ElementName(*item.message, names);
        const int count = counts[name]++;
        elements[{std::move(name), count}].push_back(item);
      }
    }
    for (const auto& [name, items] : elements) {
      Path path = at;
      path.push_back(name.first);
      ReduceMessages(items, path);
    }
    if (field.options().GetExtension(v1::ordered)) ReduceOrder(parts, field, at);
  }

  // Puts elements whose order some could not tell in the order of their names.
  void ReduceOrder(const Parts& parts, const FieldDescriptor& field, const Path& at) {
    if (!IsUnknown(parts, absl::StrCat(field.name(), ".order"))) return;
    const std::string& names = field.options().GetExtension(v1::element);
    const auto order = [&](const Part& part) {
      std::vector<std::string> in_order;
      for (int i = 0; i < part.Size(field); ++i) {
        in_order.push_back(ElementName(*part.Item(field, i).message, names));
      }
      return in_order;
    };
    if (!Differ(parts, order)) return;
    LeaveOut(at, "way", parts);
    for (const Part& part : parts) {
      const google::protobuf::Reflection& reflection = *part.message->GetReflection();
      std::vector<std::string> now = order(part);
      for (size_t i = 0; i < now.size(); ++i) {  // few, and rarely: by selection
        const auto least =
            std::min_element(now.begin() + static_cast<std::ptrdiff_t>(i), now.end());
        const auto from = static_cast<size_t>(least - now.begin());
        if (from == i) continue;
        reflection.SwapElements(part.message, &field, static_cast<int>(i), static_cast<int>(from));
        std::swap(now[i], now[from]);
      }
    }
  }

  void LeaveOut(Path path, absl::string_view why, const Parts& parts) {
    LeftOutOfSight& left_out = left_out_.emplace_back();
    left_out.path = std::move(path);
    left_out.why = std::string(why);
    for (const Part& part : parts) left_out.of.push_back(part.of);
  }

  const uint32_t low_;
  const uint32_t high_;
  std::vector<LeftOutOfSight> left_out_;
};

}  // namespace

std::vector<LeftOutOfSight> ReduceToCommonSight(std::vector<ComparedShape>& shapes, uint32_t low,
                                                uint32_t high) {
  Parts parts;
  for (size_t i = 0; i < shapes.size(); ++i) {
    parts.push_back({i, shapes[i].shape.get(), shapes[i].way});
  }
  std::vector<LeftOutOfSight> left_out = Reduction(low, high).Run(parts);
  for (ComparedShape& shape : shapes) SortUnordered(*shape.shape);
  return left_out;
}

std::string BytesOfReduced(const google::protobuf::Message& shape) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  shape.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

}  // namespace varve
