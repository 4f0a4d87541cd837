// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.crd.IcmpFamily;
import dev.kumo.policy.crd.IcmpField;
import dev.kumo.policy.crd.IcmpRule;
import dev.kumo.policy.model.rule.PortMatch;
import dev.kumo.policy.model.rule.Protocol;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** ICMP messages by type (IANA "ICMP Type Numbers" and "ICMPv6 Parameters"). */
final class IcmpParser {
    private static final int LAST_TYPE = 255;

    private static final Map<String, Integer> IPV4 = Map.ofEntries(
            Map.entry("EchoReply", 0),
            Map.entry("DestinationUnreachable", 3),
            Map.entry("Redirect", 5),
            Map.entry("EchoRequest", 8),
            Map.entry("Echo", 8),
            Map.entry("RouterAdvertisement", 9),
            Map.entry("RouterSelection", 10),
            Map.entry("TimeExceeded", 11),
            Map.entry("ParameterProblem", 12),
            Map.entry("Timestamp", 13),
            Map.entry("TimestampReply", 14),
            Map.entry("Photuris", 40),
            Map.entry("ExtendedEchoRequest", 42),
            Map.entry("ExtendedEchoReply", 43));

    private static final Map<String, Integer> IPV6 = Map.ofEntries(
            Map.entry("DestinationUnreachable", 1),
            Map.entry("PacketTooBig", 2),
            Map.entry("TimeExceeded", 3),
            Map.entry("ParameterProblem", 4),
            Map.entry("EchoRequest", 128),
            Map.entry("EchoReply", 129),
            Map.entry("MulticastListenerQuery", 130),
            Map.entry("MulticastListenerReport", 131),
            Map.entry("MulticastListenerDone", 132),
            Map.entry("RouterSolicitation", 133),
            Map.entry("RouterAdvertisement", 134),
            Map.entry("NeighborSolicitation", 135),
            Map.entry("NeighborAdvertisement", 136),
            Map.entry("RedirectMessage", 137),
            Map.entry("RouterRenumbering", 138),
            Map.entry("ICMPNodeInformationQuery", 139),
            Map.entry("ICMPNodeInformationResponse", 140),
            Map.entry("InverseNeighborDiscoverySolicitation", 141),
            Map.entry("InverseNeighborDiscoveryAdvertisement", 142),
            Map.entry("HomeAgentAddressDiscoveryRequest", 144),
            Map.entry("HomeAgentAddressDiscoveryReply", 145),
            Map.entry("MobilePrefixSolicitation", 146),
            Map.entry("MobilePrefixAdvertisement", 147),
            Map.entry("DuplicateAddressRequestCodeSuffix", 157),
            Map.entry("DuplicateAddressConfirmationCodeSuffix", 158),
            Map.entry("ExtendedEchoRequest", 160),
            Map.entry("ExtendedEchoReply", 161));

    private IcmpParser() {}

    static List<PortMatch> parse(List<IcmpRule> rules, FieldPath path) {
        var matches = new ArrayList<PortMatch>();
        path.forEach(rules, (at, rule) -> {
            var fields = at.field("fields");
            if (rule.fields() != null && rule.fields().size() > PortParser.MOST_PORTS) {
                fields.invalid("%d types; at most %d".formatted(rule.fields().size(), PortParser.MOST_PORTS));
                return;
            }
            fields.forEach(rule.fields(), (item, field) -> parse(field, item).ifPresent(matches::add));
        });
        return matches;
    }

    private static Optional<PortMatch> parse(IcmpField field, FieldPath path) {
        boolean ipv6 = field.family() == IcmpFamily.IPV6;
        var type = type(field.type(), ipv6 ? IPV6 : IPV4);
        if (type.isEmpty()) {
            path.field("type")
                    .invalid("%s is not an ICMP type of %s"
                            .formatted(
                                    field.type() == null ? null : field.type().getValue(), ipv6 ? "IPv6" : "IPv4"));
        }
        return type.map(number -> new PortMatch.Numbers(ipv6 ? Protocol.ICMPV6 : Protocol.ICMP, number, number));
    }

    private static Optional<Integer> type(@Nullable IntOrString type, Map<String, Integer> names) {
        if (type == null) {
            return Optional.empty();
        }
        if (type.getIntVal() != null) {
            int number = type.getIntVal();
            return Optional.of(number).filter(value -> value >= 0 && value <= LAST_TYPE);
        }
        var text = type.getStrVal() == null ? "" : type.getStrVal();
        if (text.matches("[0-9]{1,3}")) {
            return Optional.of(Integer.parseInt(text)).filter(value -> value <= LAST_TYPE);
        }
        return Optional.ofNullable(names.get(text));
    }
}
