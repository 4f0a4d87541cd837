# SPDX-License-Identifier: Apache-2.0
"""LoadBalancer addresses at scale: 50,000 Services without node ports from one pool, one more, the pool edited."""


def measure(bench):
    bench.java(
        "lbipam-service",
        "dev.kumo.lbipam.app.LbipamScale",
        *("--services", bench.choose(50_000, quick=5_000)),
        *("--rounds", bench.choose(15, quick=3)),
        jvm=("-Xmx3g", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"),
    )
