# SPDX-License-Identifier: Apache-2.0
"""TCP between two pods, without policy, with a policy of L4, with one of 1,000 entries; beside plain veth and route, and kernel VXLAN."""

import contextlib
import json

from core import Aim, load
from core.lab import LAN_PREFIX, SWITCH, Lab, idle_pod, namespace as kubernetes_namespace
from core.places import in_namespace, namespace

SPACE = "bench-pod-network"
NEAR, FAR = "same node", "other node"
PLAIN = {NEAR: "veth and route", FAR: "kernel VXLAN"}
OURS = {"free": "ours", "l4": "ours, L4 policy", "thousand": "ours, 1,000 entries"}
AIMS = {NEAR: 0.95, FAR: 0.9}
ENTRIES, PORTS_A_RULE = 1000, 40
# Of the hosts without Kumo, which are on the lab's LAN like its nodes.
BARE = {"kumo-bench-1": ("172.18.0.71", "10.99.1"), "kumo-bench-2": ("172.18.0.72", "10.99.2")}
VNI, VXLAN_PORT = 4711, 4789
CLIENTS = 8


def measure(bench):
    load.build(bench)
    declare(bench)
    bench.note(f"connections: {CLIENTS} clients, each opens, asks a byte, is answered and resets; questions: a byte on one open connection.")
    with Lab(bench) as lab, contextlib.ExitStack() as stack:
        stack.callback(lab.delete, "namespace", SPACE)
        pods = deploy(lab)
        mtu = int(json.loads(pods["near"].run("ip", "-j", "link", "show", "eth0").stdout)[0]["mtu"])
        bench.note(f"MTU {mtu} everywhere; the hosts without Kumo are namespaces on the lab's LAN, with the kernel's routes only.")
        bare = stack.enter_context(bare_hosts(bench, mtu))
        stack.enter_context(load.served(*(pods[name] for name in OURS), bare["server"]))
        seconds = bench.choose(2, quick=1)
        bench.in_turn(bench.rounds(12), subjects(pods, bare, seconds))


def declare(bench):
    for way in (NEAR, FAR):
        aims = [Aim(OURS["free"], of=(PLAIN[way],), at_least=AIMS[way])]
        bench.metric(f"throughput, {way}", "Gbit/s", "higher", PLAIN[way], aims)
        bench.metric(f"questions, {way}", "1/s", "higher", PLAIN[way])
        bench.metric(f"connections, {way}", "1/s", "higher", PLAIN[way])


def subjects(pods, bare, seconds):
    """Name → function, neighbours in a round being what is compared."""

    def one(way, client, server):
        def sample():
            return {
                f"throughput, {way}": load.stream(client, server.address, seconds),
                f"questions, {way}": load.ask(client, [f"{server.address}:{load.BYTE_PORT}"], seconds)["rate"],
                f"connections, {way}": load.connect(client, [f"{server.address}:{load.BYTE_PORT}"], seconds, CLIENTS)["rate"],
            }

        return sample

    near = {PLAIN[NEAR]: one(NEAR, bare["near"], bare["server"])}
    near |= {name: one(NEAR, pods["near"], pods[pod]) for pod, name in OURS.items()}
    far = {PLAIN[FAR]: one(FAR, bare["far"], bare["server"])}
    far |= {name: one(FAR, pods["far"], pods[pod]) for pod, name in OURS.items()}
    both = {}
    for name, function in near.items():
        both[name] = function
    for name, function in far.items():
        both[name] = merged(both.get(name), function)
    return both


def merged(first, second):
    """One subject both ways: the same pods from beside and from another node."""
    return (lambda: {**first(), **second()}) if first else second


def deploy(lab):
    pods = [idle_pod(SPACE, "near", "w1", side="client"), idle_pod(SPACE, "far", "w2", side="client")]
    pods += [idle_pod(SPACE, name, "w1") for name in OURS]
    lab.apply([kubernetes_namespace(SPACE), *pods, policy("l4", []), policy("thousand", odd_ports(ENTRIES - 2))])
    places = {name: lab.pod(SPACE, name) for name in ("near", "far", *OURS)}
    for name in ("l4", "thousand"):
        lab.kubectl("wait", "-n", SPACE, "--for=condition=Valid", f"cnp/{name}", "--timeout=60s")
    return places


