# SPDX-License-Identifier: Apache-2.0
"""What goes on beside a step."""

import threading


class Beside(threading.Thread):
    """Runs while a `with` block does: `run` ends soon after `ended` is set, and the block's end waits for that."""

    def __init__(self):
        super().__init__(daemon=True)
        self.ended = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()
