// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import dev.kumo.gateway.model.GatewayClassView;
import dev.kumo.gateway.model.GatewayView;
import dev.kumo.gateway.model.GatewayView.AddressView;
import dev.kumo.gateway.model.Hostname;
import dev.kumo.gateway.model.ListenerView;
import dev.kumo.gateway.model.ListenerView.AllowedRoutes;
import dev.kumo.gateway.model.ListenerView.CertificateRef;
import dev.kumo.gateway.model.ListenerView.From;
import dev.kumo.gateway.model.ListenerView.LabelSelector;
import dev.kumo.gateway.model.ListenerView.Operator;
import dev.kumo.gateway.model.ListenerView.Requirement;
import dev.kumo.gateway.model.ListenerView.RouteKind;
import dev.kumo.gateway.model.ListenerView.Tls;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.ReferenceGrantView;
import dev.kumo.gateway.model.Stamp;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads GatewayClasses, Gateways and ReferenceGrants of the API group gateway.networking.k8s.io, v1. A field that can't be served
 * is listed with its owner as unsupported. Stateless.
 */
public final class GatewayReader {
    public static final String GROUP = "gateway.networking.k8s.io";

    private GatewayReader() {}

    public static GatewayClassView gatewayClass(GenericKubernetesResource resource) {
        var name = resource.getMetadata().getName();
        long generation = stamp(resource).generation();
        try {
            var spec = Fields.of("spec", resource.get("spec"));
            var controller = spec.needText("controllerName");
            var parameters = spec.object("parametersRef");
            var kind = parameters.text("kind");
            return new GatewayClassView(
                    name, generation, controller, kind.isEmpty() ? "" : kind.get() + " " + parameters.needText("name"));
        } catch (InvalidField invalid) {
            return new GatewayClassView(name, generation, "", invalid.text());
        }
    }

    public static GatewayView gateway(GenericKubernetesResource resource) {
        var listeners = new ArrayList<ListenerView>();
        var addresses = new ArrayList<AddressView>();
        var labels = new TreeMap<String, String>();
        var annotations = new TreeMap<String, String>();
        var unsupported = new ArrayList<String>();
        var gatewayClass = "";
        try {
            var spec = Fields.of("spec", resource.get("spec"));
            gatewayClass = spec.needText("gatewayClassName");
            for (var listener : spec.objects("listeners")) {
                listeners.add(listener(listener, key(resource).namespace()));
            }
            for (var address : spec.objects("addresses")) {
                addresses.add(new AddressView(
                        address.text("type").orElse("IPAddress"),
                        address.text("value").orElse("")));
            }
            var infrastructure = spec.object("infrastructure");
            labels.putAll(infrastructure.map("labels"));
            annotations.putAll(infrastructure.map("annotations"));
            unsupported.addAll(infrastructure.unread());
            // No ListenerSet is served, whoever may attach one.
            spec.object("allowedListeners");
            unsupported.addAll(spec.unread());
        } catch (InvalidField invalid) {
            unsupported.add(invalid.text());
        }
        return new GatewayView(
                key(resource),
                stamp(resource),
                gatewayClass,
                List.copyOf(listeners),
                List.copyOf(addresses),
                labels,
                annotations,
                List.copyOf(unsupported));
    }

    private static ListenerView listener(Fields fields, String namespace) throws InvalidField {
        var name = fields.needText("name");
        var protocol = fields.needText("protocol");
        int port =
                fields.integer("port", 1, 65535).orElseThrow(() -> new InvalidField(fields.path("port"), "is missing"));
        var unsupported = new ArrayList<String>();
        var hostname = Hostname.ANY;
        Optional<Tls> tls = Optional.empty();
        var allowed = new AllowedRoutes(From.NONE, Optional.empty(), List.of());
        try {
            var text = fields.text("hostname").filter(value -> !value.isEmpty());
            if (text.isPresent()) {
                hostname = Hostname.of(text.get())
                        .orElseThrow(() -> new InvalidField(fields.path("hostname"), "not a host name: " + text.get()));
            }
            allowed = allowed(fields.object("allowedRoutes"));
            if (fields.has("tls")) {
                tls = Optional.of(tls(fields.object("tls"), namespace));
            }
            unsupported.addAll(fields.unread());
        } catch (InvalidField invalid) {
            unsupported.add(invalid.text());
        }
        return new ListenerView(name, protocol, port, hostname, allowed, tls, List.copyOf(unsupported));
    }

