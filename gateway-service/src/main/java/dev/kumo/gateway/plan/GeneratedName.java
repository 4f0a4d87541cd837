// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of what is made for a Gateway or an Ingress; those that are too long for a label are cut and end in a hash, as Cilium's do. */
public final class GeneratedName {
    public static final String GATEWAY = "cilium-gateway-";
    public static final String INGRESS = "cilium-ingress-";
    public static final String SHARED_INGRESS = "cilium-ingress";
    public static final String GATEWAY_LABEL = "io.cilium.gateway/owning-gateway";
    public static final String INGRESS_LABEL = "cilium.io/ingress";

    private static final int LONGEST = 63;
    private static final int HASH = 10;

    private GeneratedName() {}

    static String service(String gateway) {
        return shorten(GATEWAY + gateway);
    }

    static String ingressService(String ingress) {
        return shorten(INGRESS + ingress);
    }

    static String shorten(String name) {
        return name.length() <= LONGEST ? name : name.substring(0, LONGEST - HASH - 1) + "-" + hash(name);
    }

    /** Hexadecimal digits of which some are replaced so that no word comes out. */
    private static String hash(String name) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of()
                    .formatHex(digest)
                    .substring(0, HASH)
                    .replace('0', 'g')
                    .replace('1', 'h')
                    .replace('3', 'k')
                    .replace('a', 'm')
                    .replace('e', 't');
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
