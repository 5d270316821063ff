#!/usr/bin/env bash
# Makes a Python virtual environment with Pydantic 2 from PyPI: python_env.sh FOLDER
# Does nothing when FOLDER holds one already. Exits 0 when it is there, 1 when PyPI could not be
# reached (FOLDER is then removed), 2 when there is no Python to make it with.
set -euo pipefail
folder=${1:?usage: python_env.sh FOLDER}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
requirements=$here/demo/models/requirements.txt

has_pydantic_2() {
  "$folder/bin/python" -c 'import sys, pydantic; sys.exit(not pydantic.VERSION.startswith("2."))' 2>/dev/null
}

if [ -x "$folder/bin/python" ] && has_pydantic_2; then
  exit 0
fi
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
# Debian's own Python: the one on PATH may be another program's.
if ! /usr/bin/python3 -m venv "$folder"; then
  rm -rf "$folder"
  echo "python_env: no virtual environment could be made; run: deploy/install_packages.sh run" >&2
  exit 2
fi
log=$folder.log
if ! "$folder/bin/python" -m pip install --disable-pip-version-check --no-input -q -r "$requirements" >"$log" 2>&1 ||
  ! has_pydantic_2; then
  tail -n 3 "$log" >&2
  rm -rf "$folder"
  exit 1
fi
