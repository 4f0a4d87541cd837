// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.model.rule.CidrBlock;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Address blocks in prefix notation. Bits behind the prefix are ignored, as in Cilium. */
public final class CidrParser {
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,3}");
    private static final int IPV4_BITS = 32;

    private CidrParser() {}

    /** An address or a block; empty if the text is neither. */
    public static Optional<CidrBlock> parse(String text) {
        int slash = text.indexOf('/');
        var address = slash < 0 ? text : text.substring(0, slash);
        var length = slash < 0 ? null : text.substring(slash + 1);
        boolean mapped = IPV4.matcher(address).matches();
        if ((!mapped && !IPV6.matcher(address).matches())
                || (length != null && !LENGTH.matcher(length).matches())) {
            return Optional.empty();
        }
        int most = mapped ? IPV4_BITS : CidrBlock.BITS;
        int bits = length == null ? most : Integer.parseInt(length);
        if (bits > most) {
            return Optional.empty();
        }
        try {
            var bytes = InetAddress.ofLiteral(address).getAddress();
            return Optional.of(
                    bytes.length == 16
                            ? CidrBlock.of(bytes, bits)
                            : CidrBlock.of(mapped(bytes), mapped ? bits + CidrBlock.IPV4.length() : bits));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A block, reported if it is none. */
    static Optional<CidrBlock> parse(@Nullable String text, FieldPath path) {
        var block = text == null ? Optional.<CidrBlock>empty() : parse(text);
        if (block.isEmpty()) {
            path.invalid("\"%s\" is not an address block".formatted(text));
        }
        return block;
    }

    /** What is left out of a block; reported where it lies outside. */
    static SortedSet<CidrBlock> exceptions(@Nullable List<String> except, Optional<CidrBlock> block, FieldPath path) {
        var exceptions = new TreeSet<CidrBlock>();
        path.forEach(
                except,
                (at, text) -> parse(text, at).ifPresent(exception -> {
                    if (block.filter(whole -> !whole.contains(exception)).isPresent()) {
                        at.invalid("%s lies outside the block".formatted(text));
                    }
                    exceptions.add(exception);
                }));
        // An IPv6 block so wide that it holds the place of IPv4 still means IPv6.
        if (block.filter(whole -> whole.length() < CidrBlock.IPV4.length() && whole.contains(CidrBlock.IPV4))
                .isPresent()) {
            exceptions.add(CidrBlock.IPV4);
        }
        return exceptions;
    }

    private static byte[] mapped(byte[] ipv4) {
        var bytes = CidrBlock.IPV4.address();
        System.arraycopy(ipv4, 0, bytes, bytes.length - ipv4.length, ipv4.length);
        return bytes;
    }
}
