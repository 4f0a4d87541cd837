# SPDX-License-Identifier: Apache-2.0
"""What goes on when a process of ours is gone."""

import json
import time

from play import step

from .connectivity import cluster_ip, matrix_up, pod_address
from .load import steady

SERVICES = ("policy-service", "gateway-service", "lbipam-service", "l2-announcer")


def kernel_ids(play, node):
    """Ids of our programs and maps on a node, by name."""
    ids = {}
    for kind in ("prog", "map"):
        listing = json.loads(play.run(f"lab/node {node} bpftool -j -f {kind} show", show=False).out)
        for entry in listing:
            if any("/kumo/" in pin for pin in entry.get("pinned", [])):
                ids[f"{kind} {sorted(entry['pinned'])[0]}"] = entry["id"]
    return ids


def dataplane(play, node):
    """Name of the dataplane's pod on a node."""
    return pod_of(play, "node-dataplane", node)


def pod_of(play, name, node):
    """Name of a DaemonSet's pod on a node."""
    return play.run(
        f"lab/kubectl get pods -n kumo-system -l app.kubernetes.io/name={name} "
        f"--field-selector spec.nodeName={node} -o jsonpath={{.items[0].metadata.name}}",
        show=False,
    ).out


def signal_containers(play, node, pod, signal):
    """A signal to every process of the pod's containers, as no API call can: from the node, found by their cgroup."""
    uid = play.run(f"lab/kubectl get pod -n kumo-system {pod} -o jsonpath={{.metadata.uid}}", show=False).out
    pids = play.run(f"lab/node {node} sh -c 'grep -ls {uid} /proc/[0-9]*/cgroup' | cut -d/ -f3", show=False).out.split()
    names = {pid: play.run(f"lab/node {node} cat /proc/{pid}/comm", check=False, show=False).out.strip() for pid in pids}
    victims = [pid for pid, name in names.items() if name and name != "pause"]
    play.expect(f"processes of {pod} on {node}", victims, names)
    play.run(f"lab/node {node} kill -{signal} {' '.join(victims)}")


def kill_containers(play, node, pod):
    signal_containers(play, node, pod, "KILL")


def settled(play):
    for name in SERVICES:
        play.run(f"lab/kubectl rollout status -n kumo-system deploy/{name} --timeout=120s", timeout=130, show=False)
    play.run("lab/kubectl rollout status -n kumo-system ds/node-dataplane --timeout=120s", timeout=130, show=False)


@step("F1", "kill -9 of a node's dataplane under load: nothing lost, nothing reloaded")
def dataplane_killed(play):
    matrix_up(play)
    before = kernel_ids(play, "w1")
    play.expect("programs and maps pinned on w1", len(before) > 10, before)
    with steady(play, "lab/node w2", cluster_ip(play), 80) as load:
        time.sleep(2)
        kill_containers(play, "w1", dataplane(play, "w1"))
        time.sleep(1)
        settled(play)
        time.sleep(3)
    play.expect("0 of the requests lost, stream never broken", load.code == 0, load.report)
    after = kernel_ids(play, "w1")
    play.expect("ids of programs and maps as before", before == after, sorted(before.items() ^ after.items()))


@step("F2", "all four services gone: the network goes on, a new pod waits, whether or not the dataplane restarts")
def services_gone(play):
    matrix_up(play)
    try:
        for name in SERVICES:
            play.run(f"lab/kubectl scale -n kumo-system deploy/{name} --replicas=0")
        play.eventually(
            "their pods are gone",
            "lab/kubectl get pods -n kumo-system -o name",
            lambda r: not any(name in r.out for name in SERVICES),
            within=60,
        )
        peer = f"lab/kubectl exec -n matrix other-node -- curl -sS --max-time 5 http://{cluster_ip(play)}/color"
        play.expect("Service still answers", play.run(peer).out.strip() == "blue")
        kill_containers(play, "w1", dataplane(play, "w1"))
        time.sleep(2)
        play.run("lab/kubectl rollout status -n kumo-system ds/node-dataplane --timeout=120s", timeout=130, show=False)
        on_w1 = json.dumps({"spec": {"nodeSelector": {"kubernetes.io/hostname": "w1"}}})
        play.run(
            "lab/kubectl run -n matrix late --image=kumo.local/curl:1 "
            f"--overrides '{on_w1}' --command -- sleep infinity"
        )
        time.sleep(10)
        phase = play.run("lab/kubectl get pod -n matrix late -o jsonpath={.status.phase}").out
        play.expect("the new pod waits", phase == "Pending", phase)
    finally:
        for name in SERVICES:
            play.run(f"lab/kubectl scale -n kumo-system deploy/{name} --replicas=2")
    play.eventually(
        "the new pod runs",
        "lab/kubectl get pod -n matrix late -o jsonpath={.status.phase}",
        lambda r: r.out == "Running",
        within=120,
    )
    reach = f"lab/kubectl exec -n matrix late -- curl -sS --max-time 5 http://{pod_address(play, 'server')}:8080/color"
    play.expect("and reaches others", play.run(reach).out.strip() == "blue")
    play.run("lab/kubectl delete pod -n matrix late --now")
    settled(play)


@step("F3", "a backend deleted under load")
def backend_deleted(play):
    play.run("lab/kubectl apply -f lab/test/manifest/pair.yaml")
    play.run("lab/kubectl rollout status -n matrix deploy/pair --timeout=60s", timeout=70)
    address = cluster_ip(play, "pair")
    with steady(play, "lab/node w3", address, 80) as load:
        time.sleep(2)
        play.run("lab/kubectl rollout restart -n matrix deploy/pair")
        play.run("lab/kubectl rollout status -n matrix deploy/pair --timeout=90s", timeout=100)
        time.sleep(4)
    play.expect("no new request failed", " 0 failed" in load.report, load.report)
    play.run("lab/kubectl delete -f lab/test/manifest/pair.yaml")


@step("F4", "an API client beside the road: a node's own token reads nothing of the cluster")
def narrow_token(play):
    pod = dataplane(play, "w1")
    for verb, what in (("list", "pods"), ("list", "secrets"), ("get", "nodes"), ("list", "services")):
        answer = play.run(
            f"lab/kubectl auth can-i {verb} {what} -A --as=system:serviceaccount:kumo-system:node-dataplane", check=False
        ).out.strip()
        play.expect(f"{pod} may not {verb} {what}", answer == "no", answer)
