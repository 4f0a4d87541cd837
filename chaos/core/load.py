# SPDX-License-Identifier: Apache-2.0
"""What is asked all the time while something fails: new connections of every way through the network, and open ones."""

import contextlib
from dataclasses import dataclass

from probe.keeper import Keeper
from probe.steady import Flow, Steady

from .stand import GATEWAY_ADDRESS, LOAD_BALANCER, NODE_PORT, PORT

# Five flows a beat and node; slower than the machine's cores, so that what is lost is lost by the network.
BEAT = 0.05


@dataclass(frozen=True)
class Way:
    """From a client to an address; what must come back, or never may."""

    name: str
    client: str
    kind: str
    host: str
    port: int
    path: str = "/color"
    right: str = "200"
    denied: bool = False


def ways(stand):
    guarded, web = stand.guarded, stand.web
    return (
        Way("pod to pod", "far", "tcp", web["w1"], PORT),
        Way("ClusterIP", "near", "tcp", stand.cluster_ip, 80),
        Way("L7 rule, same node", "near", "tcp", guarded, PORT),
        Way("L7 rule, other node", "far", "tcp", guarded, PORT),
        Way("UDP", "far", "udp", guarded, PORT, right="echo"),
        Way("NodePort", "outside", "tcp", "172.18.0.12", NODE_PORT),
        Way("LoadBalancer", "outside", "tcp", LOAD_BALANCER, 80),
        Way("Gateway", "outside", "tcp", GATEWAY_ADDRESS, 80),
        Way("forbidden by L7", "far", "tcp", guarded, PORT, path="/", right="403", denied=True),
        Way("forbidden by L4", "stranger", "tcp", guarded, PORT, right="nothing", denied=True),
        Way("forbidden UDP", "near", "udp", guarded, PORT, right="nothing", denied=True),
    )


def kept(stand):
    return {
        "open, pod to pod": (stand.netns["far"], stand.web["w1"], PORT),
        "open, L7 rule": (stand.netns["far"], stand.guarded, PORT),
        "open, LoadBalancer": (stand.netns["outside"], LOAD_BALANCER, 80),
        "open, Gateway": (stand.netns["outside"], GATEWAY_ADDRESS, 80),
    }


L7 = ("L7 rule, same node", "L7 rule, other node", "open, L7 rule")
GATEWAY = ("Gateway", "open, Gateway")
SERVICES = ("ClusterIP", "NodePort", "LoadBalancer", "open, LoadBalancer", *GATEWAY)


class Load:
    """Runs while the block does."""

    def __init__(self, stand):
        self.ways = {way.name: way for way in ways(stand)}
        flows = [Flow(way.name, stand.netns[way.client], way.kind, way.host, way.port, way.path) for way in self.ways.values()]
        self._steady = Steady(flows, beat=BEAT)
        self._keepers = {name: Keeper(*where) for name, where in kept(stand).items()}
        self._running = contextlib.ExitStack()

    def __enter__(self):
        for thread in (self._steady, *self._keepers.values()):
            self._running.enter_context(thread)
        return self

    def __exit__(self, *problem):
        return self._running.__exit__(*problem)

    def asked(self):
        """(begun, name, outcome, whether it is right) of everything so far, open connections too."""
        for begun, name, outcome in list(self._steady.log):
            yield begun, name, outcome, outcome == self.ways[name].right
        for name, keeper in self._keepers.items():
            for begun, outcome, _ in list(keeper.log):
                yield begun, name, outcome, outcome == "200"

    def passed(self, name, outcome):
        """Whether something went through that may not."""
        return name in self.ways and self.ways[name].denied and outcome in ("200", "echo")

    def is_denied(self, name):
        return name in self.ways and self.ways[name].denied
