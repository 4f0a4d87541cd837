# SPDX-License-Identifier: Apache-2.0
"""Steps 0–3: the cluster, our workloads, version and status."""

import ipaddress

from play import step

from .baseline import remember

POD_RANGE = ipaddress.ip_network("10.244.0.0/16")
NODES = ("w1", "w2", "w3")


def ready(node):
    return any(c["type"] == "Ready" and c["status"] == "True" for c in node["status"]["conditions"])


@step("0", "bring the cluster up")
def bring_up(play):
    play.run("lab/up", timeout=1800)
    play.eventually(
        "3 nodes Ready",
        "lab/kubectl get nodes -o json",
        lambda r: len(r.json()["items"]) == 3 and all(map(ready, r.json()["items"])),
        within=120,
    )
    play.run("lab/kubectl wait -n kumo-system --for=condition=Available deploy --all --timeout=120s", timeout=130)
    for name in ("node-dataplane", "envoy"):
        play.run(f"lab/kubectl rollout status -n kumo-system ds/{name} --timeout=120s", timeout=130)
    play.run("lab/kubectl wait -n kube-system --for=condition=Available deploy/coredns --timeout=120s", timeout=130)
    addresses_come_from_us(play)
    nothing_but_ebpf(play)
    remember(play)


def addresses_come_from_us(play):
    pods = play.run("lab/kubectl get pods -A -o json", show=False).json()["items"]
    networked = [p for p in pods if not p["spec"].get("hostNetwork")]
    play.expect("pods that use pod networking", networked, "none")
    for pod in networked:
        address = pod["status"].get("podIP", "none")
        inside = address != "none" and ipaddress.ip_address(address) in POD_RANGE
        play.expect(f"{pod['metadata']['name']} has {address}, of {POD_RANGE}", inside, address)
    for node in NODES:
        listing = play.run(f"lab/node {node} ls /etc/cni/net.d").out.split()
        play.expect(f"{node} has our CNI configuration and no other", listing == ["05-kumo.conflist"], listing)


def nothing_but_ebpf(play):
    pods = play.run("lab/kubectl get pods -A -o name", show=False).out
    play.expect("no kube-proxy runs", "kube-proxy" not in pods, pods)
    for node in NODES:
        processes = play.run(f"lab/node {node} ps -eo comm", show=False).out.split()
        play.expect(f"nor as a process of {node}", "kube-proxy" not in processes, "kube-proxy")
        rules = play.run(f"lab/node {node} nft list ruleset").out.strip()
        play.expect(f"no nft rule on {node}", rules == "", rules)
        saved = play.run(f"lab/node {node} iptables-save").out
        made = [line for line in saved.splitlines() if line.startswith("-A")]
        play.expect(f"no iptables rule on {node}", not made, made)


@step("1", "our workloads")
def workloads(play):
    command = "lab/kubectl get -n kumo-system -l app.kubernetes.io/part-of=kumo ds,deploy"
    play.run(command)
    items = play.run(f"{command} -o json", show=False).json()["items"]
    sets = {i["metadata"]["name"]: i["status"] for i in items if i["kind"] == "DaemonSet"}
    play.expect("DaemonSets node-dataplane and envoy", set(sets) == {"node-dataplane", "envoy"}, sorted(sets))
    for name, status in sets.items():
        counts = (status.get("numberReady", 0), status["desiredNumberScheduled"])
        play.expect(f"{name} 3/3", counts == (3, 3), counts)
    deployments = {i["metadata"]["name"]: i for i in items if i["kind"] == "Deployment"}
    ours = {"policy-service", "gateway-service", "lbipam-service", "l2-announcer"}
    play.expect("the four services' Deployments", set(deployments) == ours, sorted(deployments))
    for name, item in deployments.items():
        counts = (item["status"].get("availableReplicas", 0), item["spec"]["replicas"])
        play.expect(f"{name} 2/2", counts == (2, 2), counts)


@step("2", "version of client and daemon")
def version(play):
    lines = play.run("lab/kubectl exec -n kumo-system ds/node-dataplane -- kumo version").out.splitlines()
    for name in ("Client:", "Daemon:"):
        line = next((one for one in lines if one.startswith(name)), "")
        words = line.split()
        play.expect(f"{name} with version, commit, date, JVM or native", len(words) >= 5 and words[-1] in ("JVM", "native") and "unknown" not in words, line)


@step("3", "status")
def status(play):
    picture = play.run("lab/kumo status --wait").out
    parts = ("Policy:", "Gateway:", "LB IPAM:", "L2 announcer:", "Node dataplane:", "Envoy", "Hubble", "ClusterMesh:")
    for part in parts:
        play.expect(f"{part} in the picture", part in picture, picture)
    for part in ("Hubble", "ClusterMesh"):
        line = next(one for one in picture.splitlines() if part in one)
        play.expect(f"{part} disabled", line.endswith("disabled"), line)
    pods = next((one for one in picture.splitlines() if one.startswith("Cluster Pods:")), "")
    counts = pods.removeprefix("Cluster Pods:").split()
    all_managed = len(counts) > 1 and counts[0].split("/")[0] == counts[0].split("/")[-1] and counts[0] != "0/0"
    play.expect("every pod of the cluster managed by Kumo", all_managed and pods.endswith("managed by Kumo"), pods)
    play.run("lab/kumo status -o json", show=False).json()
    play.say("    seen: exit code 0, and JSON on demand")
