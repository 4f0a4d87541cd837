# SPDX-License-Identifier: Apache-2.0
"""What nodes held after step 0, and what is different now."""

import json
import time

from play import Failed
from play.play import ROOT

from .nodes import NODES, held

BASELINE = ROOT / "target/handson/held-after-step-0.json"


def remember(play):
    """After step 0: what the nodes hold without the chapter's objects."""
    if play.run("lab/kubectl get namespace handson", check=False, show=False).code == 0:
        play.say("    the chapter has been played before: what nodes held without it is known from then")
        return
    BASELINE.parent.mkdir(parents=True, exist_ok=True)
    BASELINE.write_text(json.dumps(held(play)), encoding="utf-8")


def expect_as_before(play, patience):
    before = json.loads(BASELINE.read_text(encoding="utf-8"))
    end = time.monotonic() + patience
    while True:
        differences = compare(before, held(play))
        if not differences:
            break
        if time.monotonic() > end:
            raise Failed("must be seen: nodes hold what they held after step 0; came back: " + "; ".join(differences[:8]))
        time.sleep(2)
    for node in NODES:
        maps = before[node]["maps"]
        play.say(f"    seen: {node}: {', '.join(f'{name} {len(entries)}' for name, entries in sorted(maps.items()))}")
        play.say(f"    seen: {node}: Envoy's listeners: {', '.join(before[node]['listeners'])}")


def compare(before, after):
    """What is new or gone, in words."""
    found = []
    for node in NODES:
        for name, entries in before[node]["maps"].items():
            now = after[node]["maps"].get(name, [])
            found += [f"{node} {name}: new {one}" for one in now if one not in entries]
            found += [f"{node} {name}: gone {one}" for one in entries if one not in now]
        if before[node]["listeners"] != after[node]["listeners"]:
            found.append(f"{node}: Envoy's listeners {after[node]['listeners']}")
    return found
