# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What lab/up asks of the cluster. Needs lab/lib/machines.sh.

UPGRADE_POLICY=safe-upgrades.gateway.networking.k8s.io

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
  local installed channel folder file files=()
  installed=$(cat "$STATE/gateway-channel" 2>/dev/null || true)
  channel=${1:-${installed:-standard}}
  [[ $installed != "$channel" ]] || return 0
  folder=$("$CHECKOUT/lab/tools/gateway-definitions" "$channel")
  for file in "$folder"/gateway.networking.*.yaml; do
    files+=(-f "$file")
  done
  # They bring a policy that refuses a change of channel; who asks for it here means it.
  [[ -z $installed ]] || kubectl delete --ignore-not-found \
    "validatingadmissionpolicy/$UPGRADE_POLICY" "validatingadmissionpolicybinding/$UPGRADE_POLICY" >/dev/null
  eventually 20 kubectl apply --server-side --force-conflicts "${files[@]}" ||
    kubectl apply --server-side --force-conflicts "${files[@]}" >/dev/null
  echo "$channel" >"$STATE/gateway-channel"
}

install_dns() { kubectl apply -f "$CHECKOUT/lab/manifest/coredns.yaml" >/dev/null; }
