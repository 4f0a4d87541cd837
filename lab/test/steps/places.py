# SPDX-License-Identifier: Apache-2.0
"""Where a connection comes from and where it goes; what the server may see of it."""

from dataclasses import dataclass

NODES = {"w1": "172.18.0.11", "w2": "172.18.0.12", "w3": "172.18.0.13"}
OUTSIDE = "172.18.0.50"
CONTROL_PLANE = "172.18.0.2"
EXTERNAL_IP = "172.18.0.240"


@dataclass(frozen=True)
class Source:
    """Runs a command there: the prefix of the command line, and its own address."""

    name: str
    prefix: str
    address: str
    node: str | None

    def tcp(self, host, port):
        return f"{self.prefix} curl -sS --max-time 5 http://{host}:{port}/peer"

    def udp(self, host, port):
        return f"{self.prefix} sh -c 'echo peer | nc -u -w 2 -W 1 {host} {port}'"


@dataclass(frozen=True)
class Target:
    """An address and port that lead to the server; `node` is the node that the packet enters by, if it matters."""

    name: str
    host: str
    port: int
    node: str | None = None


def sources(pod):
    """`pod(name)` gives the address of a pod of the matrix."""
    inside = "lab/kubectl exec -n matrix"
    return (
        Source("pod same node", f"{inside} same-node --", pod("same-node"), "w1"),
        Source("pod other node", f"{inside} other-node --", pod("other-node"), "w2"),
        Source("process of w1", "lab/node w1", NODES["w1"], "w1"),
        Source("process of w2", "lab/node w2", NODES["w2"], "w2"),
        Source("outside", "lab/outside", OUTSIDE, None),
    )


def targets(server, cluster_ip):
    ways = [Target("pod", server, 8080), Target("ClusterIP", cluster_ip, 80)]
    ways += [Target(f"NodePort of {name}", address, 30080, name) for name, address in NODES.items()]
    ways += [Target("ExternalIP", EXTERNAL_IP, 80), Target("hostPort", NODES["w1"], 18080, "w1")]
    return tuple(ways)


def reachable(source, target):
    """Pod and Service ranges are the cluster's own: nobody on the LAN has a route to them."""
    return not (source.node is None and target.name in ("pod", "ClusterIP"))


def acceptable(source, target):
    """The addresses that the server may see.

    The client's own wherever no other node forwards; where one does, that node's.
    """
    allowed = {source.address}
    if source.node is None and target.node not in (None, "w1"):
        return {NODES[target.node]}
    if source.node is not None and target.node not in (None, source.node):
        allowed |= {NODES[source.node], NODES[target.node]}
    if target.name == "ExternalIP" and source.node is None:
        allowed |= set(NODES.values())
    return allowed
