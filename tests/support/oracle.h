// The executable data model (tests/model/model.py) as a process that answers: what a differential
// test compares with.
#pragma once

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

namespace varve::testing {

// One model, in a process of its own, which ends with this. Not thread-safe.
class Oracle {
 public:
  // Aborts the test's process where the model cannot be started: nothing could be compared.
  Oracle();
  ~Oracle();
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  // Sends one command of tests/model/README.md and returns its answer; "ok" is false where the
  // model refused.
  nlohmann::json Ask(const nlohmann::json& command);
  // The same of a command in which the order of names has meaning: `meta`, where a kind's first
  // facet says whether an entity is there.
  nlohmann::json AskInOrder(const nlohmann::ordered_json& command);

 private:
  nlohmann::json AskText(const std::string& command);

  FILE* to_model_ = nullptr;
  FILE* from_model_ = nullptr;
  int process_ = 0;
};

}  // namespace varve::testing
