// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.map.Address;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A port of the node that leads to a pod (hostPort).
 *
 * @param hostAddress the one address that it listens on, if it isn't all
 */
@RegisterForReflection
public record PortMapping(@Nullable Address hostAddress, int hostPort, int containerPort, Protocol protocol) {
    /** What can be mapped. */
    @RegisterForReflection
    public enum Protocol {
        TCP(6),
        UDP(17);

        private final int number;

        Protocol(int number) {
            this.number = number;
        }

        /** As IANA has it. */
        public int number() {
            return number;
        }
    }

    Optional<Address> address() {
        return Optional.ofNullable(hostAddress);
    }
}
