# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The cluster's certificates and kubeconfig files, made once a lab.

PKI=$STATE/pki

# issue NAME COMMON_NAME ORGANISATION ALTERNATIVE_NAMES: a key and certificate, good for clients and servers.
issue() {
  local file=$PKI/$1
  {
    echo 'keyUsage=critical,digitalSignature,keyEncipherment'
    echo 'extendedKeyUsage=clientAuth,serverAuth'
    [[ -z $4 ]] || echo "subjectAltName=$4"
  } >"$file.extensions"
  openssl ecparam -name prime256v1 -genkey -noout -out "$file.key"
  openssl req -new -key "$file.key" -subj "${3:+/O=$3}/CN=$2" |
    openssl x509 -req -CA "$PKI/ca.crt" -CAkey "$PKI/ca.key" -days 3650 -extfile "$file.extensions" -out "$file.crt" 2>/dev/null
  rm "$file.extensions"
}

# kubeconfig NAME: holds the certificates themselves, so that it works wherever it is copied to.
kubeconfig() {
  cat >"$PKI/$1.kubeconfig" <<END
apiVersion: v1
kind: Config
clusters:
  - name: kumo-lab
    cluster: {server: "https://$CONTROL_PLANE:6443", certificate-authority-data: $(base64 -w0 "$PKI/ca.crt")}
users:
  - name: $1
    user: {client-certificate-data: $(base64 -w0 "$PKI/$1.crt"), client-key-data: $(base64 -w0 "$PKI/$1.key")}
contexts:
  - name: kumo-lab
    context: {cluster: kumo-lab, user: $1}
current-context: kumo-lab
END
}

client() {
  issue "$1" "$2" "${3:-}" ""
  kubeconfig "$1"
}

make_certificates() {
  local node names
  [[ ! -e $PKI/complete ]] || return 0
  mkdir -p "$PKI"
  chmod 700 "$PKI"
  openssl ecparam -name prime256v1 -genkey -noout -out "$PKI/ca.key"
  openssl req -x509 -new -key "$PKI/ca.key" -subj /CN=kumo-lab -days 3650 -addext keyUsage=critical,keyCertSign,cRLSign \
    -out "$PKI/ca.crt"
  names=DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local
  issue api-server kube-apiserver "" "$names,DNS:localhost,IP:127.0.0.1,IP:10.96.0.1,IP:$CONTROL_PLANE"
  issue front-proxy front-proxy-client "" ""
  issue kubelet-client kube-apiserver-kubelet-client system:masters ""
  client admin kubernetes-admin system:masters
  client controller-manager system:kube-controller-manager
  client scheduler system:kube-scheduler
  for node in "${NODES[@]}"; do
    issue "$node" "system:node:$node" system:nodes "DNS:$node,IP:$(address_of "$node")"
    kubeconfig "$node"
  done
  openssl genrsa -out "$PKI/service-accounts.key" 2048 2>/dev/null
  touch "$PKI/complete"
}
