// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf.map;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A prefix of the longest-prefix map {@code addresses}.
 *
 * @param prefixLength 0 to 128; an IPv4 prefix counts from 96
 */
@RegisterForReflection
public record PrefixKey(int prefixLength, Address address) {
    /** The prefix of one address alone. */
    public static PrefixKey of(Address address) {
        return new PrefixKey(128, address);
    }

    /** Whether every address of the other prefix is one of this. */
    public boolean contains(PrefixKey other) {
        return prefixLength <= other.prefixLength && other.address.hasPrefix(address, prefixLength);
    }

    /** The prefix of so many bits, no more than this has, that holds this one. */
    public PrefixKey truncate(int bits) {
        return new PrefixKey(bits, address.truncate(bits));
    }

    /** As people write it: {@code 10.0.0.0/8}. */
    @Override
    public String toString() {
        return address + "/" + (address.isIpv4() ? prefixLength - 96 : prefixLength);
    }

    /** An IPv4 prefix of 0 to 32 bits, or an IPv6 one of 0 to 128; the address's own family decides. */
    public static PrefixKey of(Address address, int bits) {
        return new PrefixKey(address.isIpv4() ? 96 + bits : bits, address);
    }
}
