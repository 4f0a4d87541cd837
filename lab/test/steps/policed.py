# SPDX-License-Identifier: Apache-2.0
"""What becomes of connections when policies change, and of denied ones when our programs are gone."""

import contextlib
import dataclasses
import json
import re
import shutil
import tempfile
import time
from pathlib import Path

from play import Failed, step
from play.play import ROOT
from probe import namespaces
from probe.keeper import Keeper
from probe.kept import Kept
from probe.steady import Flow, Steady

from .faults import SERVICES, dataplane, kill_containers, pod_of, settled, signal_containers

PODS = ("server", "near", "far", "stranger")
PORT = 8080
WITHIN = 5.0
# Of Envoy on all nodes, in a row.
REPLACEMENTS = 2


class Stand:
    """The pods of policed.yaml: addresses and network namespaces."""

    def __init__(self, play):
        play.run("lab/kubectl delete pods,ciliumnetworkpolicies,networkpolicies -n policed --all --now", show=False)
        play.run("lab/kubectl apply -f lab/test/manifest/policed.yaml", show=False)
        play.run(f"lab/kubectl wait -n policed --for=condition=Ready pod {' '.join(PODS)} --timeout=60s", timeout=70)
        pods = play.run("lab/kubectl get pods -n policed -o json", show=False).json()["items"]
        spaces = namespaces.by_pod()
        self.address = {pod["metadata"]["name"]: pod["status"]["podIP"] for pod in pods}
        self.netns = {name_of(pod): spaces[pod["metadata"]["uid"]] for pod in pods if name_of(pod) in PODS}

    def kept(self, client):
        return Kept(self.netns[client], self.address["server"], PORT)

    def fresh(self, client, path):
        """What a request brings on a connection of its own."""
        try:
            with contextlib.closing(self.kept(client)) as kept:
                return kept.ask(path)
        except TimeoutError:
            return "nothing"
        except ConnectionError:
            return "reset"

    def flow(self, client, kind="tcp", path="/color"):
        return Flow(f"{client} {kind}", self.netns[client], kind, self.address["server"], PORT, path)


def name_of(pod):
    return pod["metadata"]["name"]


def put(play, stand, name, spec, client, path, outcome):
    """Applies a CiliumNetworkPolicy for the server and waits for what it brings a client's new connections."""
    policy = {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {"name": name, "namespace": "policed"},
        "spec": {"endpointSelector": {"matchLabels": {"app": "server"}}, **spec},
    }
    play.run("lab/kubectl apply -f -", stdin=json.dumps(policy))
    begun = time.monotonic()
    while (seen := stand.fresh(client, path)) != outcome:
        if time.monotonic() > begun + WITHIN:
            raise Failed(f"must be seen: {client}, new connection: {path} {outcome}; came back: {seen}")
    play.say(f"    seen: {client}, new connection: {path} {outcome} (after {time.monotonic() - begun:.1f} s)")


def allow(client, *paths):
    rule = {"ports": [{"port": str(PORT), "protocol": "TCP"}]}
    if paths:
        rule["rules"] = {"http": [{"method": "GET", "path": path} for path in paths]}
    return {"fromEndpoints": [{"matchLabels": client}], "toPorts": [rule]}


NEAR, FAR, CLIENTS = {"app": "near"}, {"app": "far"}, {"side": "client"}


