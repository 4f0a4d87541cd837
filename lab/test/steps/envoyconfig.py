# SPDX-License-Identifier: Apache-2.0
"""CiliumEnvoyConfigs: a Service's traffic through Envoy from everywhere, whose source is kept, and what is refused."""

import json
from collections import Counter

from play import step

from . import places

TYPES = "type.googleapis.com/envoy."
REQUESTS = 100
TOLERANCE = 15
FRONT = "http://front.split"
NODE_PORT = 30085


def split_up(play):
    play.run("lab/kubectl apply -f lab/test/manifest/split.yaml")
    play.run("lab/kubectl delete cec -n split --all")
    play.run("lab/kubectl wait -n split --for=condition=Ready pod --all --timeout=60s", timeout=70, show=False)
    play.eventually("the Service's own pods answer", f"{pod('client-w3')} curl -sSI --max-time 2 {FRONT}/color", plain, within=10)


def pod(name):
    return f"lab/kubectl exec -n split {name} --"


def plain(result):
    return result.out.startswith("HTTP/1.1 200") and "server: envoy" not in result.out


def through_envoy(result):
    return result.out.startswith("HTTP/1.1 200") and "server: envoy" in result.out


def resource(kind, **fields):
    return {"@type": TYPES + kind, **fields}


def listener(*filters, routes="routes"):
    manager = resource(
        "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        statPrefix="front",
        rds={"routeConfigName": routes},
        httpFilters=[
            *filters,
            {"name": "envoy.filters.http.router", "typedConfig": resource("extensions.filters.http.router.v3.Router")},
        ],
    )
    filter = {"name": "envoy.filters.network.http_connection_manager", "typedConfig": manager}
    return resource("config.listener.v3.Listener", name="front", filterChains=[{"filters": [filter]}])


def routes(weights):
    clusters = [{"name": f"split/{name}", "weight": weight} for name, weight in weights.items()]
    action = {"match": {"prefix": "/"}, "route": {"weightedClusters": {"clusters": clusters}}}
    return resource(
        "config.route.v3.RouteConfiguration",
        name="routes",
        virtualHosts=[{"name": "all", "domains": ["*"], "routes": [action]}],
    )


def apply(play, name, resources, *, backends=("blue", "yellow"), annotations=None, **spec):
    document = {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumEnvoyConfig",
        "metadata": {"name": name, "namespace": "split", "annotations": annotations or {}},
        "spec": {
            "services": [{"name": "front"}],
            "backendServices": [{"name": backend} for backend in backends],
            "resources": resources,
            **spec,
        },
    }
    play.run("lab/kubectl apply -f -", stdin=json.dumps(document))


def split(play, name, blue, yellow, **more):
    apply(play, name, [listener(), routes({"blue": blue, "yellow": yellow})], **more)


def says(play, name, kind, status, reason, words="", within=5):
    play.eventually(
        f"{name}: {kind} is {status}, {reason}: …{words}…",
        f"lab/kubectl get cec -n split {name} -o json",
        lambda r: condition(r, kind)["status"] == status
        and condition(r, kind)["reason"] == reason
        and words in condition(r, kind)["message"]
        and condition(r, kind)["observedGeneration"] == r.json()["metadata"]["generation"],
        within=within,
    )


def condition(result, kind):
    return {found["type"]: found for found in result.json()["status"]["conditions"]}[kind]


def colours(play, prefix, url, count=REQUESTS):
    loop = f"for i in $(seq {count}); do curl -sS --max-time 5 {url}/color || echo failed; echo; done"
    counted = Counter(play.run(f"{prefix} sh -c '{loop}'", show=False, timeout=180).out.split())
    play.say(f"    {dict(counted)}")
    return counted


def expect_split(play, prefix, url, blue):
    """`blue` in a hundred."""
    counted = colours(play, prefix, url)
    play.expect(
        f"{blue} ± {TOLERANCE} of {REQUESTS} blue, no other answer than blue and yellow",
        abs(counted["blue"] - blue) <= TOLERANCE and counted["blue"] + counted["yellow"] == REQUESTS,
        dict(counted),
    )


def answers(play, prefix, url, how, what, within=5):
    play.eventually(what, f"{prefix} curl -sSI --max-time 2 {url}/color", how, within=within)


@step("E1", "a CiliumEnvoyConfig splits what comes from pods, node processes and outside; its end gives the Service back")
def from_everywhere(play):
    split_up(play)
    split(play, "weights", 10, 90)
    says(play, "weights", "Programmed", "True", "Programmed", "3 of 3 nodes")
    play.run("lab/kubectl get cec -n split")
    for client in ("client-w1", "client-w3"):
        answers(play, pod(client), FRONT, through_envoy, "Envoy answers")
        expect_split(play, pod(client), FRONT, 10)
    address = play.run("lab/kubectl get service -n split front -o jsonpath={.spec.clusterIP}", show=False).out
    expect_split(play, "lab/node w2", f"http://{address}", 10)
    for name, node in places.NODES.items():
        answers(play, "lab/outside", f"http://{node}:{NODE_PORT}", through_envoy, f"Envoy of {name} answers")
        expect_split(play, "lab/outside", f"http://{node}:{NODE_PORT}", 10)
    split(play, "weights", 90, 10)
    play.eventually(
        "the other way round",
        f"{pod('client-w3')} sh -c 'for i in 1 2 3 4 5 6 7 8 9 10; do curl -sS {FRONT}/color; echo; done'",
        lambda r: r.out.split().count("blue") >= 7,
        within=5,
    )
    play.run("lab/kubectl delete cec -n split weights")
    answers(play, pod("client-w3"), FRONT, plain, "the Service is its own again")


