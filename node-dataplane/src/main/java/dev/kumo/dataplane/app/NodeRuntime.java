// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.bpf.ChildCapabilities;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.cni.CniHandler;
import dev.kumo.dataplane.cni.CniReadiness;
import dev.kumo.dataplane.cni.CniServer;
import dev.kumo.dataplane.cni.Tombstones;
import dev.kumo.dataplane.endpoint.EndpointReports;
import dev.kumo.dataplane.endpoint.EndpointStores;
import dev.kumo.dataplane.endpoint.PodNetwork;
import dev.kumo.dataplane.endpoint.PodSettings;
import dev.kumo.dataplane.envoy.AdsServer;
import dev.kumo.dataplane.envoy.EmbeddedEnvoy;
import dev.kumo.dataplane.envoy.ListenerPorts;
import dev.kumo.dataplane.envoy.ResourceSources;
import dev.kumo.dataplane.feed.PolicyStates;
import dev.kumo.dataplane.gateway.GatewayManager;
import dev.kumo.dataplane.node.AddressManager;
import dev.kumo.dataplane.node.LocalNode;
import dev.kumo.dataplane.node.OwnNodeManager;
import dev.kumo.dataplane.node.RouteManager;
import dev.kumo.dataplane.policy.PolicyManager;
import dev.kumo.dataplane.policy.PolicyMaps;
import dev.kumo.dataplane.policy.PolicySweep;
import dev.kumo.dataplane.reconcile.ApplyLoop;
import dev.kumo.dataplane.reconcile.ReconciledMap;
import dev.kumo.dataplane.service.HealthCheckServers;
import dev.kumo.dataplane.service.HostPorts;
import dev.kumo.dataplane.service.NumberFile;
import dev.kumo.dataplane.service.Numbers;
import dev.kumo.dataplane.service.ServiceManager;
import dev.kumo.stream.node.ReportSender;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The node once it is known: its managers and servers, put together step by step by {@link NodeStart}. */
final class NodeRuntime implements NodeStart.Steps, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(NodeRuntime.class);
    private static final Address NO_ADDRESS = Address.ofIpv4(0);

    private final DataplaneConfig config;
    private final ApplyLoop loop;
    private final NodeBuilder builder;
    private final Surroundings surroundings;
    private final Deque<AutoCloseable> running = new ConcurrentLinkedDeque<>();
    private @Nullable NodeParts parts;
    private @Nullable EndpointStores stores;
    private @Nullable PodNetwork pods;
    private @Nullable AdsServer ads;
    private @Nullable NodeAnnouncements announcements;
    private Optional<Address> ingress = Optional.empty();
    private @Nullable CniServer cni;

    /**
     * What the node is put into.
     *
     * @param reports to policy-service; started here, once all that is known has been put
     * @param announcementReports to l2-announcer; likewise
     * @param envoyReports to gateway-service; as they
     * @param policyStates told of what classes and rule sets can't be as things stand
     * @param readiness what CNI is told
     * @param tables told of the node's parts once they are there
     * @param moved runs when this process no longer fits its node
     */
    record Surroundings(
            Vertx vertx,
            ReportSender reports,
            ReportSender announcementReports,
            ReportSender envoyReports,
            PolicyStates policyStates,
            NodeReadiness readiness,
            NodeStateReporter state,
            DataplaneMetrics metrics,
            PacketMetrics packets,
            DebugTables tables,
            Runnable moved) {}

    NodeRuntime(DataplaneConfig config, ApplyLoop loop, NodeBuilder builder, Surroundings surroundings) {
        this.config = config;
        this.loop = loop;
        this.builder = builder;
        this.surroundings = surroundings;
    }

    @Override
    public void build(LocalNode node) throws IOException {
        startAds();
        var opened = EndpointStores.open(config.paths().state(), Clock.systemUTC());
        opened.ipam().setRanges(List.of(node.podRange()));
        stores = opened;
        ingress = opened.reserveIngress();
        parts = builder.build(node, ingress.orElse(NO_ADDRESS));
        ingress.ifPresent(surroundings.state()::ingressAddress);
    }

    @Override
    public void register() {
        var built = Objects.requireNonNull(parts);
        var network = built.network();
        var numbers = new Numbers(new NumberFile(config.paths().state().resolve("numbers.json")));
        var healthChecks = new HealthCheckServers(surroundings.vertx());
        var services = new ServiceManager(network.node().name(), built.services(), numbers, healthChecks);
        running.push(healthChecks);
        var addresses = new AddressManager(network, built.addresses());
        var envoy = Objects.requireNonNull(ads);
        var sources = new ResourceSources(envoy::publish);
        var ports = ListenerPorts.open(config.paths().state());
        var policy = policy(built, addresses, new PolicyManager.Envoy(sources.add(), envoy, ports));
        policy.onRefusals(surroundings.policyStates()::standing);
        surroundings.metrics().addPending("policies", policy::waiting);
        loop.add(policy);
        loop.add(addresses);
        loop.add(new RouteManager(network, built.routes()));
        loop.add(new OwnNodeManager(network.node(), this::moved));
        loop.add(surroundings.tables().identities());
        registerPods(built, services.addTo(loop));
        var gateway = gateway(built, services, new GatewayManager.Envoy(sources.add(), envoy, ports));
        gateway.addTo(loop);
        loop.add(new PolicySweep(
                policy, built.datapath().endpoints(), built.datapath().endpointLinks()));
        var announced = new NodeAnnouncements(loop, built, surroundings.metrics(), envoy::isConnected);
        envoy.onChange(announced::wake);
        announcements = announced;
        running.push(announced);
        envoy.onChange(() -> {
            loop.wake(policy);
            loop.wake(gateway);
        });
        surroundings.metrics().addMaps(built.maps());
        surroundings.packets().start(built.datapath().metrics());
        surroundings
                .tables()
                .node(new DebugTables.Node(
                        services,
                        policy,
                        announced.manager(),
                        Objects.requireNonNull(stores).endpoints(),
                        built.datapath().metrics()));
    }

    @Override
    public void restore() {
        Objects.requireNonNull(pods).restore();
    }

    @Override
    public void attach() {
        builder.attach();
        Objects.requireNonNull(parts).datapath().removeStalePins();
    }

    /** What may fail comes first and once, so that another try begins where this one ended. */
    @Override
    public void serve() throws IOException {
        var built = Objects.requireNonNull(parts);
        var handler = new CniHandler(Objects.requireNonNull(pods).attachments(), this::obstacle);
        if (cni == null) {
            cni = CniServer.start(run("cni.sock"), handler);
            running.push(cni);
        }
        var announced = Objects.requireNonNull(announcements);
        announced.begin(surroundings.announcementReports());
        var watch = new LinkWatch(
                built.network(),
                link -> {
                    surroundings.state().link(link);
                    announced.link(link);
                },
                surroundings.moved());
        running.push(built.links().watch(watch));
        var tombstones = new Tombstones(config.paths().state().resolve("tombstones"), handler);
        tombstones.start();
        running.push(tombstones);
        surroundings.state().publish(surroundings.reports()::put);
        surroundings.reports().start();
        surroundings.envoyReports().start();
    }

    /** Ends what serves; the kernel goes on as it is. */
    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                LOG.warn("a part of the node did not close", e);
            }
        }
    }

    private void startAds() throws IOException {
        if (ads == null) {
            var server = AdsServer.start(run("envoy").resolve("ads.sock"));
            running.push(server);
            surroundings.state().envoys(server::envoys);
            ads = server;
            if (config.envoy().mode() == DataplaneConfig.EnvoyMode.EMBEDDED) {
                running.push(embeddedEnvoy());
            }
        }
    }

    private EmbeddedEnvoy embeddedEnvoy() {
        var envoy = config.envoy();
        return EmbeddedEnvoy.start(new EmbeddedEnvoy.Settings(
                envoy.binary(), envoy.bootstrap(), envoy.admin(), config.nodeName(), ChildCapabilities::netAdminAlone));
    }

    private PolicyManager policy(NodeParts built, AddressManager addresses, PolicyManager.Envoy envoy) {
        var clocks = new PolicyManager.Clocks(
                () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()), System::nanoTime);
        return new PolicyManager(
                PolicyMaps.of(built.datapath()), addresses, config.paths().state(), envoy, clocks);
    }

    private GatewayManager gateway(NodeParts built, ServiceManager services, GatewayManager.Envoy envoy) {
        var rows = new ReconciledMap<>(built.datapath().slots().where(slot -> !ListenerPorts.isOfPolicy(slot)));
        rows.load();
        var reports = surroundings.envoyReports();
        return new GatewayManager(
                new GatewayManager.Place(
                        built.network().node().name(), ingress, config.paths().state()),
                rows,
                services,
                envoy,
                new GatewayManager.Reports(reports::put, reports::remove));
    }

    private void registerPods(NodeParts built, HostPorts ports) {
        var opened = Objects.requireNonNull(stores);
        var settings = new PodSettings(
                built.network().node().address(), built.network().podMtu(), PodSettings.IDENTITY_PATIENCE);
        var reports = new EndpointReports(opened.endpoints(), surroundings.reports());
        pods = new PodNetwork(
                new PodNetwork.Kernel(loop, built.links(), built.datapath()), opened, reports, ports, settings);
        surroundings.metrics().addEndpoints(() -> opened.endpoints().all().size());
    }

    private Optional<CniReadiness.NotReady> obstacle() {
        return surroundings
                .readiness()
                .problem()
                .map(problem -> new CniReadiness.NotReady(problem.reason(), problem.message(), false));
    }

    private void moved(LocalNode node) {
        LOG.warnf(
                "node=%s has another address=%s or pod_range=%s: starting anew",
                node.name(), node.address(), node.podRange());
        surroundings.moved().run();
    }

    private Path run(String name) {
        return config.paths().run().resolve(name);
    }
}
