# SPDX-License-Identifier: Apache-2.0
"""What a part measures with."""

import json
import os
import re
import subprocess
import sys
import time

from . import machine
from .model import LOWER, Metric


ESCAPE = re.compile("\x1b\\[[0-9;]*m")


class Unmeasurable(Exception):
    """Something that a part needs isn't there, or did not work: there is no result."""


class Bench:
    """One part while it is being run. `keep` is called with each change of what was measured."""

    def __init__(self, part, quick=False, keep=lambda: None, asked_rounds=None):
        self.part, self.quick = part, quick
        self._asked_rounds = asked_rounds
        self.metrics, self.versions, self.notes = {}, {}, []
        self._keep = keep
        self._begun = time.monotonic()

    def say(self, line):
        """Progress, for who waits: results go to stdout, this doesn't."""
        print(f"[{time.monotonic() - self._begun:6.1f} s] {line}", file=sys.stderr, flush=True)

    def choose(self, full, quick):
        return quick if self.quick else full

    def rounds(self, full, quick=1):
        """How often every subject has its turn: as the user has asked, else the part's own number."""
        return self._asked_rounds or self.choose(full, quick)

    def note(self, line):
        """A sentence that must stand under the table."""
        if line not in self.notes:
            self.notes.append(line)

    def metric(self, name, unit, better=LOWER, baseline=None, aims=()):
        """Declares a quantity. `baseline` is the subject to which ratios of all others are printed."""
        self.metrics[name] = Metric(name, unit, better, baseline, list(aims))
        return self.metrics[name]

    def sample(self, metric, subject, value):
        self.metrics[metric].add(subject, value)
        self._keep()

    def in_turn(self, rounds, subjects):
        """A B A B …: each round asks every subject once. `subjects`: name → function; it returns {metric: value}."""
        for number in range(rounds):
            for subject, function in subjects.items():
                values = function()
                shown = ", ".join(f"{name} {value:.4g} {self.metrics[name].unit}" for name, value in values.items())
                self.say(f"{number + 1}/{rounds} {subject}: {shown}")
                for name, value in values.items():
                    self.sample(name, subject, value)

    def run(self, *command, check=True, timeout=300, stdin=None, **options):
        """A command in the checkout; its streams as text. With check an exit code other than 0 is Unmeasurable."""
        try:
            done = subprocess.run(
                command, cwd=machine.ROOT, capture_output=True, text=True, timeout=timeout, input=stdin, **options
            )
        except subprocess.TimeoutExpired as expired:
            raise Unmeasurable(f"{' '.join(command)}: no end within {timeout} s") from expired
        except OSError as error:
            raise Unmeasurable(f"{command[0]}: {error.strerror}") from error
        if check and done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise Unmeasurable(f"{' '.join(command)}: exit code {done.returncode}: {' / '.join(said[-3:])}")
        return done

    def samples_from(self, *command, **options):
        """Runs a program that measures by itself and prints one JSON object a line, which is one of

        {"metric": NAME, "subject": NAME, "value": NUMBER}   a sample; metrics that nobody has declared bring "unit", and may
                                                            bring "better" (higher, lower) and "baseline"
        {"version": NAME, "is": TEXT}                       of something that takes part
        {"note": TEXT}

        What else it prints (stderr, lines that are no JSON object) is shown as progress. Its end with an exit code other than 0
        is Unmeasurable. The alternation of subjects is the program's duty."""
        with subprocess.Popen(
            command, cwd=machine.ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, **options
        ) as child:
            try:
                for line in child.stdout:
                    self._take(line.rstrip("\n"))
            except BaseException:
                child.terminate()
                raise
        if child.returncode:
            raise Unmeasurable(f"{shown(command)}: exit code {child.returncode}")

    def java(self, module, main, *arguments, jvm=()):
        """samples_from a main class of a module's tests, compiled first. The module's libraries must be installed (make build);
        MAVEN_OPTS is Maven's own, so that is where another local repository is named."""
        home = machine.output("make/find-jdk")
        if not home:
            raise Unmeasurable("no JDK: make doctor")
        maven, env = ("mvn", "-B", "-q", "-pl", module), {**os.environ, "JAVA_HOME": home}
        self.say(f"{module}: tests compiled")
        self.run(*maven, "test-compile", env=env, timeout=600)
        words = ["-cp", "%classpath", "--enable-native-access=ALL-UNNAMED", *jvm, main, *(str(word) for word in arguments)]
        options = ("-Dexec.classpathScope=test", f"-Dexec.executable={home}/bin/java", f"-Dexec.args={' '.join(words)}")
        # Not in one call with the above: its options would be the module's own executions', too.
        self.samples_from(*maven, "exec:exec", *options, env=env)

    def _take(self, line):
        line = ESCAPE.sub("", line)  # Maven puts colours before what it passes on
        try:
            said = json.loads(line) if line.startswith("{") else None
        except ValueError:
            said = None
        match said:
            case {"metric": name, "subject": subject, "value": value}:
                if name not in self.metrics:
                    self.metric(name, said["unit"], said.get("better", LOWER), said.get("baseline"))
                self.sample(name, subject, value)
                self.say(f"{name}, {subject}: {value:.4g} {self.metrics[name].unit}")
            case {"version": name, "is": text}:
                self.versions[name] = text
            case {"note": text}:
                self.note(text)
            case _:
                self.say(line)


def shown(command):
    """A command for a message, not all of a class path."""
    line = " ".join(str(word) for word in command)
    return line if len(line) < 200 else f"{line[:200]}…"
