#!/usr/bin/env bash
# From a clone to a first snapshot: installs what is missing, builds, starts a collector, takes a
# snapshot with an agent and exports its four files.
#
#   deploy/quickstart.sh          a private PostgreSQL and Redis with a small demo, and demo models
#   DATABASE_URL=… deploy/quickstart.sh
#                                 your own: DATABASE_URL, REDIS_URL (or REDIS_HOST), VARVE_MODELS; it
#                                 takes those that are set, and starts nothing of the demo's
#   deploy/quickstart.sh --keep   leaves collector and demo servers running, says how to stop them
#   deploy/quickstart.sh --stop   stops what --keep left running
#
# Everything it writes is in varve-quickstart/ (VARVE_QUICKSTART_DIR) and build/. Without --keep
# nothing is running when it ends. Exits 0 when the four files are complete, else as the program
# that could not go on (3: a source could not be read; the files are there and say which).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${VARVE_QUICKSTART_DIR:-$root/varve-quickstart}
bin=$root/build/release/bin
# shellcheck source=deploy/demo/servers.sh
. "$root/deploy/demo/servers.sh"

usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"; }
say() { printf '\n== %s\n' "$*"; }
die() { echo "quickstart: $*" >&2; exit 2; }

keep=
case ${1:-} in
  '') ;;
  --keep) keep=yes ;;
  --stop) stop_only=yes ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

# --- what it starts, and how that ends -------------------------------------------------------------

running=$folder/running   # collector.pid, and "demo": the folder of the demo servers
stop_all() {
  if [ -e "$running/collector.pid" ]; then
    stop_collector "$(cat "$running/collector.pid")"
  fi
  if [ -e "$running/demo" ]; then
    demo_stop "$(cat "$running/demo")"
    rm -rf "$(cat "$running/demo")"
  fi
  rm -rf "$running"
}

stop_collector() {  # a process id may be another program's by now: look before
  local turn
  [ "$(readlink -f "/proc/$1/exe" 2>/dev/null)" = "$(readlink -f "$bin/varve-collector")" ] || return 0
  kill "$1" 2>/dev/null || return 0
  for ((turn = 0; turn < 100; turn++)); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  echo "quickstart: the collector (process $1) did not stop within 10 s; it may be writing" >&2
}

if [ -n "${stop_only:-}" ]; then
  if [ -e "$running" ]; then stop_all; echo "stopped"; else echo "nothing of the quickstart's is running"; fi
  exit 0
fi

# For a shell that wants to go on: programs and collector, and the demo's sources while they run. It
# names the files that hold passwords.
# shellcheck disable=SC2016  # expanded by the shell that reads it
write_environment() {
  {
    printf 'export PATH=%q:"$PATH"\n' "$bin"
    printf 'export VARVE_COLLECTOR=%q VARVE_TOKEN_FILE=%q\n' "$VARVE_COLLECTOR" "$VARVE_TOKEN_FILE"
    if [ -n "$keep" ] && [ -z "$own" ]; then
      printf 'export DATABASE_URL=%q PGPASSFILE=%q\n' "$demo_postgres_url" "$servers/pgpass"
      printf 'export REDIS_URL=%q\n' "$demo_redis_url"
      printf 'REDIS_PASSWORD=$(cat %q) && export REDIS_PASSWORD\n' "$demo_redis_password_file"
      printf 'export VARVE_MODELS=%q VARVE_PYTHON=%q VARVE_MODELS_PATH=%q\n' "$module" "$python" "$root/deploy/demo/models"
    fi
  } >"$folder/environment"
}

# --- install, build --------------------------------------------------------------------------------

own=
if [ -n "${DATABASE_URL:-}${REDIS_URL:-}${REDIS_HOST:-}${REDIS_PUBLIC_ENDPOINT:-}${VARVE_MODELS:-}" ]; then
  own=yes
fi

cd "$root"
say "packages"
groups=(build run)
[ -n "$own" ] || groups+=(demo)
deploy/install_packages.sh "${groups[@]}"
echo "all there: deploy/packages.txt (${groups[*]})"

say "build (build/release; the first time takes some minutes)"
mkdir -p "$folder"
cmake --preset release >"$folder/build.log" 2>&1 || { tail -n 20 "$folder/build.log" >&2; die "CMake could not configure; all it said is in $folder/build.log"; }
cmake --build --preset release -j2 --target varve varve-agent varve-collector
"$bin/varve" --version

# --- sources ---------------------------------------------------------------------------------------

if [ -e "$running" ]; then
  say "stopping what an earlier run left running"
  stop_all
fi
mkdir -p "$running"
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
umask 077

