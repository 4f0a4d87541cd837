// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.read;

import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.FOREIGN_NAMESPACE;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.INVALID_SELECTOR;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.MALFORMED;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.RESERVED_NAME;
import static dev.kumo.gateway.envoyconfig.model.EnvoyConfigReason.UNRESOLVED_REFERENCE;

import dev.kumo.gateway.crd.CiliumClusterwideEnvoyConfig;
import dev.kumo.gateway.crd.CiliumEnvoyConfig;
import dev.kumo.gateway.crd.EnvoyConfigSpec;
import dev.kumo.gateway.crd.EnvoyConfigStatus;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigFault;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigView;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigView.Frontend;
import dev.kumo.gateway.envoyconfig.model.EnvoyConfigView.Listing;
import dev.kumo.gateway.envoyconfig.model.NodeSelector;
import dev.kumo.gateway.envoyconfig.model.ResourceNames;
import dev.kumo.gateway.envoyconfig.resource.EnvoyResourceReader;
import dev.kumo.gateway.envoyconfig.resource.Faults;
import dev.kumo.gateway.envoyconfig.resource.Scope;
import dev.kumo.gateway.model.ObjectKey;
import dev.kumo.gateway.model.Stamp;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one configuration; what is wrong with it is part of what was read. Not thread-safe. */
public final class EnvoyConfigReader {
    /** Whether backends see the client's address; as in Cilium, they do unless it says otherwise. */
    static final String USE_ORIGINAL_SOURCE = "cec.cilium.io/use-original-source-address";

    private static final List<String> RESERVED = List.of("cilium-gateway-", "cilium-ingress");
    private static final String DEFAULT_NAMESPACE = "default";

    private final ObjectKey key;
    private final Faults faults = new Faults();

    private EnvoyConfigReader(ObjectKey key) {
        this.key = key;
    }

    public static EnvoyConfigRow read(CiliumEnvoyConfig config) {
        var metadata = config.getMetadata();
        return new EnvoyConfigReader(new ObjectKey(metadata.getNamespace(), metadata.getName())).row(config, true);
    }

    /** @param restricted whether the table for namespaced ones holds for it as well */
    public static EnvoyConfigRow read(CiliumClusterwideEnvoyConfig config, boolean restricted) {
        return new EnvoyConfigReader(new ObjectKey("", config.getMetadata().getName())).row(config, restricted);
    }

    private EnvoyConfigRow row(CustomResource<EnvoyConfigSpec, EnvoyConfigStatus> config, boolean restricted) {
        var spec = Objects.requireNonNullElseGet(
                config.getSpec(), () -> new EnvoyConfigSpec(List.of(), List.of(), List.of(), null));
        var listed = listed(spec);
        var services = listed.stream().map(Listing::service).collect(Collectors.toSet());
        var read = EnvoyResourceReader.read(
                list(spec.resources()), new Scope(new ResourceNames(key), restricted, services), faults);
        var frontends = frontends(spec, read.listeners());
        var selector = selector(spec.nodeSelector());
        var keepSource = keepSource(config);
        checkName();
        return new EnvoyConfigRow(
                new EnvoyConfigView(
                        key,
                        stamp(config),
                        keepSource,
                        frontends,
                        listed,
                        read.listeners(),
                        read.clusters(),
                        selector,
                        faults.list()),
                faults.list().isEmpty() ? read.messages() : List.of());
    }

    /**
     * One that can't be decoded at all.
     *
     * @param why for people
     */
    public static EnvoyConfigRow undecodable(HasMetadata config, String why) {
        var metadata = config.getMetadata();
        var key = new ObjectKey(Objects.requireNonNullElse(metadata.getNamespace(), ""), metadata.getName());
        var fault = new EnvoyConfigFault(MALFORMED, "", why);
        return new EnvoyConfigRow(
                new EnvoyConfigView(
                        key,
                        stamp(config),
                        true,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        List.of(fault)),
                List.of());
    }

    private static Stamp stamp(HasMetadata config) {
        return new Stamp(
                Objects.requireNonNullElse(config.getMetadata().getGeneration(), 0L),
                Objects.requireNonNullElse(config.getMetadata().getCreationTimestamp(), ""));
    }

    /** Cilium makes such an object for each Gateway and Ingress; here it would take a listener's name from its own Gateway. */
    private void checkName() {
        RESERVED.stream()
                .filter(prefix -> !key.namespace().isEmpty() && key.name().startsWith(prefix))
                .forEach(prefix -> faults.add(
                        RESERVED_NAME,
                        "metadata.name",
                        "names with %s are those of Gateways and Ingresses".formatted(prefix)));
    }

