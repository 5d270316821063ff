#include "agent/source/environment.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "agent/source/address.h"
#include "base/duration.h"
#include "base/secret_file.h"
#include "base/share.h"
#include "base/status.h"
#include "snapshot/selection.h"

namespace varve {
namespace {

constexpr size_t kLongestName = 63;  // as of environments
constexpr int kMostConnections = 16;

// A connection, and whether anything was said of one at all.
using MaybeAddress = std::optional<Address>;

// What is set to nothing is not set: compose files and CI do that.
std::string Value(const Variables& variables, absl::string_view name) {
  return variables(name).value_or("");
}

std::string FirstOf(const Variables& variables, std::initializer_list<absl::string_view> names) {
  for (const absl::string_view name : names) {
    std::string value = Value(variables, name);
    if (!value.empty()) return value;
  }
  return "";
}

absl::StatusOr<MaybeAddress> PostgresFromVariables(const Variables& variables) {
  const std::string url = Value(variables, "DATABASE_URL");
  if (!url.empty()) {
    const size_t scheme_end = url.find("://");
    if (scheme_end != std::string::npos && !absl::StartsWithIgnoreCase(url, "postgres")) {
      // An application on another database has this set too; that is no mistake of the user's.
      return MaybeAddress();
    }
    return PostgresAddress(url, "DATABASE_URL");
  }
  // Of libpq's variables those that say where; PGUSER or PGPASSWORD alone point at nothing.
  if (FirstOf(variables, {"PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGSERVICE"}).empty()) {
    return MaybeAddress();
  }
  return MaybeAddress(Address{});  // libpq reads them itself
}

// "6379"; also "tcp://10.0.0.7:6379", which Kubernetes sets for a service called redis.
absl::StatusOr<int> RedisPort(const std::string& text) {
  int port = 0;
  const size_t colon = text.rfind(':');
  const absl::string_view number = colon == std::string::npos
                                       ? absl::string_view(text)
                                       : absl::string_view(text).substr(colon + 1);
  if (!absl::SimpleAtoi(number, &port) || port < 1 || port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("REDIS_PORT: '", text, "' is not a port; write for example 6379"));
  }
  return port;
}

// Whether REDIS_HOST says all: it is a URL, "host:port" or "[v6]:port".
bool SaysPort(absl::string_view host) {
  return absl::StrContains(host, "://") || absl::StrContains(host, "]:") ||
         std::count(host.begin(), host.end(), ':') == 1;
}

absl::StatusOr<MaybeAddress> RedisServer(const Variables& variables) {
  const std::string url = Value(variables, "REDIS_URL");
  if (!url.empty()) return RedisAddress(url, "REDIS_URL");
  const std::string host = Value(variables, "REDIS_HOST");
  const std::string port = Value(variables, "REDIS_PORT");
  if (!host.empty()) {
    VARVE_ASSIGN_OR_RETURN(Address address, RedisAddress(host, "REDIS_HOST"));
    if (port.empty() || SaysPort(host)) return MaybeAddress(std::move(address));
    VARVE_ASSIGN_OR_RETURN(const int number, RedisPort(port));
    return MaybeAddress(Address{RedisUrl(host, number), {}});
  }
  const std::string endpoint = Value(variables, "REDIS_PUBLIC_ENDPOINT");
  if (!endpoint.empty()) return RedisAddress(endpoint, "REDIS_PUBLIC_ENDPOINT");
  return MaybeAddress();
}

absl::StatusOr<MaybeAddress> RedisFromVariables(const Variables& variables) {
  VARVE_ASSIGN_OR_RETURN(MaybeAddress address, RedisServer(variables));
  const std::string password = FirstOf(variables, {"REDIS_PASSWORD", "REDIS_PW"});
  if (address.has_value() && !password.empty() && !HasRedisPassword(address->text)) {
    address->text = WithRedisPassword(address->text, password);
  }
  return address;
}

void TakeNotes(Address& address, SourceList& list) {
  for (std::string& note : address.notes) list.notes.push_back(std::move(note));
}

bool IsModuleName(absl::string_view name) {
  for (const absl::string_view part : absl::StrSplit(name, '.')) {
    if (part.empty()) return false;
    for (const char c : part) {
      const auto byte = static_cast<unsigned char>(c);
      if (!absl::ascii_isalnum(byte) && c != '_' && byte < 0x80) return false;
    }
  }
  return true;
}

// What a name that is no module's was likely meant to say: "shop.models" of "./shop/models.py" and
// of "shop.models:Order".
std::string LikelyModule(absl::string_view name) {
  name = name.substr(0, name.find(':'));
  absl::ConsumeSuffix(&name, ".py");
  const std::vector<absl::string_view> parts =
      absl::StrSplit(name, absl::ByAnyChar("/."), absl::SkipEmpty());
  std::string likely = absl::StrJoin(parts, ".");
  return IsModuleName(likely) ? likely : "shop.models";
}

// `where` they were given: "--models", "source app".
absl::Status CheckModules(absl::string_view where, const v1::ModelsSourceConfig& models) {
  for (const std::string& name : models.modules()) {
    if (IsModuleName(name)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(where, ": '", name, "' is no module; write for example ", LikelyModule(name)));
  }
  return absl::OkStatus();
}

void ModelsFromVariables(const Variables& variables, v1::ModelsSourceConfig& models) {
  if (models.modules().empty()) {
    for (const absl::string_view module : absl::StrSplit(
             Value(variables, "VARVE_MODELS"), absl::ByAnyChar(", "), absl::SkipEmpty())) {
      models.add_modules(std::string(module));
    }
  }
  if (models.python().empty()) models.set_python(Value(variables, "VARVE_PYTHON"));
  if (models.path().empty()) {
    for (const absl::string_view folder :
         absl::StrSplit(Value(variables, "VARVE_MODELS_PATH"), ':', absl::SkipEmpty())) {
      models.add_path(std::string(folder));
    }
  }
}

absl::Status AddPostgres(const SourceFlags& flags, const Variables& variables, SourceList& list) {
  MaybeAddress address;
  if (flags.database_url.empty()) {
    VARVE_ASSIGN_OR_RETURN(address, PostgresFromVariables(variables));
    if (!address.has_value() && !Value(variables, "DATABASE_URL").empty()) {
      list.notes.emplace_back("DATABASE_URL is not PostgreSQL's; no database is read");
    }
  } else {
    VARVE_ASSIGN_OR_RETURN(address, PostgresAddress(flags.database_url, "--database-url"));
  }
  if (!address.has_value()) return absl::OkStatus();
  TakeNotes(*address, list);
  v1::PostgresSourceConfig& postgres = *list.sources.emplace_back().mutable_postgres();
  postgres.set_name("postgres");
  postgres.set_url(address->text);
  postgres.set_include_counts(flags.include_counts);
  if (flags.postgres_connections > 0) postgres.set_connections(flags.postgres_connections);
  return absl::OkStatus();
}

absl::Status AddRedis(const SourceFlags& flags, const Variables& variables, SourceList& list) {
  MaybeAddress address;
  if (flags.redis_url.empty()) {
    VARVE_ASSIGN_OR_RETURN(address, RedisFromVariables(variables));
  } else {
    VARVE_ASSIGN_OR_RETURN(address, RedisAddress(flags.redis_url, "--redis-url"));
  }
  if (!address.has_value()) return absl::OkStatus();
  TakeNotes(*address, list);
  v1::RedisSourceConfig& redis = *list.sources.emplace_back().mutable_redis();
  redis.set_name("redis");
  redis.set_url(address->text);
  redis.set_pace(flags.redis_pace);
  redis.set_depth(flags.redis_depth);
  return absl::OkStatus();
}

absl::Status AddModels(const SourceFlags& flags, const Variables& variables, SourceList& list) {
  v1::ModelsSourceConfig models;
  models.set_name("models");
  models.set_python(flags.python);
  models.set_static_(flags.models_static);
  for (const std::string& module : flags.models) {
    const absl::string_view name = absl::StripAsciiWhitespace(module);
    if (!name.empty()) models.add_modules(std::string(name));
  }
  const absl::string_view where = models.modules().empty() ? "VARVE_MODELS" : "--models";
  for (const std::string& folder : flags.models_path) models.add_path(folder);
  ModelsFromVariables(variables, models);
  VARVE_RETURN_IF_ERROR(CheckModules(where, models));
  if (!models.modules().empty()) *list.sources.emplace_back().mutable_models() = std::move(models);
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadPassword(const std::string& path) {
  const absl::StatusOr<std::string> content = ReadSmallFile("password_file", path);
  if (!content.ok()) {
    return absl::Status(
        content.status().code(),
        absl::StrCat(content.status().message(),
                     "; see that it is there and that the agent's user may read it"));
  }
  absl::string_view password = *content;
  while (absl::ConsumeSuffix(&password, "\n") || absl::ConsumeSuffix(&password, "\r")) {
  }
  if (!password.empty()) return std::string(password);
  return absl::NotFoundError(
      absl::StrCat("password_file ", path, ": it is empty; write the password there"));
}

// The address that an item of the list gives itself: by `url` or by the variable `url_env`. "" is
// none.
template <typename Config>
absl::StatusOr<std::string> OwnUrl(const Config& config, const Variables& variables) {
  if (config.url_env().empty()) return config.url();
  if (!config.url().empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("source ", config.name(), ": both url and url_env are given; keep one"));
  }
  std::string url = Value(variables, config.url_env());
  if (url.empty()) {
    return absl::NotFoundError(absl::StrCat("source ", config.name(), ": environment variable ",
                                            config.url_env(), " is not set"));
  }
  return url;
}

// Fills `config`.url: from what the item says itself, else from the variables of the kind.
template <typename Config>
absl::Status ResolveServer(absl::StatusOr<Address> (*parse)(absl::string_view, absl::string_view),
                           absl::StatusOr<MaybeAddress> (*from_variables)(const Variables&),
                           std::string (*with_password)(absl::string_view, absl::string_view),
                           absl::string_view hint, const Variables& variables, Config& config,
                           SourceList& list) {
  const std::string source = absl::StrCat("source ", config.name());
  VARVE_ASSIGN_OR_RETURN(const std::string own, OwnUrl(config, variables));
  MaybeAddress address;
  if (own.empty()) {
    VARVE_ASSIGN_OR_RETURN(address, from_variables(variables));
  } else {
    VARVE_ASSIGN_OR_RETURN(address, parse(own, source));
  }
  if (!address.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat(source, ": no address; give url, url_env or ", hint));
  }
  TakeNotes(*address, list);
  if (!config.password_file().empty()) {
    VARVE_ASSIGN_OR_RETURN(const std::string password, ReadPassword(config.password_file()));
    address->text = with_password(address->text, password);
  }
  config.set_url(address->text);
  return absl::OkStatus();
}

