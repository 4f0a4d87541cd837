# SPDX-License-Identifier: Apache-2.0
"""Gateways and Ingresses as a cluster's daily life has them: made, changed, wrong in a part, encrypted, gone."""

import json

from play import step

from . import places
from .load import steady

ADDRESS = "172.18.7.50"
SHARED_PORT = 31080
CERTIFICATES = "/tmp/kumo-fronted"


def fronted_up(play):
    # Nobody announces the address here: the LAN's router sends it to some node.
    play.run(f"lab/outside ip route replace {ADDRESS} via {places.NODES['w2']}", show=False)
    play.run("lab/kubectl apply -f lab/test/manifest/fronted.yaml")
    play.run("lab/kubectl wait -n fronted --for=condition=Ready pod blue yellow client --timeout=60s", timeout=70, show=False)
    programmed(play, "True", "3 of 3 nodes")


def condition(result, kind, holder=None):
    conditions = (holder or result.json()["status"]).get("conditions", [])
    return {found["type"]: found for found in conditions}.get(kind, {})


def programmed(play, status, says, name="front", within=15):
    return play.eventually(
        f"Gateway {name}: Programmed {status}: …{says}…",
        f"lab/kubectl get gateway -n fronted {name} -o json",
        lambda r: condition(r, "Programmed").get("status") == status
        and says in condition(r, "Programmed").get("message", ""),
        within=within,
    )


def apply(play, *objects):
    play.run("lab/kubectl apply -f -", stdin="\n---\n".join(json.dumps(item) for item in objects))


def gateway(play, *listeners, name="front", address=ADDRESS):
    apply(
        play,
        {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "Gateway",
            "metadata": {"name": name, "namespace": "fronted"},
            "spec": {
                "gatewayClassName": "cilium",
                "addresses": [{"value": address}],
                "listeners": list(listeners),
            },
        },
    )


def route(play, name, path, *backends, parent="front"):
    """Backends are (Service, weight)."""
    apply(
        play,
        {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "HTTPRoute",
            "metadata": {"name": name, "namespace": "fronted"},
            "spec": {
                "parentRefs": [{"name": parent}],
                "rules": [
                    {
                        "matches": [{"path": {"type": "PathPrefix", "value": path}}],
                        "backendRefs": [{"name": b, "port": 80, "weight": w} for b, w in backends],
                    }
                ],
            },
        },
    )


def asked(play, what, expected, url, options="", within=5, place="lab/outside"):
    """Status code and body of one request."""
    return play.eventually(
        what,
        f"{place} curl -sS --max-time 3 -w ' %{{http_code}}' {options} {url}",
        lambda r: expected(r.out.strip()),
        within=within,
    )


def blue(text):
    return "blue" in text and text.endswith("200")


@step("G1", "a Gateway is programmed once it has its address and each node serves it; from outside, a node and a pod")
def made(play):
    fronted_up(play)
    service = play.run("lab/kubectl get service -n fronted cilium-gateway-front -o json", show=False).json()
    play.expect("type LoadBalancer, port port-80", service["spec"]["ports"][0]["name"] == "port-80", service["spec"])
    owner = service["metadata"]["ownerReferences"][0]
    play.expect("owned by the Gateway", (owner["kind"], owner["name"]) == ("Gateway", "front"), owner)
    play.run("lab/kubectl get gateway,httproute,svc -n fronted")
    for place in ("lab/outside", "lab/node w1", "lab/kubectl exec -n fronted client --"):
        asked(play, "blue", blue, f"http://{ADDRESS}/color", place=place)
    asked(play, "no route: 404", lambda text: text.endswith("404"), f"http://{ADDRESS}/")


@step("G2", "a route to a missing backend harms only itself; attachedRoutes is exact; weights and changes take effect")
def routes(play):
    fronted_up(play)
    route(play, "lost", "/lost", ("gone", 1))
    play.eventually(
        "HTTPRoute lost: ResolvedRefs False, BackendNotFound",
        "lab/kubectl get httproute -n fronted lost -o json",
        lambda r: condition(r, "ResolvedRefs", r.json()["status"]["parents"][0])["reason"] == "BackendNotFound",
        within=5,
    )
    asked(play, "500 for it", lambda text: text.endswith("500"), f"http://{ADDRESS}/lost")
    asked(play, "200 for the other", blue, f"http://{ADDRESS}/color")
    attached(play, 2)
    play.run("lab/kubectl delete httproute -n fronted lost")
    attached(play, 1)
    route(play, "colors", "/color", ("yellow", 1))
    asked(play, "yellow", lambda text: "yellow" in text, f"http://{ADDRESS}/color")
    route(play, "colors", "/color", ("blue", 1))
    asked(play, "blue", blue, f"http://{ADDRESS}/color")


