#include "agent/source/redis/value_sample.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "agent/redaction/key_name.h"
#include "base/utf8.h"

namespace varve::redis {
namespace {

constexpr size_t kShownStringBytes = kSampledStringBytes - 1;
constexpr size_t kShownElements = kSampledElements - 1;
constexpr size_t kShownElementBytes = 64;
// Fields of a stream's entry; of a hash fewer are asked for.
constexpr size_t kShownFields = 8;

// The part of a key's name that is a secret's, since its value is one; "" where none is.
absl::string_view SecretPart(absl::string_view name) {
  while (!name.empty()) {
    const size_t end = std::min(name.find_first_of(":/|{}#,."), name.size());
    const absl::string_view part = name.substr(0, end);
    if (Redactor::IsSecretName(part)) return part;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return "";
}

std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') {
      quoted += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppend(&quoted, "\\u00", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

class Excerpt {
 public:
  Excerpt(const Redactor& redactor, absl::string_view name, SampleMode mode)
      : redactor_(redactor), secret_part_(SecretPart(name)), mode_(mode) {}

  std::string Text(const Value& value) {
    if (!HasText(value)) return "";
    const absl::string_view shown = value.text.substr(0, kShownStringBytes);
    const bool goes_on = value.is_cut || value.text.size() > shown.size();
    return SampleOf(redactor_, secret_part_, shown, goes_on, mode_, masked_);
  }

  // {"field": "value", …} of at most `most` fields; in the order of their names, since a hash has
  // none.
  std::string Fields(absl::Span<const Value> flat, size_t most, bool goes_on) {
    std::vector<std::string> shown;
    for (size_t i = 0; i + 1 < flat.size() && shown.size() < most; i += 2) {
      if (!HasText(flat[i]) || !HasText(flat[i + 1])) return "";
      const absl::string_view field = flat[i].text;
      const absl::string_view secret = Redactor::IsSecretName(field) ? field : secret_part_;
      shown.push_back(absl::StrCat(Quoted(ToUtf8(MaskKeyName(redactor_, field, masked_))), ": ",
                                   Quoted(Element(secret, flat[i + 1]))));
    }
    goes_on |= flat.size() / 2 > shown.size();
    std::sort(shown.begin(), shown.end());
    return Joined("{", shown, goes_on, "}");
  }

  // ["element", …].
  std::string Elements(absl::Span<const Value> elements, bool goes_on) {
    std::vector<std::string> shown;
    for (const Value& element : elements.first(std::min(elements.size(), kShownElements))) {
      if (!HasText(element)) return "";
      shown.push_back(Quoted(Element(secret_part_, element)));
    }
    goes_on |= elements.size() > shown.size();
    return Joined("[", shown, goes_on, "]");
  }

  ValueSample Finish(std::string text) const { return {std::move(text), !masked_.empty()}; }

 private:
  static bool HasText(const Value& value) { return value.type == ReplyType::kBulk; }

  std::string Element(absl::string_view secret, const Value& value) {
    const absl::string_view shown = value.text.substr(0, kShownElementBytes);
    const bool goes_on = value.is_cut || value.text.size() > shown.size();
    return SampleOf(redactor_, secret, shown, goes_on, mode_, masked_);
  }

  static std::string Joined(absl::string_view open, const std::vector<std::string>& parts,
                            bool goes_on, absl::string_view close) {
    if (parts.empty()) return "";
    std::string text(open);
    for (size_t i = 0; i < parts.size(); ++i) absl::StrAppend(&text, i > 0 ? ", " : "", parts[i]);
    return absl::StrCat(text, goes_on ? ", ..." : "", close);
  }

  const Redactor& redactor_;
  absl::string_view secret_part_;
  SampleMode mode_;
  Masked masked_;
};

// What a cursor's reply holds behind the cursor; empty where it has not that form.
absl::Span<const Value> Scanned(const Reply& reply) {
  const bool has_form = reply.size() >= 3 && reply[0].number == 2 &&
                        reply[1].type == ReplyType::kBulk && reply[2].type == ReplyType::kArray &&
                        static_cast<size_t>(reply[2].number) == reply.size() - 3;
  return has_form ? reply.subspan(3) : absl::Span<const Value>();
}

// The fields of the first entry of a stream: [[id, [field, value, …]], …].
absl::Span<const Value> FirstEntry(const Reply& reply) {
  const bool has_form = reply.size() >= 4 && reply[1].type == ReplyType::kArray &&
                        reply[1].number == 2 && reply[3].type == ReplyType::kArray &&
                        static_cast<size_t>(reply[3].number) <= reply.size() - 4;
  return has_form ? reply.subspan(4, static_cast<size_t>(reply[3].number))
                  : absl::Span<const Value>();
}

}  // namespace

ValueSample SampleOfValue(const Redactor& redactor, absl::string_view name, SampleForm form,
                          const Reply& reply, SampleMode mode) {
  Excerpt excerpt(redactor, name, mode);
  if (form == SampleForm::kText) return excerpt.Finish(excerpt.Text(reply[0]));
  if (reply[0].type != ReplyType::kArray) return {};
  switch (form) {
    case SampleForm::kText:
      break;
    case SampleForm::kFields:
      return excerpt.Finish(
          excerpt.Fields(Scanned(reply), kShownElements, reply.size() > 1 && reply[1].text != "0"));
    case SampleForm::kMembers:
      return excerpt.Finish(
          excerpt.Elements(Scanned(reply), reply.size() > 1 && reply[1].text != "0"));
    case SampleForm::kList:
      return excerpt.Finish(excerpt.Elements(reply.subspan(1), false));
    case SampleForm::kEntries:
      return excerpt.Finish(excerpt.Fields(FirstEntry(reply), kShownFields, reply[0].number > 1));
  }
  return {};
}

}  // namespace varve::redis
