# SPDX-License-Identifier: Apache-2.0
"""New connections to an announced address, a hundred a second, while it moves as planned, its holder's link goes, its announcer dies."""

import time

from core import Aim, load, processes
from core.announced import BASIS, GAP, LOST, PAUSE, Announced
from core.lab import Lab

PLANNED, LINK, CRASH = "planned move", "link down", "announcer killed"


def measure(bench):
    load.build(bench)
    aims = [Aim(PLANNED, at_most=0, statistic="max")]
    bench.metric(LOST, "new connections", "lower", None, aims)
    bench.metric(GAP, "ms", "lower", None, [Aim(name, at_most=1000, statistic="max") for name in (LINK, CRASH)])
    bench.metric(PAUSE, "ms", "lower")
    bench.note("Lost is a connection whose first SYN isn't answered: none within 900 ms. The Service's backend is no node.")
    bench.note("Limit of detection: three probes missed, 200 ms each. Without a question: what the load itself was late.")
    with Lab(bench) as lab, Announced(lab) as announced:
        bench.in_turn(
            bench.rounds(20),
            {
                BASIS: lambda: nothing(announced),
                PLANNED: lambda: planned(announced),
                LINK: lambda: link(announced),
                CRASH: lambda: crash(announced),
            },
        )


def nothing(announced):
    with announced.under_load() as seen:
        time.sleep(3)
    return seen


def planned(announced):
    """The policy's node selector no longer takes the holder."""
    node = announced.holder()
    with announced.under_load() as seen:
        announced.exclude(node)
        announced.lab.eventually(f"{node} no longer holds it", lambda: announced.holder_or_none() not in (None, node), within=20)
        time.sleep(2)
    announced.exclude()
    return seen


def link(announced):
    """The holder's cable is pulled, and plugged in again after four seconds."""
    node = announced.holder()
    try:
        with announced.under_load() as seen:
            announced.bench.run("lab/link", node, "down")
            time.sleep(4)
            announced.bench.run("lab/link", node, "up")
            time.sleep(2)
    finally:
        announced.bench.run("lab/link", node, "up")
    announced.lab.eventually(f"{node} is Ready", lambda: ready(announced.lab, node), within=90)
    announced.takes_part(node)
    return seen


def ready(lab, node):
    conditions = lab.get("node", node)["status"]["conditions"]
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def crash(announced):
    """SIGKILL to the holder's dataplane; its pod is replaced, so that the kubelet doesn't make the next start wait."""
    node = announced.holder()
    pod = announced.dataplane(node)
    uid = announced.lab.get("pod", "-n", "kumo-system", pod)["metadata"]["uid"]
    with announced.under_load() as seen:
        for pid in processes.of_pod(uid):
            announced.bench.run("kill", "-KILL", str(pid), check=False)
        announced.lab.kubectl("delete", "pod", "-n", "kumo-system", pod, "--grace-period=0", "--force", check=False)
        announced.takes_part(node)
        time.sleep(1)
    return seen
