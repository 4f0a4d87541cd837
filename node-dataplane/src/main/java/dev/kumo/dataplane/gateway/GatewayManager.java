// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.gateway;

import dev.kumo.contract.envoy.v1.Redirect;
import dev.kumo.contract.envoy.v1.RedirectRefusal;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.envoy.EnvoyAnswers;
import dev.kumo.dataplane.envoy.EnvoyResource;
import dev.kumo.dataplane.envoy.ListenerPorts;
import dev.kumo.dataplane.envoy.Publisher;
import dev.kumo.dataplane.envoy.ResourceType;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.dataplane.reconcile.Manager;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.dataplane.service.ServiceManager;
import dev.kumo.dataplane.state.StickyNumbers;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import dev.kumo.stream.StateItem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Serves gateway traffic: tells Envoy the feed's resources and the endpoints of the Services that they name, and leads frontends
 * to listeners. Make before break: a frontend is led to a listener once Envoy goes by it and by its routes; a listener goes once
 * no frontend leads to it. Nothing is told before both feeds are known, since an Envoy that outlived the dataplane would lose
 * what isn't told yet.
 */
public final class GatewayManager implements Manager {
    private static final Logger LOG = Logger.getLogger(GatewayManager.class);
    /** How soon a removal that waits for frontends is looked at again, should nobody wake us. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final FeedResources resources;
    private final EnvoyContent content;
    private final ListenerSlots slots;
    private final Redirects redirects = new Redirects();
    private final ServiceManager services;
    private final EnvoyAnswers envoy;
    private final StickyNumbers ports;
    private final ResourceReports reports;
    private final Map<String, Acceptance> acceptances = new HashMap<>();
    private final Set<FeedMethods> inSync = EnumSet.noneOf(FeedMethods.class);

    /**
     * Envoy as gateway traffic sees it.
     *
     * @param publisher takes what Envoy is to hold
     * @param ports of listeners, as {@link ListenerPorts#open}
     */
    public record Envoy(Publisher publisher, EnvoyAnswers answers, StickyNumbers ports) {}

    /** Where states go. */
    public record Reports(Consumer<StateItem> put, Consumer<ItemKey> remove) {}

    /**
     * What is particular to the node.
     *
     * @param ingress where its gateway traffic leaves from, if it has such an address
     * @param state folder of {@code listeners.json}
     */
    public record Place(String node, Optional<Address> ingress, Path state) {}

    /** @param rows map {@code slots} as far as it isn't policies', loaded */
    public GatewayManager(
            Place place,
            ReconciledMap<Integer, dev.kumo.dataplane.bpf.map.SlotPort> rows,
            ServiceManager services,
            Envoy envoy,
            Reports reports) {
        this.services = services;
        this.envoy = envoy.answers();
        this.ports = envoy.ports();
        this.resources = new FeedResources(ports, place.ingress());
        this.content = new EnvoyContent(envoy.publisher());
        this.slots = new ListenerSlots(
                rows,
                new StickyNumbers(place.state().resolve("listeners.json"), ListenerSlots.FIRST, ListenerSlots.LAST),
                ports);
        this.reports = new ResourceReports(place.node(), reports.put(), reports.remove());
    }

    /** Adds this manager to the loop; it is woken when frontends have changed. */
    public void addTo(ApplyLoop loop) {
        loop.add(this);
        services.onApplied(() -> loop.wake(this));
    }

    @Override
    public String name() {
        return "gateway";
    }

