# SPDX-License-Identifier: Apache-2.0
"""Routes at scale: a thousand that come and go, one more beside five thousand."""

from core import Aim


def measure(bench):
    attached = bench.choose(1000, quick=100)
    bench.metric(
        f"status writes, {attached:,} routes",
        "writes",
        better="lower",
        aims=[Aim("Gateway, attached", at_most=20), Aim("Gateway, removed", at_most=20)],
    )
    bench.java(
        "gateway-service",
        "dev.kumo.gateway.app.GatewayScale",
        *("--attached", attached),
        *("--standing", bench.choose(5000, quick=500)),
        *("--rounds", bench.choose(40, quick=8)),
        jvm=("-Xmx3g", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"),
    )