def attached(play, number):
    play.eventually(
        f"attachedRoutes {number}",
        "lab/kubectl get gateway -n fronted front -o json",
        lambda r: r.json()["status"]["listeners"][0]["attachedRoutes"] == number,
        within=5,
    )


@step("G3", "weights, headers and backend of a route changed under load: only 200s")
def under_load(play):
    fronted_up(play)
    with steady(play, "lab/outside", ADDRESS, 80) as load:
        for turn in range(10):
            route(play, "colors", "/color", ("blue", 1 + turn % 3), ("yellow", turn % 2))
        route(play, "colors", "/color", ("blue", 1))
    play.expect("only 200s, the open connection never broken", load.code == 0, load.report)


@step("G4", "HTTPS with a certificate of its own a hostname; a broken Secret harms only its listener; a renewed one is taken")
def https(play):
    fronted_up(play)
    certificate(play, "a", "a.fronted.example")
    certificate(play, "b", "b.fronted.example")
    plain = {"name": "web", "protocol": "HTTP", "port": 80}
    listeners = [
        {
            "name": name,
            "protocol": "HTTPS",
            "port": 443,
            "hostname": f"{name}.fronted.example",
            "tls": {"certificateRefs": [{"name": secret}]},
        }
        for name, secret in (("a", "a"), ("b", "b"), ("c", "gone"))
    ]
    gateway(play, plain, *listeners)
    programmed(play, "True", "3 of 3 nodes")
    for name in ("a", "b"):
        asked(play, f"blue, over TLS of {name}", blue, *secure(name))
    play.eventually(
        "listener c: InvalidCertificateRef: there is no Secret fronted/gone",
        "lab/kubectl get gateway -n fronted front -o json",
        lambda r: says(r, "c", "ResolvedRefs", "InvalidCertificateRef", "there is no Secret fronted/gone"),
        within=5,
    )
    play.run(
        "lab/kubectl create secret generic -n fronted gone --from-literal=tls.crt=x --from-literal=tls.key=x",
    )
    play.eventually(
        "listener c: …is of type Opaque instead of kubernetes.io/tls",
        "lab/kubectl get gateway -n fronted front -o json",
        lambda r: says(r, "c", "ResolvedRefs", "InvalidCertificateRef", "is of type Opaque instead of kubernetes.io/tls"),
        within=10,
    )
    certificate(play, "a", "a.fronted.example")
    asked(play, "the renewed certificate is served", blue, *secure("a"), within=10)
    play.run(f"lab/outside rm -r {CERTIFICATES}", show=False)
    gateway(play, plain)
    programmed(play, "True", "3 of 3 nodes")


def secure(name):
    host = f"{name}.fronted.example"
    return f"https://{host}/color", f"--cacert {CERTIFICATES}/{name}.crt --resolve {host}:443:{ADDRESS}"


def says(result, listener, kind, reason, message):
    for found in result.json()["status"]["listeners"]:
        if found["name"] == listener:
            seen = condition(result, kind, found)
            return seen.get("reason") == reason and message in seen.get("message", "")
    return False


def certificate(play, name, host):
    """A Secret of type kubernetes.io/tls, made anew."""
    made = f"{CERTIFICATES}/{name}"
    play.run(f"lab/outside mkdir -p {CERTIFICATES}", show=False)
    play.run(
        f"lab/outside openssl req -x509 -nodes -newkey rsa:2048 -days 2 -subj /CN={host} -addext subjectAltName=DNS:{host}"
        f" -keyout {made}.key -out {made}.crt",
        show=False,
    )
    play.run(
        f"lab/outside sh -c 'kubectl create secret tls {name} -n fronted --cert={made}.crt --key={made}.key"
        " --dry-run=client -o yaml | kubectl apply -f -'",
    )


