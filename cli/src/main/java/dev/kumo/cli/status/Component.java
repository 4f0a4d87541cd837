// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.status;

/** A part of Kumo and the workload that is it. */
enum Component {
    POLICY("Policy", "Deployment", "policy-service"),
    GATEWAY("Gateway", "Deployment", "gateway-service"),
    LB_IPAM("LB IPAM", "Deployment", "lbipam-service"),
    L2_ANNOUNCER("L2 announcer", "Deployment", "l2-announcer"),
    NODE_DATAPLANE("Node dataplane", "DaemonSet", "node-dataplane"),
    /** None where each dataplane starts its own, {@link EnvoyMode}. */
    ENVOY("Envoy", "DaemonSet", "envoy");

    private final String title;
    private final String kind;
    private final String workload;

    Component(String title, String kind, String workload) {
        this.title = title;
        this.kind = kind;
        this.workload = workload;
    }

    String title() {
        return title;
    }

    String kind() {
        return kind;
    }

    String workload() {
        return workload;
    }
}
