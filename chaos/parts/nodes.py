# SPDX-License-Identifier: Apache-2.0
"""A node crashes, loses power or its link, and returns."""

import time

from core import SERVICES, Fault, during, fault
from steps.faults import settled
from steps.machines import is_ready

PART = "nodes"
# It holds no client and no guarded pod, so only what a Service or the LAN leads to it may suffer: until the node is NotReady (16 s in
# the lab), its backends count as live, with any network.
NODE = "w3"
LED_THERE = Fault(touches=SERVICES, recovery=30.0)
BRIEF_SECONDS = 3
GONE_SECONDS = 25


def returned(play):
    play.run(f"lab/start-node {NODE}")
    play.eventually(f"{NODE} is Ready", is_ready(NODE), lambda r: r.out == "True", within=120)
    settled(play)


@fault(PART, "N1", "a node loses power and returns")
def power(play, stand, judgement):
    with during(play, stand, judgement, LED_THERE) as ended:
        play.run(f"lab/kill-node {NODE}")
        time.sleep(GONE_SECONDS)
        returned(play)
        ended()


@fault(PART, "N2", "all processes of a node crash, and it returns")
def crash(play, stand, judgement):
    with during(play, stand, judgement, LED_THERE) as ended:
        play.run(f"lab/crash-node {NODE}")
        time.sleep(GONE_SECONDS)
        returned(play)
        ended()


@fault(PART, "N3", f"a node's link is down for {BRIEF_SECONDS} s, three times")
def link(play, stand, judgement):
    with during(play, stand, judgement, Fault(touches=SERVICES)) as ended:
        for _ in range(3):
            play.run(f"lab/link {NODE} down")
            try:
                time.sleep(BRIEF_SECONDS)
            finally:
                play.run(f"lab/link {NODE} up")
            time.sleep(BRIEF_SECONDS)
        ended()
        settled(play)
