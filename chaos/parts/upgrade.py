# SPDX-License-Identifier: Apache-2.0
"""Every workload of ours rolled to another image."""

import json

from core import during, fault
from core.scale import SHORT
from steps.faults import SERVICES
from steps.places import NODES

PART = "upgrade"
KINDS = {**dict.fromkeys(SERVICES, "deployment"), "node-dataplane": "daemonset", "envoy": "daemonset"}
NEXT = "next"


def image_of(play, kind, name):
    """The image of the container that is named like the workload."""
    spec = play.run(f"lab/kubectl get -n kumo-system {kind} {name} -o json", show=False).json()["spec"]["template"]["spec"]
    return next(container["image"] for container in spec["containers"] if container["name"] == name)


def tagged(play, image):
    """The same bytes under another name, on every node: to Kubernetes it is another image."""
    repository, _, _ = image.rpartition(":")
    other = f"{repository}:{NEXT}"
    for node in NODES:
        play.run(f"lab/node {node} ctr -n k8s.io images tag --force {image} {other}", show=False)
    return other


def rolled(play, kind, name, image):
    patch = json.dumps({"spec": {"template": {"spec": {"containers": [{"name": name, "image": image}]}}}})
    play.run(f"lab/kubectl patch -n kumo-system {kind} {name} -p '{patch}'", show=False)
    play.run(f"lab/kubectl rollout status -n kumo-system {kind}/{name} --timeout=240s", timeout=250, show=False)


def upgraded(number, name, kind):
    @fault(PART, number, f"{name} rolled to another image")
    def upgrade(play, stand, judgement):
        image = image_of(play, kind, name)
        other = tagged(play, image)
        try:
            with during(play, stand, judgement):
                rolled(play, kind, name, other)
        finally:
            rolled(play, kind, name, image)


for index, (workload, kind_of) in enumerate(KINDS.items(), 1):
    if not SHORT or workload in ("policy-service", "node-dataplane", "envoy"):
        upgraded(f"R{index}", workload, kind_of)
