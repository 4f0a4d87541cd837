# SPDX-License-Identifier: Apache-2.0
"""Servers and attempts of all pods on one selector."""

import os
import selectors
import socket
import struct
import time

from . import namespaces

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class Loop:
    """Calls `handler(socket, events)` of what is ready. One thread."""

    def __init__(self):
        self._selector = selectors.DefaultSelector()

    def add(self, some, events, handler):
        self._selector.register(some, events, handler)

    def change(self, some, events, handler):
        self._selector.modify(some, events, handler)

    def drop(self, some):
        """Closes it; of TCP, with a reset, so that nothing of the connection remains."""
        self._selector.unregister(some)
        if some.type == socket.SOCK_STREAM:
            some.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        some.close()

    def turn(self, wait):
        for key, events in self._selector.select(wait):
            if key.fileobj.fileno() >= 0:
                key.data(key.fileobj, events)

    def run(self, done, seconds):
        """Until `done()` says so, or for that long."""
        end = time.monotonic() + seconds
        while not done() and (left := end - time.monotonic()) > 0:
            self.turn(min(left, 0.02))

    def close(self):
        for key in list(self._selector.get_map().values()):
            self.drop(key.fileobj)
        self._selector.close()


class Servers:
    """In one pod: HTTP that answers 200 to anything, and datagrams that are sent back."""

    def __init__(self, loop, namespace, tcp, udp):
        self._loop = loop
        with namespaces.entered(namespace):
            for port in tcp:
                listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(("0.0.0.0", port))
                listener.listen(512)
                listener.setblocking(False)
                loop.add(listener, selectors.EVENT_READ, self._accept)
            for port in udp:
                datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                datagrams.bind(("0.0.0.0", port))
                datagrams.setblocking(False)
                loop.add(datagrams, selectors.EVENT_READ, self._echo)

    def _accept(self, listener, _):
        try:
            while True:
                connection, _ = listener.accept()
                connection.setblocking(False)
                self._loop.add(connection, selectors.EVENT_READ, self._answer)
        except OSError:
            return

    def _answer(self, connection, _):
        try:
            asked = connection.recv(65536)
            if asked:
                connection.send(ANSWER * asked.count(b"\r\n\r\n"))
                return
        except OSError:
            pass
        self._loop.drop(connection)

    def _echo(self, datagrams, _):
        try:
            while True:
                datagrams.sendto(*datagrams.recvfrom(2048))
        except OSError:
            return


class Attempt:
    """One try from a pod. `outcome` is a status such as "200", "echo", "reset" or, while nothing has come back, "nothing"."""

    def __init__(self, loop, settled):
        self.outcome = "nothing"
        self._loop = loop
        self._settled = settled
        self._socket = None

    def end(self, outcome):
        if self.outcome == "nothing":
            self.outcome = outcome
            self._settled(self)
        self.give_up()

    def give_up(self):
        if self._socket is not None:
            self._loop.drop(self._socket)
            self._socket = None


class Request(Attempt):
    """HTTP on a connection of its own. The namespace is the one that the thread is in."""

    def __init__(self, loop, settled, host, port, request):
        super().__init__(loop, settled)
        self._request = request
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._socket.connect_ex((host, port))
        loop.add(self._socket, selectors.EVENT_WRITE, self._ready)

    def _ready(self, some, events):
        try:
            if events & selectors.EVENT_WRITE:
                some.send(self._request)
                self._loop.change(some, selectors.EVENT_READ, self._ready)
                return
            head = some.recv(4096)
            self.end(head[9:12].decode() if head.startswith(b"HTTP/1.") else "closed")
        except ConnectionRefusedError:
            self.end("refused")
        except ConnectionResetError:
            self.end("reset")
        except OSError as error:
            self.end(error.strerror)


class Datagram(Attempt):
    """One datagram, from a port of its own."""

    def __init__(self, loop, settled, host, port):
        super().__init__(loop, settled)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.connect((host, port))
        self._socket.send(b"probe")
        loop.add(self._socket, selectors.EVENT_READ, self._ready)

    def _ready(self, some, _):
        try:
            some.recv(2048)
            self.end("echo")
        except OSError as error:
            self.end(error.strerror)


class Echo(Attempt):
    """One ICMP echo request."""

    def __init__(self, loop, settled, host):
        super().__init__(loop, settled)
        self._key = os.urandom(8)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self._socket.setblocking(False)
        self._socket.connect((host, 0))
        self._socket.send(packet(self._key))
        loop.add(self._socket, selectors.EVENT_READ, self._ready)

    def _ready(self, some, _):
        try:
            answer = some.recv(2048)
            if answer[20] == 0 and answer[24:32] == self._key:
                self.end("echo")
        except OSError as error:
            self.end(error.strerror)


def packet(key):
    """An echo request whose identifier and sequence are the key's first four bytes, and whose data is the rest."""
    body = key
    total = sum(struct.unpack("!6H", struct.pack("!BBH", 8, 0, 0) + body))
    total = (total & 0xFFFF) + (total >> 16)
    total += total >> 16
    return struct.pack("!BBH", 8, 0, ~total & 0xFFFF) + body
