# SPDX-License-Identifier: Apache-2.0
"""L2 announcement as the API server shows it: Leases, holders, conditions. What is seen on the wire is in wire.py."""

import collections
import json

from play import step

NAMES = [f"web{i}" for i in range(9)]
LEASES = "lab/kubectl get lease -n kumo-system -o json"


def policy(play, name="announced", **spec):
    play.run(
        "lab/kubectl apply -f -",
        stdin=json.dumps(
            {
                "apiVersion": "cilium.io/v2alpha1",
                "kind": "CiliumL2AnnouncementPolicy",
                "metadata": {"name": name},
                "spec": {
                    "loadBalancerIPs": True,
                    "serviceSelector": {"matchLabels": {"io.kubernetes.service.namespace": "announced"}},
                    **spec,
                },
            }
        ),
    )


def service(name, **spec):
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": "announced"},
        "spec": {
            "type": "LoadBalancer",
            "selector": {"app": "server"},
            "ports": [{"port": 80, "targetPort": 8080}],
            **spec,
        },
    }


def announced_up(play):
    play.run("lab/kubectl apply -f lab/test/manifest/announced.yaml")
    play.run("lab/kubectl rollout status -n announced ds/server --timeout=90s", timeout=100, show=False)
    play.run(
        "lab/kubectl apply -f -",
        stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": [service(name) for name in NAMES]}),
    )


def leases(result):
    """Leases of this test's Services, by Service."""
    prefix = "cilium-l2announce-announced-"
    return {
        lease["metadata"]["name"].removeprefix(prefix): lease
        for lease in result.json()["items"]
        if lease["metadata"]["name"].startswith(prefix)
    }


def holders(result):
    return {name: lease["spec"]["holderIdentity"] for name, lease in leases(result).items()}


def terms(result):
    return {name: int(lease["metadata"]["annotations"]["kumo.dev/term"]) for name, lease in leases(result).items()}


def lists(lease):
    """Node names in order, of the Lease's first address."""
    announcement = json.loads(lease["metadata"]["annotations"]["kumo.dev/announcement"])
    return [holder["node"] for holder in announcement[0]["holders"]]


def all_have_leases(play):
    return play.eventually(
        "each of the Services has a Lease", LEASES, lambda r: set(NAMES) <= set(holders(r)), within=20
    )


def condition(result, kind):
    return {found["type"]: found for found in result.json().get("status", {}).get("conditions", [])}.get(kind, {})


def policy_says(play, name, kind, status, says, within=10):
    play.eventually(
        f"policy {name}: {kind} is {status}: …{says}…",
        f"lab/kubectl get l2announcement {name} -o json",
        lambda r: condition(r, kind).get("status") == status and says in condition(r, kind).get("message", ""),
        within=within,
    )


@step("A1", "a policy has each Service's Lease name a holder, spread evenly over the nodes")
def spread(play):
    announced_up(play)
    policy(play, interfaces=["^eth[0-9]+"])
    result = all_have_leases(play)
    play.run("lab/kubectl get lease -n kumo-system")
    counts = collections.Counter(holders(result).values())
    play.expect("three of nine Services on each node", sorted(counts.values()) == [3, 3, 3], dict(counts))
    first = leases(result)["web0"]
    play.expect("holder and two backups", len(set(lists(first))) == 3 and lists(first)[0] == first["spec"]["holderIdentity"], lists(first))


@step("A2", "holders and terms stay over another leader and a restart of both replicas")
def kept(play):
    announced_up(play)
    policy(play, interfaces=["^eth[0-9]+"])
    before = all_have_leases(play)
    leader = play.run(
        "lab/kubectl get lease -n kumo-system l2-announcer -o jsonpath={.spec.holderIdentity}", show=False
    ).out
    play.run(f"lab/kubectl delete pod -n kumo-system {leader} --wait=false")
    play.eventually(
        "another replica leads",
        "lab/kubectl get lease -n kumo-system l2-announcer -o jsonpath={.spec.holderIdentity}",
        lambda r: r.out not in ("", leader),
        within=40,
    )
    play.run("lab/kubectl rollout restart -n kumo-system deploy/l2-announcer", show=False)
    play.run("lab/kubectl rollout status -n kumo-system deploy/l2-announcer --timeout=180s", timeout=190, show=False)
    play.run("lab/kubectl apply -f -", stdin=json.dumps(service("late")))
    after = play.eventually("the new leader gives a new Service a holder", LEASES, lambda r: "late" in holders(r), within=30)
    same = {name: holder for name, holder in holders(after).items() if name != "late"}
    play.expect("holders are as before", same == holders(before), same)
    play.expect(
        "and so are terms", {n: t for n, t in terms(after).items() if n != "late"} == terms(before), terms(after)
    )
    play.run("lab/kubectl delete service -n announced late")
    play.eventually("its Lease goes with it", LEASES, lambda r: "late" not in holders(r), within=10)


