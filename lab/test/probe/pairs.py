# SPDX-License-Identifier: Apache-2.0
"""Twenty pods that all ask each other, under sets of policies whose verdicts are known."""

import random
import resource
import time
from dataclasses import dataclass

from . import cluster, namespaces
from .loop import Datagram, Echo, Loop, Request, Servers

COPIES = 3
PODS = 20
NODES = ("w1", "w2", "w3")
SILENCE = 0.3  # seconds after which nothing is taken for a drop
ANSWER = 2.0
IN_FORCE = 20.0
SEEN = {"200": "a", "echo": "a", "403": "f", "nothing": "d"}


@dataclass(frozen=True)
class Pod:
    name: str
    namespace: str
    template: int
    address: str = ""
    netns: object = None


@dataclass(frozen=True)
class Cell:
    way: str
    source: Pod
    destination: Pod

    def expected(self, case):
        return case["verdicts"][self.way][self.source.template][self.destination.template]

    def __str__(self):
        return f"{self.source.name} → {self.destination.name} {self.way}"


def is_as(expected, outcome):
    """`u` is what a client gets whose own Envoy can't reach the server: neither the answer nor a 403."""
    seen = SEEN.get(outcome, "u")
    return seen == expected or (expected == "u" and seen == "d")


class Cast:
    """The pods, and what policies may name beside them."""

    def __init__(self, api, described):
        self._api = api
        self._described = described

    def objects(self):
        for namespace, team in sorted({(pod["namespace"], pod["team"]) for pod in self._described["pods"]}):
            yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": {"team": team}}}
        for service in self._described["services"]:
            yield from self._service(service)
        for name, blocks in self._described["groups"].items():
            yield {
                "apiVersion": "cilium.io/v2",
                "kind": "CiliumCIDRGroup",
                "metadata": {"name": name, "labels": {"site": name}},
                "spec": {"externalCIDRs": blocks},
            }

    @staticmethod
    def _service(service):
        metadata = {"name": service["name"], "namespace": service["namespace"]}
        yield {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {**metadata, "labels": {"kind": service["kind"]}},
            "spec": {"ports": [{"port": 80}], **({"selector": service["selector"]} if service["selector"] else {})},
        }
        if service["addresses"]:
            yield {
                "apiVersion": "discovery.k8s.io/v1",
                "kind": "EndpointSlice",
                "metadata": {**metadata, "labels": {"kubernetes.io/service-name": service["name"]}},
                "addressType": "IPv4",
                "ports": [{"port": 80}],
                "endpoints": [{"addresses": [address.partition("/")[0]]} for address in service["addresses"]],
            }

    def enter(self):
        """Makes all and waits until the pods run."""
        for thing in self.objects():
            self._create(thing)
        time.sleep(1)  # the namespaces' default ServiceAccounts are made by a controller
        pods = [self._pod(number) for number in range(PODS)]
        uids = {}
        end = time.monotonic() + 120
        for pod, manifest in pods:
            self._create(manifest)
        for pod, _ in pods:
            while (state := self._api.get("Pod", pod.namespace, pod.name))["status"]["phase"] != "Running":
                if time.monotonic() > end:
                    raise TimeoutError(f"{pod.name} does not run")
                time.sleep(0.5)
            uids[pod.name] = (state["metadata"]["uid"], state["status"]["podIP"])
        spaces = namespaces.by_pod()
        return [
            Pod(pod.name, pod.namespace, pod.template, uids[pod.name][1], spaces[uids[pod.name][0]]) for pod, _ in pods
        ]

    def leave(self):
        for pod in self._described["pods"]:
            self._api.delete("Namespace", None, pod["namespace"])
        for name in self._described["groups"]:
            self._api.delete("CiliumCIDRGroup", None, name)

    def _create(self, thing):
        try:
            self._api.create(thing)
        except cluster.Refused as refused:
            if "already exists" not in str(refused):
                raise

    def _pod(self, number):
        template = number // COPIES
        described = self._described["pods"][template]
        name = f"{described['name']}-{number % COPIES}"
        ports = [
            {"name": port["name"], "containerPort": port["port"], "protocol": "UDP" if port["protocol"] == 17 else "TCP"}
            for port in described["ports"]
        ]
        manifest = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": described["namespace"], "labels": described["labels"]},
            "spec": {
                "nodeName": NODES[number % len(NODES)],
                "terminationGracePeriodSeconds": 0,
                "containers": [
                    {"name": "host", "image": "kumo.local/curl:1", "command": ["sleep", "infinity"], "ports": ports}
                ],
            },
        }
        return Pod(name, described["namespace"], template), manifest


