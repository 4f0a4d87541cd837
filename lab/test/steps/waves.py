# SPDX-License-Identifier: Apache-2.0
"""Pods that come in waves while policies change: nothing wrong passes from their first millisecond on."""

import itertools
import time
from ipaddress import ip_network

from play import step
from probe.beside import Beside
from probe.cluster import Cluster, Refused
from probe.kept import Kept
from probe.scan import Ear, Scan

from . import places
from .policed import PORT, Stand

WAVES, PODS = 5, 12
FIRST_ADDRESSES = 100
READY_WITHIN = 90
FORBIDDEN_PORT = 9999
# Its first words go where it may not; then it says how many requests it took until the server answered.
TALK = """
(for n in 1 2 3 4 5 6 7 8; do echo x | nc -u -w 1 {stranger} {port} & nc -z -w 1 {stranger} {port} & sleep 0.1; done) >/dev/null 2>&1 &
n=1; until curl -sS -o /dev/null --max-time 3 http://{server}:{server_port}/color; do n=$((n+1)); done
echo "answered at request $n"; sleep infinity
"""


def pod(name, node, stand):
    talk = TALK.format(
        stranger=stand.address["stranger"], port=FORBIDDEN_PORT, server=stand.address["server"], server_port=PORT
    )
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "policed", "labels": {"app": "wave"}},
        "spec": {
            "nodeName": node,
            "terminationGracePeriodSeconds": 0,
            "containers": [
                {"name": "server", "image": "kumo.local/handson:1"},
                {"name": "client", "image": "kumo.local/curl:1", "command": ["sh", "-c", talk]},
            ],
        },
    }


