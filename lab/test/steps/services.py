# SPDX-License-Identifier: Apache-2.0
"""What a Service's settings promise: traffic policies, affinity, source ranges, health checks, host addresses."""

import contextlib
import json
import time

from play import Failed, step

from .load import datagrams
from .places import CONTROL_PLANE, NODES, OUTSIDE

LOCAL_VIP = "172.18.0.241"
RANGED_VIP = "172.18.0.242"
OTHER_HOST_ADDRESS = "172.18.0.243"
REFUSED = 7  # curl: failed to connect, at once
TIMED_OUT = 28


def services_up(play):
    play.run("lab/kubectl apply -f lab/test/manifest/services.yaml", show=False)
    for name in ("deploy/blue", "deploy/green", "ds/client"):
        play.run(f"lab/kubectl rollout status -n services {name} --timeout=60s", timeout=70, show=False)


def give_address(play, service, address):
    """What a load balancer's controller would write."""
    status = json.dumps({"status": {"loadBalancer": {"ingress": [{"ip": address, "ipMode": "VIP"}]}}})
    play.run(f"lab/kubectl patch service -n services {service} --subresource=status --type=merge -p '{status}'")


@contextlib.contextmanager
def routed(play, machine, address, node):
    """Nobody announces the address: while the block runs, the machine has a route to it by way of a node."""
    play.run(f"{machine} ip route replace {address}/32 via {NODES[node]}")
    try:
        yield
    finally:
        play.run(f"{machine} ip route delete {address}/32 via {NODES[node]}", check=False)


def address_of(play, name):
    return play.run(f"lab/kubectl get service -n services {name} -o jsonpath={{.spec.clusterIP}}", show=False).out


def clients(play):
    """Command prefix of the client pod of each node."""
    listing = play.run("lab/kubectl get pods -n services -l app=client -o json", show=False).json()
    return {pod["spec"]["nodeName"]: f"lab/kubectl exec -n services {pod['metadata']['name']} --" for pod in listing["items"]}


def curl(prefix, host, port=80, path="/color"):
    return f"{prefix} curl -sS --max-time 3 http://{host}:{port}{path}"


def colors(play, prefix, host, port=80, connections=15):
    """Who answers connections that are opened one after the other; none of them may fail."""
    url = f"http://{host}:{port}/color?[1-{connections}]"
    return set(play.run(f"{prefix} curl -sS --fail --max-time 3 -H 'Connection: close' '{url}'", show=False).out.split())


def says(text):
    return lambda result: result.code == 0 and result.out.strip() == text


def ends(code):
    return lambda result: result.code == code


@step("S1", "externalTrafficPolicy Local: the client's own address, and a refusal where no backend is")
def external_local(play):
    services_up(play)
    give_address(play, "local", LOCAL_VIP)
    kept = curl("lab/outside", NODES["w1"], 30181, "/peer")
    play.eventually("the server sees the client's own address", kept, says(OUTSIDE), within=20)
    for node in ("w2", "w3"):
        refusal = curl("lab/outside", NODES[node], 30181)
        play.eventually(f"{node}, which has no backend, refuses", refusal, ends(REFUSED), within=5)
    datagram = f"lab/outside sh -c 'echo peer | nc -u -w 2 -W 1 {NODES['w1']} 30181'"
    play.eventually("UDP likewise", datagram, says(OUTSIDE), within=5)
    for node, seen in (("w1", says(OUTSIDE)), ("w2", ends(REFUSED))):
        with routed(play, "lab/outside", LOCAL_VIP, node):
            play.eventually(f"its load balancer's address by {node}", curl("lab/outside", LOCAL_VIP, path="/peer"), seen, within=10)
            unknown = play.run(curl("lab/outside", LOCAL_VIP, 81), check=False)
            play.expect("a port that it doesn't have: no answer", unknown.code == TIMED_OUT, unknown.code)
    for node, prefix in clients(play).items():
        for host, port in ((NODES["w2"], 30181), (LOCAL_VIP, 80)):
            play.eventually(f"a pod of {node} is served wherever the backend is", curl(prefix, host, port), says("blue"), within=5)


@step("S2", "healthCheckNodePort: 200 where a backend is ready, 503 elsewhere")
def health_check(play):
    services_up(play)

    def status(node, code, within=10):
        ask = f"lab/outside curl -sS --max-time 3 -o /dev/null -w '%{{http_code}}' http://{NODES[node]}:30182/healthz"
        play.eventually(f"{node} says {code}", ask, says(code), within=within)

    for node, code in (("w1", "200"), ("w2", "503"), ("w3", "503")):
        status(node, code)
    try:
        play.run("lab/kubectl scale -n services deploy/blue --replicas=0")
        status("w1", "503", within=20)
    finally:
        play.run("lab/kubectl scale -n services deploy/blue --replicas=1")
    status("w1", "200", within=20)


@step("S3", "internalTrafficPolicy Local: the own node's backend, or a refusal")
def internal_local(play):
    services_up(play)
    address = address_of(play, "inside")
    prefixes = clients(play)
    for node, color in (("w1", "blue"), ("w2", "green")):
        for prefix in (prefixes[node], f"lab/node {node}"):
            play.eventually(f"{color} on {node}", curl(prefix, address), says(color), within=10)
            seen = colors(play, prefix, address)
            play.expect(f"always {color}", seen == {color}, seen)
    for prefix in (prefixes["w3"], "lab/node w3"):
        play.eventually("w3, which has none, refuses", curl(prefix, address), ends(REFUSED), within=10)


