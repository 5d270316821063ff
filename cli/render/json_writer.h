// Writes one JSON text, two spaces deep, keys in the order in which they are written.
//
// Strings that are not UTF-8 are written as ToUtf8 has them, so that what is written always parses.
// Begin and End must match; that is for the code that writes, not checked here. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace varve {

class JsonWriter {
 public:
  JsonWriter();
  ~JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  void BeginObject();
  void BeginObject(absl::string_view key);
  void EndObject();
  void BeginArray(absl::string_view key);
  void EndArray();

  void Key(absl::string_view key);
  void Text(absl::string_view value);
  void Text(absl::string_view key, absl::string_view value);
  // Empty is not known: null.
  void TextOrNull(absl::string_view key, absl::string_view value);
  void Number(absl::string_view key, int64_t value);
  void NumberOrNull(absl::string_view key, std::optional<int64_t> value);
  void Unsigned(absl::string_view key, uint64_t value);
  void Flag(absl::string_view key, bool value);
  void Null(absl::string_view key);
  // `json` as part of this text, numbers as they are spelled; as a string where it is not JSON, or
  // deeper than anything that people write.
  void Json(absl::string_view key, absl::string_view json);
  template <typename Range>
  void Texts(absl::string_view key, const Range& values) {
    BeginArray(key);
    for (const auto& value : values) Text(value);
    EndArray();
  }

  // The text, with a newline at its end. Nothing can be written afterwards.
  std::string Take();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace varve
