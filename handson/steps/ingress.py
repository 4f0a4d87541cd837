# SPDX-License-Identifier: Apache-2.0
"""Step 9: an Ingress, asked from outside the cluster."""

from play import step

HOST = "app.cilium.example.com"


def headers(result):
    """Status line and headers in lower case, of what `curl -I` printed."""
    lines = [line.strip() for line in result.out.splitlines()]
    fields = (line.split(":", 1) for line in lines[1:] if ":" in line)
    return lines[0] if lines else "", {name.lower(): value.strip() for name, value in fields}


@step("9", "Ingress: from outside, through Envoy")
def ingress(play):
    play.run("lab/kubectl apply -f handson/manifest/ingress.yaml")
    answer = play.eventually(
        "HTTP/1.1 200 OK",
        f"lab/outside curl -sS -I --max-time 2 {HOST}:8080",
        lambda r: headers(r)[0] == "HTTP/1.1 200 OK",
        within=10,
    )
    seen = headers(answer)[1]
    play.expect("server: envoy", seen.get("server") == "envoy", seen)
    play.expect("x-envoy-upstream-service-time", "x-envoy-upstream-service-time" in seen, seen)
    other = play.run(
        f"lab/outside curl -sS -o /dev/null -w '%{{http_code}}' --max-time 5 -H 'Host: other.example.com' {HOST}:8080"
    ).out
    play.expect("another host name is answered 404", other == "404", other)
    play.run("lab/kubectl get ingress,svc -A")
