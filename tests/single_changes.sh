#!/usr/bin/env bash
# How many single changes the tests make and expect to be seen and named, and how many acts they hold to change nothing:
#   tests/single_changes.sh [BUILD_FOLDER]        build/release unless it is named
# Runs the programs that have such tables, as they were built (tests/run.sh builds them), each source on one version: PostgreSQL
# 15, Debian's Redis, and Pydantic 1 and 2, where a change counts once; pydantic-settings where tests/run.sh --matrix put it.
# Prints a table of the sources, and exits non-zero when a test failed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${1:-$root/build/release}
case ${1:-} in
  -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac
build=$(cd "$build" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

postgres=(cluster elements foreign object_changes objects operators relation_changes relations replication trouble types)
redis=(churn keyspace_changes server_changes topology_changes unchanged)
models=(behaviour_changes class_changes constraint_changes field_changes settings_changes table_changes unchanged)

# Further servers would count the same changes again.
unset VARVE_TEST_POSTGRES_BINDIRS VARVE_TEST_REDIS_SERVERS
export VARVE_SOURCE_DIR=$root VARVE_BIN_DIR=$build/bin
export VARVE_TEST_PYTHON_V2=${VARVE_TEST_PYTHON_V2:-$root/build/python/pydantic2/bin/python}
export VARVE_TEST_PYTHON_V1=${VARVE_TEST_PYTHON_V1:-/usr/bin/python3}
pythons=$root/build/pythons/pythons.env  # has pydantic-settings; its changes count where there is one
if [ -e "$pythons" ]; then
  set -a
  # shellcheck source=/dev/null
  . "$pythons"
  set +a
fi

failed=0
run() {  # run SOURCE FILTER TABLE...: each program SOURCE_TABLE_test, its results in $work/SOURCE
  local source=$1 filter=$2 table
  shift 2
  mkdir "$work/$source"
  for table in "$@"; do
    if ! GTEST_OUTPUT=xml:$work/$source/$table.xml "$build/tests/${source}_${table}_test" --gtest_filter="$filter" \
      >"$work/log" 2>&1; then
      grep -E '^\[  FAILED  \]' "$work/log" >&2 || tail -n 5 "$work/log" >&2
      echo "single_changes.sh: ${source}_${table}_test failed" >&2
      failed=1
    fi
  done
}

sum() {  # sum SOURCE PROPERTY
  { grep -rhoE "property name=\"$2\" value=\"[0-9]+\"" "$work/$1" || true; } |
    awk -F'"' '{ sum += $4 } END { print sum + 0 }'
}

line() { printf '%-12s | %14s | %s\n' "$@"; }

run postgres '*15' "${postgres[@]}"
run redis '*' "${redis[@]}"
run models '*' "${models[@]}"

line source 'single changes' 'acts that change nothing'
for source in postgres redis models; do
  line "$source" "$(sum "$source" single_changes)" "$(sum "$source" acts_that_change_nothing)"
done
exit $failed