absl::Status CheckPostgres(const v1::PostgresSourceConfig& postgres) {
  const std::string source = absl::StrCat("source ", postgres.name());
  for (const auto& [key, text] : {std::pair("counts_budget", &postgres.counts_budget()),
                                  std::pair("sizes_every", &postgres.sizes_every()),
                                  std::pair("full_read_every", &postgres.full_read_every())}) {
    if (text->empty()) continue;
    VARVE_RETURN_IF_ERROR(Annotate(ParseDuration(*text).status(), absl::StrCat(source, ": ", key)));
  }
  const int connections = postgres.connections();
  if (postgres.has_connections() && (connections < 1 || connections > kMostConnections)) {
    return absl::InvalidArgumentError(absl::StrCat(source, ": connections: ", connections,
                                                   " is not between 1 and ", kMostConnections));
  }
  for (const std::string& pattern : postgres.databases()) {
    if (!pattern.empty() && pattern != "!") continue;
    return absl::InvalidArgumentError(
        absl::StrCat(source, ": databases: '", pattern,
                     "' names none; write for example databases: [\"shop*\", \"!shop_test\"]"));
  }
  return absl::OkStatus();
}

absl::Status CheckRedis(const v1::RedisSourceConfig& redis) {
  if (!redis.keep_empty().empty()) {
    VARVE_RETURN_IF_ERROR(Annotate(ParseDuration(redis.keep_empty()).status(),
                                   absl::StrCat("source ", redis.name(), ": keep_empty")));
  }
  if (redis.share().empty()) return absl::OkStatus();
  const std::string where = absl::StrCat("source ", redis.name(), ": share");
  if (redis.depth() != v1::REDIS_DEPTH_SAMPLED) {
    return absl::InvalidArgumentError(
        absl::StrCat(where, ": only a sample has one; add depth: sampled, or leave it out"));
  }
  return Annotate(ParseShare(redis.share()).status(), where);
}

