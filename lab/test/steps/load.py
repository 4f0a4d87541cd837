# SPDX-License-Identifier: Apache-2.0
"""Load that runs beside a step's commands."""

import contextlib
import subprocess

from play.play import ROOT


class Load:
    """What the load said when it ended."""

    def __init__(self):
        self.report = ""
        self.code = None


def steady(play, prefix, host, port):
    """`prefix` says from where: 100 requests a second and one open stream, while the block runs."""
    return running(play, f"{prefix} python3 {ROOT}/lab/test/load/steady {host} {port}")


def datagrams(play, prefix, host, port):
    """`prefix` says from where: ten datagrams a second of one flow, while the block runs."""
    return running(play, f"{prefix} python3 {ROOT}/lab/test/load/datagrams {host} {port}")


@contextlib.contextmanager
def running(play, command):
    """A program that says when it has started, ends with its standard input and reports then."""
    play.say(f"  $ {command} &")
    load = Load()
    process = subprocess.Popen(
        ["bash", "-c", command], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        process.stdout.readline()
        yield load
    finally:
        load.report, _ = process.communicate(timeout=60)
        load.code = process.returncode
        play.say(f"    load: {load.report.strip()}")
