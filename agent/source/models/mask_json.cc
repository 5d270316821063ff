#include "agent/source/models/mask_json.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "agent/source/models/json_text.h"

namespace varve {
namespace {

constexpr char kSecretMarker[] = "$secret";

// Walks one value. Counts what it masks, so that what has nothing to mask keeps its very text.
class ValueWalk {
 public:
  ValueWalk(const Redactor& redactor, Masked& masked) : redactor_(redactor), masked_(masked) {}

  // `known`: texts that are secret whatever their names; may be null.
  void Mask(Json& value, absl::string_view name, bool secret,
            const std::set<std::string>* known = nullptr) {
    secret = secret || Redactor::IsSecretName(name);
    if (value.is_object()) return MaskObject(value, secret, known);
    if (value.is_array()) {
      for (Json& item : value) Mask(item, name, secret, known);
    } else if (value.is_string()) {
      MaskString(value, secret, known);
    } else if (value.is_number()) {
      std::string text = JsonText(value);
      if (secret || Holds(known, text)) Hide(value, std::move(text));
    }
  }

  bool changed() const { return changed_; }

 private:
  static bool Holds(const std::set<std::string>* known, const std::string& text) {
    return known != nullptr && known->count(text) > 0;
  }

  void MaskObject(Json& object, bool secret, const std::set<std::string>* known) {
    if (object.size() == 1 && object.contains(kSecretMarker)) {
      Json inner = std::move(object[kSecretMarker]);
      Mask(inner, "", true);
      object = std::move(inner);
      changed_ = true;
      return;
    }
    for (auto& [key, item] : object.items()) Mask(item, key, secret, known);
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

  void MaskString(Json& value, bool secret, const std::set<std::string>* known) {
    const std::string& text = value.get_ref<const std::string&>();
    // Stars alone: the library masked it (SecretStr), and the schema stays as it prints it.
    if (text.find_first_not_of('*') == std::string::npos || text == kMasked) return;
    if (secret || Holds(known, text)) return Hide(value, text);
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
  bool changed_ = false;
};

// Walks a schema: what is a value in it, and of what, its own keywords say.
class SchemaWalk {
 public:
  SchemaWalk(const Redactor& redactor, Masked& masked, const SchemaSecrets& secrets)
      : secrets_(secrets), values_(redactor, masked) {}

  // The schema of a class that may be meant by any of `names`; `all`: its defaults are secret.
  void WalkClass(Json& schema, const std::vector<std::string>& names, bool all) {
    std::vector<const MaskedDefaults*> defaults;
    for (const std::string& name : names) {
      const auto at = secrets_.defaults.find(name);
      if (at != secrets_.defaults.end()) defaults.push_back(&at->second);
    }
    Walk(schema, {defaults, "", all});
  }

  bool changed() const { return values_.changed(); }

 private:
  // Where in a schema.
  struct Place {
    std::vector<const MaskedDefaults*> defaults;  // of the class
    std::string property;                         // empty: the class itself
    bool secret;                                  // all values are

    std::set<std::string> Known(const std::string& name) const {
      std::set<std::string> known;
      for (const MaskedDefaults* const of_class : defaults) {
        const auto at = of_class->find(name);
        if (at != of_class->end()) known.insert(at->second.begin(), at->second.end());
      }
      return known;
    }
  };

  void Walk(Json& schema, const Place& place) {
    if (schema.is_array()) {
      for (Json& item : schema) Walk(item, place);
    } else if (schema.is_string()) {
      values_.Mask(schema, "", false);
    } else if (schema.is_object()) {
      for (auto& [key, value] : schema.items()) Member(key, value, place);
    }
  }

  void Member(const std::string& key, Json& value, const Place& place) {
    if (key == "properties" && value.is_object()) {
      for (auto& [name, inner] : value.items()) Walk(inner, {place.defaults, name, place.secret});
    } else if ((key == "$defs" || key == "definitions") && value.is_object()) {
      for (auto& [name, inner] : value.items()) {
        const std::vector<std::string> names = NamesOf(name, inner);
        const bool is_settings = std::any_of(
            names.begin(), names.end(),
            [this](const std::string& one) { return secrets_.settings.count(one) > 0; });
        WalkClass(inner, names, is_settings);
      }
    } else if (key == "default" || key == "example" || key == "examples") {
      Value(value, place);
    } else if (key == "enum" || key == "const") {
      values_.Mask(value, "", false);
    } else if (!IsVocabulary(key)) {
      Walk(value, place);
    }
  }

  // A default or example. One of a whole class holds a value for each of its properties.
  void Value(Json& value, const Place& place) {
    if (place.property.empty() && value.is_array()) {
      for (Json& item : value) Value(item, place);
      return;
    }
    if (place.property.empty() && value.is_object()) {
      for (auto& [name, item] : value.items()) {
        const std::set<std::string> known = place.Known(name);
        values_.Mask(item, name, place.secret, &known);
      }
    }
    const std::set<std::string> known = place.Known(place.property);
    values_.Mask(value, place.property, place.secret, &known);
  }

  // Namesakes are told apart in $defs as package__module__Name. A title may be of the user's
  // choice.
  static std::vector<std::string> NamesOf(const std::string& name, const Json& definition) {
    std::vector<std::string> names = {name};
    const size_t last = name.rfind("__");
    if (last != std::string::npos) names.push_back(name.substr(last + 2));
    if (!definition.is_object()) return names;
    const auto title = definition.find("title");
    if (title != definition.end() && title->is_string()) names.push_back(*title);
    return names;
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
  ValueWalk walk(redactor_, masked_);
  walk.Mask(*value, name, all);
  return walk.changed() ? JsonText(*value) : std::string(json);
}

std::string MaskSchema(const Redactor& redactor, Masked& masked, absl::string_view json,
                       const SchemaSecrets& secrets, absl::string_view name, bool all) {
  absl::StatusOr<Json> schema = ParseJson(json);
  if (!schema.ok()) return "";
  SchemaWalk walk(redactor, masked, secrets);
  walk.WalkClass(*schema, {std::string(name)}, all);
  return walk.changed() ? JsonText(*schema) : std::string(json);
}

}  // namespace varve
