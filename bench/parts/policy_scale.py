# SPDX-License-Identifier: Apache-2.0
"""Policies at scale: from an event to the delta on a thousand nodes' feeds, and how a plan grows with pods."""

from core import Aim


def measure(bench):
    bench.metric(
        "event to delta on the node's feed",
        "ms",
        better="lower",
        aims=[
            Aim(f"{event}, {percentile}", at_most=most)
            for event in ("pod replaced", "policy edited")
            for percentile, most in (("p50", 5), ("p99", 50))
        ],
    )
    bench.java(
        "policy-service",
        "dev.kumo.policy.publish.PolicyScale",
        *("--nodes", bench.choose(1000, quick=100)),
        *("--pods", bench.choose(30_000, quick=3_000)),
        *("--applications", bench.choose(6_000, quick=600)),
        *("--policies", bench.choose(30_000, quick=3_000)),
        *("--events", bench.choose(30, quick=5)),
        *("--largest", bench.choose(150_000, quick=5_000)),
        jvm=("-Xmx5g", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"),
    )
