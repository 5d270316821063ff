#!/usr/bin/env bash
# Gets further Pythons to test on, for `tests/run.sh --matrix`: fetch_pythons.sh FOLDER
#   Pydantic 1.10, 2.5, 2.8, 2.11 and the newest; pydantic-settings; SQLAlchemy 1.4; SQLModel with the newest SQLAlchemy,
#   and 0.0.8
# Each is a virtual environment below FOLDER, with wheels from PyPI; what is there already is not fetched again. Writes
# FOLDER/pythons.env: VARVE_TEST_PYTHONS=NAME=PYTHON:NAME=PYTHON:… and prints one line an environment. What cannot be
# had is a line "SKIPPED …" with the reason, never an error: a registry may be out of reach.
set -euo pipefail
folder=$(mkdir -p "${1:?usage: fetch_pythons.sh FOLDER}" && cd "$1" && pwd)
list=()

fetch() {  # fetch NAME REQUIREMENT…
  local name=$1 place=$folder/$1
  shift
  if [ ! -e "$place/complete" ]; then
    rm -rf "$place"
    if ! /usr/bin/python3 -m venv "$place" >"$folder/log" 2>&1 ||
      ! "$place/bin/python" -m pip install --disable-pip-version-check --no-input --only-binary :all: -q "$@" \
        >"$folder/log" 2>&1; then
      printf '  %-16s SKIPPED: %s\n' "$name" "$(grep -v '^ *$' "$folder/log" | tail -n 1 | cut -c 1-120)"
      rm -rf "$place"
      return
    fi
    touch "$place/complete"
  fi
  printf '  %-16s %s\n' "$name" "$*"
  list+=("$name=$place/bin/python")
}

fetch pydantic-1.10 'pydantic==1.10.*'
fetch pydantic-2.5 'pydantic==2.5.*'
fetch pydantic-2.8 'pydantic==2.8.*'
fetch pydantic-2.11 'pydantic==2.11.*'
fetch pydantic-newest 'pydantic>=2.12,<3'
fetch settings 'pydantic-settings>=2'
fetch sqlalchemy-1.4 'sqlalchemy==1.4.*'
fetch sqlmodel 'sqlmodel>=0.0.20' 'sqlalchemy>=2'
fetch sqlmodel-0.0.8 'sqlmodel==0.0.8' 'pydantic==1.10.*'
rm -f "$folder/log"
(IFS=:; printf 'VARVE_TEST_PYTHONS=%s\n' "${list[*]}") >"$folder/pythons.env"
