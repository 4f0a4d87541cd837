# SPDX-License-Identifier: Apache-2.0
"""ClusterIP and NodePort at 10, 1,000 and 10,000 Services: ours on one node, kube-proxy with iptables and with nftables on the others."""

import contextlib
import itertools
import json
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from core import Aim, Unmeasurable, load, machine, processes
from core.announced import host_on_lan
from core.lab import LAN_PREFIX, NODES, Lab, namespace as kubernetes_namespace
from probe.cluster import PKI, Cluster

SPACE = "bench-services"
NONE, OURS, IPTABLES, NFTABLES = "no Service", "ours", "kube-proxy iptables", "kube-proxy nftables"
ON = {OURS: "w1", IPTABLES: "w2", NFTABLES: "w3"}
SCALES = (10, 1_000, 10_000)
NODE_PORTS, FIRST_NODE_PORT = 100, 30100
TARGETS, CLIENTS, CREATORS = 10, 8, 8
BACKENDS = ("172.18.0.81", "172.18.0.82")
BACKEND_HOST = "kumo-bench-back"
WAYS = ("ClusterIP", "NodePort")
ONE_MORE = f"one more among {SCALES[-1]:,}"
SETTLE_SECONDS = 3


def measure(bench):
    load.build(bench)
    proxy = bench.run("bench/tools/kube-proxy", timeout=900).stdout.strip()
    scales = bench.choose(SCALES, quick=SCALES[:2])
    declare(bench, scales)
    tell(bench)
    with Lab(bench, kumo=False) as lab, contextlib.ExitStack() as stack:
        backend = stack.enter_context(backends(bench))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kumo-bench-", dir=load.PROGRAM.parent)))
        stack.enter_context(backend.running(load.PROGRAM, "serve", load.BYTE_PORT))
        backend.until_listening(load.BYTE_PORT)
        ours_on_one_node(lab, folder)
        pids = {OURS: dataplane(lab)}
        for subject in (IPTABLES, NFTABLES):
            pids[subject] = stack.enter_context(kube_proxy(lab, proxy, subject, folder))
        services = Services(bench, lab)
        for scale in scales:
            grow(bench, lab, services, scale, pids)
            services.all_work()
            bench.in_turn(bench.rounds(6), subjects(bench, lab, services, scale))
        for number in range(bench.rounds(20, quick=2)):
            one_more(bench, lab, services, number)
        at_rest(bench, pids, bench.choose(20, quick=3), scales[-1])


def named(subject, scale):
    return f"{subject}, {scale:,}"


def programmed(scale):
    return f"{scale:,} × 2 endpoints: from the first's creation until the last works"


def cost(scale):
    return f"{scale:,} × 2 endpoints: CPU"


def declare(bench, scales):
    others = tuple(named(subject, scales[0]) for subject in (IPTABLES, NFTABLES))
    first, last = named(OURS, scales[0]), named(OURS, scales[-1])
    for way in WAYS:
        aims = []
        if way == "ClusterIP":
            aims = [Aim(first, of=others, at_least=1.2), Aim(last, of=(first,), flat=True)]
        bench.metric(f"{way}: connections", "1/s", "higher", NONE, aims)
        bench.metric(f"{way}: one connection", "µs", "lower", NONE)
    for scale in scales[1:]:
        bench.metric(programmed(scale), "s", "lower")
        bench.metric(cost(scale), "s", "lower")
    bench.metric(ONE_MORE, "ms", "lower", None, [Aim(OURS, at_most=20)])
    bench.metric("CPU at rest", "ms a second", "lower")


def tell(bench):
    bench.note("One API server, one set of Services; ours on w1, kube-proxy on w2 and w3, with defaults but no pod range: no ClusterIP is masqueraded.")
    bench.note("Of our services policy-service and lbipam-service run with two replicas each, gateway-service and l2-announcer with one.")
    bench.note("Clients are processes of the node (ClusterIP) and of a host outside (NodePort); backends are two addresses of a host that is no node.")
    bench.note(f"{CLIENTS} clients, each connects, asks a byte, is answered and resets, on {TARGETS} Services spread over all.")
    bench.note(f"One connection: a single client's median. At most {NODE_PORTS} of the Services have a NodePort.")
    bench.note("All three program at the same time, on the same cores. CPU of ours is the dataplane's; lbipam-service serves the whole cluster.")
    bench.note("One more: from the API server's answer to its EndpointSlice's creation to the first answer; attempts every 1 to 4 ms.")


@contextlib.contextmanager
def backends(bench):
    """A host on the LAN with the backends' addresses."""
    with host_on_lan(bench, BACKEND_HOST, BACKENDS[0]) as host:
        bench.run("ip", "-n", BACKEND_HOST, "address", "add", f"{BACKENDS[1]}/{LAN_PREFIX}", "dev", "eth0")
        yield host


