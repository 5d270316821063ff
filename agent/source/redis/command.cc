#include "agent/source/redis/command.h"

#include <hiredis/hiredis.h>

#include <vector>

#include "absl/base/optimization.h"
#include "absl/container/inlined_vector.h"

namespace varve::redis {

void AppendCommand(absl::Span<const absl::string_view> arguments, std::string& output) {
  absl::InlinedVector<const char*, 8> texts;
  absl::InlinedVector<size_t, 8> sizes;
  for (const absl::string_view argument : arguments) {
    // hiredis copies from the pointer even where there is nothing to copy.
    texts.push_back(argument.data() == nullptr ? "" : argument.data());
    sizes.push_back(argument.size());
  }
  char* command = nullptr;
  const auto size = ::redisFormatCommandArgv(&command, static_cast<int>(texts.size()), texts.data(),
                                             sizes.data());
  ABSL_ASSERT(size > 0);  // it refuses no arguments; only memory could be missing
  output.append(command, static_cast<size_t>(size));
  ::redisFreeCommand(command);
}

}  // namespace varve::redis
