// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

/** A name within a message that stands for another resource. */
record Reference(Target target, String name, String path) {
    enum Target {
        CLUSTER,
        ROUTES,
        SECRET;

        ResourceKind kind() {
            return switch (this) {
                case CLUSTER -> ResourceKind.CLUSTER;
                case ROUTES -> ResourceKind.ROUTES;
                case SECRET -> ResourceKind.SECRET;
            };
        }
    }
}
