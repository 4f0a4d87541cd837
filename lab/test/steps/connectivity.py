# SPDX-License-Identifier: Apache-2.0
"""Who reaches what, and which address the server sees."""

from play import Failed, step

from . import places


def matrix_up(play):
    play.run("lab/kubectl apply -f lab/test/manifest/server.yaml")
    play.run("lab/kubectl wait -n matrix --for=condition=Ready pod server same-node other-node --timeout=60s", timeout=70)
    # Nobody announces an externalIP: the LAN's router sends it to some node, here one without the backend.
    play.run(f"lab/outside ip route replace {places.EXTERNAL_IP} via {places.NODES['w2']}")


def pod_address(play, name):
    return play.run(f"lab/kubectl get pod -n matrix {name} -o jsonpath={{.status.podIP}}", show=False).out


def cluster_ip(play, name="server"):
    return play.run(f"lab/kubectl get service -n matrix {name} -o jsonpath={{.spec.clusterIP}}", show=False).out


def peer(answer):
    """The address in the server's answer: `address` or `address:port`."""
    return answer.strip().rsplit(":", 1)[0] if answer.count(":") == 1 else answer.strip()


@step("M1", "connectivity matrix, pods of other nodes through the overlay")
def matrix(play):
    matrix_up(play)
    everyone_everywhere(play)


@step("M2", "connectivity matrix, pods of other nodes by direct routes")
def matrix_direct(play):
    matrix_up(play)
    try:
        route_pods(play, "direct")
        everyone_everywhere(play)
    finally:
        route_pods(play, "vxlan")


def route_pods(play, mode):
    play.run(f"lab/kubectl patch configmap -n kumo-system kumo-config -p '{{\"data\":{{\"KUMO_ROUTING_MODE\":\"{mode}\"}}}}'")
    play.run("lab/kubectl rollout restart -n kumo-system ds/node-dataplane")
    play.run("lab/kubectl rollout status -n kumo-system ds/node-dataplane --timeout=180s", timeout=190, show=False)


def everyone_everywhere(play):
    server = pod_address(play, "server")
    wrong = []
    rows = []
    for source in places.sources(lambda name: pod_address(play, name)):
        for target in places.targets(server, cluster_ip(play)):
            if not places.reachable(source, target):
                continue
            allowed = places.acceptable(source, target)
            for protocol, command in (("TCP", source.tcp), ("UDP", source.udp)):
                result = play.run(command(target.host, target.port), check=False, show=False, timeout=20)
                seen = peer(result.out) if result.code == 0 and result.out.strip() else "no answer"
                rows.append((source.name, target.name, protocol, seen))
                if seen not in allowed:
                    wrong.append(f"{source.name} → {target.name} {protocol}: {seen}, not one of {sorted(allowed)}")
    play.say("    from             to                protocol  source address seen")
    for row in rows:
        play.say("    {:16} {:17} {:9} {}".format(*row))
    play.expect(f"{len(rows)} of {len(rows)} as designed", not wrong, "; ".join(wrong))


@step("M3", "10,000 short connections from outside through a node without the backend")
def short_connections(play):
    matrix_up(play)
    done = play.run(f"lab/outside python3 lab/test/load/connections {places.NODES['w3']} 30080 10000", timeout=300)
    play.expect("0 failed", " 0 failed" in done.out, done.out)


@step("M4", "Services that nobody answers for refuse at once")
def refused(play):
    matrix_up(play)
    play.run("lab/kubectl apply -f lab/test/manifest/refused.yaml")
    for name in ("no-endpoints", "unready", "nobody-listens"):
        address = cluster_ip(play, name)
        for prefix in ("lab/kubectl exec -n matrix same-node --", "lab/kubectl exec -n matrix other-node --", "lab/node w2"):
            play.eventually(
                f"{name}: connection refused",
                f"{prefix} curl -sS --max-time 3 http://{address}/",
                lambda r: r.code == 7,  # curl's "failed to connect"; a drop would be 28, timed out
                within=10,
            )
    play.run("lab/kubectl delete -f lab/test/manifest/refused.yaml --wait=false")


@step("M5", "pods reach the LAN under their node's address, and the API server by its Service")
def outwards(play):
    matrix_up(play)
    # The control plane has no route to pods: it can only answer an address of the LAN.
    for host in (f"{places.CONTROL_PLANE}:6443", "kubernetes.default"):
        for pod in ("same-node", "other-node"):
            answer = play.run(f"lab/kubectl exec -n matrix {pod} -- curl -sSk --max-time 5 https://{host}/version")
            play.expect(f"{pod} reads the version from {host}", answer.json()["major"] == "1", answer.out)


@step("M6", "no rule of netfilter is made")
def no_netfilter(play):
    for node in places.NODES:
        for command in ("nft list ruleset", "iptables-save"):
            out = play.run(f"lab/node {node} {command}").out
            rules = [line for line in out.splitlines() if line.startswith("-A") or "table" in line]
            if rules:
                raise Failed(f"{node}: {command}: {rules}")
    play.say("    seen: both empty of rules on every node")