def ours_on_one_node(lab, folder):
    """The manifests as they are, but for the node that the DaemonSets are on, and one replica each of the services whose feed Services don't need."""
    one = json.dumps([{"op": "add", "path": "/spec/replicas", "value": 1}])
    only = json.dumps([{"op": "add", "path": "/spec/template/spec/nodeSelector", "value": {"kubernetes.io/hostname": ON[OURS]}}])
    up = "/".join([".."] * len(folder.relative_to(machine.ROOT).parts))
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [f"{up}/k8s/overlays/lab"],
        "patches": [
            {"target": {"kind": "DaemonSet"}, "patch": only},
            {"target": {"kind": "Deployment", "name": "gateway-service|l2-announcer"}, "patch": one},
        ],
    }
    (folder / "kustomization.yaml").write_text(json.dumps(kustomization), encoding="utf-8")
    lab.bench.say(f"Kumo on {ON[OURS]}")
    lab.kubectl("apply", "-k", str(folder))
    for workload in ("daemonset/node-dataplane", "deployment/lbipam-service", "deployment/policy-service"):
        lab.kubectl("rollout", "status", "-n", "kumo-system", workload, "--timeout=240s", timeout=250)
    lab.kubectl("wait", "--for=condition=Ready", f"node/{ON[OURS]}", "--timeout=120s")


def dataplane(lab):
    pods = lab.get("pods", "-n", "kumo-system", "-l", "app.kubernetes.io/name=node-dataplane")["items"]
    return processes.of_pod(pods[0]["metadata"]["uid"])


def lbipam(lab):
    pods = lab.get("pods", "-n", "kumo-system", "-l", "app.kubernetes.io/name=lbipam-service")["items"]
    return [pid for pod in pods for pid in processes.of_pod(pod["metadata"]["uid"])]


