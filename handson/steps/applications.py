# SPDX-License-Identifier: Apache-2.0
"""Steps 4–5: the chapter's applications, without any policy."""

from play import step

CLIENTS = ("curl-allow", "curl-deny")


def get(client, path):
    return (
        f"lab/kubectl exec -n handson {client} -- "
        f"curl -sS -o /dev/null -w '%{{http_code}}' --max-time 5 http://handson:8080{path}"
    )


@step("4", "applications and clients")
def applications(play):
    play.run("lab/kubectl create namespace handson --dry-run=client -o yaml | lab/kubectl apply -f -")
    play.run("lab/kubectl apply -n handson -f handson/manifest/app-blue.yaml")
    for client in CLIENTS:
        play.run(f"lab/kubectl delete pod -n handson {client} --ignore-not-found --now", show=False)
        play.run(
            f"lab/kubectl run -n handson {client} --image=kumo.local/curl:1 --labels=app={client} "
            "--command -- sleep infinity"
        )
    play.eventually(
        "3 pods Running",
        "lab/kubectl get pods -n handson -o json",
        lambda r: [p["status"]["phase"] for p in r.json()["items"]] == ["Running"] * 3,
        within=60,
    )
    play.run("lab/kubectl get pods -n handson -o wide")


@step("5", "no policy: every client reaches every path")
def no_policy(play):
    play.run("lab/kubectl wait -n handson --for=condition=Ready pod --all --timeout=30s")
    for client in CLIENTS:
        for path in ("/", "/color"):
            play.eventually(f"{client} {path} is answered 200", get(client, path), lambda r: r.out == "200", timeout=15)
    color = play.run("lab/kubectl exec -n handson curl-allow -- curl -sS --max-time 5 http://handson:8080/color")
    play.expect("the colour is blue", color.out.strip() == "blue", color.out)
    name = play.run("lab/kubectl exec -n handson curl-allow -- dig +short +search handson")
    play.expect("names resolve through the cluster's DNS to the Service's address", name.out.startswith("10.96."), name.out)
