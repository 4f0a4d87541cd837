# SPDX-License-Identifier: Apache-2.0
"""Random sets of policies over twenty pods: every pair and port as an evaluator says that knows nothing of the planner."""

import json
import os
import time

from play import Failed, step
from play.play import ROOT
from probe.cluster import Cluster
from probe.pairs import PODS, Cast, Sets, Stage

CASES = ROOT / "policy-service/target/pairs.jsonl"
SHOWN = 10


def cases(count, first):
    """What LabPairsTest of policy-service has written: the cluster, and `count` sets from the first one."""
    make = f"mvn -pl policy-service test -Dtest=LabPairsTest -Dpairs.sets={first + count}"
    if not CASES.exists():
        raise Failed(f"{CASES.relative_to(ROOT)} is missing: {make}")
    with CASES.open(encoding="utf-8") as lines:
        described, *sets = map(json.loads, lines)
    if len(sets) < first + count:
        raise Failed(f"{CASES.relative_to(ROOT)} has {len(sets)} sets, not {first + count}: {make}")
    return described, sets[first : first + count]


@step("L3", f"random sets of policies over {PODS} pods: every pair and port as the evaluator says (SETS=25 FIRST=0)")
def random_pairs(play):
    described, sets = cases(int(os.environ.get("SETS", "25")), int(os.environ.get("FIRST", "0")))
    api = Cluster()
    cast = Cast(api, described)
    wrong = []
    try:
        stage = Stage(cast.enter(), sorted(sets[0]["verdicts"]))
        played = Sets(api, stage)
        try:
            begun = time.monotonic()
            for case in sets:
                lines = played.wrong(case)
                wrong += [f"set {case['seed']}: {line}" for line in lines]
                for line in lines[:SHOWN]:
                    play.say(f"    set {case['seed']}: {line}")
            seconds = time.monotonic() - begun
        finally:
            played.clear()
            stage.close()
    finally:
        cast.leave()
    play.say(f"    {len(sets)} sets, {played.probes} attempts, {seconds:.0f} s: {seconds / len(sets):.1f} s a set")
    play.expect(f"{len(stage.cells)} verdicts of each of {len(sets)} sets", not wrong, f"{len(wrong)} wrong, first {wrong[:3]}")
