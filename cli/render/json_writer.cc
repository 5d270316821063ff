#include "cli/render/json_writer.h"

#include <rapidjson/memorystream.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>

#include <utility>

#include "base/utf8.h"

namespace varve {
namespace {

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;
using Reader = rapidjson::Reader;

// Not by recursion: the depth is that of the text, which is not ours. Numbers keep their spelling.
constexpr unsigned kReadFlags = rapidjson::kParseIterativeFlag |
                                rapidjson::kParseNumbersAsStringsFlag |
                                rapidjson::kParseValidateEncodingFlag;

template <typename Handler>
bool Read(absl::string_view json, Handler& handler) {
  rapidjson::MemoryStream stream(json.data(), json.size());
  Reader reader;
  return static_cast<bool>(reader.Parse<kReadFlags>(stream, handler));
}

// Passes one JSON text on to a writer.
struct Transcriber {
  Writer& out;
  bool Null() { return out.Null(); }
  bool Bool(bool value) { return out.Bool(value); }
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    return out.RawValue(text, size, rapidjson::kNumberType);
  }
  bool String(const char* text, rapidjson::SizeType size, bool) { return out.String(text, size); }
  bool StartObject() { return out.StartObject(); }
  bool Key(const char* text, rapidjson::SizeType size, bool) { return out.Key(text, size); }
  bool EndObject(rapidjson::SizeType) { return out.EndObject(); }
  bool StartArray() { return out.StartArray(); }
  bool EndArray(rapidjson::SizeType) { return out.EndArray(); }
};

// Each level indents every line in it, so that a deep text would grow with the square of its size.
constexpr int kDeepest = 200;

// Ends the reading of a text that is deeper.
struct DepthGuard : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, DepthGuard> {
  int depth = 0;
  bool StartObject() { return ++depth <= kDeepest; }
  bool StartArray() { return ++depth <= kDeepest; }
  bool EndObject(rapidjson::SizeType) { return depth-- > 0; }
  bool EndArray(rapidjson::SizeType) { return depth-- > 0; }
};

bool CanBePart(absl::string_view text) {
  DepthGuard guard;
  return Read(text, guard);
}

}  // namespace

struct JsonWriter::Implementation {
  rapidjson::StringBuffer text;
  Writer out{text};

  Implementation() { out.SetIndent(' ', 2); }
  void String(absl::string_view value) {
    if (IsUtf8(value)) {
      out.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
      return;
    }
    const std::string escaped = ToUtf8(value);
    out.String(escaped.data(), static_cast<rapidjson::SizeType>(escaped.size()));
  }
};

JsonWriter::JsonWriter() : implementation_(std::make_unique<Implementation>()) {}
JsonWriter::~JsonWriter() = default;

void JsonWriter::BeginObject() { implementation_->out.StartObject(); }
void JsonWriter::BeginObject(absl::string_view key) {
  Key(key);
  implementation_->out.StartObject();
}
void JsonWriter::EndObject() { implementation_->out.EndObject(); }
void JsonWriter::BeginArray(absl::string_view key) {
  Key(key);
  implementation_->out.StartArray();
}
void JsonWriter::EndArray() { implementation_->out.EndArray(); }

// A key is a string to the writer: it counts.
void JsonWriter::Key(absl::string_view key) { implementation_->String(key); }
void JsonWriter::Text(absl::string_view value) { implementation_->String(value); }
void JsonWriter::Text(absl::string_view key, absl::string_view value) {
  Key(key);
  Text(value);
}
void JsonWriter::TextOrNull(absl::string_view key, absl::string_view value) {
  if (value.empty()) return Null(key);
  Text(key, value);
}
void JsonWriter::Number(absl::string_view key, int64_t value) {
  Key(key);
  implementation_->out.Int64(value);
}
void JsonWriter::NumberOrNull(absl::string_view key, std::optional<int64_t> value) {
  if (!value.has_value()) return Null(key);
  Number(key, *value);
}
void JsonWriter::Unsigned(absl::string_view key, uint64_t value) {
  Key(key);
  implementation_->out.Uint64(value);
}
void JsonWriter::Flag(absl::string_view key, bool value) {
  Key(key);
  implementation_->out.Bool(value);
}
void JsonWriter::Null(absl::string_view key) {
  Key(key);
  implementation_->out.Null();
}
void JsonWriter::Json(absl::string_view key, absl::string_view json) {
  if (!CanBePart(json)) return Text(key, json);
  Key(key);
  Transcriber transcriber{implementation_->out};
  Read(json, transcriber);
}

std::string JsonWriter::Take() {
  std::string text(implementation_->text.GetString(), implementation_->text.GetSize());
  text += '\n';
  return text;
}

}  // namespace varve
