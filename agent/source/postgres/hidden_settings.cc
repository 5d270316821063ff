#include "agent/source/postgres/hidden_settings.h"

namespace varve::postgres {
namespace {

// Major versions that hide it: `since` of them, and those before `until` (0: the newest too).
// guc_tables.c: GUC_SUPERUSER_ONLY.
struct Hidden {
  absl::string_view name;
  int since = 0;
  int until = 0;
};
constexpr Hidden kHidden[] = {
    {"config_file"},
    {"data_directory"},
    {"dynamic_library_path"},
    {"extension_control_path", 18},
    {"external_pid_file"},
    {"hba_file"},
    {"ident_file"},
    {"jit_provider"},
    {"krb_server_keyfile"},
    {"log_directory"},
    {"log_filename"},
    {"oauth_validator_libraries", 18},
    {"primary_conninfo"},
    {"session_preload_libraries"},
    {"shared_preload_libraries"},
    {"ssl_ciphers"},
    {"ssl_dh_params_file"},
    {"ssl_ecdh_curve", 0, 18},
    {"ssl_groups", 18},
    {"ssl_max_protocol_version"},
    {"ssl_min_protocol_version"},
    {"ssl_passphrase_command", 13},
    {"ssl_tls13_ciphers", 18},
    {"stats_temp_directory", 0, 15},
    {"unix_socket_directories"},
};

}  // namespace

std::vector<absl::string_view> HiddenSettings(int server_version) {
  const int major = server_version / 10000;
  std::vector<absl::string_view> names;
  for (const Hidden& hidden : kHidden) {
    if (major >= hidden.since && (hidden.until == 0 || major < hidden.until)) {
      names.push_back(hidden.name);
    }
  }
  return names;
}

}  // namespace varve::postgres
