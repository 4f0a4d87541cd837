# SPDX-License-Identifier: Apache-2.0
"""Step 15: traffic split by CiliumEnvoyConfig, then by CiliumClusterwideEnvoyConfig."""

from play import step

from .gateway import colours, expect_split

CLIENT = "lab/kubectl exec -n handson curl-allow --"


@step("15", "CiliumEnvoyConfig and CiliumClusterwideEnvoyConfig: 10 to 90")
def split(play):
    for manifest, resource in (
        ("cec.yaml", "ciliumenvoyconfig/handson-split"),
        ("ccec.yaml", "ciliumclusterwideenvoyconfig/handson-split"),
    ):
        play.run(f"lab/kubectl apply -f handson/manifest/{manifest}")
        play.eventually(
            "Envoy answers for the Service",
            f"{CLIENT} curl -sS -I --max-time 2 handson:8080/color",
            lambda r: "server: envoy" in r.out.lower(),
            within=3,
        )
        expect_split(play, colours(play, CLIENT, "handson:8080/color"), 20, 180)
        play.run(f"lab/kubectl get -n handson {resource}")
        play.run(f"lab/kubectl delete -f handson/manifest/{manifest}")
        play.eventually(
            "the Service is its own again",
            f"{CLIENT} curl -sS -I --max-time 2 handson:8080/color",
            lambda r: r.out.startswith("HTTP/1.1 200") and "server: envoy" not in r.out.lower(),
            within=3,
        )
