# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034 # used by those who source it
# The lab's names and numbers. One lab a machine: these are the same in every checkout.

STATE=/var/lib/kumo-lab
GROUP=kumo-lab
CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/kumo
CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

NODES=(w1 w2 w3)
CONTROL_PLANE=172.18.0.2
LAN_PREFIX=16
ROUTER=172.18.0.1
POD_RANGE=10.244.0.0/16
SERVICE_RANGE=10.96.0.0/16

# On the outside host: this name is itself, and this port of it leads to that port of w1.
MAPPED_NAME=app.cilium.example.com
MAPPED_PORT=8080
MAPPED_NODE_PORT=31080

# address_of NAME: where a machine of the lab is on the LAN.
address_of() {
  case $1 in
    cp) echo "$CONTROL_PLANE" ;;
    w[1-3]) echo "172.18.0.1${1#w}" ;;
    out) echo 172.18.0.50 ;;
    *) return 1 ;;
  esac
}

# require_node NAME: one of the nodes, or an error.
require_node() {
  local node
  for node in "${NODES[@]}"; do
    [[ ${1:-} == "$node" ]] && return
  done
  fail "no such node: '${1:-}' (there are ${NODES[*]})"
}
