// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.app;

import dev.kumo.policy.model.rule.NamedPort;
import dev.kumo.policy.model.rule.Protocol;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the ports that a pod's containers name. Stateless. */
final class PortReader {
    private PortReader() {}

    static SortedSet<NamedPort> namedPorts(PodSpec spec) {
        var sidecars = list(spec.getInitContainers()).stream()
                .filter(container -> "Always".equals(container.getRestartPolicy()));
        return Stream.concat(list(spec.getContainers()).stream(), sidecars)
                .map(Container::getPorts)
                .flatMap(ports -> list(ports).stream())
                .flatMap(port -> namedPort(port).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Optional<NamedPort> namedPort(ContainerPort port) {
        if (port.getName() == null || port.getName().isEmpty() || port.getContainerPort() == null) {
            return Optional.empty();
        }
        return Optional.of(new NamedPort(
                port.getName().toLowerCase(Locale.ROOT), protocol(port.getProtocol()), port.getContainerPort()));
    }

    /** The API server takes no other; absent means TCP. */
    private static int protocol(@Nullable String name) {
        return switch (name == null ? "TCP" : name) {
            case "UDP" -> Protocol.UDP;
            case "SCTP" -> Protocol.SCTP;
            default -> Protocol.TCP;
        };
    }

    private static <T> List<T> list(@Nullable List<T> values) {
        return values == null ? List.of() : values;
    }
}
