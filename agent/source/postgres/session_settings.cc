#include "agent/source/postgres/session_settings.h"

#include "absl/strings/str_cat.h"

namespace varve::postgres {

std::string BeginBare(Isolation isolation, absl::string_view client_encoding) {
  return absl::StrCat(
      "BEGIN ISOLATION LEVEL ",
      isolation == Isolation::kRepeatableRead ? "REPEATABLE READ" : "READ COMMITTED",
      " READ ONLY;SET LOCAL client_encoding='", client_encoding, "';");
}

std::string PinSettings(const SessionLimits& limits) {
  return absl::StrCat(
      "SET LOCAL search_path=pg_catalog;SET LOCAL statement_timeout=",
      absl::ToInt64Milliseconds(limits.statement_timeout),
      ";SET LOCAL lock_timeout=", absl::ToInt64Milliseconds(limits.lock_timeout),
      ";SET LOCAL idle_in_transaction_session_timeout=0"
      ";SET LOCAL jit=off;SET LOCAL max_parallel_workers_per_gather=0"
      ";SET LOCAL row_security=off"  // a count behind a policy is refused, not silently smaller
      ";SET LOCAL TimeZone='UTC';SET LOCAL DateStyle='ISO, YMD';SET LOCAL IntervalStyle='postgres'"
      ";SET LOCAL extra_float_digits=3;SET LOCAL bytea_output='hex';SET LOCAL lc_monetary='C'"
      ";SET LOCAL quote_all_identifiers=off;SET LOCAL standard_conforming_strings=on"
      ";SET LOCAL xmlbinary='base64';");
}

std::string BeginReadOnly(Isolation isolation, const SessionLimits& limits,
                          absl::string_view client_encoding) {
  return absl::StrCat(BeginBare(isolation, client_encoding), PinSettings(limits));
}

}  // namespace varve::postgres