class Changing(Beside):
    """Policies that select the pods of waves come, change and go; none lets the stranger in or a wave's pods out."""

    def __init__(self):
        super().__init__()
        self.changes = 0
        self.failure = None

    def run(self):
        api = Cluster()
        try:
            for number in itertools.count():
                if self.ended.wait(0.15):
                    return
                kind, spec = self._policy(number)
                metadata = {"name": f"waves-{number % 4}", "namespace": "policed"}
                api.delete(kind, "policed", metadata["name"])
                version = "networking.k8s.io/v1" if kind == "NetworkPolicy" else "cilium.io/v2"
                api.create({"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec})
                self.changes += 2
        except (OSError, Refused, LookupError) as failure:
            self.failure = repr(failure)

    @staticmethod
    def _policy(number):
        far = [{"matchLabels": {"app": "far"}}]
        port = {"ports": [{"port": str(8000 + number % 200), "protocol": "TCP"}]}
        wave = {"matchLabels": {"app": "wave"}}
        return (
            ("CiliumNetworkPolicy", {"endpointSelector": wave, "ingress": [{"fromEndpoints": far, "toPorts": [port]}]}),
            (
                "CiliumNetworkPolicy",
                {"endpointSelector": wave, "ingressDeny": [{"fromEndpoints": far, "toPorts": [port]}]},
            ),
            (
                "CiliumNetworkPolicy",
                {
                    "endpointSelector": wave,
                    "ingress": [{"fromEndpoints": far, "toPorts": [{**port, "rules": {"http": [{"path": f"/{number}"}]}}]}],
                    "egress": [{"toCIDRSet": [{"cidr": f"203.0.113.{number % 250}/32"}]}],
                },
            ),
            (
                "NetworkPolicy",
                {"podSelector": wave, "policyTypes": ["Ingress"], "ingress": [{"from": [{"podSelector": far[0]}]}]},
            ),
        )[number % 4]


def first_addresses(play, many=FIRST_ADDRESSES):
    """Of each node's range: where the pods of waves will be."""
    for node in play.run("lab/kubectl get nodes -o json", show=False).json()["items"]:
        yield from map(str, itertools.islice(ip_network(node["spec"]["podCIDR"]).hosts(), many))


def ready(api, name):
    """The pod's address once all its containers run."""
    status = api.get("Pod", "policed", name)["status"]
    states = {condition["type"]: condition["status"] for condition in status.get("conditions", [])}
    return status["podIP"] if states.get("Ready") == "True" else None


def one_wave(play, api, stand, wave, wrong, pods, within):
    names = [f"wave-{wave}-{number}" for number in range(pods)]
    addresses = {}
    for name, node in zip(names, itertools.cycle(places.NODES)):
        api.create(pod(name, node, stand))
    end = time.monotonic() + within
    while len(addresses) < pods and time.monotonic() < end:
        for name in names:
            if name not in addresses and (address := ready(api, name)):
                addresses[name] = address
                seen = first_answer(stand, address)
                if seen != "200":
                    wrong.append(f"{name} is Ready, but near's request brings: {seen}")
        time.sleep(0.1)
    if len(addresses) < pods:
        wrong.append(f"not Ready: {sorted(set(names) - set(addresses))}")
    for name in addresses:
        said = f"lab/kubectl logs -n policed {name} -c client"
        waiting = f'for n in 1 2 3 4 5 6 7 8; do o=$({said}); [ -n "$o" ] && break; sleep 1; done; echo "$o"'
        out = play.run(waiting, show=False).out
        if "answered at request 1" not in out.splitlines():
            wrong.append(f"{name}: {out!r}")
    for name in names:
        api.delete("Pod", "policed", name)
    return set(addresses.values())


def first_answer(stand, address):
    """The server's process may be a moment behind its container; a packet that is lost would take a second."""
    begun = time.monotonic()
    while True:
        try:
            kept = Kept(stand.netns["near"], address, PORT)
            seen = kept.ask("/color")
            kept.close()
            return seen
        except ConnectionRefusedError:
            if time.monotonic() > begun + 2:
                return "refused"
        except TimeoutError:
            return "nothing"
        except OSError as error:
            return error.strerror


@step("L5", f"{WAVES} waves of {PODS} pods while policies change, probed before they exist")
def waves(play):
    come_and_go(play, WAVES, PODS, FIRST_ADDRESSES, READY_WITHIN)


def come_and_go(play, waves, pods, first, within):
    """So many waves; `first` addresses of each node's range are probed; a wave's pods are Ready within so many seconds."""
    stand = Stand(play)
    play.run("lab/kubectl apply -f lab/test/manifest/waves.yaml")
    api = Cluster()
    wrong, addresses = [], set()
    asked = list(first_addresses(play, first))
    try:
        with (
            Ear(stand.netns["stranger"], FORBIDDEN_PORT) as ear,
            Scan(stand.netns["stranger"], asked, PORT) as forbidden,
            Scan(stand.netns["near"], asked, PORT, beat=0.2) as allowed,
            Changing() as changing,
        ):
            for wave in range(waves):
                begun = time.monotonic()
                addresses |= one_wave(play, api, stand, wave, wrong, pods, within)
                play.say(f"    wave {wave}: {time.monotonic() - begun:.0f} s, {len(wrong)} wrong {wrong[:4]}")
    finally:
        play.run("lab/kubectl delete pods -n policed -l app=wave --now", show=False)
        play.run("lab/kubectl delete ciliumnetworkpolicies,networkpolicies -n policed --all", show=False)
    asked_back = set(forbidden.answered)
    play.say(f"    {changing.changes} changes of policies; {forbidden.rounds} datagrams to each of {len(asked)} addresses")
    play.expect("policies were changed all the time", changing.failure is None and changing.changes > 50, changing.failure)
    play.expect("every pod of the waves had an address that was asked", addresses <= set(asked), addresses - set(asked))
    silent = addresses - set(allowed.answered)
    play.expect("the probe works: near was answered by each pod", not silent, silent)
    free = stand.address["server"]
    play.expect("the stranger's probe works: the server, which no policy selects, answers it", free in asked_back, asked_back)
    play.expect("0 wrong passes in", not asked_back & addresses, asked_back)
    play.expect("0 wrong passes out", not set(ear.heard) & addresses, ear.heard)
    play.expect("the right traffic of each flows once it is Ready", not wrong, wrong[:5])
