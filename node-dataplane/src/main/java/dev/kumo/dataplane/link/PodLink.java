// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.link;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A pod's link as it shall be.
 *
 * @param hostName the node's side, see {@link #hostName(String)}
 * @param netns a file that stands for the pod's network namespace
 * @param podName the pod's side, {@code eth0} as a rule
 * @param address the pod's IPv4 address
 * @param nodeAddress the source address of the node's own traffic to the pod
 * @param mtu bytes, both sides
 */
public record PodLink(String hostName, Path netns, String podName, Address address, Address nodeAddress, int mtu) {
    /** Every pod's gateway. It exists nowhere; a permanent neighbour entry stands for it. */
    public static final Address GATEWAY = Address.of("169.254.1.1");

    /** Names of pod links begin so. */
    public static final String PREFIX = "lxc";

    private static final int DIGITS = 11;

    /** {@code lxc} and the first 11 hex digits of the SHA-256 of the sandbox id: 14 characters, the kernel takes 15. */
    public static String hostName(String sandboxId) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(sandboxId.getBytes(StandardCharsets.UTF_8));
            return PREFIX + HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JRE has SHA-256", e);
        }
    }

    /** The pod side's Ethernet address. */
    public MacAddress podMac() {
        return MacAddress.ofPod(address);
    }
}
