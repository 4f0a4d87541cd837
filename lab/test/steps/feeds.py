# SPDX-License-Identifier: Apache-2.0
"""Who may ask a feed for what: refusals, each with its reason."""

import base64
import re
import tempfile
import time

from play import step

from . import places
from .faults import dataplane
from .policed import FAR, NEAR, Stand, allow, put

AUTHORITY = "policy-service.kumo-system.svc"


def hello(node):
    """A gRPC message: SubscribeRequest{hello{node, protocol: 1}} (feed.proto), framed as gRPC over HTTP/2 says."""
    name = node.encode()
    inner = b"\x0a" + bytes([len(name)]) + name + b"\x28\x01"
    message = b"\x0a" + bytes([len(inner)]) + inner
    return b"\0" + len(message).to_bytes(4, "big") + message


def token_of(play, node, audience="kumo-feeds"):
    pod = dataplane(play, node)
    return token(play, f"node-dataplane --audience {audience} --bound-object-kind Pod --bound-object-name {pod}")


def token(play, account):
    return play.run(f"lab/kubectl create token -n kumo-system {account}", show=False).out.strip()


class Feed:
    """The policy feed of one replica, as somebody on the LAN reaches it."""

    def __init__(self, play):
        self._play = play
        self._address = play.run(
            "lab/kubectl get endpointslices -n kumo-system -l kubernetes.io/service-name=policy-service "
            "-o jsonpath={.items[0].endpoints[0].addresses[0]}",
            show=False,
        ).out
        self._ca = tempfile.NamedTemporaryFile("w", suffix=".crt")
        self._ca.write(play.run(r"lab/kubectl get configmap -n kumo-system kumo-ca -o jsonpath='{.data.ca\.crt}'", show=False).out)
        self._ca.flush()

    def subscribe(self, bearer, message, trust=True):
        """Both header blocks of the answer. The token is in a file: it must not be seen in the report."""
        body = base64.b64encode(message).decode()
        with tempfile.NamedTemporaryFile("w", suffix=".header") as header:
            header.write(f"authorization: Bearer {bearer}\n")
            header.flush()
            return self._play.run(
                f"echo {body} | base64 -d | lab/outside curl -sS --max-time 5 --http2 "
                + (f"--cacert {self._ca.name} " if trust else "")
                + f"--resolve {AUTHORITY}:9961:{self._address} -H 'te: trailers' -H 'content-type: application/grpc' "
                f"-H @{header.name} --data-binary @- -o /dev/null -D /dev/stdout "
                f"https://{AUTHORITY}:9961/kumo.policy.v1.PolicyFeed/Subscribe",
                check=False,
            )


@step("T1", "a feed refuses who may not ask, and says why")
def refusals(play):
    feed = Feed(play)
    good = token_of(play, "w1")
    table = (
        ("w1's token asks for w2's state", good, hello("w2"), "WRONG_NODE"),
        ("a token for another audience", token_of(play, "w1", "https://kubernetes.default.svc"), hello("w1"), "WRONG_AUDIENCE"),
        ("the default ServiceAccount", token(play, "default --audience kumo-feeds"), hello("w1"), "WRONG_SERVICE_ACCOUNT"),
        ("a token with another signature", good.rpartition(".")[0] + ".AAAA", hello("w1"), "TOKEN_REJECTED"),
        ("no token at all", "nothing", hello("w1"), "NO_CREDENTIAL"),
        ("garbage after a good token", good, b"\0\0\0\0\4\xff\xff\xff\xff", "MALFORMED"),
    )
    for what, bearer, message, reason in table:
        answer = feed.subscribe(bearer, message).out
        play.expect(f"{what}: {reason}", f"kumo-reason: {reason}" in answer, answer)
    distrust = feed.subscribe(good, hello("w1"), trust=False)
    play.expect("its certificate is of the feeds' own CA", distrust.code == 60, distrust.code)


def changes(play):
    """Node → changes of content that its policy feed has brought."""
    return {
        node: int(float(re.search(r'^kumo_feed_changes_total\{feed="policy"[^}]*\} (\S+)', metrics(play, node), re.M)[1]))
        for node in places.NODES
    }


def metrics(play, node):
    return play.run(f"lab/node {node} curl -sS --max-time 5 http://127.0.0.1:9975/q/metrics", show=False).out


@step("T2", "a change that concerns one node sends nothing to the others")
def narrow_changes(play):
    stand = Stand(play)
    put(play, stand, "l7", {"ingress": [allow(NEAR, "/color")]}, "near", "/", "403")
    time.sleep(3)
    before = changes(play)
    for number in range(10):
        path = f"/v{number}"
        put(play, stand, "l7", {"ingress": [allow(NEAR, "/color", path)]}, "near", path, "200")
        ports = [{"ports": [{"port": str(9000 + number)}]}]
        put(play, stand, "l4", {"ingress": [{**allow(FAR), "toPorts": ports}]}, "near", path, "200")
    time.sleep(1)
    more = {node: count - before[node] for node, count in changes(play).items()}
    play.expect(f"w1, where the server is, was told of 20 edits: {more}", more["w1"] >= 15, more)
    play.expect("w2 and w3 were told nothing", more["w2"] == more["w3"] == 0, more)
    play.run("lab/kubectl delete ciliumnetworkpolicies -n policed --all", show=False)
