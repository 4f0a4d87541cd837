# SPDX-License-Identifier: Apache-2.0
"""The chapter's traffic under faults, and that the chapter's own checks can fail."""

import contextlib
import json
import time

from play import step

from .faults import SERVICES, dataplane, pod_of, settled, signal_containers
from .load import steady
from .places import NODES

ADDRESS = "172.18.0.200"
# Of other steps, with pods and Services.
OTHERS = "handson balanced balanced-guest fronted policed announced wired a b"
# The lab's identity collection takes 30 s.
SETTLE_SECONDS = 35
FROM_ENVOY = {
    "apiVersion": "cilium.io/v2",
    "kind": "CiliumNetworkPolicy",
    "metadata": {"name": "from-envoy", "namespace": "handson"},
    "spec": {"endpointSelector": {"matchLabels": {"app": "handson"}}, "ingress": [{"fromEntities": ["ingress"]}]},
}
ROUTE = "lab/kubectl patch httproute -n handson color-route-1 --type=json"
GATEWAY_READY = "lab/kubectl get gateway -n handson color-gw -o json"


def play_steps(play, *numbers):
    play.run(f"handson/run {' '.join(numbers)}", show=False, timeout=300)


def stands(play):
    """The chapter as it is after step 12, without its policies."""
    if play.run("lab/kubectl get gateway -n handson color-gw -o name", check=False, show=False).code:
        # What step 16 compares with is what nodes hold now: nothing of it may go meanwhile.
        play.run(f"lab/kubectl delete namespace {OTHERS} --ignore-not-found --timeout=90s", timeout=100)
        time.sleep(SETTLE_SECONDS)
        play_steps(play, "0", "4", "9", "10", "11")


def must_fail(play, number, because):
    result = play.run(f"handson/run {number}", check=False, show=False, timeout=300)
    play.expect(f"step {number} fails: {because}", result.code == 1 and "1 failed" in result.out, result.out[-500:])


def weights(blue, yellow):
    operations = [
        {"op": "replace", "path": f"/spec/rules/0/backendRefs/{index}/weight", "value": weight}
        for index, weight in enumerate((blue, yellow))
    ]
    return f"{ROUTE} -p '{json.dumps(operations)}'"


@contextlib.contextmanager
def stopped(play, name, nodes=NODES):
    """SIGSTOP for the block's time, to the pods of a DaemonSet."""
    pods = {node: pod_of(play, name, node) for node in nodes}
    try:
        for node, pod in pods.items():
            signal_containers(play, node, pod, "STOP")
        yield
    finally:
        for node, pod in pods.items():
            signal_containers(play, node, pod, "CONT")


@step("X1", "the chapter's checks can fail: weights 50 to 50, a stopped Envoy, a Service left behind")
def can_fail(play):
    stands(play)
    play.run(weights(50, 50))
    must_fail(play, "12", "the weights are 50 to 50")
    play.run(weights(90, 10))
    play_steps(play, "12")
    with stopped(play, "envoy", ["w1"]):
        must_fail(play, "9", "Envoy is stopped")
    play_steps(play, "9")


@step("X2", "a route's weights, headers and backend changed 50 times under load: only 200s")
def route_changes(play):
    stands(play)
    filters = [{"type": "ResponseHeaderModifier", "responseHeaderModifier": {"set": [{"name": "x-turn", "value": "?"}]}}]
    with steady(play, "lab/outside", ADDRESS, 80) as load:
        for turn in range(50):
            filters[0]["responseHeaderModifier"]["set"][0]["value"] = str(turn)
            operations = [
                {"op": "replace", "path": "/spec/rules/0/backendRefs/0/weight", "value": turn},
                {"op": "replace", "path": "/spec/rules/0/backendRefs/1/weight", "value": 50 - turn},
                {"op": "replace", "path": "/spec/rules/0/backendRefs/0/name", "value": ("handson-blue", "handson")[turn % 2]},
                {"op": "add", "path": "/spec/rules/0/filters", "value": filters},
            ]
            play.run(f"{ROUTE} -p '{json.dumps(operations)}'", show=False)
        play.eventually(
            "the last change is in force",
            f"lab/outside curl -sS -i --max-time 2 {ADDRESS}/color",
            lambda r: "x-turn: 49" in r.out,
            within=5,
        )
    play.expect("only 200s, stream never broken", load.code == 0, load.report)
    play.run("lab/kubectl apply -n handson -f handson/manifest/gateway_api.yaml")
    play.run(f"{ROUTE} -p '{json.dumps([{'op': 'remove', 'path': '/spec/rules/0/filters'}])}'", check=False)


