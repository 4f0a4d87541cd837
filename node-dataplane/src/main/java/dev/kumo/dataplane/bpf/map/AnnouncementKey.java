// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * An address and the device on which it is answered for.
 *
 * @param address IPv4
 */
@RegisterForReflection
public record AnnouncementKey(Address address, int ifindex) {}
