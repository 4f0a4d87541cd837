// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import dev.kumo.dataplane.bpf.map.FrontendKey;
import dev.kumo.dataplane.debug.TableView;
import dev.kumo.dataplane.desired.DesiredChange;
import dev.kumo.dataplane.desired.Table;
import dev.kumo.dataplane.reconcile.Applied;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.dataplane.reconcile.Manager;
import dev.kumo.dataplane.reconcile.Priority;
import dev.kumo.dataplane.reconcile.Slice;
import dev.kumo.stream.ItemRefusal;
import dev.kumo.stream.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Services of the feed and host ports of the node's pods, in the kernel and at the health check ports. A change costs what the
 * Services that it touches ask for; a change of the nodes' addresses plans all anew. Nothing is removed from the kernel before
 * the service feed and the policy feed (whose nodes have the addresses of NodePorts) are in sync and the host ports are known.
 *
 * <p>{@link #addTo} and what it returns may be called on any thread, all else on the apply loop's.
 */
public final class ServiceManager implements Manager {
    private static final Logger LOG = Logger.getLogger(ServiceManager.class);

    private final ServiceState state;
    private final FrontendTable table = new FrontendTable();
    private final ServiceMaps maps;
    private final FrontendWriter writer;
    private final HealthCheckPorts healthChecks;
    private final AtomicReference<@Nullable Collection<HostPort>> newHostPorts = new AtomicReference<>();
    /** Owners whose plan could not be made; their last one stands. */
    private final Map<Owner, Problem> faulty = new HashMap<>();

    private Set<Problem> told = Set.of();
    private boolean loaded;
    private volatile Runnable applied = () -> {};
    /** Gives this manager a turn. */
    private volatile Runnable changed = () -> {};

    /** @param node this node's name */
    public ServiceManager(String node, ServiceMaps maps, Numbers numbers, HealthCheckPorts healthChecks) {
        this.state = new ServiceState(node);
        this.maps = maps;
        this.writer = new FrontendWriter(maps, numbers);
        this.healthChecks = healthChecks;
    }

    /** Adds this manager to the loop; the result is where pods' host ports are told. */
    public HostPorts addTo(ApplyLoop loop) {
        loop.add(this);
        changed = () -> loop.wake(this);
        healthChecks.onProblem(() -> loop.wake(this));
        return ports -> {
            takeHostPorts(ports);
            loop.wake(this);
        };
    }

    /** Any thread; in force with the next {@link #apply}. */
    void takeHostPorts(Collection<HostPort> ports) {
        newHostPorts.set(List.copyOf(ports));
    }

    /**
     * Says what Envoy's listeners serve, in place of all that was said before. Until it is known, frontends keep the slots that
     * an earlier process gave them. In force with the next {@link #apply}.
     */
    public void redirect(Map<Owner, List<Redirection>> redirections) {
        if (state.takeRedirections(redirections) | writer.takeUpSlots()) {
            changed.run();
        }
    }

    /** Told after each turn that came to its end; on the apply loop's thread. */
    public void onApplied(Runnable listener) {
        applied = listener;
    }

    /** Whether the Service is known and all frontends that the listener of the slot serves lead there. */
    public boolean leads(Owner service, int slot) {
        return state.isPlanned(service)
                && table.planOf(service)
                        .map(plan -> plan.frontends().stream()
                                .filter(frontend -> frontend.slot() == slot)
                                .filter(frontend -> table.winner(frontend.key()).equals(Optional.of(frontend)))
                                .allMatch(writer::leads))
                        .orElse(false);
    }

    public boolean isKnown(Owner service) {
        return table.planOf(service).isPresent();
    }

    /** Slots that the kernel's frontends have. */
    public Set<Integer> slots() {
        return writer.slots();
    }

    @Override
    public String name() {
        return "services";
    }

    @Override
    public Priority priority() {
        return Priority.SERVICE;
    }

    @Override
    public Set<Table<?>> tables() {
        return Set.of(Table.SERVICES, Table.BACKENDS, Table.NODES);
    }

    @Override
    public void onUpdate(DesiredChange change) {
        state.take(change);
    }

    @Override
    public Applied apply(Slice slice) {
        if (!loaded) {
            writer.load();
            loaded = true;
        }
        Collection<HostPort> ports = newHostPorts.getAndSet(null);
        if (ports != null) {
            state.takeHostPorts(ports);
        }
        if (!plan(slice)) {
            return Applied.more();
        }
        return switch (writer.apply(slice, state.isComplete())) {
            case FrontendWriter.Outcome.Unfinished _ -> Applied.more();
            case FrontendWriter.Outcome.Finished finished -> {
                applied.run();
                yield answer(finished.failures());
            }
        };
    }

    /** For {@code kumo node services}. */
    public TableView rows() {
        return ServiceRows.of(maps.frontends().kernel(), writer.wanted(), told);
    }

    private boolean plan(Slice slice) {
        while (!slice.isOver()) {
            Optional<Owner> next = state.takeDirty();
            if (next.isEmpty()) {
                handOver();
                return true;
            }
            plan(next.get());
        }
        return false;
    }

    private void plan(Owner owner) {
        try {
            Optional<OwnerPlan> plan = state.planOf(owner);
            plan.ifPresentOrElse(table::put, () -> table.remove(owner));
            writer.setDraining(owner, plan.map(OwnerPlan::draining).orElse(Set.of()));
            writer.setRanges(owner, plan.map(OwnerPlan::sourceRanges).orElseGet(TreeSet::new));
            faulty.remove(owner);
        } catch (IllegalArgumentException e) {
            faulty.put(owner, new Problem(owner, Reason.MALFORMED, String.valueOf(e.getMessage())));
        }
    }

    private void handOver() {
        for (FrontendKey key : table.takeChanged()) {
            writer.set(key, table.winner(key));
        }
        healthChecks.set(table.healthChecks(), state.facts().own());
    }

    private Applied answer(List<Problem> failures) {
        var problems = new TreeSet<Problem>(table.problems());
        problems.addAll(faulty.values());
        problems.addAll(healthChecks.problems());
        problems.addAll(failures);
        problems.stream()
                .filter(problem -> !told.contains(problem))
                .forEach(
                        problem -> LOG.warnf("%s reason=%s: %s", problem.owner(), problem.reason(), problem.message()));
        told = Set.copyOf(problems);
        List<ItemRefusal> refusals = refusals(problems);
        return failures.isEmpty()
                ? Applied.done(refusals)
                : Applied.retry(refusals, failures.getFirst().message());
    }

    /** A pod's host ports come from no feed, so there is no one to tell but the log and the debug table. */
    private List<ItemRefusal> refusals(Collection<Problem> problems) {
        var refusals = new ArrayList<ItemRefusal>(state.malformed());
        problems.stream()
                .filter(problem -> problem.owner().kind() == Owner.Kind.SERVICE)
                .map(problem -> new ItemRefusal(
                        Table.SERVICES.item(problem.owner().name()), problem.reason(), problem.message()))
                .forEach(refusals::add);
        return refusals;
    }
}