@step("L4", "open connections when policies change")
def open_connections(play):
    stand = Stand(play)

    def asked(kept, path, outcome, what):
        seen = kept.ask(path)
        play.expect(f"{what}: {path} {outcome}", seen == outcome, seen)

    with contextlib.ExitStack() as closing:

        def opened(client):
            return closing.enter_context(contextlib.closing(stand.kept(client)))

        clear = {client: opened(client) for client in ("near", "far")}
        for client, kept in clear.items():
            asked(kept, "/color", "200", f"{client}, no policy")
        put(play, stand, "l7", {"ingress": [allow(NEAR, "/peer"), allow(FAR, "/color")]}, "near", "/color", "403")
        for client, kept in clear.items():
            asked(kept, "/color", "reset", f"{client}, its open connection would have to go to Envoy")
        near, far = opened("near"), opened("far")
        asked(near, "/peer", "200", "near, new connection")
        asked(near, "/color", "403", "near, same connection")
        asked(far, "/color", "200", "far, new connection")
        put(play, stand, "l7", {"ingress": [allow(NEAR, "/color"), allow(FAR, "/color")]}, "near", "/peer", "403")
        asked(near, "/peer", "403", "near, same connection after an edit of its rules")
        asked(near, "/color", "200", "near, same connection")
        with Steady([stand.flow("far")]) as steady:
            for path in ("/peer", "/", "/color", "/peer", "/color"):
                put(play, stand, "l7", {"ingress": [allow(NEAR, path), allow(FAR, "/color")]}, "near", path, "200")
                asked(far, "/color", "200", f"far, same connection while near may ask for {path}")
        answered = steady.outcomes("far tcp")
        play.expect(f"every new request of far meanwhile: {answered}", set(answered) == {"200"}, answered)
        play.run("lab/kubectl delete ciliumnetworkpolicy -n policed l7")
        put(play, stand, "l4", {"ingress": [allow(CLIENTS)]}, "stranger", "/color", "nothing")
        for client, kept in (("near", near), ("far", far)):
            asked(kept, "/color", "reset", f"{client}, its open connection would have to leave Envoy")
        near, far = opened("near"), opened("far")
        for client, kept in (("near", near), ("far", far)):
            asked(kept, "/color", "200", f"{client}, stream under L4 rules")
        put(play, stand, "deny", {"ingressDeny": [{"fromEndpoints": [{"matchLabels": NEAR}]}]}, "near", "/color", "nothing")
        asked(near, "/color", "nothing", "near, the open stream that a deny covers")
        asked(far, "/color", "200", "far, the stream that it doesn't cover")
    play.run("lab/kubectl delete ciliumnetworkpolicies -n policed --all", show=False)


@step("L6", "the server's dataplane killed and started while all four services are gone: a denied flow stays denied")
def without_services(play):
    stand = Stand(play)
    put(play, stand, "l4", {"ingress": [allow(CLIENTS)]}, "stranger", "/color", "nothing")
    flows = [stand.flow(client) for client in ("near", "far", "stranger")] + [stand.flow("stranger", "udp")]
    try:
        for name in SERVICES:
            play.run(f"lab/kubectl scale -n kumo-system deploy/{name} --replicas=0", show=False)
        play.eventually(
            "their pods are gone",
            "lab/kubectl get pods -n kumo-system -o name",
            lambda r: not any(name in r.out for name in SERVICES),
            within=60,
        )
        with Steady(flows) as steady:
            for how in (lambda pod: kill_containers(play, "w1", pod), lambda pod: delete(play, pod)):
                how(dataplane(play, "w1"))
                rollout = "lab/kubectl rollout status -n kumo-system ds/node-dataplane --timeout=120s"
                play.run(f"sleep 2; {rollout}", timeout=130, show=False)
        for flow in flows:
            seen = steady.outcomes(flow.name)
            wanted = {"nothing"} if flow.name.startswith("stranger") else {"200"}
            play.expect(f"{flow.name}: {seen}", set(seen) == wanted, seen)
    finally:
        for name in SERVICES:
            play.run(f"lab/kubectl scale -n kumo-system deploy/{name} --replicas=2", show=False)
        settled(play)
        play.run("lab/kubectl delete ciliumnetworkpolicies -n policed --all", show=False)


@step("L7", "Envoy stopped, then gone: what needs its verdict is never answered 200")
def without_envoy(play):
    stand = Stand(play)
    put(play, stand, "l7", {"ingress": [allow(NEAR, "/color"), allow(FAR, "/color")]}, "near", "/", "403")
    forbidden = [stand.flow(client, path="/") for client in ("near", "far")]
    envoy = pod_of(play, "envoy", "w1")
    with Steady([*forbidden, stand.flow("stranger")]) as steady:
        signal_containers(play, "w1", envoy, "STOP")
        time.sleep(2)
        seen = stand.fresh("near", "/color")
        play.expect("stopped: no answer even to an allowed request", seen == "nothing", seen)
        signal_containers(play, "w1", envoy, "CONT")
        play.eventually("goes on: near is answered", "true", lambda _: stand.fresh("near", "/color") == "200", within=5)
        try:
            scheduled(play, "nowhere")
            time.sleep(1)
            seen = stand.fresh("near", "/color")
            play.expect("gone: no answer even to an allowed request", seen in ("nothing", "reset"), seen)
        finally:
            scheduled(play, None)
        play.eventually("back: near is answered", "true", lambda _: stand.fresh("near", "/color") == "200", within=20)
    for name in ("near tcp", "far tcp", "stranger tcp"):
        seen = steady.outcomes(name)
        play.expect(f"{name}, forbidden all the time: {seen}", "200" not in seen, seen)
    play.run("lab/kubectl delete ciliumnetworkpolicies -n policed --all", show=False)