@step("G5", "an Ingress: in shared mode by the shared node port, dedicated by a Service of its own")
def ingress(play):
    fronted_up(play)
    ingress_of(play, {})
    play.eventually(
        "Service cilium-ingress of type NodePort",
        "lab/kubectl get service -n kumo-system cilium-ingress -o json",
        lambda r: r.code == 0 and r.json()["spec"]["ports"][0]["nodePort"] == SHARED_PORT,
        within=10,
    )
    host = "-H 'Host: fronted.example'"
    for node in places.NODES.values():
        asked(play, "blue", blue, f"http://{node}:{SHARED_PORT}/color", host)
    asked(play, "another host: 404", lambda text: text.endswith("404"), f"http://{places.NODES['w1']}:{SHARED_PORT}/")
    ingress_of(
        play,
        {
            "ingress.cilium.io/loadbalancer-mode": "dedicated",
            "ingress.cilium.io/service-type": "LoadBalancer",
            "lbipam.cilium.io/ips": "172.18.7.51",
        },
    )
    play.run(f"lab/outside ip route replace 172.18.7.51 via {places.NODES['w3']}", show=False)
    asked(play, "blue by its own address", blue, "http://172.18.7.51/color", host, within=10)
    play.eventually(
        "its status has the address",
        "lab/kubectl get ingress -n fronted app -o json",
        lambda r: r.json()["status"]["loadBalancer"]["ingress"] == [{"ip": "172.18.7.51"}],
        within=5,
    )
    play.run("lab/kubectl delete ingress -n fronted app")
    play.run("lab/outside ip route del 172.18.7.51", show=False)
    play.eventually(
        "no Service is left",
        "lab/kubectl get service -A -l cilium.io/ingress=true -o name",
        lambda r: r.out.strip() == "",
        within=10,
    )


def ingress_of(play, annotations):
    apply(
        play,
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": {"name": "app", "namespace": "fronted", "annotations": annotations},
            "spec": {
                "ingressClassName": "cilium",
                "rules": [
                    {
                        "host": "fronted.example",
                        "http": {
                            "paths": [
                                {
                                    "path": "/",
                                    "pathType": "Prefix",
                                    "backend": {"service": {"name": "blue", "port": {"number": 80}}},
                                }
                            ]
                        },
                    }
                ],
            },
        },
    )


@step("G6", "bad input is refused on the object itself; a Service of somebody else is left alone")
def refused(play):
    fronted_up(play)
    apply(
        play,
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "cilium-gateway-second", "namespace": "fronted"},
            "spec": {"ports": [{"port": 7}]},
        },
    )
    gateway(play, {"name": "web", "protocol": "HTTP", "port": 80}, name="second", address="172.18.7.52")
    programmed(play, "False", "fronted/cilium-gateway-second is not ours", name="second")
    kept = play.run("lab/kubectl get service -n fronted cilium-gateway-second -o jsonpath={.spec.ports[0].port}").out
    play.expect("it is as it was", kept == "7", kept)
    play.run("lab/kubectl delete service -n fronted cilium-gateway-second")
    programmed(play, "True", "3 of 3 nodes", name="second")
    play.run("lab/kubectl delete gateway -n fronted second")
    gateway(play, {"name": "web", "protocol": "HTTP", "port": 80}, {"name": "tcp", "protocol": "TCP", "port": 81})
    play.eventually(
        "listener tcp: UnsupportedProtocol",
        "lab/kubectl get gateway -n fronted front -o json",
        lambda r: says(r, "tcp", "Accepted", "UnsupportedProtocol", "TCP"),
        within=5,
    )
    asked(play, "the other one goes on", blue, f"http://{ADDRESS}/color")
    ingress_of(play, {"ingress.cilium.io/tls-passthrough": "enabled"})
    play.eventually(
        "an Event names the annotation",
        "lab/kubectl get events -n fronted --field-selector involvedObject.kind=Ingress -o json",
        lambda r: any("tls-passthrough is not supported" in item["message"] for item in r.json()["items"]),
        within=10,
    )
    play.run("lab/kubectl delete ingress -n fronted app")


@step("G7", "a Gateway that goes takes its Service, its listener and its answers with it")
def gone(play):
    fronted_up(play)
    play.run("lab/kubectl delete gateway -n fronted front")
    play.eventually(
        "no Service is left",
        "lab/kubectl get service -n fronted -l io.cilium.gateway/owning-gateway=front -o name",
        lambda r: r.out.strip() == "",
        within=10,
    )
    play.eventually(
        "nobody answers",
        f"lab/outside curl -sS --max-time 1 http://{ADDRESS}/color",
        lambda r: r.code != 0,
        within=10,
    )
    play.run("lab/kubectl delete namespace fronted --timeout=120s", timeout=130)
    play.run("lab/kubectl delete lbippool fronted")
    play.run(f"lab/outside ip route del {ADDRESS}", check=False, show=False)
