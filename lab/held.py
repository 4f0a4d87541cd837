# SPDX-License-Identifier: Apache-2.0
"""What the nodes hold: eBPF maps that follow from desired state, Envoy's listeners."""

import json

NODES = ("w1", "w2", "w3")
# Written by traffic, not from desired state.
KERNELS_OWN = {"affinity", "ct", "ct_pending", "fragments", "metrics", "port_cursor", "proxy_flows", "sock_nat"}
DUMP = "cd /sys/fs/bpf/kumo/maps && for map in *; do echo @$map; bpftool -j map dump pinned $map; done"
SOCKETS = "/var/lib/kubelet/pods/*/volumes/kubernetes.io~empty-dir/admin/admin.sock"
LISTENERS = f"for socket in {SOCKETS}; do curl -sS --max-time 2 --unix-socket $socket http://envoy/listeners; done"


def maps(play, node):
    """Name → sorted entries, of every map that user space writes; maps within a map stand for what they hold."""
    dumped = play.run(f"lab/node {node} bash -c '{DUMP}'", show=False).out
    found = {}
    for part in dumped.split("@")[1:]:
        pinned, _, text = part.partition("\n")
        name = pinned.rpartition("-")[0]
        if name not in KERNELS_OWN:
            found[name] = sorted(entry(play, node, one) for one in json.loads(text))
    return found


def entry(play, node, one):
    if "inner_map_id" in one:
        inner = play.run(f"lab/node {node} bpftool -j map dump id {int(one['inner_map_id'])}", show=False).out
        value = sorted(text(rule["key"]) + text(rule["value"]) for rule in json.loads(inner))
        return text(one["key"]) + " " + " ".join(value)
    return text(one["key"]) + " " + text(one["value"])


def text(octets):
    return "".join(octet.removeprefix("0x") for octet in octets)


def envoy_listeners(play, node):
    """Names of the listeners of this node's Envoy, sorted."""
    lines = play.run(f"lab/node {node} bash -c '{LISTENERS}'", show=False).out.splitlines()
    return sorted(line.partition("::")[0] for line in lines)


def held(play):
    """All of it, per node."""
    return {node: {"maps": maps(play, node), "listeners": envoy_listeners(play, node)} for node in NODES}


def compare(before, after):
    """What is new or gone, in words."""
    found = []
    for node in NODES:
        for name, entries in before[node]["maps"].items():
            now = after[node]["maps"].get(name, [])
            found += [f"{node} {name}: new {one}" for one in now if one not in entries]
            found += [f"{node} {name}: gone {one}" for one in entries if one not in now]
        if before[node]["listeners"] != after[node]["listeners"]:
            found.append(f"{node}: Envoy's listeners {after[node]['listeners']}")
    return found
