#include "agent/source/postgres/sessions.h"

#include <system_error>
#include <thread>

namespace varve::postgres {

void ForEachSession(const Sessions& sessions, absl::FunctionRef<void(Connection&)> work) {
  std::vector<std::thread> threads;
  threads.reserve(sessions.size() - 1);
  try {
    for (size_t i = 1; i < sessions.size(); ++i) {
      threads.emplace_back([&work, &session = *sessions[i]] { work(session); });
    }
  } catch (const std::system_error&) {
    // No more threads are to be had: those that there are do it all.
  }
  work(*sessions.front());
  for (std::thread& thread : threads) thread.join();
}

}  // namespace varve::postgres
