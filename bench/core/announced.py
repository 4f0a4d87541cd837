# SPDX-License-Identifier: Apache-2.0
"""An announced address under a steady load from the LAN, and what holders of it can suffer."""

import contextlib
import json
import subprocess
import time

from . import load, machine
from .bench import Unmeasurable
from .lab import LAN_PREFIX, NODES, SWITCH, namespace as kubernetes_namespace
from .places import in_namespace, namespace

SPACE = "bench-l2"
ADDRESS = "172.18.8.90"
BACKEND, BACKEND_HOST = "172.18.0.91", "kumo-bench-back"
PERIOD_MS = 10
LOST, GAP, PAUSE = "lost", "longest time without an answer", "longest time without a question"
BASIS = "nothing happens"


class Announced:
    """A Service with an address on the LAN whose only backend is a host that is no node, so that it outlives every node."""

    def __init__(self, lab):
        self.lab, self.bench = lab, lab.bench

    def __enter__(self):
        self._stack = contextlib.ExitStack()
        try:
            self._set_up()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_):
        self._stack.close()

    def _set_up(self):
        backend = self._stack.enter_context(host_on_lan(self.bench, BACKEND_HOST, BACKEND))
        self._stack.enter_context(backend.running(load.PROGRAM, "serve", load.BYTE_PORT))
        backend.until_listening(load.BYTE_PORT)
        self._stack.callback(self._remove)
        self.lab.apply([kubernetes_namespace(SPACE), pool(), policy([]), service(), endpoints()])
        self.lab.eventually(f"{ADDRESS} is announced", self.holder_or_none, within=60)

    def _remove(self):
        self.lab.delete("ciliuml2announcementpolicy", SPACE)
        self.lab.delete("namespace", SPACE)
        self.lab.delete("ciliumloadbalancerippool", SPACE)

    def holder_or_none(self):
        """The node whose MAC answers for the address; None while none does."""
        said = self.lab.outside().run("arping", "-c", "1", "-W", "0.3", "-i", "eth0", ADDRESS, check=False).stdout
        for line in said.splitlines():
            if " bytes from " in line:
                return node_of(line.split()[3])
        return None

    def holder(self):
        self.lab.eventually(f"somebody answers for {ADDRESS}", self.holder_or_none, within=30)
        return self.holder_or_none()

    def exclude(self, *nodes):
        """Which nodes may not announce: what they hold moves as planned."""
        self.lab.apply([policy(nodes)])

    @contextlib.contextmanager
    def under_load(self):
        """Yields a dict that holds, afterwards, what became of new connections: {metric: value}."""
        process = subprocess.Popen(
            [*self.lab.outside().prefix, str(load.PROGRAM), "steady", str(PERIOD_MS), f"{ADDRESS}:80"],
            cwd=machine.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        seen = {}
        try:
            if process.stdout.readline().strip() != "started":
                raise Unmeasurable("the load has not started")
            time.sleep(1)
            yield seen
            said = json.loads(process.communicate(timeout=20)[0])
            seen |= {LOST: said["lost"], GAP: said["gap_ms"], PAUSE: said["pause_ms"]}
        finally:
            process.kill()
            process.wait()

    def takes_part(self, node):
        """Waits until a node's dataplane knows its place in the address's list, and all our workloads are whole."""
        self.lab.eventually(f"{node} has a role again", lambda: self._role(node), within=120)
        for name in ("policy-service", "gateway-service", "lbipam-service", "l2-announcer"):
            self.lab.kubectl("rollout", "status", "-n", "kumo-system", f"deployment/{name}", "--timeout=120s")
        self.lab.kubectl("rollout", "status", "-n", "kumo-system", "daemonset/node-dataplane", "--timeout=120s")

    def _role(self, node):
        words = ("-n", "kumo-system", self.dataplane(node), "-c", "node-dataplane", "--", "kumo", "node", "l2", "-o", "json")
        said = self.lab.kubectl("exec", *words, check=False)
        try:
            return any(row["address"] == ADDRESS and row["role"] for row in json.loads(said))
        except ValueError:
            return False

    def dataplane(self, node):
        """Name of the dataplane's pod on a node; empty while there is none."""
        words = ("-n", "kumo-system", "-l", "app.kubernetes.io/name=node-dataplane", "--field-selector", f"spec.nodeName={node}")
        pods = [pod for pod in self.lab.get("pods", *words)["items"] if "deletionTimestamp" not in pod["metadata"]]
        return pods[0]["metadata"]["name"] if pods else ""


@contextlib.contextmanager
def host_on_lan(bench, name, address):
    """A host on the lab's LAN that is no node."""
    port = f"b-{name[-4:]}"
    with namespace(bench, name):
        bench.run("ip", "-n", SWITCH[0], "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", name)
        try:
            bench.run("ip", "-n", SWITCH[0], "link", "set", port, "master", SWITCH[1], "up")
            bench.run("ip", "-n", name, "address", "add", f"{address}/{LAN_PREFIX}", "dev", "eth0")
            bench.run("ip", "-n", name, "link", "set", "eth0", "up")
            yield in_namespace(bench, name, address)
        finally:
            bench.run("ip", "-n", SWITCH[0], "link", "delete", port, check=False)


def node_of(mac):
    """The lab's machines have their addresses in their MACs."""
    address = ".".join(str(int(part, 16)) for part in mac.split(":")[2:])
    return next((name for name, held in NODES.items() if held == address), None)


def pool():
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumLoadBalancerIPPool",
        "metadata": {"name": SPACE},
        "spec": {
            "blocks": [{"start": ADDRESS, "stop": ADDRESS}],
            "serviceSelector": {"matchLabels": {"io.kubernetes.service.namespace": SPACE}},
        },
    }


def policy(excluded):
    spec = {
        "loadBalancerIPs": True,
        "interfaces": ["^eth0$"],
        "serviceSelector": {"matchLabels": {"io.kubernetes.service.namespace": SPACE}},
        "nodeSelector": {
            "matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "NotIn", "values": [*excluded, "none"]}]
        },
    }
    return {"apiVersion": "cilium.io/v2alpha1", "kind": "CiliumL2AnnouncementPolicy", "metadata": {"name": SPACE}, "spec": spec}


def service():
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": SPACE},
        "spec": {"type": "LoadBalancer", "ports": [{"port": 80, "protocol": "TCP"}]},
    }


def endpoints():
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": "web-1", "namespace": SPACE, "labels": {"kubernetes.io/service-name": "web"}},
        "addressType": "IPv4",
        "endpoints": [{"addresses": [BACKEND], "conditions": {"ready": True}}],
        "ports": [{"name": "", "port": load.BYTE_PORT, "protocol": "TCP"}],
    }
