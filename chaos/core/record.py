# SPDX-License-Identifier: Apache-2.0
"""What came of each fault, kept in target/chaos and printed as one table."""

import json
from dataclasses import fields

from .fault import FOLDER, Judgement

HEADINGS = ("fault", "asked", "lost", "longest outage", "last loss after its end", "wrong passes")


def of(numbers):
    """The judgements of these faults, in this order, as far as they were played."""
    found = {}
    known = {one.name for one in fields(Judgement)}
    for path in FOLDER.glob("*-*.json"):
        judgement = Judgement(**{key: value for key, value in json.loads(path.read_text(encoding="utf-8")).items() if key in known})
        found[judgement.number] = judgement
    return [found[number] for number in numbers if number in found]


def rows(judgements):
    for one in judgements:
        lost = ", ".join(f"{name}: {count}" for name, count in one.lost.items()) or "nothing"
        seconds = [f"{value:g} s" if one.lost else "" for value in (one.longest, one.recovered)]
        yield (f"{one.number} {one.title}", f"{one.asked:,}", lost, *seconds, str(one.passes))


def table(judgements):
    """Markdown, which is readable as it is."""
    lines = [HEADINGS, tuple("---" if column in (0, 2) else "--:" for column in range(len(HEADINGS))), *rows(judgements)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
