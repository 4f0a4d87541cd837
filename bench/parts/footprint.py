# SPDX-License-Identifier: Apache-2.0
"""Start to ready, resident memory and idle CPU of every process of ours, with and without a recorded start."""

import contextlib
import http.client
import socket
import time
from pathlib import Path

from core import Aim, Unmeasurable, processes
from core.lab import NODES, Lab
from probe import namespaces

PORTS = {"node-dataplane": 9975, "policy-service": 9971, "gateway-service": 9972, "lbipam-service": 9973, "l2-announcer": 9974}
KIND = {name: "daemonset" if name == "node-dataplane" else "deployment" for name in PORTS}
START, MEMORY, CPU = "start to ready", "resident memory", "CPU at rest"
PLAIN, RECORDED = "", ", recorded start"
# The launcher's own variable. Without a cache that it may use, the JVM starts as in an image that has none.
SWITCH, OFF = "JDK_JAVA_OPTIONS", "-XX:AOTMode=off"
CACHE = "opt/kumo/app.aot"
MB = 1024 * 1024 / 1e6
POLL_SECONDS = 0.01


def measure(bench):
    dataplane = "node-dataplane"
    bench.metric(START, "s", "lower", None, [Aim(dataplane + RECORDED, at_most=1.5)])
    bench.metric(MEMORY, "MB", "lower", None, [Aim(dataplane + variant, at_most=200) for variant in (PLAIN, RECORDED)])
    bench.metric(CPU, "ms a second", "lower")
    bench.note("Start to ready: from the process's start to the first 200 of /q/health/ready; other programs of the node run meanwhile.")
    bench.note("Memory: pages in RAM, files that others map as well included; three nodes, the lab's own pods; some minutes after the start at most.")
    with Lab(bench) as lab:
        variants = (PLAIN, RECORDED) if recorded(lab) else (PLAIN,)
        if len(variants) == 1:
            bench.note("The lab's images have no recorded start (make images AOT=1).")
        try:
            for number in range(bench.rounds(2)):
                for variant in variants:
                    if len(variants) > 1:
                        choose(lab, variant)
                    sample(lab, variant, number)
        finally:
            if len(variants) > 1:
                with_environment(lab, f"{SWITCH}-")


def recorded(lab):
    """Whether the images in the lab bring a cache, all of them or none."""
    found = {name: all(Path(f"/proc/{pid}/root/{CACHE}").exists() for pid in java(lab, name)) for name in PORTS}
    if len(set(found.values())) > 1:
        raise Unmeasurable(f"some images have a recorded start, others don't: {found}")
    return found["node-dataplane"]


def choose(lab, variant):
    """Rolls every workload to a variant."""
    lab.bench.say("rolled to: " + ("recorded start" if variant else "no recorded start"))
    with_environment(lab, f"{SWITCH}-" if variant else f"{SWITCH}={OFF}")


def with_environment(lab, word):
    for name in PORTS:
        lab.kubectl("set", "env", "-n", "kumo-system", f"{KIND[name]}/{name}", word)
    settled(lab)


def settled(lab):
    for name in PORTS:
        lab.kubectl("rollout", "status", "-n", "kumo-system", f"{KIND[name]}/{name}", "--timeout=240s", timeout=250)


def pods(lab, name):
    items = lab.get("pods", "-n", "kumo-system", "-l", f"app.kubernetes.io/name={name}")["items"]
    return [pod for pod in items if "deletionTimestamp" not in pod["metadata"] and pod["spec"].get("nodeName")]


def java(lab, name):
    return [pid for pod in pods(lab, name) for pid in processes.of_pod(pod["metadata"]["uid"])]


def sample(lab, variant, number):
    bench = lab.bench
    for name in PORTS:
        for _ in range(bench.choose(3, quick=1)):
            seconds = started(lab, name, number)
            bench.say(f"{name}{variant}: ready after {seconds:.2f} s")
            bench.sample(START, name + variant, seconds)
    settled(lab)
    # What a start has yet to do is no rest.
    time.sleep(bench.choose(30, quick=3))
    at_rest(lab, variant, bench.choose(20, quick=3))


def at_rest(lab, variant, seconds):
    """Memory and CPU of each pod, one sample a pod."""
    bench = lab.bench
    groups = [(name, pod["metadata"]["uid"]) for name in (*PORTS, "envoy") for pod in pods(lab, name)]
    before = {uid: processes.cpu_seconds(processes.of_pod(uid)) for _, uid in groups}
    begun = time.monotonic()
    time.sleep(seconds)
    elapsed = time.monotonic() - begun
    for name, uid in groups:
        own = processes.of_pod(uid)
        subject = name if name == "envoy" else name + variant
        bench.sample(MEMORY, subject, processes.resident_mib(own) * MB)
        bench.sample(CPU, subject, (processes.cpu_seconds(own) - before[uid]) * 1000 / elapsed)


def started(lab, name, number):
    """Deletes one pod; seconds from the start of its successor's process until it says that it is ready."""
    old = pods(lab, name)
    victim = old[number % len(old)]["metadata"]
    known = {pod["metadata"]["uid"] for pod in old}
    lab.kubectl("delete", "pod", "-n", "kumo-system", victim["name"], "--wait=false")
    fresh = []

    def has_successor():
        fresh[:] = [pod for pod in pods(lab, name) if pod["metadata"]["uid"] not in known]
        return fresh

    lab.eventually(f"{name} has a successor", has_successor, within=60)
    uid, node = fresh[0]["metadata"]["uid"], fresh[0]["spec"]["nodeName"]
    lab.eventually(f"{name}'s successor has a process", lambda: born(uid), within=60)
    at = until_ready(NODES[node], PORTS[name], 120)
    return at - born(uid)


def born(uid):
    """When the pod's first Java process has started, as CLOCK_MONOTONIC; None while there is none."""
    ages = []
    for pid in processes.of_pod(uid):
        with contextlib.suppress(OSError, IndexError):
            if Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() == "java":
                fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
                ages.append(int(fields[19]) / processes.TICKS)
    offset = time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()
    return min(ages) - offset if ages else None


def until_ready(address, port, seconds):
    """CLOCK_MONOTONIC when the program first says that it is ready, asked from outside."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError, http.client.HTTPException):
            with namespaces.entered(namespaces.OUTSIDE):
                plain = socket.create_connection((address, port), timeout=1)
            with contextlib.closing(http.client.HTTPConnection(address, port, timeout=2)) as connection:
                connection.sock = plain
                plain.settimeout(2)
                connection.request("GET", "/q/health/ready")
                if connection.getresponse().status == 200:
                    return time.monotonic()
        time.sleep(POLL_SECONDS)
    raise Unmeasurable(f"{address}:{port} is not ready within {seconds} s")
