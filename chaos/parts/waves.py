# SPDX-License-Identifier: Apache-2.0
"""A thousand pods that come and go in waves while policies change; nothing of them is left on the nodes."""

import time

from core import during, fault
from core.scale import choose
from held import compare, held
from play import Play
from steps.waves import come_and_go

PART = "waves"
WAVES, PODS = choose((7, 150), (1, 45))
# Of a node's 254; a wave is spread over three nodes, and addresses are not used again at once.
ADDRESSES = 250
READY_WITHIN = 240
# The lab collects unused identities every 30 s.
COLLECTED_WITHIN = 75


def quiet():
    """Looks at nodes again and again without a word."""
    return Play(echo=lambda *_, **__: None)


@fault(PART, "W1", f"{WAVES * PODS} pods in waves of {PODS} while policies change")
def waves(play, stand, judgement):
    before = held(quiet())
    with during(play, stand, judgement):
        come_and_go(play, WAVES, PODS, ADDRESSES, READY_WITHIN)
        play.run("lab/kubectl delete namespace policed --timeout=120s", timeout=130, show=False)
    end = time.monotonic() + COLLECTED_WITHIN
    while (left := compare(before, held(quiet()))) and time.monotonic() < end:
        time.sleep(3)
    play.expect("nodes hold what they held before: maps, and Envoy's listeners", not left, left[:8])
    links = play.run(
        "for n in w1 w2 w3; do echo $n $(lab/node $n ip -o link | grep -c ' lxc'); done",
    ).out
    pods = play.run("lab/kubectl get pods -A -o json", show=False).json()["items"]
    for line in links.splitlines():
        node, veths = line.split()
        here = [p for p in pods if p["spec"].get("nodeName") == node and not p["spec"].get("hostNetwork")]
        play.expect(f"{node}: as many links as pods", int(veths) == len(here), (veths, [p["metadata"]["name"] for p in here]))
