# SPDX-License-Identifier: Apache-2.0
"""Step 16: everything that the chapter made is deleted, and nothing of it stays anywhere."""

from play import step

from .baseline import BASELINE, expect_as_before

MADE_HERE = ("gateway_api.yaml", "httproute-modify.yaml", "service.yaml", "app-yellow.yaml", "app-blue.yaml")
MADE_ELSEWHERE = ("ingress.yaml", "cec.yaml", "ccec.yaml", "cnp.yaml", "knp.yaml", "ccnp.yaml", "l2announcement.yaml")
COLLECTION = 30 + 15  # seconds: the lab's identity collection, and the time to look


@step("16", "all deleted: the nodes hold what they held after step 0")
def deleted(play):
    play.expect("what nodes held after step 0 is known", BASELINE.exists(), "step 0 has not been played")
    for manifest in MADE_ELSEWHERE:
        play.run(f"lab/kubectl delete --ignore-not-found -f handson/manifest/{manifest}", show=False)
    for manifest in MADE_HERE:
        play.run(f"lab/kubectl delete --ignore-not-found -n handson -f handson/manifest/{manifest}", show=False)
    for client in ("curl-allow", "curl-deny"):
        play.run(f"lab/kubectl delete pod -n handson {client} --ignore-not-found --now", show=False)
    play.run("lab/kubectl delete namespace handson --ignore-not-found", timeout=120)
    play.eventually(
        "no Service of type LoadBalancer, none that was generated",
        "lab/kubectl get svc -A -o json",
        lambda r: not [s["metadata"]["name"] for s in r.json()["items"] if is_ours(s)],
        within=5,
    )
    play.eventually(
        "no Lease cilium-l2announce-*",
        "lab/kubectl get leases -A -o name",
        lambda r: "cilium-l2announce-" not in r.out,
        within=5,
    )
    play.eventually(
        "no CiliumIdentity of the chapter's pods",
        "lab/kubectl get ciliumidentities -o json",
        lambda r: r.code == 0 and not [i for i in r.json()["items"] if in_handson(i)],
        within=COLLECTION,
    )
    expect_as_before(play, COLLECTION)


def is_ours(service):
    name = service["metadata"]["name"]
    return service["spec"]["type"] == "LoadBalancer" or name.startswith(("cilium-gateway-", "cilium-ingress"))


def in_handson(identity):
    return identity["security-labels"].get("k8s:io.kubernetes.pod.namespace") == "handson"
