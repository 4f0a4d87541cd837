# SPDX-License-Identifier: Apache-2.0
"""What a step does: run commands, look at what came back, wait for it."""

import json
import os
import shlex
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOWN_LINES = 40


class Failed(Exception):
    """Something that must be seen was not."""


@dataclass(frozen=True)
class Result:
    """A command that ended: its exit code and both streams, whole."""

    command: str
    code: int
    out: str
    err: str

    def json(self):
        return json.loads(self.out)


class Play:
    """One step while it is being played. Everything printed is kept for the report."""

    def __init__(self, echo=print):
        self._echo = echo
        self.log = []

    def say(self, line=""):
        self.log.append(line)
        self._echo(line, flush=True)

    def run(self, command, *, check=True, show=True, timeout=120, stdin=None):
        """Runs a shell command in the checkout. With check, an exit code other than 0 fails the step."""
        self.say(f"  $ {command}")
        result = self._execute(command, timeout, stdin)
        if show or (check and result.code):
            self._show(result)
        if check and result.code:
            raise Failed(f"{command}: exit code {result.code}: {last_line(result.err or result.out)}")
        return result

    def expect(self, what, seen, actual=None):
        """States what must be seen. `seen` is the verdict, `actual` what came back (shown if it isn't there)."""
        if seen:
            self.say(f"    seen: {what}")
            return
        raise Failed(f"must be seen: {what}; came back: {actual}")

    def eventually(self, what, command, seen, *, within=1.0, timeout=30):
        """Repeats a command until `seen(result)` says yes; prints how long that took."""
        self.say(f"  $ {command}")
        begun = time.monotonic()
        while True:
            result = self._execute(command, timeout, None)
            elapsed = time.monotonic() - begun
            if verdict(seen, result):
                self._show(result)
                self.say(f"    seen: {what} (after {elapsed:.1f} s)")
                return result
            if elapsed > within:
                self._show(result)
                raise Failed(f"must be seen within {within:g} s: {what}; came back: {last_line(result.out or result.err)}")
            time.sleep(min(0.2, within / 5))

    def _execute(self, command, timeout, stdin):
        env = {**os.environ, "PATH": f"{ROOT / 'lab'}{os.pathsep}{os.environ['PATH']}"}
        try:
            done = subprocess.run(
                ["bash", "-c", command], cwd=ROOT, env=env, input=stdin, capture_output=True, text=True, timeout=timeout
            )
        except subprocess.TimeoutExpired as expired:
            raise Failed(f"{command}: no end within {timeout} s") from expired
        return Result(command, done.returncode, done.stdout, done.stderr)

    def _show(self, result):
        lines = (readable(result.out) + result.err).splitlines()
        for line in lines[:SHOWN_LINES]:
            self.say(f"    {line}")
        if len(lines) > SHOWN_LINES:
            self.say(f"    … {len(lines) - SHOWN_LINES} more lines")


def verdict(seen, result):
    """A result that cannot be read yet (no JSON, a missing field) is not what must be seen."""
    try:
        return bool(seen(result))
    except (ValueError, LookupError, TypeError):
        return False


def readable(text):
    """A JSON document is for the step, not for people."""
    return f"(JSON, {len(text)} characters)\n" if text.startswith("{") else text


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else "nothing"


def quoted(*words):
    return shlex.join(words)