config=$folder/agent.yaml
if [ -n "$own" ]; then
  environment=${VARVE_ENVIRONMENT:-local}
  # No sources here: the agent then takes what the environment names.
  printf '%s\n' "# Written by deploy/quickstart.sh. Sources come from the environment." \
    "environment: $environment" >"$config"
  say "sources: your own (environment \"$environment\")"
  echo "PostgreSQL  $([ -n "${DATABASE_URL:-}" ] && echo 'DATABASE_URL' || echo 'not configured (set DATABASE_URL)')"
  echo "Redis       $([ -n "${REDIS_URL:-}${REDIS_HOST:-}${REDIS_PUBLIC_ENDPOINT:-}" ] && echo 'REDIS_URL or REDIS_HOST' || echo 'not configured (set REDIS_URL)')"
  echo "models      ${VARVE_MODELS:-not configured (set VARVE_MODELS, VARVE_PYTHON, VARVE_MODELS_PATH)}"
else
  environment=demo
  unset "${!PG@}"   # a PGHOST of the user's own must not lead the demo elsewhere
  say "sources: a private PostgreSQL and Redis on loopback, with demo data"
  servers=$(mktemp -d "${TMPDIR:-/tmp}/varve-demo.XXXXXX")
  chmod 711 "$servers"
  echo "$servers" >"$running/demo"
  demo_postgres "$servers" || die "the demo PostgreSQL did not start (its last words are above)"
  echo "PostgreSQL  $demo_postgres_url"
  demo_redis "$servers" || die "the demo Redis did not start (its last words are above)"
  echo "Redis       $demo_redis_url"
  python=$root/build/python/pydantic2/bin/python module=demo_models
  if ! deploy/python_env.sh "$root/build/python/pydantic2"; then
    echo "quickstart: Pydantic 2 could not be had from PyPI; reading the smaller demo_models_v1 with Debian's Pydantic 1.10" >&2
    deploy/install_packages.sh test
    python=/usr/bin/python3 module=demo_models_v1
  fi
  echo "models      $module, read with $python"
  cat >"$config" <<YAML
# Written by deploy/quickstart.sh: the sources of the demo.
environment: demo
labels: {tier: demo}
sources:
  - postgres:
      name: documents
      url: "$demo_postgres_url"
      password_file: "$demo_postgres_password_file"
      include_counts: true
  - redis:
      name: cache
      url: "$demo_redis_url"
      password_file: "$demo_redis_password_file"
  - models:
      name: app
      python: "$python"
      path: ["$root/deploy/demo/models"]
      modules: [$module]
YAML
fi

# --- collector, agent, export ----------------------------------------------------------------------

port=7447
if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  port=$(demo_free_port)  # 7447 is taken, perhaps by another collector
fi
database=$folder/varve.db
say "collector on 127.0.0.1:$port"
setsid "$bin/varve-collector" --listen "127.0.0.1:$port" --database "$database" \
  </dev/null >>"$folder/collector.log" 2>&1 &
collector=$!
echo $collector >"$running/collector.pid"
for ((turn = 0; ; turn++)); do
  if [ -s "$database.token" ] && (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
  kill -0 $collector 2>/dev/null || { tail -n 5 "$folder/collector.log" >&2; die "the collector did not start; its log is $folder/collector.log"; }
  [ $turn -lt 200 ] || die "the collector did not answer within 20 s; its log is $folder/collector.log"
  sleep 0.1
done
echo "snapshots are kept in $database, the admin token is in $database.token"

rc=0
say "agent: one snapshot of \"$environment\""
"$bin/varve-agent" --config "$config" --collector "127.0.0.1:$port" --state "$folder/agent-state" \
  --token-file "$database.token" --once 2>&1 | tee "$folder/agent.log" || rc=$?
[ $rc -ne 2 ] || die "the agent could not deliver its snapshot; its log is $folder/agent.log"

export VARVE_COLLECTOR=127.0.0.1:$port VARVE_TOKEN_FILE=$database.token
say "varve export $environment"
(cd "$folder" && "$bin/varve" export "$environment" -o "$environment") || rc=$?

# --- what is left, what next -----------------------------------------------------------------------

shown_bin=${bin#"$root"/} shown=${folder#"$root"/}
write_environment
if [ -n "$keep" ]; then
  trap - EXIT
  say "left running (stop it with: deploy/quickstart.sh --stop)"
  echo "collector   process $collector, 127.0.0.1:$port"
  if [ -z "$own" ]; then echo "demo        PostgreSQL and Redis, in $servers"; fi
else
  stop_all
  trap - EXIT
  say "nothing is left running; all of it is in $shown/"
  echo "start the collector again, in another terminal, for the commands below:"
  echo "  $shown_bin/varve-collector --listen 127.0.0.1:$port --database $shown/varve.db"
fi
cat <<NEXT

What to try next, from $root:
  . $shown/environment        # where the programs and the collector are
  grep -A 5 "Errors and Warnings" $shown/${environment}_analysis.md
  varve export $environment@1 -o first             # the four files of the first snapshot
  varve diff $environment@1 file:first             # no differences: the files are the snapshot
  DATABASE_URL=… REDIS_URL=… VARVE_MODELS=… deploy/quickstart.sh     # the same with your own
NEXT
exit $rc
