// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.crd.AuthenticationMode;
import dev.kumo.policy.crd.PortProtocolName;
import dev.kumo.policy.crd.PortRule;
import dev.kumo.policy.model.rule.Peer;
import dev.kumo.policy.model.rule.PortMatch;
import dev.kumo.policy.model.rule.RequestMatch;
import dev.kumo.policy.model.rule.RuleElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One element of a list of Cilium's kinds: as many elements of the model as it has items of {@code toPorts}. */
final class ElementParser {
    private final ElementFields fields;
    private final FieldPath path;
    private final List<Peer> peers;
    private final List<RuleElement> elements = new ArrayList<>();

    private ElementParser(ElementFields fields, List<Peer> peers, FieldPath path) {
        this.fields = fields;
        this.path = path;
        this.peers = peers;
    }

    static List<RuleElement> parse(ElementFields fields, PeerScope scope, FieldPath path) {
        List<Peer> peers = PeerParser.parse(fields, scope, path);
        // An element that names neither peers nor ports matches nothing; it is how Cilium writes "deny by default".
        if (fields.peers().isAbsent() && (fields.hasPorts() || fields.hasIcmps())) {
            peers = List.of(new Peer.Any());
        }
        var parser = new ElementParser(fields, peers, path);
        parser.parse();
        return List.copyOf(parser.elements);
    }

    private void parse() {
        var authentication = fields.authentication();
        if (authentication != null && authentication.mode() != AuthenticationMode.DISABLED) {
            path.field("authentication").field("mode").unsupported("mutual authentication is not supported");
        }
        if (fields.hasPorts() && fields.hasIcmps()) {
            path.field("icmps").invalid("cannot be combined with toPorts in one element");
        }
        if (fields.icmps() != null && fields.hasIcmps()) {
            add(IcmpParser.parse(fields.icmps(), path.field("icmps")), Optional.empty());
        }
        path.field("toPorts").forEach(fields.ports(), this::parsePorts);
        if (!fields.hasPorts() && !fields.hasIcmps()) {
            add(List.of(PortMatch.EVERYTHING), Optional.empty());
        }
    }

    private void parsePorts(FieldPath item, PortRule rule) {
        item.field("terminatingTLS").refuseIfPresent(rule.terminatingTLS(), "TLS is not ended by the proxy");
        item.field("originatingTLS").refuseIfPresent(rule.originatingTLS(), "TLS is not opened by the proxy");
        item.field("serverNames").refuseIfPresent(rule.serverNames(), "TLS server names are not looked at");
        item.field("listener").refuseIfPresent(rule.listener(), "listeners of other objects are not supported");
        if (rule.ports() == null || rule.ports().isEmpty()) {
            item.field("ports").invalid("must name a port; port 0 means every one");
        }
        add(PortParser.parse(rule.ports(), item.field("ports")), requests(item, rule));
    }

    private Optional<List<RequestMatch>> requests(FieldPath item, PortRule rule) {
        var rules = rule.rules();
        if (rules == null) {
            return Optional.empty();
        }
        var path = item.field("rules");
        path.field("dns").refuseIfPresent(rules.dns(), "DNS rules are not supported");
        if (rules.http() == null) {
            return Optional.empty();
        }
        item.field("ports").forEach(rule.ports(), (at, port) -> {
            if (port.protocol() != PortProtocolName.TCP) {
                at.field("protocol").invalid("HTTP rules need protocol TCP");
            }
            if (port.port() != null && port.port().matches("0+")) {
                at.field("port").invalid("HTTP rules need a port of their own, not 0");
            }
        });
        return Optional.of(HttpParser.parse(rules.http(), path.field("http")));
    }

    private void add(List<PortMatch> ports, Optional<List<RequestMatch>> requests) {
        elements.add(new RuleElement(fields.kind().direction(), fields.kind().isDeny(), peers, ports, requests));
    }
}
