# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What lab/up asks of the cluster. Needs lab/lib/machines.sh.

kubectl() (outside kubectl "$@")

api_server_is_ready() { kubectl get --raw /readyz; }

wait_for_api_server() {
  eventually 60 api_server_is_ready || fail "the API server does not answer; see $STATE/cp/kube-apiserver.log"
}

nodes_are_registered() { kubectl get node "${NODES[@]}"; }

wait_for_nodes() {
  eventually 60 nodes_are_registered || fail "not every node has registered; see $STATE/w*/var/log/kubelet.log"
}

# install_definitions CHANNEL: the Gateway API's, of the channel asked for, else of the one that the lab has.
install_definitions() {
  local channel=$1 folder file files=()
  [[ -n $channel ]] || channel=$(cat "$STATE/gateway-channel" 2>/dev/null || echo standard)
  [[ $(cat "$STATE/gateway-channel" 2>/dev/null) != "$channel" ]] || return 0
  folder=$("$CHECKOUT/lab/tools/gateway-definitions" "$channel")
  for file in "$folder"/gateway.networking.*.yaml; do
    files+=(-f "$file")
  done
  kubectl apply --server-side --force-conflicts "${files[@]}" >/dev/null
  echo "$channel" >"$STATE/gateway-channel"
}

install_dns() { kubectl apply -f "$CHECKOUT/lab/manifest/coredns.yaml" >/dev/null; }