    private List<Listing> listed(EnvoyConfigSpec spec) {
        var listed = new ArrayList<Listing>();
        var services = list(spec.services());
        for (int i = 0; i < services.size(); i++) {
            var service = services.get(i);
            listed.add(new Listing(
                    service("services[%d]".formatted(i), service.namespace(), service.name()),
                    list(service.ports()).stream().map(String::valueOf).toList()));
        }
        var backends = list(spec.backendServices());
        for (int i = 0; i < backends.size(); i++) {
            var backend = backends.get(i);
            listed.add(new Listing(
                    service("backendServices[%d]".formatted(i), backend.namespace(), backend.name()),
                    list(backend.number())));
        }
        return listed;
    }

    private ObjectKey service(String path, @Nullable String namespace, String name) {
        var named = namespace == null || namespace.isEmpty();
        if (key.namespace().isEmpty()) {
            return new ObjectKey(named ? DEFAULT_NAMESPACE : Objects.requireNonNull(namespace), name);
        }
        if (!named && !key.namespace().equals(namespace)) {
            faults.add(
                    FOREIGN_NAMESPACE,
                    path + ".namespace",
                    "\"%s\": Services of its own namespace only; a CiliumClusterwideEnvoyConfig may name others"
                            .formatted(namespace));
        }
        return new ObjectKey(key.namespace(), name);
    }

    private List<Frontend> frontends(EnvoyConfigSpec spec, List<String> listeners) {
        var frontends = new ArrayList<Frontend>();
        var services = list(spec.services());
        boolean decoded = faults.list().isEmpty();
        for (int i = 0; i < services.size(); i++) {
            var service = services.get(i);
            var named = Optional.ofNullable(service.listener())
                    .filter(name -> !name.isEmpty())
                    .map(new ResourceNames(key)::qualify);
            var listener = named.or(() -> listeners.stream().findFirst()).filter(listeners::contains);
            if (listener.isEmpty() && decoded) {
                faults.add(
                        UNRESOLVED_REFERENCE,
                        "services[%d].listener".formatted(i),
                        named.isEmpty()
                                ? "there is no Listener among the resources"
                                : "\"%s\" is no Listener among the resources".formatted(service.listener()));
            }
            frontends.add(new Frontend(
                    service("services[%d]".formatted(i), service.namespace(), service.name()),
                    list(service.ports()),
                    listener.orElse("")));
        }
        return frontends;
    }

    private Optional<NodeSelector> selector(@Nullable LabelSelector selector) {
        if (selector == null) {
            return Optional.empty();
        }
        var requirements = new ArrayList<NodeSelector.Requirement>();
        if (selector.getMatchLabels() != null) {
            selector.getMatchLabels()
                    .forEach((label, value) -> requirements.add(
                            new NodeSelector.Requirement(label, NodeSelector.Operator.IN, List.of(value))));
        }
        for (var expression : list(selector.getMatchExpressions())) {
            if (expression.getKey() == null) {
                faults.add(INVALID_SELECTOR, "nodeSelector", "an expression has no key");
                continue;
            }
            operator(expression.getOperator())
                    .ifPresentOrElse(
                            operator -> requirements.add(new NodeSelector.Requirement(
                                    expression.getKey(), operator, List.copyOf(list(expression.getValues())))),
                            () -> faults.add(
                                    INVALID_SELECTOR,
                                    "nodeSelector",
                                    "operator \"%s\" is unknown".formatted(expression.getOperator())));
        }
        return Optional.of(new NodeSelector(List.copyOf(requirements)));
    }

    private static Optional<NodeSelector.Operator> operator(@Nullable String text) {
        return switch (text) {
            case "In" -> Optional.of(NodeSelector.Operator.IN);
            case "NotIn" -> Optional.of(NodeSelector.Operator.NOT_IN);
            case "Exists" -> Optional.of(NodeSelector.Operator.EXISTS);
            case "DoesNotExist" -> Optional.of(NodeSelector.Operator.DOES_NOT_EXIST);
            case null, default -> Optional.empty();
        };
    }

    private boolean keepSource(CustomResource<?, ?> config) {
        var annotations = config.getMetadata().getAnnotations();
        var text = annotations == null ? "true" : annotations.getOrDefault(USE_ORIGINAL_SOURCE, "true");
        if (!text.equals("true") && !text.equals("false")) {
            faults.add(
                    MALFORMED,
                    "metadata.annotations[%s]".formatted(USE_ORIGINAL_SOURCE),
                    "\"%s\" is neither true nor false".formatted(text));
        }
        return !text.equals("false");
    }

    private static <T> List<T> list(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
