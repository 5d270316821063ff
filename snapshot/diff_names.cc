#include "snapshot/diff_names.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "varve/v1/identity.pb.h"
#include "varve/v1/options.pb.h"

namespace varve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Names = RenameMap::Names;

// No name of a source holds a NUL, so no object has a name that begins with these.
std::string TakenMark(RenameSide side) {
  return side == RenameSide::kBefore ? std::string("\0gone ", 6) : std::string("\0new ", 5);
}

class Mapper {
 public:
  Mapper(const EntityKey& entity, const RenameMap& renames, RenameSide side)
      : entity_(entity), renames_(renames), side_(side) {}

  void Map(Message& message) const {
    if (message.GetDescriptor() == v1::Identity::descriptor()) {
      MapIdentity(static_cast<v1::Identity&>(message));
      return;
    }
    const Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    // Columns first: what they are columns of is still called as this side calls it then.
    for (const FieldDescriptor* const field : fields) MapColumns(message, *field);
    for (const FieldDescriptor* const field : fields) MapObject(message, *field);
    for (const FieldDescriptor* const field : fields) {
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      if (!field->is_repeated()) {
        Map(*reflection.MutableMessage(&message, field));
        continue;
      }
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        Map(*reflection.MutableRepeatedMessage(&message, field, i));
      }
    }
  }

 private:
  std::optional<Names> Common(const Names& names, absl::string_view kind) const {
    return side_ == RenameSide::kBefore ? renames_.CommonOfA(names, kind)
                                        : renames_.CommonOfB(names, kind);
  }

  void MapIdentity(v1::Identity& identity) const {
    const Names names(identity.names().begin(), identity.names().end());
    const std::optional<Names> common = Common(names, identity.kind());
    if (!common.has_value()) {
      identity.set_names(0, absl::StrCat(TakenMark(side_), identity.names(0)));
      return;
    }
    identity.mutable_names()->Assign(common->begin(), common->end());
  }

  std::string MapColumn(const Names& relation, const std::string& column) const {
    Names names = relation;
    names.push_back(column);
    const std::optional<Names> common = Common(names, kColumn);
    return common.has_value() ? common->back() : absl::StrCat(TakenMark(side_), column);
  }

  // The relation whose columns `field` names: this entity, or the one beside it; nothing where it
  // names none.
  std::optional<Names> RelationOf(const Message& message, const FieldDescriptor& field) const {
    const std::string& of = field.options().GetExtension(v1::column_of);
    if (of.empty()) return std::nullopt;
    const auto text_of = [&](const std::string& name) -> std::string {
      const FieldDescriptor* const beside = message.GetDescriptor()->FindFieldByName(name);
      return beside == nullptr ? "" : message.GetReflection()->GetString(message, beside);
    };
    // ". where part is column"
    const std::vector<std::string> words = absl::StrSplit(of, ' ');
    if (words.size() == 5 && text_of(words[2]) != words[4]) return std::nullopt;
    if (words[0] == ".") return entity_.names;
    const FieldDescriptor* const beside = message.GetDescriptor()->FindFieldByName(words[0]);
    if (beside == nullptr || beside->message_type() != v1::Identity::descriptor()) {
      return std::nullopt;
    }
    const auto& identity =
        static_cast<const v1::Identity&>(message.GetReflection()->GetMessage(message, beside));
    return Names(identity.names().begin(), identity.names().end());
  }

  void MapColumns(Message& message, const FieldDescriptor& field) const {
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return;
    const std::optional<Names> relation = RelationOf(message, field);
    if (!relation.has_value()) return;
    const Reflection& reflection = *message.GetReflection();
    if (!field.is_repeated()) {
      const std::string column = reflection.GetString(message, &field);
      if (!column.empty()) reflection.SetString(&message, &field, MapColumn(*relation, column));
      return;
    }
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      const std::string column = reflection.GetRepeatedString(message, &field, i);
      if (column.empty()) continue;  // a key that is an expression
      reflection.SetRepeatedString(&message, &field, i, MapColumn(*relation, column));
    }
  }

  // The one name of an object that stands in no schema.
  void MapObject(Message& message, const FieldDescriptor& field) const {
    const std::string& kind = field.options().GetExtension(v1::object_kind);
    if (kind.empty()) return;
    const Reflection& reflection = *message.GetReflection();
    const std::string name = reflection.GetString(message, &field);
    const std::optional<Names> common = Common({name}, kind);
    reflection.SetString(
        &message, &field,
        common.has_value() ? common->back() : absl::StrCat(TakenMark(side_), name));
  }

  const EntityKey& entity_;
  const RenameMap& renames_;
  RenameSide side_;
};

}  // namespace

void PutInCommonNames(Message& message, const EntityKey& entity, const RenameMap& renames,
                      RenameSide side) {
  Mapper(entity, renames, side).Map(message);
}

}  // namespace varve
