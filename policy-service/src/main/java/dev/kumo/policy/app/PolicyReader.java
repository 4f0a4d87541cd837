// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.policy.crd.CiliumIdentity;
import dev.kumo.policy.model.IdentityView;
import dev.kumo.policy.model.LabelFilter;
import dev.kumo.policy.model.NamespaceView;
import dev.kumo.policy.model.NodeView;
import dev.kumo.policy.model.PodView;
import dev.kumo.policy.model.SecurityLabels;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Reads Pods, Namespaces, Nodes and CiliumIdentities into the model. Stateless. */
public final class PolicyReader {
    /** The taint that keeps pods off a node until its network is there. */
    static final String AGENT_NOT_READY = "node.cilium.io/agent-not-ready";

    static final String NETWORK_UNAVAILABLE = "NetworkUnavailable";
    /** Our reason in condition NetworkUnavailable. */
    static final String KUMO_IS_UP = "KumoIsUp";

    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");
    /** Addresses as Kubernetes writes them: nothing stands for loopback, no part may be left out. */
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowWildcardedSeparator(false)
            .allow_inet_aton(false)
            .allowSingleSegment(false)
            .toParams();

    private static final int FIRST_IDENTITY = 256;
    private static final int LAST_IDENTITY = 65_535;

    private PolicyReader() {}

    public static PodView pod(Pod pod) {
        var spec = pod.getSpec();
        var status = Optional.ofNullable(pod.getStatus());
        return new PodView(
                pod.getMetadata().getUid(),
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                text(spec.getNodeName()),
                text(spec.getServiceAccountName()),
                relevant(pod.getMetadata().getLabels(), ""),
                Boolean.TRUE.equals(spec.getHostNetwork()),
                status.map(s -> ENDED.contains(text(s.getPhase()))).orElse(false),
                status.map(s -> text(s.getPodIP())).orElse(""),
                PortReader.namedPorts(spec));
    }

    public static NamespaceView namespace(Namespace namespace) {
        return new NamespaceView(
                namespace.getMetadata().getName(),
                relevant(namespace.getMetadata().getLabels(), NamespaceView.LABEL_PREFIX));
    }

    public static NodeView node(Node node) {
        var taints = Optional.ofNullable(node.getSpec().getTaints()).orElseGet(List::of);
        return new NodeView(
                node.getMetadata().getName(),
                addresses(node, "InternalIP"),
                addresses(node, "ExternalIP"),
                Optional.ofNullable(node.getSpec().getPodCIDRs()).orElseGet(List::of).stream()
                        .flatMap(range -> range(range).stream())
                        .toList(),
                hasCondition(node, "Ready", "True", null),
                taints.stream().anyMatch(taint -> AGENT_NOT_READY.equals(taint.getKey())),
                hasCondition(node, NETWORK_UNAVAILABLE, "False", KUMO_IS_UP));
    }

    /** @throws IllegalArgumentException if the object's name is no number of this cluster's identities */
    public static IdentityView identity(CiliumIdentity identity) {
        var name = identity.getMetadata().getName();
        int number;
        try {
            number = Integer.parseInt(name);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("name '" + name + "' is no number", e);
        }
        if (number < FIRST_IDENTITY || number > LAST_IDENTITY) {
            throw new IllegalArgumentException("number " + number + " is not within 256–65535");
        }
        return new IdentityView(number, SecurityLabels.of(identity.getSecurityLabels()));
    }

    /** A single address; empty for anything else. */
    static Optional<IPAddress> address(String text) {
        var address = new IPAddressString(text, STRICT).getAddress();
        return Optional.ofNullable(address).filter(a -> !a.isMultiple() && !a.isPrefixed());
    }

    private static Optional<IPAddress> range(String text) {
        var range = new IPAddressString(text, STRICT).getAddress();
        return Optional.ofNullable(range).filter(IPAddress::isPrefixed).map(IPAddress::toPrefixBlock);
    }

    private static List<IPAddress> addresses(Node node, String type) {
        return Optional.ofNullable(node.getStatus()).map(status -> status.getAddresses()).orElseGet(List::of).stream()
                .filter(address -> type.equals(address.getType()))
                .flatMap(address -> address(text(address.getAddress())).stream())
                .toList();
    }

    private static boolean hasCondition(Node node, String type, String status, @Nullable String reason) {
        return Optional.ofNullable(node.getStatus()).map(s -> s.getConditions()).orElseGet(List::of).stream()
                .filter(condition -> type.equals(condition.getType()))
                .anyMatch(condition -> status.equals(condition.getStatus())
                        && (reason == null || reason.equals(condition.getReason())));
    }

    private static SortedMap<String, String> relevant(@Nullable Map<String, String> labels, String prefix) {
        return LabelFilter.relevant(labels == null ? Map.of() : labels, prefix);
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
