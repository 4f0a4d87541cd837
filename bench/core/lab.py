# SPDX-License-Identifier: Apache-2.0
"""The lab (lab/README.md) as a part uses it: begun and ended, or the one that runs."""

import json
import subprocess
import time
from pathlib import Path

from . import machine
from .bench import Unmeasurable
from .places import Place

NODES = {"w1": "172.18.0.11", "w2": "172.18.0.12", "w3": "172.18.0.13"}
OUTSIDE = "172.18.0.50"
LAN_PREFIX = 16
SWITCH = ("kumo-sw", "br0")


class Lab:
    """Three nodes, with Kumo unless `kumo` is False. A lab without Kumo is always a new one; a running one with it is used, and left as
    it was as far as the part deletes what it has made."""

    def __init__(self, bench, kumo=True):
        self.bench, self.kumo = bench, kumo
        self._mine = False

    def __enter__(self):
        runs = Path("/var/lib/kumo-lab/pki/complete").exists()
        if runs and not self.kumo:
            raise Unmeasurable("a lab runs, and this part needs one without Kumo: lab/down")
        if not runs:
            self._mine = True
        try:
            self.up()
            self._tell_versions()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self._mine:
            self.bench.say("lab/down")
            subprocess.run(["lab/down"], cwd=machine.ROOT, check=False, capture_output=True)

    def up(self):
        self.bench.say("lab/up" if self.kumo else "lab/up --no-kumo")
        self.bench.run("lab/up", *(() if self.kumo else ("--no-kumo",)), timeout=600)

    def _tell_versions(self):
        server = json.loads(self.kubectl("version", "-o", "json"))["serverVersion"]["gitVersion"]
        self.bench.versions["Kubernetes"] = server
        if not self.kumo:
            return
        said = self.kubectl("exec", "-n", "kumo-system", "ds/node-dataplane", "-c", "node-dataplane", "--", "kumo", "version")
        built = next((line.split()[2] for line in said.splitlines() if line.startswith("Daemon:") and len(line.split()) > 2), "unknown")
        self.bench.versions["images of"] = built
        if not machine.commit().startswith(built):
            self.bench.note(f"The lab's images are of commit {built}.")

    def kubectl(self, *words, stdin=None, timeout=300, check=True):
        return self.bench.run("lab/kubectl", *words, stdin=stdin, timeout=timeout, check=check).stdout

    def get(self, *words):
        return json.loads(self.kubectl("get", *words, "-o", "json"))

    def apply(self, objects):
        """Applies objects (dicts), all of them in one call."""
        self.kubectl("apply", "-f", "-", stdin=as_list(objects), timeout=600)

    def create(self, objects):
        """Creates objects that aren't there: no annotation, no reading before."""
        self.kubectl("create", "-f", "-", stdin=as_list(objects), timeout=600)

    def delete(self, *words):
        self.kubectl("delete", "--ignore-not-found", *words, check=False)

    def node(self, name):
        return Place(self.bench, name, ("lab/node", name), NODES[name])

    def outside(self):
        return Place(self.bench, "outside", ("lab/outside",), OUTSIDE)

    def pod(self, namespace, name):
        """A running pod's network namespace and cgroup tree, with the machine's own programs."""
        self.kubectl("wait", "-n", namespace, "--for=condition=Ready", f"pod/{name}", "--timeout=120s")
        pod = self.get("pod", "-n", namespace, name)
        pid = inner_pid(pod["metadata"]["uid"])
        prefix = ("lab/node", pod["spec"]["nodeName"], "nsenter", f"--net=/proc/{pid}/ns/net", "--")
        return Place(self.bench, f"{namespace}/{name}", prefix, pod["status"]["podIP"])

    def eventually(self, what, seen, within=60):
        """Waits until `seen()` is true; seconds that it took."""
        begun = time.monotonic()
        while not seen():
            if time.monotonic() - begun > within:
                raise Unmeasurable(f"not within {within} s: {what}")
            time.sleep(0.1)
        return time.monotonic() - begun


def inner_pid(uid):
    """A process of a pod as its node numbers it."""
    names = (uid, uid.replace("-", "_"))
    for group in Path("/proc").glob("[0-9]*/cgroup"):
        try:
            if not any(name in group.read_text(encoding="utf-8") for name in names):
                continue
            numbers = next(l for l in machine.lines(group.parent / "status") if l.startswith("NSpid:")).split()[1:]
        except (OSError, StopIteration):
            continue
        if len(numbers) > 2:  # the machine's, the node's, the container's own
            return int(numbers[1])
    raise Unmeasurable(f"no process of pod {uid}")


def as_list(objects):
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})


def namespace(name):
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def idle_pod(namespace_, name, node, **labels):
    """A pod that does nothing; programs are put into its network namespace."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace_, "labels": {"app": name, **labels}},
        "spec": {
            "nodeSelector": {"kubernetes.io/hostname": node},
            "terminationGracePeriodSeconds": 0,
            "containers": [{"name": "idle", "image": "kumo.local/curl:1", "command": ["sleep", "infinity"]}],
        },
    }