absl::Status CheckModels(const v1::ModelsSourceConfig& models) {
  const std::string source = absl::StrCat("source ", models.name());
  for (const auto& [key, text] : {std::pair("timeout", &models.timeout()),
                                  std::pair("stall_timeout", &models.stall_timeout()),
                                  std::pair("full_read_every", &models.full_read_every())}) {
    if (text->empty()) continue;
    VARVE_RETURN_IF_ERROR(Annotate(ParseDuration(*text).status(), absl::StrCat(source, ": ", key)));
  }
  if (!models.command().empty() && !models.python().empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(source, ": command and python are given; leave out one"));
  }
  for (const std::string& variable : models.environment()) {
    if (variable.find('=') != std::string::npos && variable[0] != '=') continue;
    // Not quoted: people may have put a value there, and no name.
    return absl::InvalidArgumentError(absl::StrCat(
        source, ": environment takes NAME=value items; write for example [\"APP_ENV=test\"]"));
  }
  return absl::OkStatus();
}

absl::Status ResolveModels(const Variables& variables, v1::ModelsSourceConfig& models) {
  VARVE_RETURN_IF_ERROR(CheckModels(models));
  const std::string where =
      models.modules().empty() ? "VARVE_MODELS" : absl::StrCat("source ", models.name());
  ModelsFromVariables(variables, models);
  if (!models.modules().empty()) return CheckModules(where, models);
  if (!models.json_schema().empty() || !models.openapi().empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "source ", models.name(), ": no modules; write for example modules: [shop.models]"));
}

