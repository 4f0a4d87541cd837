# SPDX-License-Identifier: Apache-2.0
"""How long faults last: for the record, or the short form that `make test` plays."""

import os

SHORT = os.environ.get("KUMO_CHAOS_SHORT") == "1"


def choose(record, short):
    return short if SHORT else record


FROZEN_SECONDS = choose(60, 8)
AWAY_SECONDS = choose(600, 20)
