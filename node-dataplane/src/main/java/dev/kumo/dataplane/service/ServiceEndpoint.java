// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Backend;

/**
 * One endpoint of one port of a Service.
 *
 * @param protocol IANA number
 * @param node the node that hosts it; empty if unknown
 */
record ServiceEndpoint(
        String portName,
        int protocol,
        Address address,
        int port,
        String node,
        boolean ready,
        boolean serving,
        boolean terminating) {

    /** @throws IllegalArgumentException if the address is none */
    static ServiceEndpoint of(dev.kumo.contract.service.v1.Backend backend) {
        return new ServiceEndpoint(
                backend.getPortName(),
                backend.getProtocolValue(),
                Address.of(backend.getAddress()),
                backend.getPort(),
                backend.getNode(),
                backend.getReady(),
                backend.getServing(),
                backend.getTerminating());
    }

    boolean isOn(String otherNode) {
        return node.equals(otherNode);
    }

    /** May take new connections if no endpoint is ready. */
    boolean servesWhileTerminating() {
        return serving && terminating;
    }

    Backend onNode(String thisNode) {
        return new Backend(address, port, protocol, isOn(thisNode) ? Backend.LOCAL : 0);
    }
}
