#include "agent/source/postgres/hidden_settings.h"

#include "absl/algorithm/container.h"
#include "absl/types/span.h"

namespace varve::postgres {
namespace {

// Of majors that got it with a minor release, the last releases without it. 15.20 has it; 15.18,
// and those of its day, had not. Of 15.19 it is said: better unseen than taken for a default.
constexpr int kWithoutOutputPlugins[] = {140023, 150018, 160014, 170010, 180004};

// Major versions that hide it: `since` of them, and those before `until` (0: the newest too), but
// for what came before it in each of them. guc_tables.c: GUC_SUPERUSER_ONLY.
struct Hidden {
  absl::string_view name;
  int since = 0;
  int until = 0;
  absl::Span<const int> last_without = {};
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
    {"output_plugin_libraries", 14, 0, kWithoutOutputPlugins},
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

bool Hides(const Hidden& hidden, int server_version) {
  const int major = server_version / 10000;
  if (major < hidden.since || (hidden.until != 0 && major >= hidden.until)) return false;
  return absl::c_none_of(hidden.last_without,
                         [&](int last) { return last / 10000 == major && server_version <= last; });
}

}  // namespace

std::vector<absl::string_view> HiddenSettings(int server_version) {
  std::vector<absl::string_view> names;
  for (const Hidden& hidden : kHidden) {
    if (Hides(hidden, server_version)) names.push_back(hidden.name);
  }
  return names;
}

}  // namespace varve::postgres