@step("E2", "backends see the client's address, or the ingress address if the annotation says so")
def source(play):
    split_up(play)
    split(play, "weights", 50, 50)
    says(play, "weights", "Programmed", "True", "Programmed")
    answers(play, pod("client-w3"), FRONT, through_envoy, "Envoy answers")
    own = play.run("lab/kubectl get pod -n split client-w3 -o jsonpath={.status.podIP}", show=False).out
    seen = peers(play)
    play.expect(f"only {own}", seen == {own}, seen)
    split(play, "weights", 50, 50, annotations={"cec.cilium.io/use-original-source-address": "false"})
    says(play, "weights", "Programmed", "True", "Programmed")
    play.eventually(
        "another address than the client's",
        f"{pod('client-w3')} curl -sS --max-time 2 {FRONT}/peer",
        lambda r: r.code == 0 and r.out.strip() and own not in r.out,
        within=5,
    )


def peers(play):
    loop = f"for i in 1 2 3 4 5 6 7 8 9 10; do curl -sS --max-time 5 {FRONT}/peer; echo; done"
    return {line.rpartition(":")[0] or line for line in play.run(f"{pod('client-w3')} sh -c '{loop}'").out.split()}


@step("E3", "code, files, version 2 and broken references are refused on the object; the Service goes on")
def refused(play):
    split_up(play)
    lua = resource("extensions.filters.http.lua.v3.Lua", defaultSourceCode={"inlineString": "os.exit()"})
    apply(play, "code", [listener({"name": "lua", "typedConfig": lua}), routes({"blue": 1})])
    says(play, "code", "Accepted", "False", "NotAllowed", "envoy.extensions.filters.http.lua.v3.Lua: it runs code")
    answer = {"status": 200, "body": {"filename": "/etc/passwd"}}
    file = routes({"blue": 1})
    file["virtualHosts"][0]["routes"] = [{"match": {"prefix": "/"}, "directResponse": answer}]
    apply(play, "file", [listener(), file])
    says(play, "file", "Accepted", "False", "NotAllowed", "directResponse.body.filename: it reads a file")
    apply(play, "old", [{"@type": "type.googleapis.com/envoy.api.v2.Listener", "name": "front"}])
    says(play, "old", "Accepted", "False", "UnsupportedVersion", "envoy.api.v2.Listener is of Envoy's API version 2")
    apply(play, "unknown", [{"@type": "type.googleapis.com/example.Thing", "name": "front"}])
    says(play, "unknown", "Accepted", "False", "UnknownType", "example.Thing")
    apply(play, "broken", [{**listener(), "filterChains": "many"}])
    says(play, "broken", "Accepted", "False", "Malformed", "filter_chains")
    apply(play, "lost", [listener(routes="elsewhere")])
    says(play, "lost", "Accepted", "False", "UnresolvedReference", '"elsewhere" is not among the resources')
    play.run("lab/kubectl get cec -n split")
    answers(play, pod("client-w3"), FRONT, plain, "the Service is its own")


@step("E4", "what Envoy refuses is said with Envoy's words and harms nothing else")
def refused_by_envoy(play):
    split_up(play)
    bad = routes({"blue": 1})
    bad["virtualHosts"][0]["routes"][0]["match"] = {"safeRegex": {"regex": "("}}
    apply(play, "regex", [listener(), bad])
    says(play, "regex", "Programmed", "False", "Rejected", "node w", within=10)
    answers(play, pod("client-w3"), FRONT, plain, "the Service is its own")


@step("E5", "of two on one Service the older has it and the younger says so; it takes over")
def claimed(play):
    split_up(play)
    split(play, "older", 100, 0)
    says(play, "older", "Programmed", "True", "Programmed")
    play.run("sleep 1.1", show=False)  # creationTimestamps count seconds
    split(play, "younger", 0, 100)
    says(play, "younger", "ResolvedRefs", "False", "ServiceClaimed", "port 80 of Service split/front is CiliumEnvoyConfig split/older's")
    counted = colours(play, pod("client-w3"), FRONT, 20)
    play.expect("only blue", set(counted) == {"blue"}, dict(counted))
    play.run("lab/kubectl delete cec -n split older")
    says(play, "younger", "Programmed", "True", "Programmed", within=10)
    play.eventually(
        "yellow", f"{pod('client-w3')} curl -sS --max-time 2 {FRONT}/color", lambda r: "yellow" in r.out, within=5
    )


@step("E6", "a Service that is absent is said to be, and taken up when it appears; nodeSelector is respected")
def absent(play):
    split_up(play)
    apply(play, "late", [listener(), routes({"green": 1})], backends=("green",))
    says(play, "late", "ResolvedRefs", "False", "ServiceNotFound", "there is no Service split/green")
    play.run("lab/kubectl create service -n split clusterip green --tcp=80:8080")
    play.run("lab/kubectl patch service -n split green -p '{\"spec\":{\"selector\":{\"app\":null,\"color\":\"blue\"}}}'")
    says(play, "late", "ResolvedRefs", "True", "ResolvedRefs")
    says(play, "late", "Programmed", "True", "Programmed", within=10)
    play.eventually(
        "blue", f"{pod('client-w3')} curl -sS --max-time 2 {FRONT}/color", lambda r: "blue" in r.out, within=5
    )
    play.run("lab/kubectl delete cec -n split late")
    split(play, "one-node", 10, 90, nodeSelector={"matchLabels": {"kubernetes.io/hostname": "w1"}})
    says(play, "one-node", "Programmed", "True", "Programmed", "1 of 1 nodes")
    answers(play, pod("client-w1"), FRONT, through_envoy, "Envoy of w1 answers")
    answers(play, pod("client-w3"), FRONT, plain, "on w3 the Service is its own")


@step("E7", "nothing of it stays")
def gone(play):
    play.run("lab/kubectl delete namespace split --timeout=60s", timeout=70)