class Stage:
    """Servers in every pod, and the attempts between them."""

    def __init__(self, pods, ways):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        self._loop = Loop()
        self._pods = pods
        ports = {kind: [int(way.partition("/")[2]) for way in ways if way.startswith(kind)] for kind in ("tcp", "udp")}
        for pod in pods:
            Servers(self._loop, pod.netns, ports["tcp"], ports["udp"])
        self.cells = [Cell(way, source, other) for source in pods for other in pods if other != source for way in ways]

    def outcomes(self, cells, case, answer=ANSWER):
        """Cell → what came back. Waits for what should, and long enough to see what should not."""
        waiting, attempts = set(), {}
        request = encoded(case["request"])
        for source in self._pods:
            with namespaces.entered(source.netns):
                for cell in cells:
                    if cell.source == source:
                        if cell.expected(case) in "af":
                            waiting.add(cell)
                        attempts[cell] = self._attempt(cell, request, lambda _, cell=cell: waiting.discard(cell))
            self._loop.turn(0)
        self._loop.run(lambda: False, SILENCE)
        self._loop.run(lambda: not waiting, answer)
        for attempt in attempts.values():
            attempt.give_up()
        return {cell: attempt.outcome for cell, attempt in attempts.items()}

    def _attempt(self, cell, request, settled):
        kind, _, port = cell.way.partition("/")
        host = cell.destination.address
        if kind == "tcp":
            return Request(self._loop, settled, host, int(port), request)
        return Datagram(self._loop, settled, host, int(port)) if kind == "udp" else Echo(self._loop, settled, host)

    def close(self):
        self._loop.close()


def encoded(request):
    team = "X-Team: blue\r\n" if request["team"] else ""
    return f"{request['method']} {request['path']} HTTP/1.1\r\nHost: pairs\r\n{team}\r\n".encode()


class Sets:
    """Puts one set of policies after the other in force and looks at every cell."""

    def __init__(self, api, stage):
        self._api = api
        self._stage = stage
        self._before = None
        self._standing = []
        self.probes = 0

    def wrong(self, case):
        """Lines of what is not as it should be."""
        self.clear()
        for policy in case["policies"]:
            self._api.create(policy)
            self._standing.append(policy)
        changed = [
            cell for cell in self._stage.cells if not self._before or cell.expected(case) != cell.expected(self._before)
        ]
        self._before = case
        sample = random.Random(case["seed"]).sample(changed, min(40, len(changed)))
        end = time.monotonic() + IN_FORCE
        while self._differing(sample, case, 0.3) and time.monotonic() < end:
            pass
        invalid = self._invalid(end)
        if invalid:
            return invalid
        left = self._differing(self._stage.cells, case, 1.0)
        if not left:
            return []
        while left and time.monotonic() < end:
            left = self._differing(left, case, ANSWER)
        return self._lasting(case)

    def _lasting(self, case):
        """What of all cells is wrong now that the set is in force; that nothing came may be the machine's load, once."""
        left = self._differing(self._stage.cells, case, ANSWER)
        passed = {cell: outcome for cell, outcome in left.items() if SEEN.get(outcome) == "a"}
        left = {**self._differing(left, case, 5.0), **passed}
        return [f"{cell}: {outcome}, not {cell.expected(case)}" for cell, outcome in left.items()]

    def _differing(self, cells, case, answer):
        self.probes += len(cells)
        outcomes = self._stage.outcomes(cells, case, answer)
        return {cell: outcome for cell, outcome in outcomes.items() if not is_as(cell.expected(case), outcome)}

    def _invalid(self, end):
        """Waits until nodes have acknowledged each policy that has a status."""
        lines = []
        for policy in self._standing:
            if not policy["kind"].startswith("Cilium"):
                continue
            metadata = policy["metadata"]
            while said := self._unless_valid(policy["kind"], metadata.get("namespace"), metadata["name"]):
                if time.monotonic() > end:
                    lines.append(f"{metadata['name']}: {said}")
                    break
                time.sleep(0.05)
        return lines

    def _unless_valid(self, kind, namespace, name):
        conditions = self._api.get(kind, namespace, name).get("status", {}).get("conditions", [])
        valid = [condition for condition in conditions if condition["type"] == "Valid"]
        return "" if [condition["status"] for condition in valid] == ["True"] else f"Valid is {valid}"

    def clear(self):
        for policy in self._standing:
            self._api.delete(policy["kind"], policy["metadata"].get("namespace"), policy["metadata"]["name"])
        self._standing = []
