// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

import dev.kumo.lbipam.model.ServiceRef;
import java.util.Comparator;

/** A part of a Service that is not served, and why; the rest of the Service is. */
public record ServiceProblem(ServiceRef service, Reason reason, String message) implements Comparable<ServiceProblem> {
    private static final Comparator<ServiceProblem> ORDER = Comparator.comparing(ServiceProblem::service)
            .thenComparing(ServiceProblem::reason)
            .thenComparing(ServiceProblem::message);

    @Override
    public int compareTo(ServiceProblem other) {
        return ORDER.compare(this, other);
    }

    /** Why a part of a Service is not served. */
    public enum Reason {
        /** An address that is none. */
        INVALID_ADDRESS,
        /** An IPv6 or FQDN address: only IPv4 is served. */
        ADDRESS_FAMILY_UNSUPPORTED,
        /** A protocol other than TCP and UDP. */
        PROTOCOL_UNSUPPORTED,
        /** A source range that is none; the Service's LoadBalancer addresses are closed rather than opened to all. */
        INVALID_SOURCE_RANGE,
        /** An annotation that asks for what is not supported. */
        ANNOTATION_UNSUPPORTED,
        /** An endpoint port without a number. */
        ENDPOINT_PORT_MISSING
    }
}
