# SPDX-License-Identifier: Apache-2.0
"""One fault: what it may touch, what came of it."""

import contextlib
import datetime
import json
import subprocess
import time
from collections import Counter
from dataclasses import asdict, dataclass, field

from play import Step
from play.play import ROOT

from .load import Load
from .scale import SHORT
from .stand import Stand

FOLDER = ROOT / "target/chaos"
# By part, in the order of their registration.
FAULTS: dict[str, list[Step]] = {}
# An attempt is given up after three seconds; then everything that began before is known.
KNOWN_AFTER = 3.5
RECOVERY_SECONDS = 5.0
BEFORE_SECONDS = 1.0


@dataclass(frozen=True)
class Fault:
    """
    `touches`: ways that may lose while it lasts, and for `recovery` seconds after it has ended; all others lose nothing at all.
    None of the denied ways may ever pass.
    """

    touches: tuple = ()
    recovery: float = RECOVERY_SECONDS


@dataclass
class Judgement:
    """What came of a fault. Times in seconds."""

    part: str
    number: str
    title: str
    asked: int = 0
    lost: dict = field(default_factory=dict)
    longest: float = 0.0
    recovered: float = 0.0
    passes: int = 0
    date: str = ""
    commit: str = ""
    short: bool = SHORT


def fault(part, number, title):
    """Registers a fault of a part; it is given the play, the stand and the judgement that it fills."""

    def register(action):
        def played(play):
            judgement = Judgement(part, number, title, date=f"{datetime.datetime.now():%Y-%m-%d %H:%M}", commit=commit())
            try:
                action(play, Stand(play), judgement)
            finally:
                FOLDER.mkdir(parents=True, exist_ok=True)
                (FOLDER / f"{part}-{number}.json").write_text(json.dumps(asdict(judgement), indent=1) + "\n", encoding="utf-8")

        FAULTS.setdefault(part, []).append(Step(number, title, played))
        return action

    return register


def commit():
    """Of this checkout; with changes it says so."""
    described = subprocess.run(
        ["git", "describe", "--always", "--abbrev=12", "--dirty=+changes", "--exclude=*"], cwd=ROOT, capture_output=True, text=True
    )
    return described.stdout.strip() or "unknown"


@contextlib.contextmanager
def during(play, stand, judgement, what=Fault()):
    """
    Load runs; the block makes the fault and ends it, and yields a function that says "it has ended now" (at the block's end, if
    nobody says so). Afterwards everything asked is judged.
    """
    ended = []
    with Load(stand) as load:
        time.sleep(BEFORE_SECONDS)
        begun = time.monotonic()
        yield lambda: ended.append(time.monotonic())
        time.sleep(KNOWN_AFTER + what.recovery)
        until = time.monotonic() - KNOWN_AFTER
    judge(play, load, judgement, what, begun, (ended or [until - what.recovery])[0], until)


def judge(play, load, judgement, what, begun, ended, until):
    asked = sorted(one for one in load.asked() if begun - BEFORE_SECONDS <= one[0] <= until)
    judgement.asked = len(asked)
    passes = [one for one in asked if load.passed(one[1], one[2])]
    judgement.passes = len(passes)
    losses = [one for one in asked if not one[3] and not load.is_denied(one[1])]
    judgement.lost = dict(Counter(one[1] for one in losses))
    judgement.longest = round(max((longest(asked, name) for name in judgement.lost), default=0.0), 2)
    judgement.recovered = round(max(0.0, max((one[0] for one in losses), default=ended) - ended), 2)
    play.say(f"    {judgement.asked} asked; lost: {dict(Counter((one[1], one[2]) for one in losses)) or 'nothing'}")
    play.say(f"    longest outage of a way {judgement.longest} s; last loss {judgement.recovered} s after the fault's end")
    play.expect("0 wrong passes", not passes, passes[:5])
    closed = Counter(one[2] for one in asked if load.is_denied(one[1]))
    play.say(f"    denied all the time: {dict(closed)}")
    for name in load.ways:
        play.expect(f"{name}: was asked", any(one[1] == name for one in asked), name)
    wrongly = {name: count for name, count in judgement.lost.items() if name not in what.touches}
    play.expect("nothing lost on ways that it doesn't touch", not wrongly, (wrongly, [one for one in losses if one[1] in wrongly][:5]))
    late = [one for one in losses if one[0] > ended + what.recovery]
    play.expect(f"nothing lost later than {what.recovery:g} s after its end", not late, late[:5])


def longest(asked, name):
    """Seconds from the first of a row of losses to the next answer."""
    worst, since = 0.0, None
    for begun, who, _, right in asked:
        if who != name:
            continue
        if right:
            worst = max(worst, begun - since if since is not None else 0.0)
            since = None
        elif since is None:
            since = begun
    return worst
