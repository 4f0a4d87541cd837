# SPDX-License-Identifier: Apache-2.0
"""Who answers for an address on the LAN: its holder or the announcer frozen, the holder's link and the whole LAN gone for a moment."""

import time

from core import SERVICES, Fault, during, fault
from core.scale import FROZEN_SECONDS
from core.stand import LOAD_BALANCER
from steps.faults import pod_of, settled, signal_containers
from steps.places import NODES
from steps.wire import holder, watched

from .processes import continued, frozen, pods_of

PART = "l2"
BRIEF_SECONDS = 3
SETTLING_SECONDS = 5
OF_THE_LAN = Fault(touches=("pod to pod", "open, pod to pod", "L7 rule, other node", "open, L7 rule", "UDP", *SERVICES))


def same_holder(play, node, seen):
    play.expect(f"{node} answered all the time", seen.nodes == [node], seen.nodes)
    play.say(f"    longest silence {seen.silent_ms} ms")


@fault(PART, "L1", f"the holder's dataplane stopped for {FROZEN_SECONDS} s")
def holder_frozen(play, stand, judgement):
    node = holder(play, LOAD_BALANCER)
    pod = pod_of(play, "node-dataplane", node)
    with watched(play, LOAD_BALANCER) as seen, during(play, stand, judgement) as ended:
        signal_containers(play, node, pod, "STOP")
        try:
            time.sleep(FROZEN_SECONDS)
        finally:
            continued(play, node, pod)
        ended()
    same_holder(play, node, seen)


@fault(PART, "L2", f"both replicas of the announcer stopped for {FROZEN_SECONDS} s")
def announcer_frozen(play, stand, judgement):
    node = holder(play, LOAD_BALANCER)
    with watched(play, LOAD_BALANCER) as seen, during(play, stand, judgement) as ended:
        frozen(play, pods_of(play, "l2-announcer"))
        ended()
        settled(play)
    same_holder(play, node, seen)


@fault(PART, "L3", f"the holder's link down for {BRIEF_SECONDS} s: two that claim when it is up again")
def holders_link(play, stand, judgement):
    node = holder(play, LOAD_BALANCER)
    with watched(play, LOAD_BALANCER) as seen, during(play, stand, judgement, OF_THE_LAN) as ended:
        bounced(play, [node])
        ended()
    play.say(f"    answered in turn: {seen.nodes}; two at once for {seen.two_ms} ms, longest silence {seen.silent_ms} ms")
    play.expect("another node answered", len(seen.nodes) > 1 and seen.nodes[1] != node, seen.nodes)
    one_answers(play)


@fault(PART, "L4", f"every node's link down for {BRIEF_SECONDS} s")
def lan(play, stand, judgement):
    with watched(play, LOAD_BALANCER) as seen, during(play, stand, judgement, OF_THE_LAN) as ended:
        bounced(play, NODES)
        ended()
    play.say(f"    answered in turn: {seen.nodes}; two at once for {seen.two_ms} ms")
    one_answers(play)


def bounced(play, nodes):
    for node in nodes:
        play.run(f"lab/link {node} down")
    try:
        time.sleep(BRIEF_SECONDS)
    finally:
        for node in nodes:
            play.run(f"lab/link {node} up")
    time.sleep(SETTLING_SECONDS)


def one_answers(play):
    play.say(f"    one answers: {holder(play, LOAD_BALANCER)}")
