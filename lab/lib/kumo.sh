# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Kumo on the lab's cluster. Needs lab/lib/cluster.sh and images.sh.

OURS="-n kumo-system -l app.kubernetes.io/part-of=kumo"
PATIENCE=240s

# Images keep their tag, so a workload whose image was loaded anew is restarted.
apply_kumo() {
  local archive image workload
  kubectl apply -k "$CHECKOUT/k8s/overlays/lab" >/dev/null
  for archive in "${LOADED[@]}"; do
    image=$(basename "$archive" .tar)
    for workload in "deployment/$image" "daemonset/$image"; do
      kubectl get -n kumo-system "$workload" &>/dev/null || continue
      kubectl rollout restart -n kumo-system "$workload" >/dev/null
    done
  done
}

wait_for_ready_nodes() {
  kubectl wait --for=condition=Ready node --all --timeout=$PATIENCE >/dev/null || explain
}

wait_for_workloads() {
  local workload
  # shellcheck disable=SC2086 # words of a selection
  for workload in $(kubectl get deployment,daemonset $OURS -o name); do
    kubectl rollout status -n kumo-system "$workload" --timeout=$PATIENCE >/dev/null || explain
  done
  kubectl rollout status -n kube-system deployment/coredns --timeout=$PATIENCE >/dev/null || explain
}

# explain: shows what isn't as it should be, and ends.
explain() {
  kubectl get nodes,pods -A -o wide >&2
  fail "not ready within $PATIENCE; lab/kubectl logs -n kumo-system POD says more"
}
