# SPDX-License-Identifier: Apache-2.0
"""LoadBalancer addresses from pools: as asked for, shared, kept, refused with a reason, taken back."""

import json

from play import step

from . import places

ADDRESS = "172.18.7.15"
SATISFIED = "cilium.io/IPAMRequestSatisfied"
ACCEPTED = "kumo.dev/SpecAccepted"
INCOMPATIBLE = "already_allocated_incompatible_service"


def balanced_up(play):
    play.run("lab/kubectl apply -f lab/test/manifest/balanced.yaml")
    play.run("lab/kubectl wait -n balanced --for=condition=Ready pod server --timeout=60s", timeout=70, show=False)
    has_address(play, "web", ADDRESS)


def service(play, name, port, namespace="balanced", **annotations):
    """Annotations are LB IPAM's, without their prefix and with _ for -."""
    play.run(
        "lab/kubectl apply -f -",
        stdin=json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": {
                    "name": name,
                    "namespace": namespace,
                    "annotations": {
                        f"lbipam.cilium.io/{key.replace('_', '-')}": value for key, value in annotations.items()
                    },
                },
                "spec": {
                    "type": "LoadBalancer",
                    "selector": {"app": "server"},
                    "ports": [{"port": port, "targetPort": 8080}],
                },
            }
        ),
    )


def pool(play, name, *blocks):
    play.run(
        "lab/kubectl apply -f -",
        stdin=json.dumps(
            {
                "apiVersion": "cilium.io/v2",
                "kind": "CiliumLoadBalancerIPPool",
                "metadata": {"name": name},
                "spec": {
                    "blocks": list(blocks),
                    "serviceSelector": {"matchLabels": {"io.kubernetes.service.namespace": "balanced"}},
                },
            }
        ),
    )


def stretch(play, start, stop):
    """Edits the pool of the manifest."""
    patch = json.dumps({"spec": {"blocks": [{"start": start, "stop": stop}]}})
    play.run(f"lab/kubectl patch lbippool balanced --type merge -p '{patch}'")


def addresses(result):
    return [entry["ip"] for entry in result.json()["status"]["loadBalancer"].get("ingress", [])]


def condition(result, kind):
    return {found["type"]: found for found in result.json()["status"].get("conditions", [])}[kind]


def has_address(play, name, address, namespace="balanced", within=5):
    play.eventually(
        f"EXTERNAL-IP of {namespace}/{name} is {address}, nothing else",
        f"lab/kubectl get service -n {namespace} {name} -o json",
        lambda r: addresses(r) == [address] and condition(r, SATISFIED)["status"] == "True",
        within=within,
    )


def is_pending(play, name, reason, says, namespace="balanced"):
    play.eventually(
        f"{namespace}/{name} is pending: {reason}, …{says}…",
        f"lab/kubectl get service -n {namespace} {name} -o json",
        lambda r: addresses(r) == []
        and condition(r, SATISFIED)["reason"] == reason
        and says in condition(r, SATISFIED)["message"],
        within=5,
    )


def pool_says(play, name, kind, status, says):
    play.eventually(
        f"pool {name}: {kind} is {status}: …{says}…",
        f"lab/kubectl get lbippool {name} -o json",
        lambda r: condition(r, kind)["status"] == status and says in condition(r, kind)["message"],
        within=5,
    )


@step("B1", "a pool gives exactly the address that is asked for, and the cluster answers it")
def asked_for(play):
    balanced_up(play)
    pool_says(play, "balanced", "cilium.io/IPsTotal", "Unknown", "11")
    play.run("lab/kubectl get lbippool,service -n balanced")
    # Nobody announces it here: the LAN's router sends it to some node, here one without the backend.
    play.run(f"lab/outside ip route replace {ADDRESS} via {places.NODES['w2']}")
    for place in ("lab/outside", "lab/node w3"):
        play.eventually(
            "blue", f"{place} curl -sS --max-time 3 http://{ADDRESS}/color", lambda r: "blue" in r.out, within=10
        )
    service(play, "any", 80)
    play.eventually(
        "a Service that names none gets one",
        "lab/kubectl get service -n balanced any -o json",
        lambda r: len(addresses(r)) == 1 and addresses(r) != [ADDRESS],
        within=5,
    )


@step("B2", "Services of one sharing key share an address unless ports clash; across namespaces if both say so")
def shared(play):
    balanced_up(play)
    service(play, "beside", 81, sharing_key="front")
    has_address(play, "beside", ADDRESS)
    service(play, "clash", 80, sharing_key="front", ips=ADDRESS)
    is_pending(play, "clash", INCOMPATIBLE, "same port and protocol 80/TCP as Service balanced/web")
    service(play, "stranger", 82, ips=ADDRESS)
    is_pending(play, "stranger", "already_allocated", "lbipam.cilium.io/sharing-key")
    service(play, "guest", 83, "balanced-guest", sharing_key="front", sharing_cross_namespace="*", ips=ADDRESS)
    is_pending(play, "guest", INCOMPATIBLE, "namespace balanced-guest not allowed by Service balanced/beside", "balanced-guest")
    service(play, "beside", 81, sharing_key="front", sharing_cross_namespace="balanced-guest")
    has_address(play, "guest", ADDRESS, "balanced-guest")


