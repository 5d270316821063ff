// What INFO says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace varve::redis {

// One numbered database that holds keys.
struct DatabaseInfo {
  int number = 0;
  uint64_t keys = 0;
  uint64_t with_ttl = 0;
};

class Info {
 public:
  // From the text of INFO. What has not its form is left out.
  static Info Parse(absl::string_view text);

  // A field's value, "" where the server has none.
  absl::string_view Text(absl::string_view field) const;
  std::optional<int64_t> Number(absl::string_view field) const;
  std::optional<double> Real(absl::string_view field) const;

  // Puts a number in place of a field's value.
  void Set(absl::string_view field, int64_t number);

  // By number.
  const std::vector<DatabaseInfo>& databases() const { return databases_; }

  // Fields whose names begin with `prefix` and go on, without it ("ERR" of errorstat_ERR), with
  // their values; by name.
  std::vector<std::pair<std::string, std::string>> With(absl::string_view prefix) const;

  // "name=vectorset,ver=1,api=1,…" of each module; nothing where the server says nothing of them.
  const std::optional<std::vector<std::string>>& modules() const { return modules_; }

  // Why the server has not all of its keys yet; empty where it has.
  std::string WhyIncomplete() const;

  // "redis" or "valkey", its version, and its mode: "standalone", "sentinel", "cluster".
  std::string Product() const;
  std::string Version() const;
  std::string Mode() const;

 private:
  absl::flat_hash_map<std::string, std::string> fields_;
  std::vector<DatabaseInfo> databases_;
  std::optional<std::vector<std::string>> modules_;
};

}  // namespace varve::redis
