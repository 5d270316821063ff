#!/usr/bin/env bash
# Installs what is missing, builds everything, runs every test: tests/run.sh [--matrix] [ctest arguments]
#   tests/run.sh                    PostgreSQL 15 and Redis 7 of Debian, Pydantic 2 (PyPI) and 1.10 (Debian)
#   tests/run.sh --matrix           also PostgreSQL 12 to 18, Redis 6.0 and 8, Valkey 8, Pydantic 2.5 to the newest, SQLAlchemy
#                                   1.4 and 2, SQLModel, where they can be had
#   tests/run.sh -R postgres        only the tests whose name holds "postgres"; any ctest argument will do
# Servers are the tests' own, on loopback and unix sockets in temporary folders. Exits as ctest does.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

matrix=
case ${1:-} in
  -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
  --matrix) matrix=yes; shift ;;
esac
say() { printf '== %s\n' "$*"; }

# Where PostgreSQL's own user can read them: a root user's home it cannot enter.
servers_folder() {
  local folder=$root/build/servers
  mkdir -p "$folder"
  if [ "$(id -u)" -eq 0 ] && ! runuser -u postgres -- test -x "$folder"; then
    folder=/var/tmp/varve-test-servers
    mkdir -p "$folder"
    [ -O "$folder" ] || { echo "run.sh: $folder belongs to someone else; remove it" >&2; return 1; }
  fi
  echo "$folder"
}

# A test of PostgreSQL makes and drops a database of 300 files: in memory, where there is much of it, that takes half
# the time. TMPDIR decides where it is set.
use_memory() {
  local needed_kib=$((6 * 1024 * 1024)) mount room_kib memory_kib
  [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] || return 0
  mount=$(findmnt -nro FSTYPE,OPTIONS -T /dev/shm)
  [[ $mount == tmpfs* && $mount != *noexec* ]] || return 0
  room_kib=$(df --output=avail -k /dev/shm | tail -n 1)
  memory_kib=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  if [ "$room_kib" -ge "$needed_kib" ] && [ "$memory_kib" -ge $((2 * needed_kib)) ]; then export TMPDIR=/dev/shm; fi
}

deploy/install_packages.sh build run demo test

say "building (build/release)"
cmake --preset release -DVARVE_TESTS=ON
cmake --build --preset release -j2

say "Python with Pydantic 2 (build/python)"
deploy/python_env.sh "$root/build/python/pydantic2" ||
  echo "run.sh: Pydantic 2 could not be had from PyPI (its last words are above); the tests that need it will fail" >&2
export VARVE_TEST_PYTHON_V2=${VARVE_TEST_PYTHON_V2:-$root/build/python/pydantic2/bin/python}
export VARVE_TEST_PYTHON_V1=${VARVE_TEST_PYTHON_V1:-/usr/bin/python3}

if [ -n "$matrix" ]; then
  command -v npm >/dev/null || deploy/install_packages.sh matrix ||
    echo "run.sh: without npm the further PostgreSQL versions are skipped" >&2
  folder=$(servers_folder)
  say "further servers"
  tests/support/fetch_servers.sh "$folder"
  set -a
  # shellcheck source=/dev/null
  . "$folder/servers.env"
  set +a
  say "further Pythons (build/pythons)"
  tests/support/fetch_pythons.sh "$root/build/pythons"
  set -a
  # shellcheck source=/dev/null
  . "$root/build/pythons/pythons.env"
  set +a
fi

use_memory
say "tests (temporary files in ${TMPDIR:-/tmp})"
# One more than there are processors: many wait for a server.
exec ctest --test-dir build/release -j$(($(nproc) + 1)) --output-on-failure --no-label-summary "$@" </dev/null
