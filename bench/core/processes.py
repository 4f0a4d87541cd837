# SPDX-License-Identifier: Apache-2.0
"""Processes as the machine sees them, whatever namespace they are in: CPU time and memory."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def of_pod(uid):
    """The machine's numbers of a pod's processes, without the one that only holds its namespaces."""
    names = (uid, uid.replace("-", "_"))
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if any(name in (folder / "cgroup").read_text(encoding="utf-8") for name in names):
                if (folder / "comm").read_text(encoding="utf-8").strip() != "pause":
                    found.append(int(folder.name))
        except OSError:
            continue
    return found


def tree(pid):
    """A process and all that it has begun and that still runs."""
    found = [pid]
    for one in found:
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text(encoding="utf-8").split()]
        except OSError:
            continue
    return found


def cpu_seconds(pids):
    """CPU time so far, that of children who have ended included."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:15])
    return total / TICKS


def resident_mib(pids):
    """Memory that is in RAM, pages shared with others included."""
    total = 0
    for pid in pids:
        try:
            for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    return total / 1024
