# SPDX-License-Identifier: Apache-2.0
"""The lab's API server over one connection: a program a request would take longer than what is looked at."""

import contextlib
import http.client
import json
import socket
import ssl
from pathlib import Path

from . import namespaces

PKI = Path("/var/lib/kumo-lab/pki")
GROUPS = {
    "NetworkPolicy": ("/apis/networking.k8s.io/v1", "networkpolicies"),
    "CiliumNetworkPolicy": ("/apis/cilium.io/v2", "ciliumnetworkpolicies"),
    "CiliumClusterwideNetworkPolicy": ("/apis/cilium.io/v2", "ciliumclusterwidenetworkpolicies"),
    "CiliumCIDRGroup": ("/apis/cilium.io/v2", "ciliumcidrgroups"),
    "Pod": ("/api/v1", "pods"),
    "Namespace": ("/api/v1", "namespaces"),
    "Service": ("/api/v1", "services"),
    "EndpointSlice": ("/apis/discovery.k8s.io/v1", "endpointslices"),
}


class Refused(Exception):
    """The API server's answer to something that it doesn't take."""


def path(kind, namespace=None, name=None):
    group, plural = GROUPS[kind]
    return group + (f"/namespaces/{namespace}" if namespace else "") + f"/{plural}" + (f"/{name}" if name else "")


class Cluster:
    """Not for several threads."""

    def __init__(self, address="172.18.0.2", port=6443):
        self._address = (address, port)
        self._context = context()
        self._connection = None

    def create(self, thing):
        metadata = thing["metadata"]
        return self.call("POST", path(thing["kind"], metadata.get("namespace")), thing)

    def delete(self, kind, namespace, name, **options):
        with contextlib.suppress(LookupError):
            self.call("DELETE", path(kind, namespace, name), options or None)

    def patch(self, kind, namespace, name, body):
        return self.call("PATCH", path(kind, namespace, name), body, "application/merge-patch+json")

    def get(self, kind, namespace=None, name=None, query=""):
        return self.call("GET", path(kind, namespace, name) + query)

    def call(self, method, where, body=None, content="application/json"):
        connection = self._connected()
        text = None if body is None else json.dumps(body)
        connection.request(method, where, text, {"Content-Type": content})
        answer = connection.getresponse()
        document = json.loads(answer.read())
        if answer.status == 404:
            raise LookupError(where)
        if answer.status >= 300:
            raise Refused(f"{method} {where}: {document.get('message')}")
        return document

    def _connected(self):
        if self._connection is None:
            with namespaces.entered(namespaces.OUTSIDE):
                plain = socket.create_connection(self._address, timeout=10)
            plain.settimeout(30)
            self._connection = http.client.HTTPSConnection(*self._address)
            self._connection.sock = self._context.wrap_socket(plain, server_hostname=self._address[0])
        return self._connection


def context():
    """TLS as the cluster's administrator."""
    made = ssl.create_default_context(cafile=PKI / "ca.crt")
    made.load_cert_chain(PKI / "admin.crt", PKI / "admin.key")
    return made
