#include "base/yaml_config.h"

#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "base/utf8.h"
#include "google/protobuf/descriptor.h"

namespace varve {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

class Reader {
 public:
  explicit Reader(absl::string_view path) : path_(path) {}

  absl::Status ReadMap(const YAML::Node& node, Message& message, const std::string& where) const {
    if (node.IsNull()) return absl::OkStatus();
    if (!node.IsMap()) return Wrong(node, absl::StrCat(Named(where), "must be a map of keys"));
    SetLine(node, message);
    std::set<std::string> seen;
    for (const auto& entry : node) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
      if (!seen.insert(key).second) {
        return Wrong(entry.first, absl::StrCat("key '", key, "' is given twice; keep one"));
      }
      const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName(key);
      if (field == nullptr || !IsKey(*field, message)) {
        return Wrong(entry.first, absl::StrCat("unknown key '", key, "'; ", Named(where), "takes ",
                                               KeysOf(message)));
      }
      const std::string inner = where.empty() ? key : absl::StrCat(where, ".", key);
      VARVE_RETURN_IF_ERROR(ReadField(entry.second, message, *field, inner));
    }
    return absl::OkStatus();
  }

 private:
  static std::string Named(const std::string& where) {
    return where.empty() ? "the file " : absl::StrCat("'", where, "' ");
  }

  // The line is the reader's to set, and what a key has named needs no name.
  static bool IsKey(const FieldDescriptor& field, const Message& message) {
    const bool is_named = field.index() == 0 && IsKeyedByName(*message.GetDescriptor()) &&
                          !message.GetReflection()->GetString(message, &field).empty();
    return !IsLine(field) && !is_named;
  }

  static std::string KeysOf(const Message& message) {
    const Descriptor& descriptor = *message.GetDescriptor();
    std::vector<std::string> names;
    for (int i = 0; i < descriptor.field_count(); ++i) {
      if (IsKey(*descriptor.field(i), message)) names.push_back(descriptor.field(i)->name());
    }
    return absl::StrJoin(names, ", ");
  }

  static bool IsLine(const FieldDescriptor& field) {
    return field.name() == "line" && field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32;
  }

  static void SetLine(const YAML::Node& node, Message& message) {
    const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName("line");
    if (field == nullptr || !IsLine(*field)) return;
    message.GetReflection()->SetUInt32(&message, field,
                                       static_cast<uint32_t>(node.Mark().line + 1));
  }

