// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.announce;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;
import java.util.Optional;

/** ARP as bytes, for tests of the kernel half. */
public final class ArpFrames {
    private static final MacAddress UNKNOWN = MacAddress.of(new byte[MacAddress.LENGTH]);

    private ArpFrames() {}

    public static byte[] request(String sender, MacAddress mac, String target) {
        return new ArpFrame(true, mac, Address.of(sender), UNKNOWN, Address.of(target), Optional.empty()).toBytes();
    }

    public static byte[] reply(String sender, MacAddress mac, String target, MacAddress targetMac) {
        return new ArpFrame(false, mac, Address.of(sender), targetMac, Address.of(target), Optional.empty()).toBytes();
    }

    public static byte[] probe(String target, MacAddress mac) {
        return ArpFrame.probe(Address.of(target), mac).toBytes();
    }

    /** One of ours. */
    public static byte[] claim(boolean request, String address, MacAddress mac, long term, int position) {
        return ArpFrame.claim(request, Address.of(address), mac, new Rank(term, position))
                .toBytes();
    }

    /** Of a host that is none of ours. */
    public static byte[] foreignClaim(boolean request, String address, MacAddress mac) {
        var everybody = MacAddress.of("ff:ff:ff:ff:ff:ff");
        return new ArpFrame(request, mac, Address.of(address), everybody, Address.of(address), Optional.empty())
                .toBytes();
    }
}