// A name is a section's name, to which "/database" is added: it has no slash of its own.
bool IsSourceName(absl::string_view name) {
  if (name.size() > kLongestName || !absl::ascii_isalnum(static_cast<unsigned char>(name[0])))
    return false;
  for (const char c : name) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && !absl::StrContains("._-", c))
      return false;
  }
  return true;
}

// Names a source that has none by its kind, and holds that all names differ: they name the
// sections.
template <typename Config>
absl::Status TakeName(absl::string_view kind, Config& config, std::set<std::string>& taken) {
  const bool named = !config.name().empty();
  if (!named) config.set_name(std::string(kind));
  if (!IsSourceName(config.name())) {
    return absl::InvalidArgumentError(absl::StrCat(
        "source name '", config.name(), "' is not letters, digits, '.', '_' or '-', at most ",
        kLongestName, "; write for example ", kind, "2"));
  }
  if (taken.insert(config.name()).second) return absl::OkStatus();
  return absl::InvalidArgumentError(
      named ? absl::StrCat("two sources are called ", config.name(), "; give one another name")
            : absl::StrCat("a second ", kind,
                           " source needs a name; write for example name: ", kind, "2"));
}

absl::Status CheckSelection(const v1::PostgresSourceConfig& postgres) {
  const std::vector<std::string> include(postgres.include().begin(), postgres.include().end());
  const std::vector<std::string> exclude(postgres.exclude().begin(), postgres.exclude().end());
  return Annotate(Selection::Of(include, exclude).status(),
                  absl::StrCat("source ", postgres.name()));
}

absl::Status ResolveSource(const Variables& variables, std::set<std::string>& taken,
                           v1::SourceConfig& source, SourceList& list) {
  if (source.has_postgres() + source.has_redis() + source.has_models() != 1) {
    return absl::InvalidArgumentError(
        "sources: each item has one of postgres, redis, models; write for example - redis: {url: "
        "…}");
  }
  if (source.has_postgres()) {
    VARVE_RETURN_IF_ERROR(TakeName("postgres", *source.mutable_postgres(), taken));
    VARVE_RETURN_IF_ERROR(CheckSelection(source.postgres()));
    VARVE_RETURN_IF_ERROR(CheckPostgres(source.postgres()));
    return ResolveServer(&PostgresAddress, &PostgresFromVariables, &WithPostgresPassword,
                         "DATABASE_URL or PG* in the environment", variables,
                         *source.mutable_postgres(), list);
  }
  if (source.has_redis()) {
    VARVE_RETURN_IF_ERROR(TakeName("redis", *source.mutable_redis(), taken));
    VARVE_RETURN_IF_ERROR(CheckRedis(source.redis()));
    return ResolveServer(&RedisAddress, &RedisFromVariables, &WithRedisPassword,
                         "REDIS_URL or REDIS_HOST in the environment", variables,
                         *source.mutable_redis(), list);
  }
  VARVE_RETURN_IF_ERROR(TakeName("models", *source.mutable_models(), taken));
  return ResolveModels(variables, *source.mutable_models());
}

}  // namespace

absl::StatusOr<SourceList> SourcesFromEnvironment(const SourceFlags& flags,
                                                  const Variables& variables) {
  SourceList list;
  VARVE_RETURN_IF_ERROR(AddPostgres(flags, variables, list));
  VARVE_RETURN_IF_ERROR(AddRedis(flags, variables, list));
  VARVE_RETURN_IF_ERROR(AddModels(flags, variables, list));
  return list;
}

absl::StatusOr<SourceList> SourcesFromConfig(const v1::AgentConfig& config,
                                             const Variables& variables) {
  if (config.sources().empty()) return SourcesFromEnvironment({}, variables);
  SourceList list;
  std::set<std::string> taken;
  for (v1::SourceConfig source : config.sources()) {
    VARVE_RETURN_IF_ERROR(ResolveSource(variables, taken, source, list));
    list.sources.push_back(std::move(source));
  }
  return list;
}

}  // namespace varve
