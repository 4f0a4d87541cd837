# SPDX-License-Identifier: Apache-2.0
"""Kumo taken out of the cluster, and put in again. Played last: pods lose their network on the way."""

from play import step

from . import places
from .loadbalancer import ADDRESS, addresses, balanced_up

POLICY = """
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: kept, namespace: balanced}
spec:
  endpointSelector: {}
  ingress: [{fromEntities: [all]}]
"""

# What must print nothing on a node without Kumo. The programs that the node's own runtime attaches have no name of ours.
TRACES = {
    "pin": "ls -d /sys/fs/bpf/kumo 2>/dev/null",
    "link": "ip -o link | grep -E ' (lxc|cilium_)'",
    "hook on the LAN device": "tc filter show dev eth0 ingress; tc filter show dev eth0 egress",
    "hook on the node's cgroup": "bpftool cgroup show /sys/fs/cgroup/unified | grep -E 'connect|sendmsg|recvmsg|getpeername'",
    "routing rule": "ip rule | grep fwmark",
    "route": "ip route show table all | grep -E '10[.]244[.]|table 2004'",
    "nft rule": "nft list ruleset",
    "iptables rule": "iptables-save | grep ^-A",
    "CNI configuration": "ls /etc/cni/net.d",
    "CNI plugin": "ls /opt/cni/bin/kumo-cni 2>/dev/null",
    "state": "ls -A /run/kumo /var/lib/kumo 2>/dev/null | grep -v -e : -e '^$' -e '^envoy$'",
}


def users_objects(play):
    """Specifications, by kind, namespace, name and UID, of what is not Kumo's."""
    kinds = "namespaces,deployments,services,configmaps,pods,ciliumnetworkpolicies,ciliumloadbalancerippools"
    items = play.run(f"lab/kubectl get {kinds} -A -o json", show=False).json()["items"]
    held = {}
    for item in items:
        meta = item["metadata"]
        if "kumo-system" in (meta["name"], meta.get("namespace")):
            continue
        held[item["kind"], meta.get("namespace"), meta["name"], meta["uid"]] = item.get("spec")
    return held


@step("U1", "kumo uninstall: nodes are clean, users' objects untouched; installed again, pods talk")
def uninstalled(play):
    balanced_up(play)
    play.run("lab/kubectl apply -f -", stdin=POLICY)
    before = users_objects(play)
    play.run("lab/kumo uninstall --yes", timeout=400)
    for node in places.NODES:
        for what, command in TRACES.items():
            found = play.run(f'lab/node {node} bash -c "{command}"', check=False, show=False).out.strip()
            play.expect(f"{node}: no {what}", found == "", found)
    after = users_objects(play)
    play.expect("users' objects as before", before == after, differences(before, after))
    roles = play.run("lab/kubectl get clusterroles,clusterrolebindings,namespaces -l app.kubernetes.io/part-of=kumo -o name").out
    play.expect("no role, binding or namespace of ours", roles == "", roles)
    web = play.run("lab/kubectl get service -n balanced web -o json")
    play.expect("no Service claims an address that nobody serves", addresses(web) == [], addresses(web))
    play.run("lab/kumo uninstall --yes", timeout=100)
    again(play)


def differences(before, after):
    return [str(key) for key in before.keys() | after.keys() if before.get(key) != after.get(key)]


def again(play):
    """Pods that ran meanwhile have no link to the new network: they are made anew, and wait for it."""
    pods = play.run("lab/kubectl get pods -A -o json", show=False).json()["items"]
    for pod in (one for one in pods if not one["spec"].get("hostNetwork")):
        meta = pod["metadata"]
        play.run(f"lab/kubectl delete pod -n {meta['namespace']} {meta['name']} --wait=false", show=False)
    play.run("lab/up", timeout=600)
    # A pod whose network could not be taken down without a plugin ends only now; until then its name is taken.
    play.run("lab/kubectl wait -n balanced --for=delete pod server --timeout=120s", timeout=130)
    balanced_up(play)
    play.run(f"lab/outside ip route replace {ADDRESS} via {places.NODES['w2']}")
    play.eventually(
        "blue", f"lab/outside curl -sS --max-time 3 http://{ADDRESS}/color", lambda r: "blue" in r.out, within=30
    )
    play.run("lab/kubectl delete ns balanced balanced-guest", timeout=60)
    play.run("lab/kubectl delete lbippool balanced")
