# SPDX-License-Identifier: Apache-2.0
"""Measures subjects in turn, keeps every sample, prints medians, spreads and ratios beside their aims."""

from .bench import Bench, Unmeasurable
from .model import Aim, Metric, Result

__all__ = ["Aim", "Bench", "Metric", "Result", "Unmeasurable"]
