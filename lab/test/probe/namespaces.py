# SPDX-License-Identifier: Apache-2.0
"""The lab's network namespaces, from the machine that it runs on."""

import contextlib
import ctypes
import os
import re
from pathlib import Path

CLONE_NEWNET = 0x40000000
POD = re.compile(r"pod([0-9a-f]{8}[-_0-9a-f]{28})")
OUTSIDE = Path("/run/netns/kumo-out")
_libc = ctypes.CDLL(None, use_errno=True)


def by_pod():
    """Pod UID → path of its network namespace, of the pods on all nodes that have a process."""
    found = {}
    for cgroup in Path("/proc").glob("[0-9]*/cgroup"):
        with contextlib.suppress(OSError):
            if match := POD.search(cgroup.read_text()):
                found.setdefault(match.group(1).replace("_", "-"), cgroup.parent / "ns/net")
    return found


@contextlib.contextmanager
def entered(path):
    """This thread's new sockets are in that namespace while the block runs."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        there = os.open(path, os.O_RDONLY)
        try:
            _setns(there)
        finally:
            os.close(there)
        try:
            yield
        finally:
            _setns(home)
    finally:
        os.close(home)


def _setns(descriptor):
    if _libc.setns(descriptor, CLONE_NEWNET):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
