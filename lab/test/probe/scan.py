# SPDX-License-Identifier: Apache-2.0
"""Asks addresses before anybody has them, and listens for those who may not speak."""

import selectors
import socket
import time
from collections import Counter

from . import namespaces
from .beside import Beside
from .loop import Loop


class Scan(Beside):
    """From one pod: a datagram to each address every 30 ms, from one port all the time. Who answers is in `answered`."""

    def __init__(self, netns, addresses, port, beat=0.03):
        super().__init__()
        self.answered = Counter()
        self.rounds = 0
        self._addresses, self._port, self._beat = addresses, port, beat
        with namespaces.entered(netns):
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def __exit__(self, *_):
        super().__exit__()
        self._socket.close()

    def run(self):
        while not self.ended.is_set():
            begun = time.monotonic()
            for address in self._addresses:
                try:
                    self._socket.sendto(b"scan", (address, self._port))
                except OSError:
                    continue  # an ICMP error to an earlier datagram is told here
            self.rounds += 1
            self._take()
            self.ended.wait(max(0.0, self._beat - (time.monotonic() - begun)))
        time.sleep(0.2)
        self._take()

    def _take(self):
        while True:
            try:
                self.answered[self._socket.recvfrom(2048)[1][0]] += 1
            except BlockingIOError:
                return
            except OSError:
                continue


class Ear(Beside):
    """In one pod: everything that reaches a port, TCP and UDP, is counted by sender in `heard`."""

    def __init__(self, netns, port):
        super().__init__()
        self.heard = Counter()
        self._loop = Loop()
        with namespaces.entered(netns):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                some = socket.socket(socket.AF_INET, kind)
                some.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                some.bind(("0.0.0.0", port))
                some.setblocking(False)
                if kind == socket.SOCK_STREAM:
                    some.listen(64)
                self._loop.add(some, selectors.EVENT_READ, self._hear)

    def run(self):
        while not self.ended.is_set():
            self._loop.turn(0.1)
        self._loop.close()

    def _hear(self, some, _):
        if some.type == socket.SOCK_STREAM:
            connection, sender = some.accept()
            connection.close()
        else:
            sender = some.recvfrom(2048)[1]
        self.heard[sender[0]] += 1