@step("X3", "a Gateway made while every dataplane is stopped is not Programmed before they go on")
def truthful(play):
    stands(play)
    manifest = json.dumps(
        {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "Gateway",
            "metadata": {"name": "late", "namespace": "handson"},
            "spec": {"gatewayClassName": "cilium", "listeners": [{"name": "web", "protocol": "HTTP", "port": 80}]},
        }
    )
    late = "lab/kubectl get gateway -n handson late -o json"

    def status_of(result):
        return {c["type"]: c["status"] for c in result.json()["status"]["conditions"]}

    with stopped(play, "node-dataplane"):
        play.run("lab/kubectl apply -f -", stdin=manifest)
        time.sleep(8)
        seen = play.run(late, show=False)
        play.expect("accepted, not Programmed", (status_of(seen)["Accepted"], status_of(seen)["Programmed"]) == ("True", "False"), seen.out[-800:])
    play.eventually("Programmed", late, lambda r: status_of(r)["Programmed"] == "True", within=30)
    play.run("lab/kubectl delete gateway -n handson late")
    settled(play)


@step("X4", "all four services at 0, then the API server stopped: the chapter's traffic goes on")
def on_their_own(play):
    stands(play)
    # The chapter's policy lets in its two clients alone: what comes by the Gateway and the Ingress needs a rule of its own.
    play.run("lab/kubectl apply -f handson/manifest/cnp.yaml")
    play.run("lab/kubectl apply -f -", stdin=json.dumps(FROM_ENVOY))
    play_steps(play, "9")
    try:
        for name in SERVICES:
            play.run(f"lab/kubectl scale -n kumo-system deploy/{name} --replicas=0")
        play.eventually(
            "their pods are gone",
            "lab/kubectl get pods -n kumo-system -o name",
            lambda r: not any(name in r.out for name in SERVICES),
            within=60,
        )
        goes_on(play)
    finally:
        for name in SERVICES:
            play.run(f"lab/kubectl scale -n kumo-system deploy/{name} --replicas=2")
    settled(play)
    pids = play.run("lab/node cp pgrep -x kube-apiserver", show=False).out.split()
    play.expect("the API server's process", pids, "none")
    try:
        play.run(f"lab/node cp kill -STOP {' '.join(pids)}")
        time.sleep(5)
        goes_on(play, by_api=False)
    finally:
        play.run(f"lab/node cp kill -CONT {' '.join(pids)}")
    play.eventually("the API server is back", "lab/kubectl get --raw /readyz", lambda r: r.out == "ok", within=60)
    settled(play)
    play.run("lab/kubectl delete -f handson/manifest/cnp.yaml")
    play.run("lab/kubectl delete ciliumnetworkpolicy -n handson from-envoy")


def goes_on(play, by_api=True):
    """Gateway, Ingress and, where exec needs no API server, policy: ten times each."""
    for what, command, right in (
        ("Gateway", f"lab/outside curl -sS --max-time 3 {ADDRESS}/color", ("blue", "yellow")),
        ("Ingress", "lab/outside curl -sS --max-time 3 app.cilium.example.com:8080/color", ("blue", "yellow")),
    ):
        answers = [play.run(command, check=False, show=False).out.strip() for _ in range(10)]
        play.expect(f"{what}: 10 of 10 answered", all(answer in right for answer in answers), answers)
    if by_api:
        code = "curl -sS -o /dev/null -w '%{http_code}' --max-time 3 http://handson:8080"
        for client, path, expected in (("curl-allow", "/", "200"), ("curl-deny", "/", "403"), ("curl-deny", "/color", "200")):
            seen = play.run(f"lab/kubectl exec -n handson {client} -- {code}{path}", check=False).out
            play.expect(f"{client} {path}: {expected}", seen == expected, seen)


@step("X5", "a LoadBalancer Service left behind makes step 16 fail; without it the chapter leaves nothing")
def left_behind(play):
    stands(play)
    play.run("lab/kubectl create service loadbalancer left-behind -n default --tcp=80:8080")
    must_fail(play, "16", "a LoadBalancer Service is left behind")
    play.run("lab/kubectl delete service -n default left-behind")
    play_steps(play, "16")
