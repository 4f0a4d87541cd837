# SPDX-License-Identifier: Apache-2.0
"""Who reaches what under policies of each kind, which address the server sees, and the reason of each drop."""

from play import step

from . import places
from .connectivity import cluster_ip, matrix_up, peer, pod_address, route_pods
from .faults import dataplane

PATHS = ("/peer", "/")
NO_ANSWER = "no answer"
DENIED = "POLICY_DENIED"
POLICIES = {
    "none": (),
    "L4": ("l4",),
    "ingress L7": ("ingress-l7",),
    "egress L7": ("egress-l7",),
    "both": ("ingress-l7", "egress-l7"),
}


def expected(policies, source, path):
    """The status that the source gets, or NO_ANSWER where the packet is dropped.

    A node's own processes reach its own pods whatever the policy; other nodes and the LAN are no client of the rules.
    """
    client = source.name.startswith("pod")
    guarded = {"l4", "ingress-l7"} & set(policies)
    if not client:
        return NO_ANSWER if guarded and source.node != "w1" else "200"
    looked_into = {"ingress-l7", "egress-l7"} & set(policies)
    return "403" if looked_into and path != "/peer" else "200"


def ask(play, source, target, path):
    """Status and body; NO_ANSWER if nothing came within two seconds."""
    result = play.run(
        f"{source.prefix} curl -sS --max-time 2 -w '\\n%{{http_code}}' http://{target.host}:{target.port}{path}",
        check=False,
        show=False,
        timeout=20,
    )
    body, _, code = result.out.rpartition("\n")
    return (code, body) if result.code == 0 else (NO_ANSWER if result.code == 28 else f"curl: {result.code}", body)


def drops(play, node, reason):
    """How many packets the node has dropped for this reason."""
    table = play.run(f"lab/kubectl exec -n kumo-system {dataplane(play, node)} -- kumo node drops -o json", show=False).json()
    return sum(int(row["packets"]) for row in table if row["reason"] == reason)


def denied(play):
    return {node: drops(play, node, DENIED) for node in places.NODES}


def apply(play, names):
    play.run("lab/kubectl delete ciliumnetworkpolicies -n matrix --all")
    for name in names:
        play.run(f"lab/kubectl apply -f lab/test/manifest/policies.yaml -l policy={name}")
        play.eventually(
            f"{name} is Valid",
            f"lab/kubectl get -n matrix ciliumnetworkpolicy {name} -o json",
            lambda r: [c["status"] for c in r.json()["status"]["conditions"] if c["type"] == "Valid"] == ["True"],
            within=12,
        )


def probed(play):
    """The kubelet's probe of a pod that is made under the policies."""
    play.run("lab/kubectl delete pod -n matrix probed --ignore-not-found --now", show=False)
    play.run("lab/kubectl apply -f lab/test/manifest/probed.yaml")
    play.run("lab/kubectl wait -n matrix --for=condition=Ready pod/probed --timeout=30s", timeout=40)


def everyone_under(play, name, names, wrong):
    apply(play, names)
    sources = places.sources(lambda pod: pod_address(play, pod))
    server, service = pod_address(play, "server"), cluster_ip(play)
    before = denied(play)
    dropped = 0
    for source in sources:
        for target in places.targets(server, service):
            if not places.reachable(source, target) or not judged(source, target):
                continue
            for path in PATHS:
                status, body = ask(play, source, target, path)
                wanted = expected(names, source, path)
                seen = peer(body) if path == "/peer" and status == "200" else ""
                play.say(f"    {name:11} {source.name:15} {target.name:14} {path:6} {status:10} {seen}")
                if status != wanted:
                    wrong.append(f"{name}: {source.name} → {target.name} {path}: {status}, not {wanted}")
                elif seen and seen not in places.acceptable(source, target):
                    wrong.append(f"{name}: {source.name} → {target.name}: the server sees {seen}")
                dropped += status == NO_ANSWER
    after = denied(play)
    more = sum(after.values()) - sum(before.values())
    if dropped and more < dropped:
        wrong.append(f"{name}: {dropped} attempts were dropped, but only {more} packets counted as {DENIED}")
    probed(play)


def judged(source, target):
    """Pods and nodes by the pod's and the Service's address; the LAN by NodePorts."""
    return target.name in ("pod", "ClusterIP") or (source.node is None and target.name.startswith("NodePort"))


def matrix_under_policies(play):
    matrix_up(play)
    wrong = []
    try:
        for name, names in POLICIES.items():
            everyone_under(play, name, names, wrong)
    finally:
        play.run("lab/kubectl delete ciliumnetworkpolicies -n matrix --all")
        play.run("lab/kubectl delete pod -n matrix probed --ignore-not-found --now", show=False)
    play.expect("every cell as designed", not wrong, "; ".join(wrong))


@step("L1", "policies of each kind, pods of other nodes through the overlay")
def policies(play):
    matrix_under_policies(play)


@step("L2", "policies of each kind, pods of other nodes by direct routes")
def policies_direct(play):
    matrix_up(play)
    try:
        route_pods(play, "direct")
        matrix_under_policies(play)
    finally:
        route_pods(play, "vxlan")
