#include "agent/source/redis/clients.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/redaction/key_name.h"
#include "agent/source/redis/counted_names.h"
#include "base/utf8.h"

namespace varve::redis {
namespace {

constexpr size_t kMostNames = 32;

// "flags=" of a client.
absl::string_view KindOf(absl::string_view flags) {
  if (absl::StrContains(flags, "S")) return "replica";
  if (absl::StrContains(flags, "M")) return "primary";
  if (absl::StrContains(flags, "O")) return "monitor";
  if (absl::StrContains(flags, "P")) return "pubsub";
  return "normal";
}

}  // namespace

ClientCounts ClientsFrom(absl::string_view list, const Redactor& redactor) {
  CountedNames names(kMostNames);
  CountedNames users(kMostNames);
  CountedNames libraries(kMostNames);
  CountedNames kinds(kMostNames);
  const auto safe = [&redactor](absl::string_view name) {
    Masked masked;
    return ToUtf8(MaskKeyName(redactor, name, masked));
  };
  size_t begin = 0;
  for (size_t end = list.find('\n'); end != absl::string_view::npos; end = list.find('\n', begin)) {
    absl::flat_hash_map<absl::string_view, absl::string_view> fields;
    for (const absl::string_view field :
         absl::StrSplit(list.substr(begin, end - begin), ' ', absl::SkipEmpty())) {
      const size_t equals = field.find('=');
      if (equals == absl::string_view::npos) continue;
      fields.try_emplace(field.substr(0, equals), field.substr(equals + 1));
    }
    begin = end + 1;
    if (fields.empty()) continue;
    names.Count(WithoutNumbers(safe(fields["name"])));
    users.Count(safe(fields["user"]));
    kinds.Count(KindOf(fields["flags"]));
    const absl::string_view version = fields["lib-ver"];
    libraries.Count(safe(absl::StrCat(fields["lib-name"], version.empty() ? "" : " ", version)));
  }
  return {names.Most(), users.Most(), libraries.Most(), kinds.Most()};
}

}  // namespace varve::redis
