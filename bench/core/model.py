# SPDX-License-Identifier: Apache-2.0
"""What was measured and what was aimed at. Pure: no clock, no process, no file."""

import statistics
from dataclasses import asdict, dataclass, field

HIGHER, LOWER = "higher", "lower"


@dataclass(frozen=True)
class Aim:
    """A bound on one subject. Of its own statistic, or with `of` of the ratio of medians: subject to `of`, or to the better one of
    several. `flat` asks that it is no worse than the other beyond the run's own spread: its best sample reaches the other's worst."""

    subject: str
    of: tuple = ()
    at_least: float | None = None
    at_most: float | None = None
    flat: bool = False
    statistic: str = "median"

    def __post_init__(self):
        if self.flat == (self.at_least is not None or self.at_most is not None):
            raise ValueError(f"an aim is a bound or flat: {self}")
        if self.flat and len(self.of) != 1:
            raise ValueError(f"flat compares with one other: {self}")
        if self.statistic not in STATISTICS:
            raise ValueError(f"no such statistic: {self.statistic}")

    def text(self):
        if self.flat:
            return f"no worse than {self.of[0]}, spread allowed"
        bound = f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"
        what = f"× {' or '.join(self.of)}" if self.of else self.statistic if self.statistic != "median" else ""
        return f"{bound} {what}".strip()


@dataclass
class Metric:
    """Samples of one quantity by subject, in the order in which they were taken."""

    name: str
    unit: str
    better: str = HIGHER
    baseline: str | None = None
    aims: list[Aim] = field(default_factory=list)
    samples: dict[str, list[float]] = field(default_factory=dict)

    def add(self, subject, value):
        self.samples.setdefault(subject, []).append(float(value))

    def median(self, subject):
        return statistics.median(self.samples[subject])

    def range(self, subject):
        return min(self.samples[subject]), max(self.samples[subject])

    def ratio(self, subject, other):
        """Of medians; None where the other's is zero."""
        return self.median(subject) / self.median(other) if self.median(other) else None

    def judge(self, aim):
        """(what the aim bounds, met), or None where a subject has no sample."""
        if not all(self.samples.get(name) for name in (aim.subject, *aim.of)):
            return None
        if aim.flat:
            low, high = self.range(aim.subject)
            other_low, other_high = self.range(aim.of[0])
            return self.ratio(aim.subject, aim.of[0]), high >= other_low if self.better == HIGHER else low <= other_high
        value = STATISTICS[aim.statistic](self.samples[aim.subject])
        if aim.of:
            best = (max if self.better == HIGHER else min)(self.median(other) for other in aim.of)
            if not best:
                return None
            value /= best
        return value, (aim.at_least is None or value >= aim.at_least) and (aim.at_most is None or value <= aim.at_most)


STATISTICS = {"median": statistics.median, "max": max, "min": min}


@dataclass
class Result:
    """One part of one run, as kept in target/bench/PART.json."""

    part: str
    title: str
    date: str
    commit: str
    quick: bool
    seconds: float
    machine: dict
    versions: dict
    notes: list[str]
    metrics: list[Metric]

    def to_json(self):
        return asdict(self)

    @staticmethod
    def from_json(document):
        metrics = [
            Metric(**{**metric, "aims": [Aim(**{**aim, "of": tuple(aim["of"])}) for aim in metric["aims"]]})
            for metric in document["metrics"]
        ]
        return Result(**{**document, "metrics": metrics})
