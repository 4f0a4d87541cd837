# SPDX-License-Identifier: Apache-2.0
"""Every process killed, and stopped for a minute."""

import time

from core import GATEWAY, L7, Fault, during, fault
from core.scale import FROZEN_SECONDS, SHORT
from steps.faults import SERVICES, kill_containers, pod_of, settled, signal_containers

PART = "processes"
# The kubelet starts a container again, and its program is a JVM.
RESTARTED_WITHIN = 120
# What goes through an Envoy ends with it; the others of its kind don't notice.
THROUGH_ENVOY = Fault(touches=(*L7, *GATEWAY))


def pods_of(play, service):
    """(node, pod) of each replica."""
    listed = play.run(f"lab/kubectl get pods -n kumo-system -l app.kubernetes.io/name={service} -o json", show=False).json()
    return [
        (pod["spec"]["nodeName"], pod["metadata"]["name"])
        for pod in listed["items"]
        if pod["status"].get("phase") == "Running" and "deletionTimestamp" not in pod["metadata"]
    ]


def signalled(play, pods, signal):
    for node, pod in pods:
        signal_containers(play, node, pod, signal)


def frozen(play, pods):
    """Stopped for the fault's time; the kubelet may replace the containers meanwhile."""
    signalled(play, pods, "STOP")
    try:
        time.sleep(FROZEN_SECONDS)
    finally:
        for node, pod in pods:
            continued(play, node, pod)


def killed_replicas(number, service, replicas):
    how_many = "one replica" if replicas == 1 else "both replicas"

    @fault(PART, number, f"{service}, {how_many} killed")
    def kill(play, stand, judgement):
        victims = pods_of(play, service)[:replicas]
        with during(play, stand, judgement):
            signalled(play, victims, "KILL")
            time.sleep(2)
            settled(play)


def frozen_replicas(number, service):
    @fault(PART, number, f"{service}, both replicas stopped for {FROZEN_SECONDS} s")
    def freeze(play, stand, judgement):
        victims = pods_of(play, service)
        with during(play, stand, judgement) as ended:
            frozen(play, victims)
            ended()
            settled(play)


def continued(play, node, pod):
    """SIGCONT to those that are still there."""
    uid = play.run(f"lab/kubectl get pod -n kumo-system {pod} -o jsonpath={{.metadata.uid}}", show=False).out
    play.run(
        f"lab/node {node} sh -c 'for p in $(grep -ls {uid} /proc/[0-9]*/cgroup | cut -d/ -f3); do kill -CONT $p; done'",
        check=False,
        show=False,
    )


for index, name in enumerate(SERVICES, 1):
    if not SHORT:
        killed_replicas(f"P{index}a", name, 1)
    killed_replicas(f"P{index}b", name, 2)
    if not SHORT:
        frozen_replicas(f"P{index}c", name)


@fault(PART, "P5a", "node-dataplane killed")
def dataplane_killed(play, stand, judgement):
    with during(play, stand, judgement):
        kill_containers(play, "w1", pod_of(play, "node-dataplane", "w1"))
        time.sleep(2)
        settled(play)


@fault(PART, "P5b", f"node-dataplane stopped for {FROZEN_SECONDS} s")
def dataplane_frozen(play, stand, judgement):
    pod = pod_of(play, "node-dataplane", "w1")
    with during(play, stand, judgement) as ended:
        frozen(play, [("w1", pod)])
        ended()
        settled(play)


@fault(PART, "P6a", "Envoy killed")
def envoy_killed(play, stand, judgement):
    with during(play, stand, judgement, THROUGH_ENVOY):
        kill_containers(play, "w1", pod_of(play, "envoy", "w1"))


@fault(PART, "P6b", f"Envoy stopped for {FROZEN_SECONDS} s")
def envoy_frozen(play, stand, judgement):
    pod = pod_of(play, "envoy", "w1")
    with during(play, stand, judgement, THROUGH_ENVOY) as ended:
        frozen(play, [("w1", pod)])
        ended()


def process(number, machine, program, what):
    """One of Kubernetes' own, by its name."""

    @fault(PART, f"{number}a", f"{what} killed")
    def kill(play, stand, judgement):
        with during(play, stand, judgement):
            play.run(f"lab/node {machine} pkill -KILL -x {program}")
            back(play)

    @fault(PART, f"{number}b", f"{what} stopped for {FROZEN_SECONDS} s")
    def freeze(play, stand, judgement):
        with during(play, stand, judgement) as ended:
            play.run(f"lab/node {machine} pkill -STOP -x {program}")
            try:
                time.sleep(FROZEN_SECONDS)
            finally:
                play.run(f"lab/node {machine} pkill -CONT -x {program}")
            ended()
            back(play)


def back(play):
    play.eventually("the API server answers", "lab/kubectl get --raw /readyz", lambda r: r.out == "ok", within=RESTARTED_WITHIN)
    settled(play)


process("P7", "w1", "containerd", "containerd")
process("P8", "cp", "kube-apiserver", "kube-apiserver")
process("P9", "cp", "etcd", "etcd")
