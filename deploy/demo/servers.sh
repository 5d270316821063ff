# shellcheck shell=bash
# A private PostgreSQL and a private Redis with the demo's data, for the quickstart: on loopback
# ports that are free, in a folder of their own, with a password made for the day. Source it, then:
#   demo_postgres FOLDER   sets demo_postgres_url (no password in it) and demo_postgres_password_file
#   demo_redis FOLDER      sets demo_redis_url and demo_redis_password_file
#   demo_stop FOLDER       stops what was started in FOLDER, by the process ids noted there
# FOLDER must exist and be enterable by others (the PostgreSQL of a root user runs as "postgres").
# Each returns non-zero, with the server's last words on stderr, when the server did not start.

demo_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

demo_free_port() {
  /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

demo_secret() { head -c 18 /dev/urandom | base64 | tr '+/' 'Ab'; }

demo_owner=()  # PostgreSQL refuses to run as root
[ "$(id -u)" -ne 0 ] || demo_owner=(runuser -u postgres --)

# Debian keeps initdb and pg_ctl off the PATH; the newest version that is installed serves.
demo_postgres_bin() {
  local found
  found=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
  if [ -x "$found" ]; then dirname "$found"; else dirname "$(command -v initdb)"; fi
}

demo_postgres() {
  local folder=$1/postgres bin port try
  bin=$(demo_postgres_bin) || return 1
  install -d -m 0700 ${demo_owner:+-o postgres} "$folder"
  demo_postgres_password_file=$1/postgres.password
  (umask 077; demo_secret >"$demo_postgres_password_file")
  install -m 0400 ${demo_owner:+-o postgres} "$demo_postgres_password_file" "$folder/password"
  "${demo_owner[@]}" "$bin/initdb" -D "$folder/data" -U demo -A scram-sha-256 --pwfile="$folder/password" \
    -E UTF8 --locale=C.UTF-8 --no-sync >"$1/postgres.log" 2>&1 </dev/null ||
    { tail -n 5 "$1/postgres.log" >&2; return 1; }
  for try in 1 2 3; do  # another program may take the port between the question and the start
    port=$(demo_free_port)
    if "${demo_owner[@]}" "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 -o \
        "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off" \
        start >>"$1/postgres.log" 2>&1 </dev/null; then
      break
    fi
    [ "$try" -lt 3 ] || { tail -n 5 "$folder/log" >&2; return 1; }
  done
  demo_postgres_url="postgresql://demo@127.0.0.1:$port/documents"
  (umask 077; printf '127.0.0.1:%s:*:demo:%s\n' "$port" "$(cat "$demo_postgres_password_file")" >"$1/pgpass")
  PGPASSFILE=$1/pgpass psql -X -q -d "postgresql://demo@127.0.0.1:$port/postgres" \
    -c 'CREATE DATABASE documents' &&
    PGPASSFILE=$1/pgpass psql -X -q -v ON_ERROR_STOP=1 -d "$demo_postgres_url" -f "$demo_here/schema.sql"
}

demo_redis() {
  local port try
  demo_redis_password_file=$1/redis.password
  (umask 077; demo_secret >"$demo_redis_password_file")
  for try in 1 2 3; do
    port=$(demo_free_port)
    (umask 077; printf '%s\n' "bind 127.0.0.1" "port $port" "requirepass $(cat "$demo_redis_password_file")" \
      'save ""' "appendonly no" "dir $1" "logfile $1/redis.log" >"$1/redis.conf")
    setsid redis-server "$1/redis.conf" </dev/null >>"$1/redis.log" 2>&1 &
    echo $! >"$1/redis.pid"
    if demo_redis_answers "$1" "$port"; then break; fi
    [ "$try" -lt 3 ] || { tail -n 5 "$1/redis.log" >&2; return 1; }
  done
  # shellcheck disable=SC2034  # for the caller
  demo_redis_url="redis://127.0.0.1:$port/0"
  REDISCLI_AUTH=$(cat "$demo_redis_password_file") redis-cli -p "$port" --eval "$demo_here/keys.lua" >/dev/null
}

demo_redis_answers() {  # demo_redis_answers FOLDER PORT: waits up to 10 s; stops early when it died
  local turn
  for ((turn = 0; turn < 100; turn++)); do
    kill -0 "$(cat "$1/redis.pid")" 2>/dev/null || return 1
    [ "$(REDISCLI_AUTH=$(cat "$demo_redis_password_file") redis-cli -p "$2" PING 2>/dev/null)" != PONG ] || return 0
    sleep 0.1
  done
  return 1
}

demo_stop() {
  if [ -e "$1/postgres" ]; then
    "${demo_owner[@]}" "$(demo_postgres_bin)/pg_ctl" -D "$1/postgres/data" -m fast -w stop >/dev/null 2>&1 </dev/null || true
  fi
  if [ -e "$1/redis.pid" ]; then
    local turn redis
    redis=$(cat "$1/redis.pid")
    kill "$redis" 2>/dev/null || true
    for ((turn = 0; turn < 100; turn++)); do  # it writes in its folder to the end
      [ -n "$(readlink "/proc/$redis/exe" 2>/dev/null)" ] || break
      sleep 0.1
    done
  fi
}