@step("S4", "session affinity: a client keeps its backend as long as it is there")
def affinity(play):
    services_up(play)
    entry = ("lab/outside", NODES["w3"])
    play.eventually("the Service without affinity answers", curl(*entry, 30184), lambda r: r.code == 0, within=10)
    seen = colors(play, *entry, 30184, connections=40)
    play.expect("without affinity both answer", seen == {"blue", "green"}, seen)
    address = address_of(play, "sticky")
    ways = [("outside, by w3", *entry, 30183), ("process of w3", "lab/node w3", address, 80)]
    ways += [(f"pod of {node}", prefix, address, 80) for node, prefix in clients(play).items()]
    for who, *way in ways:
        play.eventually(f"{who} is answered", curl(*way), lambda r: r.code == 0, within=10)
        seen = colors(play, *way)
        play.expect(f"{who}: one backend", len(seen) == 1, seen)
    who, *way = ways[0]
    (kept,) = colors(play, *way)
    other = {"blue": "green", "green": "blue"}[kept]
    try:
        play.run(f"lab/kubectl scale -n services deploy/{kept} --replicas=0")
        play.eventually(f"its backend gone, {who} gets the other", curl(*way), says(other), within=20)
    finally:
        play.run(f"lab/kubectl scale -n services deploy/{kept} --replicas=1")
        play.run(f"lab/kubectl rollout status -n services deploy/{kept} --timeout=60s", timeout=70)
    seen = colors(play, *way)
    play.expect("and keeps that one", seen == {other}, seen)


@step("S5", "loadBalancerSourceRanges: who is not in them gets no answer")
def source_ranges(play):
    services_up(play)
    give_address(play, "ranged", RANGED_VIP)
    with routed(play, "lab/outside", RANGED_VIP, "w3"), routed(play, "lab/node cp", RANGED_VIP, "w3"):
        play.eventually(f"{OUTSIDE} is in them", curl("lab/outside", RANGED_VIP), says("blue"), within=10)
        stranger = play.run(curl("lab/node cp", RANGED_VIP), check=False)
        play.expect(f"{CONTROL_PLANE} is not", stranger.code == TIMED_OUT, stranger.code)
        ranges = json.dumps({"spec": {"loadBalancerSourceRanges": [f"{CONTROL_PLANE}/32"]}})
        play.run(f"lab/kubectl patch service -n services ranged --type=merge -p '{ranges}'")
        play.eventually("now it is", curl("lab/node cp", RANGED_VIP), says("blue"), within=10)
        play.eventually(f"and {OUTSIDE} no longer", curl("lab/outside", RANGED_VIP), ends(TIMED_OUT), within=10)
    for node, prefix in clients(play).items():
        play.eventually(f"they don't concern a pod of {node}", curl(prefix, RANGED_VIP), says("blue"), within=5)


@step("S6", "hostPort with hostIP: each address has its own pod")
def host_addresses(play):
    services_up(play)
    try:
        play.run("lab/kubectl apply -f lab/test/manifest/hostports.yaml")
        play.run("lab/kubectl wait -n services --for=condition=Ready pod at-lan at-other --timeout=60s", timeout=70)
        for prefix in ("lab/outside", "lab/node w1", clients(play)["w1"]):
            play.eventually("the node's own address", curl(prefix, NODES["w1"], 18090), says("purple"), within=10)
        with routed(play, "lab/outside", OTHER_HOST_ADDRESS, "w1"):
            play.eventually("the other one", curl("lab/outside", OTHER_HOST_ADDRESS, 18090), says("orange"), within=10)
        refusal = curl("lab/outside", NODES["w2"], 18090)
        play.eventually("w2 has no such port", refusal, ends(REFUSED), within=5)
    finally:
        play.run("lab/kubectl delete -f lab/test/manifest/hostports.yaml --wait=true")
    play.eventually("the pods gone, w1 refuses", curl("lab/outside", NODES["w1"], 18090), ends(REFUSED), within=10)


@step("S7", "UDP: a flow goes on with the new backend when its own is replaced")
def udp_restart(play):
    services_up(play)
    for prefix, host, port in (("lab/outside", NODES["w3"], 30185), ("lab/node w2", address_of(play, "datagrams"), 53)):
        with datagrams(play, prefix, host, port) as load:
            time.sleep(2)
            play.run("lab/kubectl rollout restart -n services deploy/blue")
            play.run("lab/kubectl rollout status -n services deploy/blue --timeout=60s", timeout=70)
            time.sleep(4)
        play.expect(f"{prefix}: answered again", load.code == 0, load.report)


@step("S8", "NodePort of every node from every node, its processes and its pods")
def node_ports(play):
    services_up(play)
    for node, pod in sorted(clients(play).items()):
        for prefix in (f"lab/node {node}", pod):
            for name, address in NODES.items():
                last = play.run(curl(prefix, address, 30184), check=False, show=False)
                if last.code or last.out.strip() not in ("blue", "green"):
                    raise Failed(f"{prefix} → NodePort of {name}: {last.out or last.err}")
    play.say("    seen: 18 of 18 answered")
    play.run("lab/kubectl delete namespace services --timeout=120s", timeout=130)
