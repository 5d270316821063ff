#include "agent/source/redis/json_shape.h"

#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace varve::redis {
namespace {

using Json = nlohmann::json;

// Takes the parser's events, and puts what they tell of into a tree.
class Places : public nlohmann::json_sax<Json> {
 public:
  Places(NameOfKey name_of_key, const JsonLimits& limits)
      : name_of_key_(name_of_key), limits_(limits) {}

  bool null() override { return Value(ValueType::kNull); }
  bool boolean(bool /*value*/) override { return Value(ValueType::kBoolean); }
  bool number_integer(number_integer_t /*value*/) override { return Value(ValueType::kInteger); }
  bool number_unsigned(number_unsigned_t /*value*/) override { return Value(ValueType::kInteger); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
    return Value(ValueType::kNumber);
  }
  bool string(string_t& /*value*/) override { return Value(ValueType::kString); }
  bool binary(binary_t& /*value*/) override { return Value(ValueType::kBinary); }

  bool start_object(size_t /*elements*/) override { return Open(ValueType::kObject); }
  bool key(string_t& name) override {
    Frame& frame = open_.back();
    frame.child =
        frame.node == nullptr ? nullptr : Child(*frame.node, absl::StrCat(".", name_of_key_(name)));
    return true;
  }
  bool end_object() override { return Close(); }
  bool start_array(size_t /*elements*/) override {
    if (!Open(ValueType::kArray)) return false;
    open_.back().is_array = true;
    return true;
  }
  bool end_array() override { return Close(); }

  bool parse_error(size_t position, const std::string& /*token*/,
                   const Json::exception& /*error*/) override {
    error_at_ = position;
    return false;
  }

  size_t error_at() const { return error_at_; }
  PathNode Take() { return std::move(root_); }

 private:
  struct Frame {
    PathNode* node;  // null: beyond the limits
    bool is_array = false;
    PathNode* child = nullptr;  // of the key that was read last
  };

  PathNode* Child(PathNode& parent, std::string piece) {
    const auto at = parent.children.find(piece);
    if (at != parent.children.end()) return &at->second;
    if (places_ >= limits_.places || open_.size() > limits_.depth) return nullptr;
    ++places_;
    return &parent.children[std::move(piece)];
  }

  // Where the next value stands. The first is the document itself.
  PathNode* Next() {
    if (open_.empty()) return &root_;
    const Frame& frame = open_.back();
    if (!frame.is_array) return frame.child;
    return frame.node == nullptr ? nullptr : Child(*frame.node, std::string(kAnyElement));
  }

  bool Value(ValueType type) {
    PathNode* const node = Next();
    if (node != nullptr) node->Mark(type);
    return true;
  }

  bool Open(ValueType type) {
    PathNode* const node = Next();
    if (node != nullptr) node->Mark(type);
    open_.push_back({node});
    return true;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  NameOfKey name_of_key_;
  const JsonLimits& limits_;
  PathNode root_;
  std::vector<Frame> open_;
  size_t places_ = 0;
  size_t error_at_ = 0;
};

// Of a cut text the last key may have no value.
void DropUnfinished(PathNode& node) {
  for (auto at = node.children.begin(); at != node.children.end();) {
    DropUnfinished(at->second);
    at = at->second.values == 0 ? node.children.erase(at) : std::next(at);
  }
}

bool MayBeJson(absl::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != absl::string_view::npos && (text[first] == '{' || text[first] == '[');
}

}  // namespace

std::optional<PathNode> ShapeOfJson(absl::string_view text, bool is_cut, NameOfKey name_of_key,
                                    const JsonLimits& limits) {
  if (!MayBeJson(text)) return std::nullopt;
  Places places(name_of_key, limits);
  const bool is_whole = Json::sax_parse(text.begin(), text.end(), &places);
  // Of a cut text the parser is content up to its end.
  if (!is_whole && !(is_cut && places.error_at() >= text.size())) return std::nullopt;
  PathNode root = places.Take();
  if (!is_whole) DropUnfinished(root);
  return root;
}

}  // namespace varve::redis