@contextlib.contextmanager
def kube_proxy(lab, program, subject, folder):
    """kube-proxy as a process of its node: yields its numbers."""
    node = ON[subject]
    access = folder / f"{node}.kubeconfig"
    access.touch(mode=0o600)
    access.write_text((PKI / "admin.kubeconfig").read_text(encoding="utf-8"), encoding="utf-8")
    config = {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": subject.split()[1],
        "hostnameOverride": node,
        "clientConnection": {"kubeconfig": str(access)},
        # The machine's own settings, which a node of the lab cannot change.
        "conntrack": {"maxPerCore": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
    }
    file = folder / f"{node}.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    with open(folder / f"{node}.log", "wb") as log:
        with lab.node(node).running(program, "--config", file, log=log) as process:
            end = time.monotonic() + 30
            while lab.node(node).run("curl", "-sf", "http://127.0.0.1:10256/healthz", check=False).returncode:
                if time.monotonic() > end or process.poll() is not None:
                    raise Unmeasurable(f"{subject}: {(folder / f'{node}.log').read_text(encoding='utf-8')[-500:]}")
                time.sleep(0.2)
            yield [pid for pid in processes.tree(process.pid) if comm(pid) == "kube-proxy"]


def comm(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    return ""


class Services:
    """The Services made so far, in the order of their numbers."""

    def __init__(self, bench, lab):
        self._bench, self._lab = bench, lab
        lab.apply([kubernetes_namespace(SPACE)])
        taken = {service["spec"]["clusterIP"] for service in lab.get("services", "-A")["items"]}
        every = (f"10.96.{high}.{low}" for high in range(100, 256) for low in range(1, 251))
        self._free = (address for address in every if address not in taken)
        self.addresses = []

    def create(self, count):
        """Makes so many more, with several connections to the API server at once; (begun, ended) as CLOCK_MONOTONIC."""
        first = len(self.addresses)
        self.addresses += itertools.islice(self._free, count)
        numbers, failures, lock = iter(range(first, first + count)), [], threading.Lock()

        def some():
            cluster = Cluster()
            try:
                while (number := next_of(numbers, lock)) is not None:
                    cluster.create(self.service(number))
                    cluster.create(self.slice(number))
            except Exception as error:  # of a thread, told to the one that waits
                failures.append(error)

        begun = time.monotonic()
        threads = [threading.Thread(target=some) for _ in range(CREATORS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise Unmeasurable(f"Services cannot be created: {failures[0]}")
        return begun, time.monotonic()

    def next_address(self):
        self.addresses.append(next(self._free))
        return len(self.addresses) - 1

    def service(self, number):
        port = {"port": 80, "protocol": "TCP"}
        if number < NODE_PORTS:
            port["nodePort"] = FIRST_NODE_PORT + number
        return {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": f"s{number}", "namespace": SPACE},
            "spec": {
                "type": "NodePort" if number < NODE_PORTS else "ClusterIP",
                "clusterIP": self.addresses[number],
                "ports": [port],
            },
        }

    def slice(self, number):
        return {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {
                "name": f"s{number}-1",
                "namespace": SPACE,
                "labels": {"kubernetes.io/service-name": f"s{number}", "endpointslice.kubernetes.io/managed-by": "bench"},
            },
            "addressType": "IPv4",
            "endpoints": [{"addresses": [address], "conditions": {"ready": True}} for address in BACKENDS],
            "ports": [{"name": "", "port": load.BYTE_PORT, "protocol": "TCP"}],
        }

    def cluster_ips(self, scale):
        """Some, evenly spread from the first to the last."""
        spread = [round(i * (scale - 1) / (TARGETS - 1)) for i in range(TARGETS)]
        return [f"{self.addresses[number]}:80" for number in spread]

    def node_ports(self, scale, node):
        last = min(scale, NODE_PORTS) - 1
        return [f"{NODES[node]}:{FIRST_NODE_PORT + round(i * last / (TARGETS - 1))}" for i in range(TARGETS)]

    def all_work(self):
        """Every Service answers on every node, before anything is measured."""
        for subject, node in ON.items():
            targets = [f"{address}:80" for address in self.addresses]
            for begin in range(0, len(targets), 2000):
                some = targets[begin : begin + 2000]
                said = json.loads(self._lab.node(node).run(load.PROGRAM, "each", *some, timeout=120).stdout)
                if said["failures"]:
                    raise Unmeasurable(f"{subject}: {said['failures']} of {len(some)} Services don't answer")


def next_of(numbers, lock):
    with lock:
        return next(numbers, None)


@contextlib.contextmanager
def waiting(lab, target):
    """Asks on every node until the target answers; yields a function that gives subject → CLOCK_MONOTONIC in seconds."""
    running = {
        subject: subprocess.Popen(
            [*lab.node(node).prefix, str(load.PROGRAM), "until", target], cwd=machine.ROOT, stdout=subprocess.PIPE, text=True
        )
        for subject, node in ON.items()
    }

    def answered(seconds):
        end = time.monotonic() + seconds
        try:
            return {
                subject: int(process.communicate(timeout=max(0.1, end - time.monotonic()))[0]) / 1e9
                for subject, process in running.items()
            }
        except (subprocess.TimeoutExpired, ValueError) as error:
            late = [subject for subject, process in running.items() if process.poll() is None]
            raise Unmeasurable(f"{target} doesn't answer within {seconds} s on {', '.join(late)}") from error

    try:
        yield answered
    finally:
        for process in running.values():
            process.terminate()
            process.wait()


def grow(bench, lab, services, scale, pids):
    """Brings the Services to so many; how long the nodes take for it, and what it costs."""
    count = scale - len(services.addresses)
    if not count:
        return
    bench.say(f"{count:,} more Services")
    central = lbipam(lab)
    before = {subject: processes.cpu_seconds(own) for subject, own in pids.items()}
    before_central = processes.cpu_seconds(central)
    last = len(services.addresses) + count - 1
    begun, ended = services.create(count)
    with waiting(lab, f"{services.addresses[last]}:80") as answered:
        times = answered(300)
    # Whatever comes after the last of them works is part of the cost.
    time.sleep(SETTLE_SECONDS)
    bench.say(f"created in {ended - begun:.1f} s")
    metric = programmed(scale)
    if metric not in bench.metrics:
        return
    for subject, at in times.items():
        bench.sample(metric, subject, at - begun)
        bench.sample(cost(scale), subject, processes.cpu_seconds(pids[subject]) - before[subject])
    bench.sample(metric, "the API server alone", ended - begun)
    bench.sample(cost(scale), "lbipam-service, 2 replicas", processes.cpu_seconds(central) - before_central)


def subjects(bench, lab, services, scale):
    seconds = bench.choose(1.5, quick=1)
    direct = [f"{address}:{load.BYTE_PORT}" for address in BACKENDS]

    def one(subject):
        def sample():
            values = {}
            for way in WAYS:
                client, targets = lab.outside(), direct
                if subject != NONE and way == "ClusterIP":
                    client, targets = lab.node(ON[subject]), services.cluster_ips(scale)
                elif subject != NONE:
                    targets = services.node_ports(scale, ON[subject])
                values[f"{way}: connections"] = load.connect(client, targets, seconds, CLIENTS)["rate"]
                values[f"{way}: one connection"] = load.connect(client, targets, seconds / 2)["p50_us"]
            return values

        return sample

    return {NONE: one(NONE)} | {named(subject, scale): one(subject) for subject in ON}


def one_more(bench, lab, services, number):
    """One Service without endpoints is known to all; then its endpoints come."""
    place = services.next_address()
    cluster = Cluster()
    cluster.create(services.service(place))
    time.sleep(SETTLE_SECONDS if number == 0 else 1.2)
    with waiting(lab, f"{services.addresses[place]}:80") as answered:
        time.sleep(0.3)
        cluster.create(services.slice(place))
        created = time.monotonic()
        times = answered(60)
    for subject, at in times.items():
        bench.sample(ONE_MORE, subject, max(0.0, at - created) * 1000)
    bench.say(f"one more, {number + 1}: " + ", ".join(f"{subject} {(at - created) * 1000:.1f} ms" for subject, at in times.items()))


def at_rest(bench, pids, seconds, scale):
    time.sleep(SETTLE_SECONDS)
    before = {subject: processes.cpu_seconds(own) for subject, own in pids.items()}
    time.sleep(seconds)
    for subject, own in pids.items():
        bench.sample("CPU at rest", named(subject, scale), (processes.cpu_seconds(own) - before[subject]) * 1000 / seconds)
