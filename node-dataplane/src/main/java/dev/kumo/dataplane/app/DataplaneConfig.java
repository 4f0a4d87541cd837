// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.bpf.NodeConfig.Routing;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The node dataplane's settings; each is also an environment variable, such as KUMO_NODE_NAME. */
@ConfigMapping(prefix = "kumo")
public interface DataplaneConfig {
    /** The Node that this process serves. */
    String nodeName();

    /** The namespace of our own workloads, where the feeds' EndpointSlices are. */
    @WithDefault("kumo-system")
    String namespace();

    /** https URLs of the API servers. Without one, replicas are dialled where the disk remembers them. */
    Optional<List<URI>> apiServers();

    /** vxlan: other nodes' pods through the overlay; direct: by routes, where all nodes share a LAN. */
    @WithDefault("vxlan")
    Routing routingMode();

    /** The range that all nodes' pod ranges come from. */
    @WithDefault("10.244.0.0/16")
    String podRange();

    /** Whether pods reach what lies outside the cluster under their node's address. */
    @WithDefault("true")
    boolean masquerade();

    /** LAN devices; the one that holds the node's address always counts. */
    @WithDefault("eth0")
    List<String> devices();

    Envoy envoy();

    /** The node's Envoy. */
    interface Envoy {
        /** Who starts it. */
        @WithDefault("daemonset")
        EnvoyMode mode();

        /** The program, if it is embedded. */
        @WithDefault("/opt/envoy/envoy")
        Path binary();

        /** Its configuration, if it is embedded. */
        @WithDefault("/etc/envoy/bootstrap.yaml")
        Path bootstrap();

        /** The socket of its administration, as its configuration has it. */
        @WithDefault("/run/envoy/admin.sock")
        Path admin();
    }

    /** Who starts the node's Envoy. */
    enum EnvoyMode {
        /** A DaemonSet of its own: it outlives the dataplane. */
        DAEMONSET,
        /** The dataplane, as its child. */
        EMBEDDED
    }

    Paths paths();

    /** Where things are on the node. */
    interface Paths {
        /** Sockets, and the cgroup hierarchy if we have to mount one. */
        @WithDefault("/run/kumo")
        Path run();

        /** A bpf file system; our pins are in its folder kumo. */
        @WithDefault("/sys/fs/bpf")
        Path bpf();

        /** What survives a restart of the node. */
        @WithDefault("/var/lib/kumo")
        Path state();

        /** Compiled eBPF objects. */
        @WithDefault("/opt/kumo/bpf")
        Path objects();

        /** The feeds' CA, one or more certificates in PEM. */
        @WithDefault("/etc/kumo/ca/ca.crt")
        Path authorities();

        /** Our token for the feeds. */
        @WithDefault("/var/run/secrets/kumo-feeds/token")
        Path token();

        /** Our ServiceAccount's token and the cluster's CA. */
        @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount")
        Path serviceAccount();

        /** Where the container runtime reads CNI configurations. */
        @WithDefault("/etc/cni/net.d")
        Path cniConfig();
    }
}