    private static Tls tls(Fields fields, String namespace) throws InvalidField {
        var certificates = new ArrayList<CertificateRef>();
        for (var reference : fields.objects("certificateRefs")) {
            certificates.add(new CertificateRef(
                    reference.text("group").orElse(""),
                    reference.text("kind").orElse("Secret"),
                    new ObjectKey(reference.text("namespace").orElse(namespace), reference.needText("name"))));
            reference.end();
        }
        var mode = fields.text("mode").orElse("Terminate");
        fields.end();
        return new Tls(mode, List.copyOf(certificates));
    }

    private static AllowedRoutes allowed(Fields fields) throws InvalidField {
        var namespaces = fields.object("namespaces");
        var text = namespaces.text("from").orElse("Same");
        var from = switch (text) {
            case "All" -> From.ALL;
            case "Same" -> From.SAME;
            case "Selector" -> From.SELECTOR;
            case "None" -> From.NONE;
            default ->
                throw new InvalidField(namespaces.path("from"), text + " is not one of All, Same, Selector, None");
        };
        Optional<LabelSelector> selector =
                from == From.SELECTOR ? Optional.of(selector(namespaces.object("selector"))) : Optional.empty();
        var kinds = new ArrayList<RouteKind>();
        for (var kind : fields.objects("kinds")) {
            kinds.add(new RouteKind(kind.text("group").orElse(GROUP), kind.needText("kind")));
        }
        fields.end();
        return new AllowedRoutes(from, selector, List.copyOf(kinds));
    }

    private static LabelSelector selector(Fields fields) throws InvalidField {
        var requirements = new ArrayList<Requirement>();
        fields.map("matchLabels")
                .forEach((key, value) -> requirements.add(new Requirement(key, Operator.IN, List.of(value))));
        for (var expression : fields.objects("matchExpressions")) {
            var text = expression.needText("operator");
            var operator = switch (text) {
                case "In" -> Operator.IN;
                case "NotIn" -> Operator.NOT_IN;
                case "Exists" -> Operator.EXISTS;
                case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
                default ->
                    throw new InvalidField(
                            expression.path("operator"), text + " is not one of In, NotIn, Exists, DoesNotExist");
            };
            requirements.add(new Requirement(expression.needText("key"), operator, expression.texts("values")));
        }
        fields.end();
        return new LabelSelector(List.copyOf(requirements));
    }

    /** @return nothing if it can't be read: it grants nothing then */
    public static Optional<ReferenceGrantView> grant(GenericKubernetesResource resource) {
        try {
            var spec = Fields.of("spec", resource.get("spec"));
            var from = new ArrayList<ReferenceGrantView.From>();
            for (var fields : spec.objects("from")) {
                from.add(new ReferenceGrantView.From(
                        fields.text("group").orElse(""), fields.needText("kind"), fields.needText("namespace")));
            }
            var to = new ArrayList<ReferenceGrantView.To>();
            for (var fields : spec.objects("to")) {
                to.add(new ReferenceGrantView.To(
                        fields.text("group").orElse(""),
                        fields.needText("kind"),
                        fields.text("name").orElse("")));
            }
            return Optional.of(new ReferenceGrantView(key(resource), List.copyOf(from), List.copyOf(to)));
        } catch (InvalidField invalid) {
            return Optional.empty();
        }
    }

    static ObjectKey key(GenericKubernetesResource resource) {
        var metadata = resource.getMetadata();
        return new ObjectKey(metadata.getNamespace() == null ? "default" : metadata.getNamespace(), metadata.getName());
    }

    static Stamp stamp(GenericKubernetesResource resource) {
        var metadata = resource.getMetadata();
        return new Stamp(
                metadata.getGeneration() == null ? 0 : metadata.getGeneration(),
                metadata.getCreationTimestamp() == null ? "" : metadata.getCreationTimestamp());
    }
}