def odd_ports(count):
    """No two are neighbours, so that none share an entry."""
    return range(20001, 20001 + 2 * count, 2)


def policy(name, others):
    """Lets clients to the load's two ports, and to as many others as are given."""
    ports = [load.STREAM_PORT, load.BYTE_PORT, *others]
    chunks = [ports[i : i + PORTS_A_RULE] for i in range(0, len(ports), PORTS_A_RULE)]
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {"name": name, "namespace": SPACE},
        "spec": {
            "endpointSelector": {"matchLabels": {"app": name}},
            "ingress": [
                {
                    "fromEndpoints": [{"matchLabels": {"side": "client"}}],
                    "toPorts": [{"ports": [{"port": str(port), "protocol": "TCP"} for port in chunk]} for chunk in chunks],
                }
            ],
        },
    }


@contextlib.contextmanager
def bare_hosts(bench, mtu):
    """Two hosts on the lab's LAN with a pod or two behind veths, joined by the kernel's VXLAN: places near, far and server."""
    with contextlib.ExitStack() as stack:
        for host, (address, _) in BARE.items():
            stack.enter_context(namespace(bench, host))
            port = f"b-{host[-1]}"
            bench.run("ip", "-n", SWITCH[0], "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", host)
            stack.callback(bench.run, "ip", "-n", SWITCH[0], "link", "delete", port, check=False)
            bench.run("ip", "-n", SWITCH[0], "link", "set", port, "master", SWITCH[1], "up")
            bench.run("ip", "-n", host, "address", "add", f"{address}/{LAN_PREFIX}", "dev", "eth0")
            bench.run("ip", "-n", host, "link", "set", "eth0", "up")
            bench.run("nsenter", f"--net=/run/netns/{host}", "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")
        for host, (address, pods) in BARE.items():
            other = next(name for name in BARE if name != host)
            make_tunnel(bench, host, address, *BARE[other], mtu)
        yield {
            "server": stack.enter_context(bare_pod(bench, "kumo-bench-1", "server", 2, mtu)),
            "near": stack.enter_context(bare_pod(bench, "kumo-bench-1", "near", 3, mtu)),
            "far": stack.enter_context(bare_pod(bench, "kumo-bench-2", "far", 2, mtu)),
        }


def make_tunnel(bench, host, address, other, other_pods, mtu):
    def ip(*words):
        bench.run("ip", "-n", host, *words)

    ip("link", "add", "vx", "mtu", str(mtu), "type", "vxlan", "id", str(VNI), "local", address, "remote", other,
       "dstport", str(VXLAN_PORT))  # fmt: skip
    ip("link", "set", "vx", "up")
    ip("address", "add", f"{BARE[host][1]}.0/32", "dev", "vx")
    ip("route", "add", f"{other_pods}.0/24", "via", f"{other_pods}.0", "dev", "vx", "onlink")


@contextlib.contextmanager
def bare_pod(bench, host, name, number, mtu):
    """A namespace behind a veth of the host, which routes to it."""
    address = f"{BARE[host][1]}.{number}"
    with namespace(bench, f"kumo-bench-{name}") as inside:
        link = f"p-{name}"
        bench.run("ip", "-n", host, "link", "add", link, "mtu", str(mtu), "type", "veth",
                  "peer", "name", "eth0", "mtu", str(mtu), "netns", inside)  # fmt: skip
        bench.run("ip", "-n", host, "link", "set", link, "up")
        bench.run("ip", "-n", host, "address", "add", "169.254.1.1/32", "dev", link)
        bench.run("ip", "-n", host, "route", "add", f"{address}/32", "dev", link)
        bench.run("ip", "-n", inside, "address", "add", f"{address}/32", "dev", "eth0")
        bench.run("ip", "-n", inside, "link", "set", "eth0", "up")
        bench.run("ip", "-n", inside, "route", "add", "169.254.1.1", "dev", "eth0", "scope", "link")
        bench.run("ip", "-n", inside, "route", "add", "default", "via", "169.254.1.1")
        yield in_namespace(bench, inside, address)
