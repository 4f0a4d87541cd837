# SPDX-License-Identifier: Apache-2.0
"""Faults under load: what is asked all the time, how a fault is judged, and the table of what came of each."""

from .fault import FAULTS, Fault, Judgement, during, fault
from .load import GATEWAY, L7, SERVICES, Load
from .stand import Stand

__all__ = ["FAULTS", "GATEWAY", "L7", "SERVICES", "Fault", "Judgement", "Load", "Stand", "during", "fault"]
