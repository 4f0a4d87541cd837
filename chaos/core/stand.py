# SPDX-License-Identifier: Apache-2.0
"""The pods, Services and policies that faults are judged by."""

from probe import namespaces

NAMESPACE = "chaos"
PORT = 8080
NODE_PORT = 30840
LOAD_BALANCER, GATEWAY_ADDRESS = "172.18.8.40", "172.18.8.41"
CLIENTS = ("near", "far", "stranger")
DEADLINE = 120


class Stand:
    """Makes them if they are not there; then addresses and network namespaces."""

    def __init__(self, play):
        play.run("lab/kubectl apply -f chaos/manifest.yaml", show=False)
        wait = f"lab/kubectl wait -n {NAMESPACE} --for=condition=Ready pod --all --timeout={DEADLINE}s"
        play.run(wait, timeout=DEADLINE + 10, show=False)
        play.run(f"lab/kubectl rollout status -n {NAMESPACE} ds/web --timeout={DEADLINE}s", timeout=DEADLINE + 10, show=False)
        for what, address in (("Service", LOAD_BALANCER), ("Gateway", GATEWAY_ADDRESS)):
            play.eventually(
                f"the {what} answers from outside",
                f"lab/outside curl -sS --max-time 2 http://{address}/color",
                lambda r: r.out.strip() == "yellow",
                within=60,
            )
        pods = play.run(f"lab/kubectl get pods -n {NAMESPACE} -o json", show=False).json()["items"]
        spaces = namespaces.by_pod()
        self.guarded = next(pod["status"]["podIP"] for pod in pods if pod["metadata"]["name"] == "guarded")
        self.netns = {
            pod["metadata"]["name"]: spaces[pod["metadata"]["uid"]] for pod in pods if pod["metadata"]["name"] in CLIENTS
        }
        self.netns["outside"] = namespaces.OUTSIDE
        self.web = {pod["spec"]["nodeName"]: pod["status"]["podIP"] for pod in pods if pod["metadata"]["labels"]["app"] == "web"}
        service = play.run(f"lab/kubectl get service -n {NAMESPACE} web -o json", show=False).json()
        self.cluster_ip = service["spec"]["clusterIP"]


def removed(play):
    """Nothing of it is left."""
    kinds = "namespace/chaos lbippool/chaos ciliuml2announcementpolicy/chaos"
    play.run(f"lab/kubectl delete {kinds} --ignore-not-found --timeout={DEADLINE}s", timeout=DEADLINE + 10, show=False)
