# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Progress and errors.

say() { echo "lab: $*" >&2; }

fail() {
  say "$*"
  exit 1
}

require_root() { [[ $(id -u) == 0 ]] || fail "needs root: it makes network namespaces, mounts and cgroups"; }

# require_tools TOOL…: each is on the PATH.
require_tools() {
  local tool missing=()
  for tool; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  [[ ${#missing[@]} == 0 ]] || fail "missing: ${missing[*]} (make doctor says what this machine lacks)"
}

# now: milliseconds since the machine's start.
now() {
  local up
  read -r up _ </proc/uptime
  echo $((10#${up/./} * 10))
}

seconds() { printf '%d.%d s' $(($1 / 1000)) $(($1 % 1000 / 100)); }

# stage TITLE COMMAND…: runs it; says how long it took, and since when the run began.
BEGUN=$(now)
stage() {
  local title=$1 begun
  begun=$(now)
  shift
  "$@"
  printf 'lab: %8s  %s (%s)\n' "$(seconds $(($(now) - BEGUN)))" "$title" "$(seconds $(($(now) - begun)))"
}

# eventually SECONDS COMMAND…: repeats it, silently, until it succeeds; fails when the time is over.
eventually() {
  local deadline=$(($(now) + $1 * 1000))
  shift
  until "$@" &>/dev/null; do
    [[ $(now) -lt $deadline ]] || return 1
    sleep 0.1
  done
}

# alone: waits until no other lab/up, lab/down or the like is at work; the lock ends with the process. Background
# processes must close descriptor 9.
alone() {
  exec 9</var/lib
  flock --nonblock 9 || {
    say "waiting for another lab command to end"
    flock 9
  }
}