  absl::Status Wrong(const YAML::Node& node, absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(path_, ":", node.Mark().line + 1, ": ", what));
  }

  absl::Status ReadField(const YAML::Node& node, Message& message, const FieldDescriptor& field,
                         const std::string& where) const {
    const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    const Reflection& reflection = *message.GetReflection();
    if (!field.is_repeated()) {
      if (is_message) return ReadMap(node, *reflection.MutableMessage(&message, &field), where);
      return ReadScalar(node, message, field, where);
    }
    reflection.ClearField(&message, &field);  // a list in the file stands for the whole list
    if (is_message && node.IsMap() && IsKeyedByName(*field.message_type())) {
      return ReadByNames(node, message, field, where);
    }
    if (!node.IsSequence()) {
      if (!is_message && node.IsScalar()) return ReadScalar(node, message, field, where);
      return Wrong(node, absl::StrCat("'", where, "' must be a list"));
    }
    int index = 0;
    for (const YAML::Node& item : node) {
      const std::string inner = absl::StrCat(where, "[", index++, "]");
      VARVE_RETURN_IF_ERROR(is_message
                                ? ReadMap(item, *reflection.AddMessage(&message, &field), inner)
                                : ReadScalar(item, message, field, inner));
    }
    return absl::OkStatus();
  }

  static bool IsString(const FieldDescriptor& field) {
    return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING && !field.is_repeated();
  }

  static bool IsKeyedByName(const Descriptor& type) {
    if (type.field_count() < 2 || type.field(0)->name() != "name") return false;
    if (!IsString(*type.field(0)) || !IsString(*type.field(1))) return false;
    const FieldDescriptor* const line = type.FindFieldByName("line");
    return (type.field_count() == 2 && type.field(1)->name() == "value") ||
           (line != nullptr && IsLine(*line));
  }

  static bool HasMoreThanAValue(const Descriptor& type) {
    return type.field_count() > (type.FindFieldByName("line") == nullptr ? 2 : 3);
  }

  absl::Status ReadByNames(const YAML::Node& node, Message& message, const FieldDescriptor& field,
                           const std::string& where) const {
    const Descriptor& type = *field.message_type();
    const bool takes_maps = HasMoreThanAValue(type);
    std::set<std::string> seen;
    for (const auto& entry : node) {
      const bool is_value = entry.second.IsScalar() || (takes_maps && entry.second.IsMap());
      if (!entry.first.IsScalar() || !is_value) {
        return Wrong(entry.first, absl::StrCat("'", where, "' takes names with ",
                                               takes_maps ? "a text or a map" : "text values"));
      }
      const std::string& name = entry.first.Scalar();
      if (!seen.insert(name).second) {
        return Wrong(entry.first, absl::StrCat("key '", name, "' is given twice; keep one"));
      }
      Message& added = *message.GetReflection()->AddMessage(&message, &field);
      added.GetReflection()->SetString(&added, type.field(0), name);
      const std::string inner = absl::StrCat(where, ".", name);
      VARVE_RETURN_IF_ERROR(entry.second.IsMap()
                                ? ReadMap(entry.second, added, inner)
                                : ReadScalar(entry.second, added, *type.field(1), inner));
      SetLine(entry.first, added);
    }
    return absl::OkStatus();
  }

  // Sets a singular field, or adds to a repeated one.
  absl::Status ReadScalar(const YAML::Node& node, Message& message, const FieldDescriptor& field,
                          const std::string& where) const {
    // Without quotes "!audit" is YAML's own word for a type, and what was meant is lost.
    if (node.Tag().size() > 1 && node.Tag()[0] == '!') {
      return Wrong(node, absl::StrCat("'", where, "': what begins with ! stands in quotes"));
    }
    if (!node.IsScalar()) return Wrong(node, absl::StrCat("'", where, "' must be a single value"));
    const std::string& text = node.Scalar();
    const Reflection& reflection = *message.GetReflection();
    const bool many = field.is_repeated();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        many ? reflection.AddString(&message, &field, text)
             : reflection.SetString(&message, &field, text);
        return absl::OkStatus();
      case FieldDescriptor::CPPTYPE_BOOL: {
        if (text != "true" && text != "false") {
          return Wrong(node, absl::StrCat("'", where, "' is true or false, not '", text, "'"));
        }
        many ? reflection.AddBool(&message, &field, text == "true")
             : reflection.SetBool(&message, &field, text == "true");
        return absl::OkStatus();
      }
      case FieldDescriptor::CPPTYPE_UINT32: {
        uint32_t value = 0;
        if (!absl::SimpleAtoi(text, &value)) return NotANumber(node, where, text);
        many ? reflection.AddUInt32(&message, &field, value)
             : reflection.SetUInt32(&message, &field, value);
        return absl::OkStatus();
      }
      case FieldDescriptor::CPPTYPE_UINT64: {
        uint64_t value = 0;
        if (!absl::SimpleAtoi(text, &value)) return NotANumber(node, where, text);
        many ? reflection.AddUInt64(&message, &field, value)
             : reflection.SetUInt64(&message, &field, value);
        return absl::OkStatus();
      }
      case FieldDescriptor::CPPTYPE_ENUM:
        return ReadEnum(node, message, field, where);
      default:
        return absl::InternalError(
            absl::StrCat("the configuration field ", field.full_name(), " has no YAML form"));
    }
  }

  absl::Status NotANumber(const YAML::Node& node, const std::string& where,
                          const std::string& text) const {
    return Wrong(node, absl::StrCat("'", where, "' is a number from 0 up, not '", text, "'"));
  }

  absl::Status ReadEnum(const YAML::Node& node, Message& message, const FieldDescriptor& field,
                        const std::string& where) const {
    std::vector<std::string> words;
    const std::string unspecified = "_UNSPECIFIED";
    const std::string& first = field.enum_type()->value(0)->name();
    const std::string prefix = first.substr(0, first.size() - unspecified.size() + 1);
    for (int i = 1; i < field.enum_type()->value_count(); ++i) {
      const EnumValueDescriptor* const value = field.enum_type()->value(i);
      words.push_back(absl::AsciiStrToLower(value->name().substr(prefix.size())));
      if (words.back() != node.Scalar()) continue;
      message.GetReflection()->SetEnum(&message, &field, value);
      return absl::OkStatus();
    }
    return Wrong(node, absl::StrCat("'", where, "' is one of ", absl::StrJoin(words, ", "),
                                    ", not '", node.Scalar(), "'"));
  }

  absl::string_view path_;
};

// Messages hold UTF-8: text that is none would be refused only where it arrives.
absl::Status CheckUtf8(absl::string_view text, absl::string_view path) {
  if (IsUtf8(text)) return absl::OkStatus();
  int line = 1;
  for (const absl::string_view content : absl::StrSplit(text, '\n')) {
    if (!IsUtf8(content)) break;
    ++line;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(path, ":", line, ": this line is not UTF-8; save the file as UTF-8"));
}

}  // namespace

absl::Status ParseYamlConfig(absl::string_view text, absl::string_view path, Message& config) {
  VARVE_RETURN_IF_ERROR(CheckUtf8(text, path));
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
    if (documents.size() > 1) {
      return absl::InvalidArgumentError(absl::StrCat(path, ":", documents[1].Mark().line + 1,
                                                     ": a second document begins; one file holds "
                                                     "one, take the '---' out"));
    }
    return Reader(path).ReadMap(documents.empty() ? YAML::Node() : documents[0], config, "");
  } catch (const YAML::Exception& e) {
    return absl::InvalidArgumentError(absl::StrCat(path, ":", e.mark.line + 1, ": ", e.msg));
  }
}

absl::Status ReadYamlConfig(absl::string_view path, Message& config) {
  const std::string name(path);
  const auto trouble = [&path](int error) {
    const std::string what = absl::StrCat("configuration file ", path, ": ", std::strerror(error));
    return error == ENOENT ? absl::NotFoundError(what) : absl::PermissionDeniedError(what);
  };
  std::error_code unused;
  if (std::filesystem::is_directory(name, unused)) return trouble(EISDIR);
  errno = 0;
  std::ifstream file(name, std::ios::binary);
  if (!file.is_open()) return trouble(errno);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) return trouble(errno == 0 ? EIO : errno);
  return ParseYamlConfig(text, path, config);
}

}  // namespace varve
