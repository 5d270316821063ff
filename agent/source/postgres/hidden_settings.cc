#include "agent/source/postgres/hidden_settings.h"

#include <algorithm>

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

// output_plugin_libraries came to old releases too: 15.20 has it; 15.18, and those of its day, had
// not. Of the releases between it is said: better unseen than taken for a default.
constexpr int kLastWithoutOutputPlugins[] = {140023, 150018, 160014, 170010, 180004};

bool HidesOutputPlugins(int server_version) {
  for (const int last : kLastWithoutOutputPlugins) {
    if (server_version / 10000 == last / 10000) return server_version > last;
  }
  return server_version > 180000;
}

}  // namespace

std::vector<absl::string_view> HiddenSettings(int server_version) {
  const int major = server_version / 10000;
  std::vector<absl::string_view> names;
  for (const Hidden& hidden : kHidden) {
    if (major >= hidden.since && (hidden.until == 0 || major < hidden.until)) {
      names.push_back(hidden.name);
    }
  }
  if (HidesOutputPlugins(server_version)) names.emplace_back("output_plugin_libraries");
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace varve::postgres
