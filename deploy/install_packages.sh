#!/usr/bin/env bash
# Installs what is missing of the named groups of deploy/packages.txt: install_packages.sh GROUP...
# Debian 12 and its kin. Uses sudo when not root, and neither when nothing is missing.
# Exits 0 when all is there, 2 when it could not be had, with what to do.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
list=$here/packages.txt

die() { echo "install_packages: $*" >&2; exit 2; }

[ $# -gt 0 ] || die "no group named; groups: $(sed -n 's/^\[\([a-z]*\)\].*/\1/p' "$list" | paste -sd' ')"

packages_of() {  # packages_of GROUP: its packages, one a line
  awk -v group="[$1]" '/^\[/ { inside = ($1 == group); found = found || inside; next }
    inside && $1 !~ /^#/ && NF { print $1 }
    END { exit !found }' "$list"
}

wanted=()
for group in "$@"; do
  names=$(packages_of "$group") || die "no group '$group' in deploy/packages.txt"
  mapfile -t -O "${#wanted[@]}" wanted <<<"$names"
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  die "this is not Debian: install the equivalents of these yourself, then go on without this step: ${wanted[*]}"
fi

missing=()
for package in "${wanted[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || die "these packages are missing and there is no sudo: run as root: apt-get install ${missing[*]}"
  as_root=(sudo)
fi
log=$(mktemp)
policy=/usr/sbin/policy-rc.d
policy_is_ours=
cleanup() {
  rm -f "$log"
  if [ -n "$policy_is_ours" ]; then "${as_root[@]}" rm -f "$policy"; fi
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# Debian starts a server as soon as it is installed, on its usual port. Ours are private ones, so
# for as long as the installation takes, nothing may be started (the policy is removed right after).
if [ ! -e "$policy" ] && printf '%s\n' "${missing[@]}" | grep -qE '^(postgresql|redis-server|pgbouncer)'; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  policy_is_ours=yes
  "${as_root[@]}" chmod 755 "$policy"
fi

apt() {  # the lock may be held by an installation that the machine does on its own: wait
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 -q "$@" </dev/null >>"$log" 2>&1
}

echo "installing ${#missing[@]} Debian packages${as_root:+ with sudo}: ${missing[*]}"
apt update || echo "install_packages: the package lists could not be refreshed; trying with those at hand" >&2
if ! apt install -y --no-install-recommends "${missing[@]}"; then
  tail -n 15 "$log" >&2
  die "apt-get could not install them (its last words are above); mend that, then run this again"
fi
