// SPDX-License-Identifier: Apache-2.0
package dev.kumo.policy.parse;

import dev.kumo.policy.crd.CidrRule;
import dev.kumo.policy.crd.ServiceReference;
import dev.kumo.policy.model.rule.CidrBlock;
import dev.kumo.policy.model.rule.Peer;
import dev.kumo.policy.model.rule.Selector;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Peers of one element of Cilium's kinds. */
final class PeerParser {
    private static final SelectorParser SELECTORS = SelectorParser.cilium();

    private final ElementFields.Kind kind;
    private final PeerScope scope;
    private final FieldPath path;
    private final List<Peer> peers = new ArrayList<>();

    private PeerParser(ElementFields.Kind kind, PeerScope scope, FieldPath path) {
        this.kind = kind;
        this.scope = scope;
        this.path = path;
    }

    /** The peers that are named, none if none is. */
    static List<Peer> parse(ElementFields element, PeerScope scope, FieldPath path) {
        var parser = new PeerParser(element.kind(), scope, path);
        parser.parse(element.peers());
        return element.peers().hasEmptyList() ? List.of() : List.copyOf(parser.peers);
    }

    private void parse(PeerFields fields) {
        checkCombination(fields);
        if (fields.requires() != null && !fields.requires().isEmpty()) {
            at("Requires").invalid("was removed from Cilium and must be empty");
        }
        at("Groups").refuseIfPresent(fields.groups(), "groups of a cloud provider are not supported");
        at("Nodes").refuseIfPresent(fields.nodes(), "nodes cannot be chosen by their labels");
        at("FQDNs").refuseIfPresent(fields.fqdns(), "destinations by DNS name are not supported");
        at("Endpoints")
                .forEach(
                        fields.endpoints(),
                        (item, selector) -> peers.add(new Peer.Labels(scope.peer(SELECTORS.parse(selector, item)))));
        at("Entities")
                .forEach(
                        fields.entities(),
                        (item, entity) -> EntityPeers.of(entity).forEach(peers::add));
        at("CIDR").forEach(fields.cidr(), (item, text) -> {
            var block = CidrParser.parse(text, item);
            block.ifPresent(cidr -> peers.add(new Peer.Cidr(cidr, CidrParser.exceptions(null, block, item))));
        });
        at("CIDRSet").forEach(fields.cidrSet(), this::cidrRule);
        at("Services").forEach(fields.services(), this::service);
    }

    private FieldPath at(String field) {
        return path.field(kind.peerField(field));
    }

    /** Peers of different nature don't combine in one element, but for endpoints with entities and CIDRs with CIDR sets. */
    private void checkCombination(PeerFields fields) {
        var groups = Map.of(
                "endpoints or entities", isGiven(fields.endpoints()) || isGiven(fields.entities()),
                "CIDRs", isGiven(fields.cidr()) || isGiven(fields.cidrSet()),
                "services", isGiven(fields.services()),
                "groups", isGiven(fields.groups()),
                "nodes", isGiven(fields.nodes()),
                "FQDNs", isGiven(fields.fqdns()));
        var given = groups.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (given.size() > 1) {
            path.invalid(String.join(" and ", given) + " cannot be combined in one element");
        }
    }

    private static boolean isGiven(@Nullable List<?> list) {
        return list != null && !list.isEmpty();
    }

    private void cidrRule(FieldPath item, CidrRule rule) {
        long given = Stream.of(rule.cidr(), rule.cidrGroupRef(), rule.cidrGroupSelector())
                .filter(value -> value != null)
                .count();
        if (given != 1) {
            item.invalid("exactly one of cidr, cidrGroupRef and cidrGroupSelector must be given");
            return;
        }
        var block =
                rule.cidr() == null ? Optional.<CidrBlock>empty() : CidrParser.parse(rule.cidr(), item.field("cidr"));
        var except = CidrParser.exceptions(rule.except(), block, item.field("except"));
        block.ifPresent(cidr -> peers.add(new Peer.Cidr(cidr, except)));
        if (rule.cidrGroupRef() != null) {
            peers.add(new Peer.CidrGroup(rule.cidrGroupRef(), except));
        }
        if (rule.cidrGroupSelector() != null) {
            var selector =
                    SelectorParser.kubernetes("").parse(rule.cidrGroupSelector(), item.field("cidrGroupSelector"));
            peers.add(new Peer.CidrGroups(new Selector(selector), except));
        }
    }

    private void service(FieldPath item, ServiceReference reference) {
        var named = reference.k8sService();
        var chosen = reference.k8sServiceSelector();
        if ((named == null) == (chosen == null)) {
            item.invalid("exactly one of k8sService and k8sServiceSelector must be given");
        } else if (named != null) {
            var namespace = named.namespace() == null ? scope.namespace() : named.namespace();
            if (namespace.isEmpty()) {
                item.field("k8sService").field("namespace").invalid("must be given in a clusterwide policy");
            }
            if (named.serviceName() == null || named.serviceName().isEmpty()) {
                item.field("k8sService").field("serviceName").invalid("must be given");
            } else {
                peers.add(new Peer.Service(namespace, named.serviceName()));
            }
        } else if (chosen != null) {
            var at = item.field("k8sServiceSelector").field("selector");
            LabelSelector selector = chosen.selector();
            if (selector == null) {
                at.invalid("must be given");
            } else {
                peers.add(new Peer.Services(
                        Optional.ofNullable(chosen.namespace()).filter(namespace -> !namespace.isEmpty()),
                        new Selector(SelectorParser.kubernetes("").parse(selector, at))));
            }
        }
    }
}