@step("A3", "a change of the node selector moves what the node held, under higher terms, and nothing else")
def moved(play):
    announced_up(play)
    policy(play, interfaces=["^eth[0-9]+"])
    before = all_have_leases(play)
    policy(
        play,
        interfaces=["^eth[0-9]+"],
        nodeSelector={"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "NotIn", "values": ["w1"]}]},
    )
    after = play.eventually(
        "w1 is in no list any more",
        LEASES,
        lambda r: all("w1" not in lists(leases(r)[name]) for name in NAMES),
        within=20,
    )
    stayed = {name for name, holder in holders(before).items() if holder != "w1"}
    play.expect(
        "what others held stays", all(holders(after)[n] == holders(before)[n] for n in stayed), holders(after)
    )
    play.expect("terms are higher", all(terms(after)[n] > terms(before)[n] for n in NAMES), terms(after))
    policy(play, interfaces=["^eth[0-9]+"])
    play.eventually(
        "w1 is a backup again, nothing moves back",
        LEASES,
        lambda r: all("w1" in lists(leases(r)[name]) for name in NAMES) and holders(r) == holders(after),
        within=20,
    )


@step("A4", "bad input is refused on the policy itself; what was announced stays, other policies go on")
def refused(play):
    announced_up(play)
    policy(play, interfaces=["^eth[0-9]+"])
    before = all_have_leases(play)
    policy(play, interfaces=["^eth["])
    policy_says(play, "announced", "io.cilium/bad-interface-regex", "True", "interfaces[0]: '^eth['")
    policy(play, "announced-beside", serviceSelector={"matchLabels": {"beside": "yes"}})
    beside = service("beside")
    beside["metadata"]["labels"] = {"beside": "yes"}
    play.run("lab/kubectl apply -f -", stdin=json.dumps(beside))
    play.eventually("another policy is followed", LEASES, lambda r: "beside" in holders(r), within=10)
    now = play.run(LEASES, show=False)
    play.expect("what was announced stays", all(holders(now)[n] == holders(before)[n] for n in NAMES), holders(now))
    policy(play, nodeSelector={"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": []}]})
    policy_says(play, "announced", "io.cilium/bad-node-selector", "True", "needs at least one value")
    policy(play, interfaces=["^ens"])
    policy_says(play, "announced", "io.cilium/bad-interface-regex", "False", "")
    policy_says(play, "announced", "kumo.dev/Announced", "False", "no selected node has a link that matches and is up")
    policy(play, interfaces=["^eth[0-9]+"])
    all_have_leases(play)
    play.run("lab/kubectl delete l2announcement announced-beside")
    play.run("lab/kubectl delete service -n announced beside")


@step("A5", "a Lease that another controller has is left alone, and the policy says so")
def foreign(play):
    announced_up(play)
    policy(play, interfaces=["^eth[0-9]+"])
    all_have_leases(play)
    theirs = {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": "cilium-l2announce-announced-theirs", "namespace": "kumo-system"},
        "spec": {"holderIdentity": "somebody"},
    }
    play.run("lab/kubectl apply -f -", stdin=json.dumps(theirs))
    play.run("lab/kubectl apply -f -", stdin=json.dumps(service("theirs")))
    policy_says(play, "announced", "kumo.dev/Announced", "False", "is not ours")
    found = play.run(LEASES, show=False)
    play.expect("its holder is theirs", holders(found)["theirs"] == "somebody", leases(found)["theirs"])
    play.run("lab/kubectl delete lease -n kumo-system cilium-l2announce-announced-theirs")
    play.eventually(
        "once it is gone the Service gets a node", LEASES, lambda r: holders(r).get("theirs", "").startswith("w"), within=10
    )
    play.run("lab/kubectl delete service -n announced theirs")


@step("A6", "without the policy no Lease is left")
def withdrawn(play):
    announced_up(play)
    policy(play, interfaces=["^eth[0-9]+"])
    all_have_leases(play)
    play.run("lab/kubectl delete l2announcement announced")
    play.eventually("no Lease of theirs is left", LEASES, lambda r: leases(r) == {}, within=20)
    play.run("lab/kubectl delete lbippool announced")
    play.run("lab/kubectl delete namespace announced --timeout=120s", timeout=130)