@step("B3", "addresses stay over another leader, a restart and a pool's edit that contains them, and only then")
def kept(play):
    balanced_up(play)
    service(play, "any", 80)
    before = play.eventually(
        "an address", "lab/kubectl get service -n balanced any -o json", lambda r: len(addresses(r)) == 1, within=5
    )
    holder = play.run(
        "lab/kubectl get lease -n kumo-system lbipam-service -o jsonpath={.spec.holderIdentity}", show=False
    ).out
    play.run(f"lab/kubectl delete pod -n kumo-system {holder} --wait=false")
    play.eventually(
        "another replica leads",
        "lab/kubectl get lease -n kumo-system lbipam-service -o jsonpath={.spec.holderIdentity}",
        lambda r: r.out not in ("", holder),
        within=40,
    )
    play.run("lab/kubectl rollout restart -n kumo-system deploy/lbipam-service", show=False)
    play.run("lab/kubectl rollout status -n kumo-system deploy/lbipam-service --timeout=180s", timeout=190, show=False)
    stretch(play, "172.18.7.5", "172.18.7.40")
    pool_says(play, "balanced", "cilium.io/IPsTotal", "Unknown", "36")
    after = play.run("lab/kubectl get service -n balanced any -o json", show=False)
    play.expect("any has what it had", addresses(after) == addresses(before), addresses(after))
    has_address(play, "web", ADDRESS)
    stretch(play, "172.18.7.20", "172.18.7.40")
    is_pending(play, "web", "no_pool", f"No pool exists with a CIDR containing '{ADDRESS}'")
    stretch(play, "172.18.7.10", "172.18.7.20")
    has_address(play, "web", ADDRESS)


@step("B4", "of two overlapping pools the younger yields and says so; what it gave stays")
def conflict(play):
    balanced_up(play)
    pool(play, "balanced-younger", {"cidr": "172.18.7.64/28"})
    service(play, "given", 80, ips="172.18.7.70")
    has_address(play, "given", "172.18.7.70")
    pool(play, "balanced-younger", {"cidr": "172.18.7.64/28"}, {"start": "172.18.7.20", "stop": "172.18.7.22"})
    pool_says(play, "balanced-younger", "cilium.io/PoolConflict", "True", "from IP Pool 'balanced'")
    play.run("lab/kubectl get lbippool")
    service(play, "refused", 80, ips="172.18.7.71")
    is_pending(play, "refused", "no_pool", "pool 'balanced-younger' is in conflict with another")
    has_address(play, "given", "172.18.7.70")
    pool(play, "balanced-younger", {"cidr": "172.18.7.64/28"})
    pool_says(play, "balanced-younger", "cilium.io/PoolConflict", "False", "")
    has_address(play, "refused", "172.18.7.71")


@step("B5", "bad input is refused on the object itself; all else goes on")
def refused(play):
    balanced_up(play)
    pool(play, "balanced-broken", {"cidr": "172.18.7.300/28"}, {"cidr": "2001:db8::/64"}, {"cidr": "172.18.7.96/28"})
    pool_says(play, "balanced-broken", ACCEPTED, "False", "block 1: cidr '172.18.7.300/28' is no address block")
    pool_says(play, "balanced-broken", ACCEPTED, "False", "is IPv6: nodes serve IPv4 only")
    service(play, "good-block", 80, ips="172.18.7.97")
    has_address(play, "good-block", "172.18.7.97")
    service(play, "outside", 80, ips="192.0.2.1")
    is_pending(play, "outside", "no_pool", "No pool exists with a CIDR containing '192.0.2.1'")
    service(play, "no-address", 80, ips="web.example")
    is_pending(play, "no-address", "invalid_request", "'web.example' is no IP address")
    service(play, "ipv6", 80, ips="2001:db8::1")
    is_pending(play, "ipv6", "address_family_not_served", "nodes don't serve IPv6")
    # While a block cannot be read, no Service that the pool selects loses an address.
    play.run("lab/kubectl delete lbippool balanced-broken")


@step("B6", "without their pool Services are pending again, and nothing is left")
def taken_back(play):
    balanced_up(play)
    play.run(f"lab/outside ip route replace {ADDRESS} via {places.NODES['w2']}")
    play.run("lab/kubectl delete lbippool balanced balanced-younger balanced-broken --ignore-not-found")
    is_pending(play, "web", "no_pool", f"No pool exists with a CIDR containing '{ADDRESS}'")
    play.eventually(
        "nobody answers the address",
        f"lab/outside curl -sS --max-time 1 http://{ADDRESS}/color",
        lambda r: r.code != 0,
        within=10,
    )
    play.run(f"lab/outside ip route del {ADDRESS}", check=False)
    play.run("lab/kubectl delete namespace balanced balanced-guest --timeout=120s", timeout=130)
