# SPDX-License-Identifier: Apache-2.0
"""Connections that are used again and again in a thread while a step does other things."""

import time
from collections import Counter

from .beside import Beside
from .kept import Kept

PAUSE = 0.05
GOOD = "200"


class Keeper(Beside):
    """
    One connection, asked twenty times a second. A server that says `Connection: close` with its answer is asked anew on the next
    connection; that is no loss. `counts`: outcome → how often, and "told to close"; `log`: (begun, in seconds of the monotonic
    clock, outcome, whether on a connection that had been used before). After a loss the next connection is tried.
    """

    def __init__(self, netns, host, port, path="/color"):
        super().__init__()
        self.counts = Counter()
        self.log = []
        self._where = (netns, host, port)
        self._path = path

    def run(self):
        kept = None
        while not self.ended.wait(PAUSE):
            begun, used = time.monotonic(), kept is not None
            kept, outcome = self._turn(kept)
            self.counts[outcome] += 1
            self.log.append((begun, outcome, used))
            if kept is not None and (kept.told_to_close or outcome != GOOD):
                self.counts["told to close"] += kept.told_to_close
                kept.close()
                kept = None
        if kept is not None:
            kept.close()

    def _turn(self, kept):
        try:
            kept = kept or Kept(*self._where)
        except TimeoutError:
            return None, "nothing"
        except ConnectionError:
            return None, "refused"
        return kept, kept.ask(self._path)
