# SPDX-License-Identifier: Apache-2.0
"""Plays steps against a running cluster: each prints its commands, what must be seen and what came back."""

from .play import Failed, Play
from .report import junit
from .runner import Step, main, play_all, step

__all__ = ["Failed", "Play", "Step", "junit", "main", "play_all", "step"]
