# SPDX-License-Identifier: Apache-2.0
"""HTTP through the listener of a policy and through a Gateway, beside the same Envoy configured by hand, and no Envoy at all."""

import contextlib
import json
import os
import tempfile
import time
from pathlib import Path

from core import Aim, Unmeasurable, load
from core.lab import NODES, Lab, idle_pod, namespace

SPACE = "bench-l7"
NODE = "w1"
PORT, BY_HAND = 8080, {"policy": 18001, "Gateway": 18002}
ADDRESS = "172.18.7.90"
PATH = "/color"
CONNECTIONS, WORKERS = (1, 16, 512), (1, 2)
NONE, HAND, OURS = "no Envoy", "Envoy by hand", "ours"
AIMS = {"policy": 0.9, "Gateway": 0.95}


def measure(bench):
    load.build(bench)
    binary = envoy_binary()
    said = bench.run(str(binary), "--version").stdout
    bench.versions["Envoy"] = next((part for part in said.split("/") if part.count(".") == 2 and part[0].isdigit()), said.strip())
    for workers in WORKERS:
        for way in AIMS:
            for connections in CONNECTIONS:
                aims = [Aim(OURS, of=(HAND,), at_least=AIMS[way])]
                bench.metric(requests(way, connections, workers), "1/s", "higher", HAND, aims)
                bench.metric(slowest(way, connections, workers), "ms", "lower", HAND)
    bench.note("Client (wrk), server and Envoy share the machine's cores.")
    bench.note("Policy: from a pod to another of its node. Gateway: from outside, to a server on the node that is entered.")
    with Lab(bench) as lab, contextlib.ExitStack() as stack:
        stack.callback(remove, lab)
        pods = deploy(lab)
        for name in ("plain", "guarded"):
            stack.enter_context(pods[name].running(load.PROGRAM, "http", PORT))
            pods[name].until_listening(PORT)
        node_port = lab.get("service", "-n", SPACE, "plain")["spec"]["ports"][0]["nodePort"]
        urls = {
            ("policy", NONE): (pods["near"], f"http://{pods['plain'].address}:{PORT}{PATH}"),
            ("policy", HAND): (pods["near"], f"http://{NODES[NODE]}:{BY_HAND['policy']}{PATH}"),
            ("policy", OURS): (pods["near"], f"http://{pods['guarded'].address}:{PORT}{PATH}"),
            ("Gateway", NONE): (lab.outside(), f"http://{NODES[NODE]}:{node_port}{PATH}"),
            ("Gateway", HAND): (lab.outside(), f"http://{NODES[NODE]}:{BY_HAND['Gateway']}{PATH}"),
            ("Gateway", OURS): (lab.outside(), f"http://{ADDRESS}{PATH}"),
        }
        before = concurrency(lab)
        try:
            for workers in WORKERS:
                set_concurrency(lab, workers)
                with envoy_by_hand(lab, binary, workers, pods["plain"].address):
                    answers(lab, urls)
                    bench.in_turn(bench.rounds(7), subjects(bench, urls, workers))
        finally:
            set_concurrency(lab, before)


def requests(way, connections, workers):
    return f"{way}, {plural(connections, 'connection')}, {plural(workers, 'worker')}: requests"


def slowest(way, connections, workers):
    return f"{way}, {plural(connections, 'connection')}, {plural(workers, 'worker')}: 99 %"


def plural(number, word):
    return f"{number} {word}{'s' if number > 1 else ''}"


def subjects(bench, urls, workers):
    seconds = bench.choose(2, quick=1)

    def one(subject):
        def sample():
            values = {}
            for way in AIMS:
                for connections in CONNECTIONS:
                    client, url = urls[way, subject]
                    said = load.wrk(client, url, connections, seconds)
                    values[requests(way, connections, workers)] = said["rate"]
                    values[slowest(way, connections, workers)] = said["p99_ms"]
            return values

        return sample

    return {subject: one(subject) for subject in (NONE, HAND, OURS)}


def deploy(lab):
    lab.apply(
        [
            namespace(SPACE),
            idle_pod(SPACE, "near", NODE, side="client"),
            idle_pod(SPACE, "plain", NODE),
            idle_pod(SPACE, "guarded", NODE),
            {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": {"name": "plain", "namespace": SPACE},
                "spec": {"type": "NodePort", "selector": {"app": "plain"}, "ports": [{"port": 80, "targetPort": PORT}]},
            },
            {
                "apiVersion": "cilium.io/v2",
                "kind": "CiliumNetworkPolicy",
                "metadata": {"name": "guarded", "namespace": SPACE},
                "spec": {
                    "endpointSelector": {"matchLabels": {"app": "guarded"}},
                    "ingress": [
                        {
                            "fromEndpoints": [{"matchLabels": {"side": "client"}}],
                            "toPorts": [
                                {
                                    "ports": [{"port": str(PORT), "protocol": "TCP"}],
                                    "rules": {"http": [{"method": "GET", "path": PATH}]},
                                }
                            ],
                        }
                    ],
                },
            },
            {
                "apiVersion": "cilium.io/v2",
                "kind": "CiliumLoadBalancerIPPool",
                "metadata": {"name": SPACE},
                "spec": {
                    "blocks": [{"start": ADDRESS, "stop": ADDRESS}],
                    "serviceSelector": {"matchLabels": {"io.kubernetes.service.namespace": SPACE}},
                },
            },
            {
                "apiVersion": "gateway.networking.k8s.io/v1",
                "kind": "Gateway",
                "metadata": {"name": "front", "namespace": SPACE},
                "spec": {
                    "gatewayClassName": "cilium",
                    "addresses": [{"value": ADDRESS}],
                    "listeners": [{"name": "web", "protocol": "HTTP", "port": 80}],
                },
            },
            {
                "apiVersion": "gateway.networking.k8s.io/v1",
                "kind": "HTTPRoute",
                "metadata": {"name": "all", "namespace": SPACE},
                "spec": {
                    "parentRefs": [{"name": "front"}],
                    "rules": [{"backendRefs": [{"name": "plain", "port": 80}]}],
                },
            },
        ]
    )
    # Nobody announces the address: the outside host is told which node it is at, the one that the by-hand Envoy is on.
    lab.outside().run("ip", "route", "replace", ADDRESS, "via", NODES[NODE])
    pods = {name: lab.pod(SPACE, name) for name in ("near", "plain", "guarded")}
    lab.kubectl("wait", "-n", SPACE, "--for=condition=Valid", "cnp/guarded", "--timeout=60s")
    lab.kubectl("wait", "-n", SPACE, "--for=condition=Programmed", "gateway/front", "--timeout=60s")
    return pods


