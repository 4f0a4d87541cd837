# SPDX-License-Identifier: Apache-2.0
"""Steps 6–8: the chapter's policies, one kind after the other."""

import json
import select
import subprocess
import time

from play import step
from play.play import ROOT

from .applications import CLIENTS, get

CLOSED = "closed"
TIMED_OUT = 28  # curl's exit code; a refused connection would be 7
ACCESS_DENIED = "Access denied"


class KeptConnection:
    """A connection from a client's pod to the application that stays open between requests."""

    def __init__(self, play, client):
        self._play = play
        self._client = client
        command = ["lab/kubectl", "exec", "-i", "-n", "handson", client, "--", "nc", "handson", "8080"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.communicate()

    def ask(self, path):
        """Sends a request and gives what comes back within five seconds; CLOSED if that is the connection's end."""
        self._play.say(f"  $ {self._client}, on the connection that is open: GET {path}")
        request = f"GET {path} HTTP/1.1\r\nHost: handson:8080\r\n\r\n"
        try:
            self._process.stdin.write(request.encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            return CLOSED
        return self._read()

    def _read(self):
        answer = b""
        end = time.monotonic() + 5
        while b"\r\n\r\n" not in answer and time.monotonic() < end:
            if select.select([self._process.stdout], [], [], 0.1)[0]:
                some = self._process.stdout.read1()
                if not some:
                    return answer.decode() or CLOSED
                answer += some
        return answer.decode()


def answered(play, client, path, code):
    play.eventually(f"{client} {path} is answered {code}", get(client, path), lambda r: r.out == str(code), timeout=15)


def dropped(play, client, path="/"):
    play.eventually(f"{client} {path} times out", get(client, path), lambda r: r.code == TIMED_OUT, timeout=15)


def valid(play, resource):
    """Nodes have said that the policy is in force."""
    play.eventually(
        f"{resource} is Valid",
        f"lab/kubectl get -n handson {resource} -o json",
        lambda r: [c["status"] for c in r.json()["status"]["conditions"] if c["type"] == "Valid"] == ["True"],
        within=3,
    )


def without_policy(play):
    play.run("lab/kubectl delete ciliumnetworkpolicies,networkpolicies -n handson --all")
    play.run("lab/kubectl delete ciliumclusterwidenetworkpolicies handson --ignore-not-found")
    for client in CLIENTS:
        for path in ("/", "/color"):
            answered(play, client, path, 200)


@step("6", "CiliumNetworkPolicy: each client its own paths")
def cilium_network_policy(play):
    without_policy(play)
    with KeptConnection(play, "curl-deny") as kept:
        first = kept.ask("/color")
        play.expect("200 while no policy stands", first.startswith("HTTP/1.1 200"), first)
        play.run("lab/kubectl apply -f handson/manifest/cnp.yaml")
        answered(play, "curl-deny", "/", 403)
        again = kept.ask("/color")
        play.expect("the connection made before is reset at its next request", again == CLOSED, again)
    answered(play, "curl-allow", "/", 200)
    answered(play, "curl-allow", "/color", 200)
    answered(play, "curl-deny", "/color", 200)
    body = play.run("lab/kubectl exec -n handson curl-deny -- curl -sS --max-time 5 http://handson:8080/").out
    play.expect(f"the 403's body: {ACCESS_DENIED}", body.strip() == ACCESS_DENIED, body)
    valid(play, "ciliumnetworkpolicy/handson")
    clients_address(play)


def clients_address(play):
    """Under a rule that allows /peer; the chapter's own does not."""
    allow = json.dumps(
        [{"op": "add", "path": "/spec/ingress/0/toPorts/0/rules/http/-", "value": {"method": "GET", "path": "/peer"}}]
    )
    play.run(f"lab/kubectl patch -n handson ciliumnetworkpolicy handson --type=json -p '{allow}'")
    answered(play, "curl-allow", "/peer", 200)
    address = play.run("lab/kubectl get pod -n handson curl-allow -o jsonpath={.status.podIP}").out
    peer = play.run("lab/kubectl exec -n handson curl-allow -- curl -sS --max-time 5 http://handson:8080/peer").out
    play.expect("the server sees the client's own address", address and address in peer, peer)
    play.run("lab/kubectl apply -f handson/manifest/cnp.yaml")
    answered(play, "curl-allow", "/peer", 403)


@step("6b", "a pod that no rule names is dropped, not answered")
def unnamed(play):
    play.run("lab/kubectl delete pod -n handson curl-other --ignore-not-found --now", show=False)
    play.run(
        "lab/kubectl run -n handson curl-other --image=kumo.local/curl:1 --labels=app=curl-other "
        "--command -- sleep infinity"
    )
    play.run("lab/kubectl wait -n handson --for=condition=Ready pod/curl-other --timeout=30s", timeout=40)
    for path in ("/", "/color"):
        dropped(play, "curl-other", path)
    play.run("lab/kubectl delete pod -n handson curl-other --now", show=False)


@step("7", "the policy deleted: everybody reaches everything")
def deleted(play):
    play.run("lab/kubectl delete -f handson/manifest/cnp.yaml")
    for client in CLIENTS:
        for path in ("/", "/color"):
            answered(play, client, path, 200)


@step("8", "NetworkPolicy, then CiliumClusterwideNetworkPolicy: one client alone")
def other_kinds(play):
    for manifest in ("knp.yaml", "ccnp.yaml"):
        play.run(f"lab/kubectl apply -f handson/manifest/{manifest}")
        dropped(play, "curl-deny")
        answered(play, "curl-allow", "/", 200)
        if manifest == "ccnp.yaml":
            valid(play, "ciliumclusterwidenetworkpolicy/handson")
        play.run(f"lab/kubectl delete -f handson/manifest/{manifest}")
        for client in CLIENTS:
            answered(play, client, "/", 200)
