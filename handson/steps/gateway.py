# SPDX-License-Identifier: Apache-2.0
"""Steps 10–14: a Gateway, its address, its weights, a route that modifies, and its end."""

import json
import re
from collections import Counter

from held import NODES, envoy_listeners
from play import step

ADDRESS = "172.18.0.200"
OWNED = "lab/kubectl get svc -n handson -l io.cilium.gateway/owning-gateway=color-gw"
GATEWAY = "lab/kubectl get gateway -n handson color-gw -o json"
REQUESTS = 200


def condition(item, kind):
    """(status, reason) of a condition; a LookupError if it isn't there."""
    found = {c["type"]: (c["status"], c["reason"]) for c in item["status"]["conditions"]}
    return found[kind]


def colours(play, prefix, url):
    """How often each colour answered, of so many requests on connections of their own."""
    loop = f"for i in $(seq {REQUESTS}); do curl -sS --max-time 5 {url} || echo failed; echo; done"
    lines = play.run(f"{prefix} sh -c '{loop}'", show=False, timeout=180).out.split()
    counted = Counter(lines)
    play.say(f"    {dict(counted)}")
    return counted


def expect_split(play, counted, blue, yellow, tolerance=15):
    near = abs(counted["blue"] - blue) <= tolerance and abs(counted["yellow"] - yellow) <= tolerance
    whole = counted["blue"] + counted["yellow"] == REQUESTS
    play.expect(f"blue:yellow {blue} ± {tolerance} : {yellow} ± {tolerance}, no other answer", near and whole, dict(counted))


def answering(play):
    """Hardware addresses that answer ARP for the Gateway's address within three requests."""
    asked = play.run(f"lab/outside arping -c 3 -w 4 -I eth0 {ADDRESS}", check=False).out
    return set(re.findall(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", asked.lower()))


@step("10", "a Gateway without an address")
def gateway(play):
    play.run("lab/kubectl apply -n handson -f handson/manifest/app-yellow.yaml")
    play.run("lab/kubectl apply -n handson -f handson/manifest/service.yaml")
    play.run("lab/kubectl rollout status -n handson deploy/handson-yellow --timeout=60s", timeout=70)
    play.run("lab/kubectl apply -n handson -f handson/manifest/gateway_api.yaml")
    made = play.eventually(
        "Service cilium-gateway-color-gw of type LoadBalancer",
        f"{OWNED} -o json",
        lambda r: [s["metadata"]["name"] for s in r.json()["items"]] == ["cilium-gateway-color-gw"],
        within=3,
    ).json()["items"][0]
    play.expect("its type is LoadBalancer", made["spec"]["type"] == "LoadBalancer", made["spec"]["type"])
    play.eventually(
        "PROGRAMMED False, AddressNotAssigned",
        GATEWAY,
        lambda r: condition(r.json(), "Programmed") == ("False", "AddressNotAssigned"),
        within=3,
    )
    table = play.run("lab/kubectl get gateway,httproute,svc -n handson").out
    line = next((one for one in table.splitlines() if "service/cilium-gateway-color-gw" in one), "")
    play.expect("EXTERNAL-IP <pending>", "<pending>" in line, line)


@step("11", "an address pool and an announcement")
def announced(play):
    play.run("lab/kubectl apply -f handson/manifest/l2announcement.yaml")
    play.eventually(
        f"EXTERNAL-IP {ADDRESS}",
        f"{OWNED} -o jsonpath='{{.items[0].status.loadBalancer.ingress[*].ip}}'",
        lambda r: r.out == ADDRESS,
    )
    programmed = play.eventually(
        "PROGRAMMED True",
        GATEWAY,
        lambda r: condition(r.json(), "Programmed")[0] == "True",
        within=3,
    ).json()
    addresses = [a["value"] for a in programmed["status"]["addresses"]]
    play.expect(f"with address {ADDRESS}", addresses == [ADDRESS], addresses)
    play.run("lab/kubectl get gateway,svc -n handson")


@step("12", "one node answers for the address; 90 to 10")
def weighted(play):
    play.eventually(
        f"{ADDRESS} answers",
        f"lab/outside curl -sS --max-time 2 {ADDRESS}/color",
        lambda r: r.out.strip() in ("blue", "yellow"),
        within=5,
    )
    macs = answering(play)
    play.expect("exactly one node's MAC", len(macs) == 1, sorted(macs))
    expect_split(play, colours(play, "lab/outside", f"{ADDRESS}/color"), 180, 20)


@step("13", "a route that changes path and headers")
def modified(play):
    play.run("lab/kubectl apply -n handson -f handson/manifest/httproute-modify.yaml")
    answer = play.eventually(
        "200",
        f"lab/outside curl -sS -i --max-time 5 -H 'x-secret: s' {ADDRESS}/old/a",
        lambda r: r.out.startswith("HTTP/1.1 200"),
    ).out
    head, body = answer.replace("\r", "").split("\n\n", 1)
    play.expect("the answer carries x-answered-through: gateway", "x-answered-through: gateway" in head, head)
    asked = json.loads(body)
    names = {name.lower(): value for name, value in asked["headers"].items()}
    play.expect("the backend saw path /new/a", asked["path"] == "/new/a", asked["path"])
    play.expect("x-added-by: kumo", "kumo" in str(names.get("x-added-by")), names)
    play.expect("no x-secret", "x-secret" not in names, names)


@step("14", "the Gateway deleted: its Service, listener and address are gone")
def deleted(play):
    play.run("lab/kubectl delete -n handson -f handson/manifest/httproute-modify.yaml")
    play.run("lab/kubectl delete -n handson -f handson/manifest/gateway_api.yaml")
    play.eventually("no Service", f"{OWNED} -o name", lambda r: r.out == "", within=3)
    play.eventually(
        "nothing answers",
        f"lab/outside curl -sS --max-time 1 {ADDRESS}/color",
        lambda r: r.code != 0,
        within=3,
    )
    play.eventually(
        f"nothing answers ARP for {ADDRESS}",
        f"lab/outside arping -c 1 -W 0.2 -I eth0 {ADDRESS}",
        lambda r: r.code != 0 and "bytes from" not in r.out,
        within=3,
    )
    macs = answering(play)
    play.expect("nor later", not macs, sorted(macs))
    for node in NODES:
        left = [name for name in envoy_listeners(play, node) if "color-gw" in name]
        play.expect(f"no listener of it on {node}", not left, left)
