// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A client prefix that may use a Service's external frontends.
 *
 * @param prefixLength 32 bits of the service number, then the prefix's 0 to 128
 */
@RegisterForReflection
public record SourceRangeKey(int prefixLength, int service, Address address) {
    /** An IPv4 prefix of 0 to 32 bits, or an IPv6 one of 0 to 128; the address's own family decides. */
    public static SourceRangeKey of(int service, Address address, int bits) {
        return new SourceRangeKey(32 + PrefixKey.of(address, bits).prefixLength(), service, address);
    }
}