def remove(lab):
    lab.delete("namespace", SPACE)
    lab.delete("ciliumloadbalancerippool", SPACE)
    lab.outside().run("ip", "route", "delete", ADDRESS, check=False)


def concurrency(lab):
    args = lab.get("daemonset", "-n", "kumo-system", "envoy")["spec"]["template"]["spec"]["containers"][0]["args"]
    return int(args[args.index("--concurrency") + 1])


def set_concurrency(lab, workers):
    """Rolls the lab's Envoys to so many worker threads, unless they have them."""
    args = lab.get("daemonset", "-n", "kumo-system", "envoy")["spec"]["template"]["spec"]["containers"][0]["args"]
    place = args.index("--concurrency") + 1
    if args[place] == str(workers):
        return
    path = f"/spec/template/spec/containers/0/args/{place}"
    patch = json.dumps([{"op": "replace", "path": path, "value": str(workers)}])
    lab.kubectl("patch", "daemonset", "-n", "kumo-system", "envoy", "--type=json", "-p", patch)
    lab.kubectl("rollout", "status", "-n", "kumo-system", "daemonset/envoy", "--timeout=180s")


def answers(lab, urls):
    """All ways in answer; a policy's listener refuses what its rules don't name."""
    for client, url in urls.values():
        lab.eventually(f"{url} answers", lambda: code(client, url) == "200", within=60)
        time.sleep(0.1)
    client, url = urls["policy", OURS]
    if (refused := code(client, url.replace(PATH, "/other"))) != "403":
        raise Unmeasurable(f"the policy's rules are not in force: {url}: {refused}")


def code(client, url):
    return client.run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "2", url, check=False).stdout


def envoy_binary():
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "kumo/images"
    found = sorted(cache.glob("envoy-*/usr/local/bin/envoy"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise Unmeasurable("no Envoy in the cache: make images IMAGES=envoy")
    return found[-1]


@contextlib.contextmanager
def envoy_by_hand(lab, binary, workers, server):
    """The stock binary on the node, with one static listener for either way."""
    with tempfile.TemporaryDirectory(prefix="kumo-bench-", dir=load.PROGRAM.parent) as folder:
        config = Path(folder) / "envoy.json"
        config.write_text(json.dumps(by_hand(server)), encoding="utf-8")
        words = ("--use-dynamic-base-id", "--log-level", "warning", "--concurrency", workers, "--config-path", config)
        with open(Path(folder) / "log", "wb") as log, lab.node(NODE).running(binary, *words, log=log):
            for port in BY_HAND.values():
                lab.node(NODE).until_listening(port, seconds=30)
            yield


def by_hand(server):
    """What somebody writes who has read Envoy's documentation; the policy's way with the same rules."""
    return {
        "static_resources": {
            "listeners": [listener("policy", [rbac(), router()]), listener("Gateway", [router()])],
            "clusters": [
                {
                    "name": "server",
                    "type": "STATIC",
                    "connect_timeout": "5s",
                    "load_assignment": {
                        "cluster_name": "server",
                        "endpoints": [{"lb_endpoints": [{"endpoint": {"address": socket(server, PORT)}}]}],
                    },
                }
            ],
        }
    }


def socket(address, port):
    return {"socket_address": {"address": address, "port_value": port}}


def listener(way, filters):
    kind = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
    manager = {
        "@type": f"type.googleapis.com/{kind}",
        "stat_prefix": way,
        "http_filters": filters,
        "route_config": {
            "virtual_hosts": [
                {"name": "all", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "server"}}]}
            ]
        },
    }
    return {
        "name": way,
        "address": socket("0.0.0.0", BY_HAND[way]),
        "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
    }


def rbac():
    path = {"url_path": {"path": {"safe_regex": {"regex": PATH}}}}
    method = {"header": {"name": ":method", "string_match": {"exact": "GET"}}}
    policy = {"permissions": [{"and_rules": {"rules": [method, path]}}], "principals": [{"any": True}]}
    return {
        "name": "rbac",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC",
            "rules": {"policies": {"all": policy}},
        },
    }


def router():
    return {
        "name": "router",
        "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"},
    }
