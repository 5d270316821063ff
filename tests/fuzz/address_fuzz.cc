// Addresses of servers: a password comes through whole, nothing of one is ever told, and what was
// understood once is understood alike again.
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/source/address.h"
#include "tests/fuzz/property.h"

namespace {

using varve::Address;

std::string Escaped(absl::string_view text) {
  std::string escaped;
  for (const char c : text) absl::StrAppend(&escaped, "%", absl::BytesToHexString({&c, 1}));
  return escaped;
}

void CheckNotTold(const absl::StatusOr<Address>& address, absl::string_view secret) {
  if (!address.ok()) {
    VARVE_HOLDS(!absl::StrContains(address.status().message(), secret));
    return;
  }
  for (const std::string& note : address->notes) VARVE_HOLDS(!absl::StrContains(note, secret));
}

void CheckPostgres(absl::string_view text) {
  const absl::StatusOr<Address> any = varve::PostgresAddress(text, "url");
  if (any.ok() && !any->text.empty()) {
    const absl::StatusOr<Address> again = varve::PostgresAddress(any->text, "url");
    VARVE_HOLDS(again.ok());
    VARVE_HOLDS(again->text == any->text);
    VARVE_HOLDS(again->notes.empty());
  }
  // libpq's texts end at a NUL.
  if (!absl::StrContains(text, '\0') && !text.empty()) {
    const absl::StatusOr<Address> escaped =
        varve::PostgresAddress(absl::StrCat("postgresql://app:", Escaped(text), "@db"), "url");
    const absl::StatusOr<Address> replaced = varve::PostgresAddress(
        varve::WithPostgresPassword("user='app' password='old' host='db'", text), "url");
    VARVE_HOLDS(escaped.ok() && replaced.ok());
    VARVE_HOLDS(escaped->text == replaced->text);
  }
  CheckNotTold(
      varve::PostgresAddress(absl::StrCat("postgresql://app:hunter2", text, "@db/shop"), "url"),
      "hunter2");
}

void CheckRedis(absl::string_view text) {
  const absl::StatusOr<Address> any = varve::RedisAddress(text, "url");
  if (any.ok()) {
    VARVE_HOLDS(varve::RedisAddress(any->text, "url")->text == any->text);
    const std::string replaced = varve::WithRedisPassword(any->text, "x");
    VARVE_HOLDS(varve::HasRedisPassword(replaced));
    VARVE_HOLDS(varve::WithRedisPassword(replaced, "x") == replaced);
  }
  const std::string url = varve::WithRedisPassword("redis://app@cache:6379/0", text);
  VARVE_HOLDS(varve::WithRedisPassword(url, "x") == "redis://app:x@cache:6379/0");
  CheckNotTold(varve::RedisAddress(absl::StrCat("app:hunter2", text, "@cache"), "url"), "hunter2");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = varve::testing::AsText(data, size);
  CheckPostgres(text);
  CheckRedis(text);
  return 0;
}