    @Override
    public Priority priority() {
        return Priority.SERVICE;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.RESOURCES, Table.REDIRECTS, Table.SERVICES, Table.BACKENDS);
    }

    @Override
    public void onUpdate(DesiredChange change) {
        if (change.inSync()) {
            inSync.add(change.feed());
        }
        if (change.feed() == FeedMethods.SERVICE) {
            content.take(change);
        } else if (change.feed() == FeedMethods.ENVOY) {
            change.removes(Table.RESOURCES).forEach(resources::remove);
            change.removes(Table.REDIRECTS).forEach(redirects::remove);
            change.upserts(Table.RESOURCES).forEach(resources::set);
            change.upserts(Table.REDIRECTS).forEach(redirects::set);
        }
    }

    @Override
    public Applied apply(Slice slice) {
        if (!inSync.contains(FeedMethods.ENVOY) || !inSync.contains(FeedMethods.SERVICE)) {
            return Applied.done();
        }
        replaceRefusedPorts();
        resources.render(redirects.keepingSource());
        content.set(resources.told().values());
        resources.told().values().forEach(this::settle);
        var failures = slots.apply(slice);
        services.redirect(redirects.lead(slots::slotOf));
        boolean pending = remove(slice);
        report();
        var refusals = resources.told().values().stream()
                .flatMap(told -> told.problem().stream())
                .toList();
        if (!failures.isEmpty()) {
            return Applied.retry(refusals, failures.getFirst().message());
        }
        return pending ? Applied.later(LOOK) : Applied.done(refusals);
    }

    /** A listener that Envoy goes by, with its routes, may be led to. */
    private void settle(Told told) {
        told.resource()
                .filter(resource -> resource.name().type() == ResourceType.LISTENER)
                .filter(resource -> !redirects.naming(resource.name().name()).isEmpty())
                .filter(resource -> isReady(told, resource))
                .ifPresent(resource -> slots.ready(resource.name().name()));
    }

    private boolean isReady(Told told, EnvoyResource listener) {
        return envoy.isHeld(listener)
                && told.routes().stream()
                        .flatMap(routes -> content.told(ResourceType.ROUTES, routes).stream())
                        .allMatch(envoy::isHeld);
    }

    /** @return whether something waits for frontends to be led away from a listener */
    private boolean remove(Slice slice) {
        var led = services.slots();
        boolean pending = false;
        for (var listener : content.leaving()) {
            boolean wanted = !redirects.naming(listener).isEmpty();
            boolean used = slots.slotOf(listener).filter(led::contains).isPresent();
            if (used && !wanted) {
                pending = true;
            } else {
                slots.gone(listener);
            }
        }
        slots.sweep(redirects.listeners(), led, slice);
        if (!pending) {
            content.leaving().forEach(listener -> ports.release(FeedResources.portName(listener)));
            content.remove();
            ports.save();
        }
        return pending;
    }

    /** Where somebody else has a listener's port, it takes another one. */
    private void replaceRefusedPorts() {
        resources.told().values().stream()
                .flatMap(told -> told.resource().stream())
                .filter(resource -> resource.name().type() == ResourceType.LISTENER)
                .forEach(resource -> envoy.refusal(resource)
                        .filter(ListenerPorts::isAboutPort)
                        .ifPresent(message -> {
                            var name = FeedResources.portName(resource.name().name());
                            LOG.infof("%s: %s; it moves to port=%s", name, message, ports.replace(name));
                        }));
    }

    private void report() {
        var states = new HashMap<String, Acceptance>();
        resources.told().forEach((key, told) -> {
            var state = judge(acceptances.getOrDefault(key, Acceptance.NONE), told);
            states.put(key, state);
        });
        acceptances.clear();
        acceptances.putAll(states);
        states.entrySet().removeIf(entry -> entry.getValue().refused() == 0 && !isAlwaysReported(entry.getKey()));
        reports.tell(states);
        var refusals = new ArrayList<RedirectRefusal>();
        redirects.wanted().forEach((key, redirect) -> refusal(key, redirect).ifPresent(refusals::add));
        reports.tell(envoy.isConnected(), refusals);
    }

    private Acceptance judge(Acceptance before, Told told) {
        var resource = told.resource();
        if (resource.isEmpty()) {
            var message = told.problem().map(ItemRefusal::message).orElse("");
            return before.refusing(told.hash(), message);
        }
        var refusal = envoy.refusal(resource.get());
        if (refusal.isPresent()) {
            return before.refusing(told.hash(), refusal.get());
        }
        return envoy.isHeld(resource.get()) && leads(resource.get()) ? Acceptance.of(told.hash()) : before.waiting();
    }

    /** Whether all that is to be led to the resource is. */
    private boolean leads(EnvoyResource resource) {
        if (resource.name().type() != ResourceType.LISTENER) {
            return true;
        }
        var listener = resource.name().name();
        var slot = slots.slotOf(listener);
        return redirects.naming(listener).stream()
                .allMatch(redirect -> slot.isPresent() && services.leads(Redirects.ownerOf(redirect), slot.get()));
    }

    /** What keeps a redirect from being in force. */
    private Optional<RedirectRefusal> refusal(String key, Redirect redirect) {
        var listener = resources.listener(redirect.getListener());
        if (listener.isEmpty()) {
            return refusal(key, Reason.REFERENT_MISSING, "there is no listener " + redirect.getListener());
        }
        var problem = listener.get().problem();
        if (problem.isPresent()) {
            return refusal(key, problem.get().reason(), problem.get().message());
        }
        var refused = listener.get().resource().flatMap(envoy::refusal);
        if (refused.isPresent()) {
            return refusal(key, Reason.PROXY_REFUSED, refused.get());
        }
        var owner = Redirects.ownerOf(redirect);
        return services.isKnown(owner)
                ? Optional.empty()
                : refusal(key, Reason.REFERENT_MISSING, "there is no " + owner);
    }

    private static Optional<RedirectRefusal> refusal(String key, Reason reason, String message) {
        return Optional.of(RedirectRefusal.newBuilder()
                .setKey(key)
                .setReason(reason.name())
                .setMessage(message)
                .build());
    }

    private static boolean isAlwaysReported(String key) {
        return key.startsWith(FeedResources.key(ResourceType.LISTENER, ""))
                || key.startsWith(FeedResources.key(ResourceType.ROUTES, ""));
    }
}