def scheduled(play, where):
    """Sends Envoy's DaemonSet to no node, or back to all."""
    patch = json.dumps({"spec": {"template": {"spec": {"nodeSelector": {"kumo.dev/test": where}}}}})
    play.run(f"lab/kubectl patch -n kumo-system daemonset envoy -p '{patch}'")
    play.eventually(
        "Envoy is gone" if where else "Envoy is on every node",
        "lab/kubectl get pods -n kumo-system -l app.kubernetes.io/name=envoy -o json",
        lambda r: [
            condition["status"]
            for pod in r.json()["items"]
            for condition in pod["status"]["conditions"]
            if condition["type"] == "Ready"
        ]
        == ([] if where else ["True"] * 3),
        within=60,
    )


@step("L9", "Envoy replaced by its next generation on every node: no request is lost, kept connections are told to close")
def replaced(play):
    stand = Stand(play)
    put(play, stand, "l7", {"ingress": [allow(NEAR, "/color"), allow(FAR, "/color")]}, "near", "/", "403")
    flows = [stand.flow("near"), stand.flow("far"), stand.flow("near", path="/"), stand.flow("stranger")]
    names = ("near", "far", "forbidden", "stranger")
    flows = [dataclasses.replace(flow, name=name) for flow, name in zip(flows, names, strict=True)]
    keepers = {client: Keeper(stand.netns[client], stand.address["server"], PORT) for client in ("near", "far")}
    with Steady(flows) as steady, keepers["near"], keepers["far"]:
        for _ in range(REPLACEMENTS):
            play.run("lab/kubectl rollout restart -n kumo-system ds/envoy", show=False)
            play.run("lab/kubectl rollout status -n kumo-system ds/envoy --timeout=180s", timeout=190, show=False)
    for name, outcome in zip(names, ("200", "200", "403", "nothing"), strict=True):
        seen = steady.outcomes(name)
        play.expect(f"new connections, {name}: {seen}", set(seen) == {outcome}, seen)
    for client, keeper in keepers.items():
        seen = dict(keeper.counts)
        play.expect(f"kept connection, {client}: {seen}", set(seen) == {"200", "told to close"}, seen)
    play.run("lab/kubectl delete ciliumnetworkpolicies -n policed --all", show=False)


@step("L8", "the labels of the chapter's two rules swapped: its step 6 fails")
def swapped(play):
    with tempfile.TemporaryDirectory() as folder:
        for name in ("lab", "handson"):
            shutil.copytree(ROOT / name, f"{folder}/{name}", symlinks=True)
        manifest = Path(folder) / "handson/manifest/cnp.yaml"
        swap = {"curl-allow": "curl-deny", "curl-deny": "curl-allow"}
        manifest.write_text(re.sub("|".join(swap), lambda found: swap[found.group()], manifest.read_text()))
        played = play.run(f"{folder}/handson/run 4 5 6", check=False, show=False, timeout=300)
    for line in played.out.splitlines():
        if line.startswith("== ") or "FAILED" in line:
            play.say(f"    {line}")
    play.expect("steps 4 and 5 pass, step 6 fails", "2 passed, 1 failed, 0 skipped" in played.out, played.out[-500:])
    play.expect("it fails for what a client gets", "curl-deny / is answered 403" in played.out, played.out[-500:])
    play.run("lab/kubectl delete ciliumnetworkpolicies -n handson --all", show=False)


def delete(play, pod):
    play.run(f"lab/kubectl delete pod -n kumo-system {pod} --grace-period=0 --force")
