#include "cli/render/varve_key_reader.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <optional>

#include "absl/strings/str_cat.h"
#include "cli/render/varve_key.h"

namespace varve {
namespace {

// Follows the events of one JSON text and keeps what stands at varve.format, varve.snapshot and
// varve.data.*. It goes by depth and the keys above, so that what else is in the file, however
// deep, costs nothing.
class KeyFinder {
 public:
  bool Null() { return Value(); }
  bool Bool(bool) { return Value(); }
  bool Int(int value) { return Number(value); }
  bool Uint(unsigned value) { return Number(value); }
  bool Int64(int64_t value) { return Number(value); }
  bool Uint64(uint64_t) { return Value(); }
  bool Double(double) { return Value(); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return Value(); }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    const std::string* const key = KeyHere();
    if (depth_ == 2 && in_varve_ && key != nullptr && *key == "snapshot") {
      snapshot_.emplace(text, size);
    } else if (depth_ == 3 && in_data_ && key != nullptr) {
      data_.emplace_back(*key, std::string(text, size));
    }
    return Value();
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (depth_ <= kDeepest) keys_[depth_].assign(text, size);
    return true;
  }
  bool StartObject() {
    if (depth_ == 1 && keys_[1] == "varve") {
      in_varve_ = true;
      ++varve_keys_;
    }
    if (depth_ == 2 && in_varve_ && keys_[2] == "data") {
      in_data_ = true;
      ++data_keys_;
    }
    return Enter();
  }
  bool EndObject(rapidjson::SizeType) {
    Leave();
    if (depth_ == 1) in_varve_ = false;
    if (depth_ == 2) in_data_ = false;
    return true;
  }
  // What an array holds has no key at its depth, so nothing in it is taken for a member.
  bool StartArray() { return Enter(); }
  bool EndArray(rapidjson::SizeType) {
    Leave();
    return true;
  }

  int varve_keys() const { return varve_keys_; }
  int data_keys() const { return data_keys_; }
  std::optional<int64_t> format() const { return format_; }
  std::optional<std::string>& snapshot() { return snapshot_; }
  std::vector<std::pair<std::string, std::string>>& data() { return data_; }

 private:
  static constexpr size_t kDeepest = 3;

  const std::string* KeyHere() const { return depth_ <= kDeepest ? &keys_[depth_] : nullptr; }
  bool Value() { return true; }
  bool Number(int64_t value) {
    if (depth_ == 2 && in_varve_ && keys_[2] == "format") format_ = value;
    return true;
  }
  bool Enter() {
    ++depth_;
    if (depth_ <= kDeepest) keys_[depth_].clear();
    return true;
  }
  void Leave() { --depth_; }

  size_t depth_ = 0;  // how many objects and arrays are open
  std::string keys_[kDeepest + 1];
  bool in_varve_ = false;
  bool in_data_ = false;
  int varve_keys_ = 0;
  int data_keys_ = 0;
  std::optional<int64_t> format_;
  std::optional<std::string> snapshot_;
  std::vector<std::pair<std::string, std::string>> data_;
};

}  // namespace

absl::StatusOr<VarveKey> ReadVarveKey(absl::string_view json) {
  KeyFinder finder;
  rapidjson::MemoryStream stream(json.data(), json.size());
  rapidjson::Reader reader;
  // Not by recursion: the depth is that of the text, which may be hostile.
  const rapidjson::ParseResult result =
      reader.Parse<rapidjson::kParseIterativeFlag>(stream, finder);
  if (!result) {
    return absl::InvalidArgumentError(absl::StrCat("not JSON at byte ", result.Offset(), ": ",
                                                   rapidjson::GetParseError_En(result.Code())));
  }
  if (finder.varve_keys() == 0) {
    return absl::InvalidArgumentError(
        "it has no key \"varve\"; only files of varve export and varve snapshot can be read");
  }
  if (finder.format().has_value() && *finder.format() > kFileFormat) {
    return absl::FailedPreconditionError(absl::StrCat("its format ", *finder.format(),
                                                      " is newer than this program reads (",
                                                      kFileFormat, "); use a newer varve"));
  }
  if (finder.format() != kFileFormat || finder.varve_keys() != 1 || finder.data_keys() != 1 ||
      !finder.snapshot().has_value()) {
    return absl::DataLossError("its key \"varve\" is damaged; export it again");
  }
  return VarveKey{*std::move(finder.snapshot()), std::move(finder.data())};
}

}  // namespace varve
