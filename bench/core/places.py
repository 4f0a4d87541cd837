# SPDX-License-Identifier: Apache-2.0
"""Where programs run: a prefix of the command line that leads into a network namespace, and the address there."""

import contextlib
import subprocess
import time
from dataclasses import dataclass

from . import machine
from .bench import Unmeasurable


@dataclass(frozen=True)
class Place:
    """Somewhere with an address; `prefix` are the words before a command that has it run there."""

    bench: object
    name: str
    prefix: tuple
    address: str

    def run(self, *command, **options):
        return self.bench.run(*self.prefix, *(str(word) for word in command), **options)

    @contextlib.contextmanager
    def running(self, *command, log=subprocess.DEVNULL):
        """A program that runs while the block does."""
        process = subprocess.Popen(
            [*self.prefix, *(str(word) for word in command)],
            cwd=machine.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT if log != subprocess.DEVNULL else log,
        )
        try:
            yield process
            if process.poll() is not None:
                raise Unmeasurable(f"{' '.join(command[:2])} on {self.name} has ended with exit code {process.returncode}")
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def until_listening(self, port, seconds=10):
        """Waits until somebody listens on a TCP port here."""
        end = time.monotonic() + seconds
        while not self.run("ss", "-Htln", f"sport = :{port}").stdout:
            if time.monotonic() > end:
                raise Unmeasurable(f"nobody listens on port {port} of {self.name}")
            time.sleep(0.05)


@contextlib.contextmanager
def namespace(bench, name):
    """A network namespace of the benchmark's own."""
    bench.run("ip", "netns", "add", name)
    try:
        bench.run("ip", "-n", name, "link", "set", "lo", "up")
        yield name
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)


def in_namespace(bench, name, address):
    return Place(bench, name, ("nsenter", f"--net=/run/netns/{name}", "--"), address)
