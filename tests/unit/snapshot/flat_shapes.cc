#include "tests/unit/snapshot/flat_shapes.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"
#include "snapshot/canonical.h"
#include "snapshot/diff_text.h"
#include "varve/v1/identity.pb.h"
#include "varve/v1/options.pb.h"
#include "varve/v1/postgres.pb.h"

namespace varve::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool IsPart(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type() != v1::Identity::descriptor() &&
         field.message_type() != v1::DataType::descriptor();
}

Path Below(Path path, const std::string& name) {
  path.push_back(name);
  return path;
}

bool IsAtOrBelow(const Path& path, const Path& top) {
  return path.size() >= top.size() && std::equal(top.begin(), top.end(), path.begin());
}

template <typename Map>
void EraseBelow(Map& map, const Path& top) {
  for (auto at = map.begin(); at != map.end();) {
    at = IsAtOrBelow(at->first, top) ? map.erase(at) : std::next(at);
  }
}

std::string OrderText(const std::vector<std::string>& names) {
  return absl::StrCat("[", absl::StrJoin(names, ", "), "]");
}

class Flattener {
 public:
  explicit Flattener(FlatShape& flat) : flat_(flat) {}

  void Add(const Message& message, const Path& path) {
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message.GetDescriptor()->field(i);
      const auto* const choice = field.real_containing_oneof();
      AddField(message, field, Below(path, choice == nullptr ? field.name() : choice->name()));
    }
  }

 private:
  void AddField(const Message& message, const FieldDescriptor& field, const Path& path) {
    const std::string& names = field.options().GetExtension(v1::element);
    if (field.is_repeated() && !names.empty()) {
      AddElements(message, field, names, path);
    } else if (!field.is_repeated() && IsPart(field)) {
      if (!message.GetReflection()->HasField(message, &field)) return;
      flat_.wholes[path] = *FieldText(message, field);
      Add(message.GetReflection()->GetMessage(message, &field), path);
    } else if (const auto text = FieldText(message, field); text.has_value()) {
      flat_.values[path] = *text;
    }
  }

  void AddElements(const Message& message, const FieldDescriptor& field, const std::string& names,
                   const Path& path) {
    for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
      const Message& element = message.GetReflection()->GetRepeatedMessage(message, &field, i);
      const std::string name = ElementName(element, names);
      std::string whole = MessageText(element, names);
      if (whole.empty()) whole = MessageText(element);
      flat_.wholes[Below(path, name)] = std::move(whole);
      if (field.options().GetExtension(v1::ordered)) flat_.orders[path].push_back(name);
      if (IsPart(field)) Add(element, Below(path, name));
    }
  }

  FlatShape& flat_;
};

}  // namespace

FlatShape Flat(const Message& shape) {
  FlatShape flat;
  Flattener(flat).Add(shape, {});
  return flat;
}

void ApplyChange(const v1::PropertyChange& change, FlatShape& shape) {
  const Path path(change.path().begin(), change.path().end());
  const auto list = shape.orders.find(path);
  if (list != shape.orders.end() && change.has_before() && change.has_after()) {
    // Names may hold what separates them: what is told is one text.
    list->second = {change.after()};
    return;
  }
  EraseBelow(shape.values, path);
  EraseBelow(shape.wholes, path);
  EraseBelow(shape.orders, path);
  if (!path.empty()) {
    const auto holder = shape.orders.find(Path(path.begin(), path.end() - 1));
    if (holder != shape.orders.end()) {
      auto& names = holder->second;
      names.erase(std::remove(names.begin(), names.end(), path.back()), names.end());
    }
  }
  if (!change.has_after()) return;
  shape.told[path] = std::string(absl::StripSuffix(change.after(), " (another one of that name)"));
}

std::vector<std::string> TextOf(const FlatShape& changed) {
  std::vector<std::string> lines;
  const auto add = [&lines](absl::string_view what, const Path& path, absl::string_view text) {
    lines.push_back(absl::StrCat(what, " ", absl::StrJoin(path, "/"), ": ", text));
  };
  for (const auto& [path, text] : changed.values) add("value", path, text);
  for (const auto& [path, text] : changed.told) add("told", path, text);
  for (const auto& whole : changed.wholes) add("part", whole.first, "is there");
  for (const auto& [path, names] : changed.orders) {
    const bool is_told = names.size() == 1 && names[0].substr(0, 1) == "[";
    if (!names.empty()) add("order", path, is_told ? names[0] : OrderText(names));
  }
  absl::c_sort(lines);
  return lines;
}

std::vector<std::string> TextAsFarAsKnown(const FlatShape& expected, const FlatShape& changed) {
  FlatShape known = expected;
  for (const auto& [path, text] : changed.told) {
    const auto value = expected.values.find(path);
    const auto whole = expected.wholes.find(path);
    if (value != expected.values.end()) known.told[path] = value->second;
    if (whole != expected.wholes.end()) known.told[path] = whole->second;
    EraseBelow(known.values, path);
    EraseBelow(known.wholes, path);
    EraseBelow(known.orders, path);
    const auto list = known.orders.find(Path(path.begin(), path.end() - 1));
    if (list == known.orders.end()) continue;
    auto& names = list->second;
    names.erase(std::remove(names.begin(), names.end(), path.back()), names.end());
  }
  return TextOf(known);
}

}  // namespace varve::testing
