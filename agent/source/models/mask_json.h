// Secrets in JSON: defaults, configurations, schemas.
#pragma once

#include <map>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "agent/redaction/redaction.h"

namespace varve {

// Masks one model's JSON. What it masks is appended to `masked`; both are borrowed.
class JsonMask {
 public:
  JsonMask(const Redactor& redactor, Masked& masked) : redactor_(redactor), masked_(masked) {}

  // A value of something called `name`: each scalar that is secret by its name, by a name above it,
  // by its look, or since the probe marked it ({"$secret": …}), replaced by kMasked. `all`: every
  // scalar is secret. Null, true, false and the empty text are nobody's secret. Text that is not
  // JSON is masked as text.
  std::string Value(absl::string_view json, absl::string_view name, bool all);

 private:
  const Redactor& redactor_;
  Masked& masked_;
};

// What was masked in the defaults of a class's fields, by the name that schemas give the property:
// it may be an alias that looks like nobody's secret. "": the class's own value, of a root model.
using MaskedDefaults = std::map<std::string, std::set<std::string>>;

// What is secret in JSON schemas beyond what their own names and texts show; by names of classes,
// without module and outer class.
struct SchemaSecrets {
  std::set<std::string> settings;                  // all their defaults
  std::map<std::string, MaskedDefaults> defaults;  // of that class and property, nowhere else
};

// A model's JSON schema, masked: defaults and examples as values of the property they stand in;
// descriptions, enumerations and other texts by their look. `name`: of the model's class; `all`: it
// is a settings class.
std::string MaskSchema(const Redactor& redactor, Masked& masked, absl::string_view json,
                       const SchemaSecrets& secrets, absl::string_view name, bool all);

}  // namespace varve
