# SPDX-License-Identifier: Apache-2.0
"""New connections to an announced address, a hundred a second, while its holder loses power, and when that returns."""

import time

from core import Aim, load
from core.announced import BASIS, GAP, LOST, PAUSE, Announced
from core.lab import Lab

from .l2 import nothing, ready

KILLED, BACK = "holder loses power", "it returns"


def measure(bench):
    load.build(bench)
    bench.metric(LOST, "new connections", "lower")
    bench.metric(GAP, "ms", "lower", None, [Aim(name, at_most=1000, statistic="max") for name in (KILLED, BACK)])
    bench.metric(PAUSE, "ms", "lower")
    bench.note("Lost is a connection whose first SYN isn't answered: none within 900 ms. The Service's backend is no node.")
    bench.note("Limit of detection: three probes missed, 200 ms each. Without a question: what the load itself was late.")
    with Lab(bench) as lab, Announced(lab) as announced:
        for number in range(bench.rounds(20)):
            killed, back = power(announced)
            for subject, seen in ((BASIS, nothing(announced)), (KILLED, killed), (BACK, back)):
                bench.say(f"{number + 1} {subject}: lost {seen[LOST]}, gap {seen[GAP]} ms")
                for metric, value in seen.items():
                    bench.sample(metric, subject, value)


def power(announced):
    """Link, processes and kernel state gone at once; then the node starts again."""
    lab, node = announced.lab, announced.holder()
    try:
        with announced.under_load() as killed:
            announced.bench.run("lab/kill-node", node)
            time.sleep(3)
    finally:
        announced.bench.run("lab/start-node", node)
    with announced.under_load() as back:
        lab.eventually(f"{node} is Ready", lambda: ready(lab, node), within=90)
        announced.takes_part(node)
    return killed, back
