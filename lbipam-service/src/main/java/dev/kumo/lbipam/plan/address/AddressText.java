// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan.address;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads addresses and prefixes in their common notation only (RFC 4291, RFC 4632): the library's ranges, wildcards, masks,
 * zones and shortened IPv4 would mean more than people wrote.
 */
final class AddressText {
    private static final String OCTET = "(0|[1-9][0-9]{0,2})";
    private static final Pattern PLAIN =
            Pattern.compile("(" + OCTET + "(\\." + OCTET + "){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)");

    private AddressText() {}

    static Optional<IPAddress> address(String text) {
        return PLAIN.matcher(text).matches()
                ? Optional.ofNullable(new IPAddressString(text).getAddress())
                : Optional.empty();
    }

    /** The whole block, also if host bits are set in the text. */
    static Optional<IPAddress> prefix(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9][0-9]{0,2}")) {
            return Optional.empty();
        }
        return address(text.substring(0, slash))
                .filter(address -> Integer.parseInt(text.substring(slash + 1)) <= address.getBitCount())
                .map(address -> address.toPrefixBlock(Integer.parseInt(text.substring(slash + 1))));
    }
}
