# SPDX-License-Identifier: Apache-2.0
"""A connection from a pod that stays open between requests."""

import socket

from . import namespaces

PATIENCE = 3.0


class Kept:
    """
    Says what each request on it brings: a status, "reset", "closed", or "nothing" within three seconds. `told_to_close`: the
    last answer said that no other will come.
    """

    def __init__(self, netns, host, port):
        self.told_to_close = False
        with namespaces.entered(netns):
            self._socket = socket.create_connection((host, port), timeout=PATIENCE)

    def ask(self, path):
        try:
            self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: kept\r\n\r\n".encode())
            answer = self._socket.recv(65536)
            while answer and not ended(answer):
                answer += self._socket.recv(65536)
        except TimeoutError:
            return "nothing"
        except (ConnectionResetError, BrokenPipeError):
            return "reset"
        self.told_to_close = b"\r\nconnection: close\r\n" in answer.lower()
        return answer[9:12].decode() if answer else "closed"

    def close(self):
        self._socket.close()


def ended(answer):
    head, blank, body = answer.partition(b"\r\n\r\n")
    fields = head.lower().split(b"\r\n")
    lengths = [int(field.split(b":")[1]) for field in fields if field.startswith(b"content-length:")]
    if lengths:
        return bool(blank) and len(body) >= lengths[0]
    return body.endswith(b"0\r\n\r\n")
