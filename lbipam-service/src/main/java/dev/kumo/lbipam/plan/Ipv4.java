// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

import dev.kumo.lbipam.plan.ServiceProblem.Reason;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads single IPv4 addresses as Kubernetes writes them. */
final class Ipv4 {
    /** As Kubernetes writes them: nothing stands for loopback, no part may be left out. */
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allow_inet_aton(false)
            .allowSingleSegment(false)
            .toParams();

    private Ipv4() {}

    /** The address, or empty after telling {@code refused} why it is not one that can be served. */
    static Optional<IPAddress> parse(String text, Consumer<Reason> refused) {
        IPAddress address = new IPAddressString(text, STRICT).getAddress();
        if (address == null || address.isMultiple() || address.isPrefixed()) {
            refused.accept(Reason.INVALID_ADDRESS);
            return Optional.empty();
        }
        if (!address.isIPv4()) {
            refused.accept(Reason.ADDRESS_FAMILY_UNSUPPORTED);
            return Optional.empty();
        }
        return Optional.of(address);
    }
}
