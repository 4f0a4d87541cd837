# SPDX-License-Identifier: Apache-2.0
"""An ordinary Deployment behaves as on any cluster, and leaves nothing."""

import json

from play import step

from . import places

MAPS = ("endpoints", "endpoint_links", "addresses")


def leftovers(play):
    """Per node: pods' links, the dataplane's endpoints, and entries of the kernel's maps that pods have."""
    held = {}
    for node in places.NODES:
        links = json.loads(play.run(f"lab/node {node} ip -j link show type veth", show=False).out)
        pod = play.run(
            "lab/kubectl get pods -n kumo-system -l app.kubernetes.io/name=node-dataplane "
            f"--field-selector spec.nodeName={node} -o jsonpath={{.items[0].metadata.name}}",
            show=False,
        ).out
        endpoints = play.run(f"lab/kubectl exec -n kumo-system {pod} -- kumo node endpoints -o json", show=False).json()
        count = sum(1 for link in links if link["ifname"].startswith("lxc"))
        held[node] = (count, len(endpoints), *(entries(play, node, name) for name in MAPS))
    return held


def entries(play, node, name):
    dump = f"lab/node {node} sh -c 'bpftool -j map dump pinned /sys/fs/bpf/kumo/maps/{name}-*'"
    return len(play.run(dump, show=False).json())


def at_rest(play):
    """What is held once every link is a pod's: the kubelet takes a pod from the API before it takes down its sandbox."""
    held = {}

    def a_link_a_pod(result):
        held.update(leftovers(play))
        pods = [pod for pod in result.json()["items"] if not pod["spec"].get("hostNetwork")]
        running = [pod for pod in pods if pod["status"]["phase"] == "Running"]
        return sum(links for links, *_ in held.values()) == len(running)

    play.eventually("as many links as pods", "lab/kubectl get pods -A -o json", a_link_a_pod, within=30)
    return held


@step("P1", "a Deployment of 30 pods: exec, logs, port-forward, rolling update, gone without trace")
def thirty(play):
    before = at_rest(play)
    play.run("lab/kubectl create namespace thirty --dry-run=client -o yaml | lab/kubectl apply -f -")
    play.run("lab/kubectl apply -f lab/test/manifest/thirty.yaml")
    play.run("lab/kubectl rollout status -n thirty deploy/many --timeout=180s", timeout=190)
    during = leftovers(play)
    added = [during[node][0] - before[node][0] for node in places.NODES]
    play.expect("30 more links on the nodes", sum(added) == 30, added)
    out = play.run("lab/kubectl exec -n thirty deploy/many -- /handson -version").out
    play.expect("exec runs a program of the pod", out.startswith("handson "), out)
    out = play.run("lab/kubectl logs -n thirty deploy/many --tail=3").out
    play.expect("logs are the pod's", "listening on" in out, out)
    forward = (
        "lab/kubectl port-forward -n thirty deploy/many 18081:8080 >/dev/null & pid=$!; sleep 2; "
        "lab/outside curl -sS --max-time 5 http://127.0.0.1:18081/color; code=$?; kill $pid; exit $code"
    )
    out = play.run(forward).out
    play.expect("port-forward leads to the pod", out.strip() == "red", out)
    play.run("lab/kubectl set env -n thirty deploy/many COLOR=green")
    play.run("lab/kubectl rollout status -n thirty deploy/many --timeout=180s", timeout=190)
    play.run("lab/kubectl delete namespace thirty --timeout=120s", timeout=130)
    play.eventually("every link, endpoint and map entry of them is gone", "true", lambda _: leftovers(play) == before, within=30)
