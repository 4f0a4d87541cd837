// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** Settings that all control services share; from the environment ({@code KUMO_…}), checked at start. */
@ConfigMapping(prefix = "kumo")
public interface ControlConfig {
    /** The API servers as https URLs, comma-separated, tried in this order. */
    List<URI> apiServers();

    /** The name of our pod: the replica that nodes are told of, and the identity in leader election. */
    String podName();

    /** Our namespace. */
    @WithDefault("kumo-system")
    String namespace();

    /** Where the feed's certificate is mounted ({@code tls.crt}, {@code tls.key}). */
    @WithDefault("/etc/kumo/tls")
    Path tlsDirectory();

    /** Where the kubelet mounts our token and the cluster's CA. */
    @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount")
    Path serviceAccountDirectory();

    /** Another port for the feed than its own; 0 takes a free one. */
    OptionalInt feedPort();

    /** The source revision that this was built from. */
    @WithDefault("unknown")
    String commit();
}
