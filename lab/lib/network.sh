# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The LAN: namespace kumo-sw holds a bridge; every machine has one link eth0 whose other end is a port of it. The machine's
# own network namespace gets no link, no address and no route.

make_switch() {
  [[ -e /run/netns/kumo-sw ]] || ip netns add kumo-sw
  [[ -n $(ip -n kumo-sw link show br0 2>/dev/null) ]] || ip -n kumo-sw link add br0 type bridge
  ip -n kumo-sw link set lo up
  ip -n kumo-sw link set br0 up
  ip -n kumo-sw address replace "$ROUTER/$LAN_PREFIX" dev br0
}

# connect NAME: its namespace and link. A machine keeps its hardware address for life, as real ones do.
connect() {
  local name=$1 address octets hardware
  address=$(address_of "$name")
  IFS=. read -ra octets <<<"$address"
  printf -v hardware '02:00:%02x:%02x:%02x:%02x' "${octets[@]}"
  [[ -e /run/netns/kumo-$name ]] || ip netns add "kumo-$name"
  if [[ -z $(ip -n "kumo-$name" link show eth0 2>/dev/null) ]]; then
    ip -n kumo-sw link delete "p-$name" 2>/dev/null || true
    ip -n kumo-sw link add "p-$name" type veth peer name eth0 address "$hardware" netns "kumo-$name"
  fi
  ip -n kumo-sw link set "p-$name" master br0 up
  # What Kubernetes asks of every node before it is installed.
  nsenter --net="/run/netns/kumo-$name" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
  ip -n "kumo-$name" link set lo up
  ip -n "kumo-$name" link set eth0 up
  ip -n "kumo-$name" address replace "$address/$LAN_PREFIX" dev eth0
  ip -n "kumo-$name" route replace default via "$ROUTER"
}

# map_port: the outside host's own port leads to a node's, as kind's port mapping does, and the chapter's host name to itself.
map_port() {
  ip netns exec kumo-out nft -f - <<EOF
table ip port_mapping
delete table ip port_mapping
table ip port_mapping {
  chain output {
    type nat hook output priority -100;
    ip daddr $(address_of out) tcp dport $MAPPED_PORT dnat to $(address_of w1):$MAPPED_NODE_PORT
  }
}
EOF
  mkdir -p "$STATE/out"
  printf '127.0.0.1 localhost\n%s %s\n' "$(address_of out)" "$MAPPED_NAME" >"$STATE/out/hosts"
}

# pull_plug NAME: its link ends at once, whatever its processes do.
pull_plug() {
  ip -n kumo-sw link delete "p-$1" 2>/dev/null || true
  [[ ! -e /run/netns/kumo-$1 ]] || ip netns delete "kumo-$1"
}

remove_networks() {
  local name
  for name in out cp "${NODES[@]}" sw; do
    [[ ! -e /run/netns/kumo-$name ]] || ip netns delete "kumo-$name"
  done
}
