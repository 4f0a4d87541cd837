# SPDX-License-Identifier: Apache-2.0
"""The load programs: our own for connections and one-byte questions, iperf3 for streams, wrk for HTTP."""

import contextlib
import json
import re

from . import machine
from .bench import Unmeasurable

PROGRAM = machine.ROOT / "target/bench/load"
STREAM_PORT, BYTE_PORT = 5201, 5202
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


def build(bench):
    """Compiles bench/load/load.c, statically: it runs in any file system."""
    PROGRAM.parent.mkdir(parents=True, exist_ok=True)
    bench.run("gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-static", "-pthread", "-o", str(PROGRAM), "bench/load/load.c")


@contextlib.contextmanager
def served(*places):
    """iperf3 and our own server at each of the places."""
    with contextlib.ExitStack() as stack:
        for place in places:
            stack.enter_context(place.running("iperf3", "-s", "-p", STREAM_PORT))
            stack.enter_context(place.running(PROGRAM, "serve", BYTE_PORT))
        for place in places:
            place.until_listening(STREAM_PORT)
            place.until_listening(BYTE_PORT)
        yield


def stream(client, address, seconds):
    """Gbit/s received of one TCP stream."""
    done = client.run("iperf3", "-J", "-c", address, "-p", STREAM_PORT, "-t", seconds, "-O", 0, check=False)
    said = json.loads(done.stdout or "{}")
    if done.returncode or "error" in said:
        raise Unmeasurable(f"iperf3 from {client.name} to {address}: {said.get('error', done.stderr)}")
    return said["end"]["sum_received"]["bits_per_second"] / 1e9


def connect(client, targets, seconds, clients=1):
    """A new connection for each byte asked."""
    return _load(client, "connect", targets, seconds, clients)


def ask(client, targets, seconds, clients=1):
    """Bytes asked on open connections."""
    return _load(client, "ask", targets, seconds, clients)


def _load(client, mode, targets, seconds, clients):
    """What the program prints. Attempts that failed are told in the notes; with more than one in a hundred there is no result."""
    said = json.loads(client.run(PROGRAM, mode, seconds, clients, *targets, timeout=seconds + 30).stdout)
    if said["failures"]:
        if said["failures"] * 100 > said["answers"]:
            raise Unmeasurable(f"{mode} from {client.name} to {targets[0]}: {said}")
        client.bench.note(f"{mode} from {client.name} to {targets[0]}: {said['failures']} of {said['answers']} failed in one sample.")
    return said


def wrk(client, url, connections, seconds, threads=1, headers=()):
    """Requests a second and percentiles in ms; anything but answers 2xx and 3xx is Unmeasurable."""
    extra = [word for header in headers for word in ("-H", header)]
    threads = min(threads, connections)
    out = client.run("wrk", "--latency", "-t", threads, "-c", connections, "-d", f"{seconds}s", *extra, url).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    slowest = re.search(r"^\s+99%\s+([\d.]+)(us|ms|s|m)$", out, re.MULTILINE)
    median = re.search(r"^\s+50%\s+([\d.]+)(us|ms|s|m)$", out, re.MULTILINE)
    if not rate or not slowest or "Non-2xx" in out:
        raise Unmeasurable(f"wrk from {client.name} to {url}: {' / '.join(out.split(chr(10))[-6:])}")
    if errors := re.search(r"Socket errors: .*", out):
        client.bench.note(f"{url}, {connections} connections: {errors.group(0)} in one sample.")
    return {
        "rate": float(rate.group(1)),
        "p50_ms": float(median.group(1)) * UNITS[median.group(2)],
        "p99_ms": float(slowest.group(1)) * UNITS[slowest.group(2)],
    }
