// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

import java.util.List;
import java.util.SortedMap;

/**
 * A Gateway.
 *
 * @param labels of spec.infrastructure
 * @param annotations of spec.infrastructure
 * @param unsupported fields of its spec that are set and that we don't serve, as paths
 */
public record GatewayView(
        ObjectKey key,
        Stamp stamp,
        String gatewayClass,
        List<ListenerView> listeners,
        List<AddressView> addresses,
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        List<String> unsupported) {

    /** An address asked for in spec.addresses; an empty value leaves the choice to us. */
    public record AddressView(String type, String value) {}
}
