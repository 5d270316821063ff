#include "agent/source/redis/url.h"

#include <algorithm>

namespace varve::redis {

size_t UserEnd(absl::string_view rest) {
  const size_t first = rest.find('@');
  const size_t query = rest.find('?');
  if (first == absl::string_view::npos) return first;
  if (query < first) {
    const absl::string_view authority = rest.substr(0, std::min(rest.find('/'), query));
    const absl::string_view port =
        authority.substr(std::min(authority.rfind(':'), authority.size()));
    if (port.find_first_not_of(":0123456789") == absl::string_view::npos) {
      return absl::string_view::npos;
    }
  }
  return rest.substr(0, rest.find('?', first)).rfind('@');
}

}  // namespace varve::redis
