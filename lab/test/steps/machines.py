# SPDX-License-Identifier: Apache-2.0
"""What goes on when a whole node is gone, and after it is back."""

from play import step

from .connectivity import cluster_ip, matrix_up, pod_address
from .faults import kernel_ids


def is_ready(node):
    return f"lab/kubectl get node {node} -o jsonpath='{{.status.conditions[?(@.type==\"Ready\")].status}}'"


def client(play, pod, host, port):
    return f"lab/kubectl exec -n matrix {pod} -- curl -sS --max-time 3 http://{host}:{port}/color"


def answers_again(play):
    play.eventually("w2's client reaches the Service", client(play, "other-node", cluster_ip(play), 80), is_blue, within=90)
    play.eventually("and w1's too", client(play, "same-node", cluster_ip(play), 80), is_blue, within=90)
    direct = client(play, "other-node", pod_address(play, "server"), 8080)
    play.eventually("the server's pod answers by its own address", direct, is_blue, within=10)


def is_blue(result):
    return result.code == 0 and result.out.strip() == "blue"


@step("N1", "a node loses power: the others go on; it comes back with its pods")
def power_loss(play):
    matrix_up(play)
    play.run("lab/kill-node w2")
    play.run(client(play, "same-node", cluster_ip(play), 80))
    play.eventually("w2 is not Ready", is_ready("w2"), lambda r: r.out not in ("", "True"), within=60)
    play.run("lab/start-node w2")
    play.eventually("w2 is Ready", is_ready("w2"), lambda r: r.out == "True", within=60)
    answers_again(play)


@step("N2", "every process of a node dies at once: the kernel keeps its maps, and they are adopted")
def crash(play):
    matrix_up(play)
    before = {name: number for name, number in kernel_ids(play, "w1").items() if name.startswith("map ")}
    play.run("lab/crash-node w1")
    play.run("lab/start-node w1")
    answers_again(play)
    after = {name: number for name, number in kernel_ids(play, "w1").items() if name.startswith("map ")}
    play.expect("ids of the maps as before", before == after, sorted(before.items() ^ after.items()))
