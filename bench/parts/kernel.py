# SPDX-License-Identifier: Apache-2.0
"""Nanoseconds a packet spends in each of our programs (BPF_PROG_TEST_RUN), beside an empty one; what the programs are to the kernel."""

import shutil
import tempfile
from pathlib import Path

from core import Unmeasurable, machine

# Source ports of a sample's new connections are all different.
PACKETS = 20000


def measure(bench):
    for program in ("clang", "bpftool"):
        if not shutil.which(program):
            raise Unmeasurable(f"{program} is missing: make doctor")
    bench.metric("one packet", "ns", baseline="empty program")
    bench.metric("verified", "instructions")
    bench.metric("machine code", "bytes")
    bench.versions["clang"] = machine.output("clang", "--version").split("version ")[1].split()[0]
    bench.note("A packet's 54 bytes and mark are put back before each run; that is in all figures, and all there is in the empty program's.")
    bench.note("Not here, for TEST_RUN has no tunnel and no socket: from_overlay, and what a packet does after our verdict.")
    with tempfile.TemporaryDirectory(prefix="kumo-bench-") as folder:
        again = Path(folder) / "again.bpf.o"
        multiarch = next(Path("/usr/include").glob("*-linux-gnu"), None)
        system = ["-isystem", str(multiarch)] if multiarch else []
        bench.run("clang", "-O2", "-g", "-target", "bpf", "-mcpu=v3", *system, "-c", "bench/kernel/again.bpf.c", "-o", str(again))
        bench.java(
            "node-dataplane", "dev.kumo.dataplane.bpf.packet.PacketCost", again, bench.rounds(25, quick=3), PACKETS
        )
