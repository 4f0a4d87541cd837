# SPDX-License-Identifier: Apache-2.0
"""Registers steps, plays them in order, prints the closing line."""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from .play import Failed, Play
from .report import Case, junit


@dataclass(frozen=True)
class Step:
    number: str
    title: str
    action: Callable[[Play], None]


STEPS: list[Step] = []


def step(number, title):
    """Registers a function as a step; steps are played in the order of their registration."""

    def register(action):
        STEPS.append(Step(number, title, action))
        return action

    return register


def play_one(one):
    play = Play()
    play.say(f"== {one.number}. {one.title}")
    begun = time.monotonic()
    failure = None
    try:
        one.action(play)
    except Failed as failed:
        failure = str(failed)
        play.say(f"    FAILED: {failure}")
    except Exception as error:  # a defect of the step itself is a failure of this step, not of the whole play
        failure = f"{type(error).__name__}: {error}"
        play.say(f"    FAILED: {failure}")
    seconds = time.monotonic() - begun
    play.say(f"== {one.number}: {'failed' if failure else 'passed'} in {seconds:.1f} s")
    return Case(one.number, one.title, seconds, failure, "\n".join(play.log))


def main(suite, report, after=None):
    """Plays all registered steps, or those named on the command line. Exit code 0 only if each passed."""
    options = argparse.ArgumentParser(description=f"plays {suite}")
    options.add_argument("--stop", action="store_true", help="stop at the first failure")
    options.add_argument("steps", nargs="*", help="numbers of the steps to play; all if none")
    chosen = options.parse_args()
    unknown = set(chosen.steps) - {one.number for one in STEPS}
    if unknown:
        options.error(f"no such step: {', '.join(sorted(unknown))}")
    steps = [one for one in STEPS if not chosen.steps or one.number in chosen.steps]
    return play_all(suite, report, steps, chosen.stop, after)


def play_all(suite, report, steps, stop=False, after=None):
    """Plays these steps and prints the closing line. Exit code 0 only if each passed."""
    cases = []
    for one in steps:
        cases.append(play_one(one))
        if stop and cases[-1].failure:
            break
    path = Path(report)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(junit(suite, cases), encoding="utf-8")
    if after:
        after()
    failed = sum(1 for case in cases if case.failure)
    for case in cases:
        if case.failure:
            print(f"failed: {case.number} {case.title}: {case.failure}")
    print(f"report: {report}")
    print(f"{len(cases) - failed} passed, {failed} failed, 0 skipped", flush=True)
    return 1 if failed or not cases else 0
