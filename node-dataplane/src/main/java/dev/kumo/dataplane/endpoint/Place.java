// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.bpf.map.Address;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Where an endpoint lives.
 *
 * @param netns the file that stands for the pod's network namespace
 * @param ifindex of its link's node side; 0 before the link is made
 */
@RegisterForReflection
public record Place(Address address, String netns, int ifindex) {}
