// What was masked in a snapshot, as variables of psql: a script never makes up a value.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace varve::sql {

// Grows while a script is written; not thread-safe.
class Variables {
 public:
  // What stands for `text` outside of quotes: its literal, or ":'app_server_password'" where all or
  // part of it was masked. `hint` is what it is a secret of; the variable is named after it.
  std::string Literal(absl::string_view text, absl::string_view hint);
  // The same of a long text: between dollar signs where nothing in it was masked.
  std::string Body(absl::string_view text, absl::string_view hint);
  // An expression as the server prints it, with the literals in it that were masked replaced.
  std::string Expression(absl::string_view text, absl::string_view hint);

  // Those to be given, in the order of their use.
  const std::vector<std::string>& names() const { return names_; }
  // "\set" lines that make the others from them.
  const std::vector<std::string>& settings() const { return settings_; }

 private:
  std::string Quoted(absl::string_view text, absl::string_view hint);
  std::string Taken(absl::string_view hint);

  absl::flat_hash_set<std::string> taken_;
  std::vector<std::string> names_;
  std::vector<std::string> settings_;
};

}  // namespace varve::sql
