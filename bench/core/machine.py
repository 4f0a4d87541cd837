# SPDX-License-Identifier: Apache-2.0
"""Where and of what a run was made."""

import os
import platform
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def facts():
    """The machine as it is now, its load included."""
    cpu = next((l.split(":", 1)[1].strip() for l in lines("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    memory = next(int(l.split()[1]) for l in lines("/proc/meminfo") if l.startswith("MemTotal"))
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "memory_mib": memory // 1024,
        "virtual": any("hypervisor" in l for l in lines("/proc/cpuinfo") if l.startswith("flags")),
        "load": load(),
    }


def load():
    return [float(x) for x in Path("/proc/loadavg").read_text(encoding="utf-8").split()[:3]]


def commit():
    """The checkout's commit; with +changes where files outside docs differ from it, unknown without git."""
    head = output("git", "rev-parse", "--short=12", "HEAD")
    changed = output("git", "status", "--porcelain", "--", ".", ":!docs")
    return (head + ("+changes" if changed else "")) if head else "unknown"


def output(*command):
    """What a command prints, stripped; nothing where it fails or is not there."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def lines(path):
    return Path(path).read_text(encoding="utf-8").splitlines()
