# SPDX-License-Identifier: Apache-2.0
"""Attempts that go on in a thread while a step does other things."""

import time
from collections import Counter, deque
from dataclasses import dataclass

from . import namespaces
from .beside import Beside
from .loop import Datagram, Loop, Request

GIVE_UP = 3.0


@dataclass(frozen=True)
class Flow:
    """A new connection, or a datagram from a new port, at each beat."""

    name: str
    netns: object
    kind: str
    host: str
    port: int
    path: str = "/color"


class Steady(Beside):
    """
    All flows fifty times a second. What each attempt brought is in `counts`: (flow's name, outcome) → how often, and in `log`:
    (begun, in seconds of the monotonic clock, flow's name, outcome), known three seconds after an attempt's begin.
    """

    def __init__(self, flows, beat=0.02):
        super().__init__()
        self.counts = Counter()
        self.log = []
        self._flows = flows
        self._beat = beat

    def outcomes(self, name):
        return {outcome: count for (flow, outcome), count in self.counts.items() if flow == name}

    def run(self):
        loop, open_attempts = Loop(), deque()
        while not self.ended.is_set():
            now = time.monotonic()
            for flow in self._flows:
                with namespaces.entered(flow.netns):
                    open_attempts.append((now, flow, self._attempt(loop, flow)))
            loop.turn(0)  # what has come while this thread was kept waiting is no loss
            while open_attempts and open_attempts[0][0] < now - GIVE_UP:
                self._count(open_attempts.popleft())
            loop.run(lambda: False, max(0.0, self._beat - (time.monotonic() - now)))
        loop.run(lambda: False, GIVE_UP)
        for attempt in open_attempts:
            self._count(attempt)
        loop.close()

    def _count(self, begun):
        began, flow, attempt = begun
        attempt.give_up()
        self.counts[flow.name, attempt.outcome] += 1
        self.log.append((began, flow.name, attempt.outcome))

    @staticmethod
    def _attempt(loop, flow):
        if flow.kind == "udp":
            return Datagram(loop, ignore, flow.host, flow.port)
        request = f"GET {flow.path} HTTP/1.1\r\nHost: steady\r\n\r\n".encode()
        return Request(loop, ignore, flow.host, flow.port, request)


def ignore(_):
    """Nobody waits for a single attempt."""
