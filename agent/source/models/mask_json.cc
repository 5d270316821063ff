#include "agent/source/models/mask_json.h"

#include <utility>

#include "agent/source/models/json_text.h"

namespace varve {
namespace {

constexpr char kSecretMarker[] = "$secret";

// Walks one value. Counts what it masks, so that what has nothing to mask keeps its very text.
class ValueWalk {
 public:
  ValueWalk(const Redactor& redactor, Masked& masked, const std::set<std::string>* known)
      : redactor_(redactor), masked_(masked), known_(known) {}

  void Mask(Json& value, absl::string_view name, bool secret) {
    secret = secret || Redactor::IsSecretName(name);
    if (value.is_object()) return MaskObject(value, secret);
    if (value.is_array()) {
      for (Json& item : value) Mask(item, name, secret);
    } else if (value.is_string()) {
      MaskString(value, secret);
    } else if (value.is_number() && secret) {
      Hide(value, JsonText(value));
    }
  }

  bool changed() const { return changed_; }

 private:
  void MaskObject(Json& object, bool secret) {
    if (object.size() == 1 && object.contains(kSecretMarker)) {
      Json inner = std::move(object[kSecretMarker]);
      Mask(inner, "", true);
      object = std::move(inner);
      changed_ = true;
      return;
    }
    for (auto& [key, item] : object.items()) Mask(item, key, secret);
    MaskKeys(object);
  }

  void MaskKeys(Json& object) {
    std::vector<std::pair<std::string, std::string>> renamed;
    for (const auto& [key, item] : object.items()) {
      std::string hidden = redactor_.MaskText(key, masked_);
      if (hidden != key) renamed.emplace_back(key, std::move(hidden));
    }
    for (const auto& [key, hidden] : renamed) {
      Json item = std::move(object[key]);
      object.erase(key);
      object[hidden] = std::move(item);
      changed_ = true;
    }
  }

  void MaskString(Json& value, bool secret) {
    const std::string& text = value.get_ref<const std::string&>();
    // Stars alone: the library masked it (SecretStr), and the schema stays as it prints it.
    if (text.find_first_not_of('*') == std::string::npos || text == kMasked) return;
    if (secret || (known_ != nullptr && known_->count(text) > 0)) return Hide(value, text);
    std::string hidden = redactor_.MaskText(text, masked_);
    if (hidden == text) return;
    value = std::move(hidden);
    changed_ = true;
  }

  void Hide(Json& value, std::string part) {
    masked_.parts.push_back(std::move(part));
    value = std::string(kMasked);
    changed_ = true;
  }

  const Redactor& redactor_;
  Masked& masked_;
  const std::set<std::string>* known_;
  bool changed_ = false;
};

// Walks a schema: what is a value in it, and of what, its own keywords say.
class SchemaWalk {
 public:
  SchemaWalk(const Redactor& redactor, Masked& masked, const SchemaSecrets& secrets)
      : secrets_(secrets), values_(redactor, masked, &secrets.defaults) {}

  void Walk(Json& schema, absl::string_view property, bool secret) {
    if (schema.is_array()) {
      for (Json& item : schema) Walk(item, property, secret);
    } else if (schema.is_string()) {
      values_.Mask(schema, "", false);
    } else if (schema.is_object()) {
      for (auto& [key, value] : schema.items()) Member(key, value, property, secret);
    }
  }

  bool changed() const { return values_.changed(); }

 private:
  void Member(const std::string& key, Json& value, absl::string_view property, bool secret) {
    if (key == "properties" && value.is_object()) {
      for (auto& [name, inner] : value.items()) Walk(inner, name, secret);
    } else if ((key == "$defs" || key == "definitions") && value.is_object()) {
      for (auto& [name, inner] : value.items()) Walk(inner, "", IsSettings(name, inner));
    } else if (key == "default" || key == "example" || key == "examples") {
      values_.Mask(value, property, secret);
    } else if (key == "enum" || key == "const") {
      values_.Mask(value, "", false);
    } else if (!IsVocabulary(key)) {
      Walk(value, property, secret);
    }
  }

  // Namesakes are told apart in $defs as package__module__Name.
  bool IsSettings(const std::string& name, const Json& definition) const {
    const size_t last = name.rfind("__");
    const std::string bare = last == std::string::npos ? name : name.substr(last + 2);
    const auto title = definition.is_object() ? definition.find("title") : definition.end();
    return secrets_.settings.count(bare) > 0 ||
           (definition.is_object() && title != definition.end() && title->is_string() &&
            secrets_.settings.count(title->get<std::string>()) > 0);
  }

  // Keywords whose texts come from the class, not from data.
  static bool IsVocabulary(const std::string& key) {
    static const std::set<std::string>* const words =
        new std::set<std::string>{"$ref", "type", "format", "required", "pattern", "title"};
    return words->count(key) > 0;
  }

  const SchemaSecrets& secrets_;
  ValueWalk values_;
};

}  // namespace

std::string JsonMask::Value(absl::string_view json, absl::string_view name, bool all) {
  absl::StatusOr<Json> value = ParseJson(json);
  if (!value.ok()) return redactor_.MaskValue(name, json, masked_);
  ValueWalk walk(redactor_, masked_, nullptr);
  walk.Mask(*value, name, all);
  return walk.changed() ? JsonText(*value) : std::string(json);
}

std::string MaskSchema(const Redactor& redactor, Masked& masked, absl::string_view json,
                       const SchemaSecrets& secrets, bool all) {
  absl::StatusOr<Json> schema = ParseJson(json);
  if (!schema.ok()) return "";
  SchemaWalk walk(redactor, masked, secrets);
  walk.Walk(*schema, "", all);
  return walk.changed() ? JsonText(*schema) : std::string(json);
}

}  // namespace varve
