# SPDX-License-Identifier: Apache-2.0
"""What nodes held after step 0, and what is different now."""

import json
import time

from held import NODES, compare, held
from play import Failed
from play.play import ROOT

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
