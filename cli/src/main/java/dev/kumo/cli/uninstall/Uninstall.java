// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli.uninstall;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Takes Kumo out of the cluster: the control services end, so that nothing is made again; what they generated goes; every node is
 * cleaned by a Job of its own; then the manifests go. Users' objects stay, but for the addresses that LB IPAM wrote into Services.
 * Each step finds out what is left for it to do, so one that was cut short is repeated. Blocks.
 */
public final class Uninstall {
    /** No node has it: the dataplane's pods end, and its DaemonSet still says how the nodes were set up. */
    static final String NOWHERE = "kumo.dev/uninstalling";

    private static final String NAMESPACE = "kumo-system";
    private static final String PART_OF = "app.kubernetes.io/part-of";
    private static final String KUMO = "kumo";
    private static final String LEASES = "cilium-l2announce-";
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final KubernetesClient client;
    private final Duration patience;
    private final Consumer<String> progress;

    /**
     * @param patience how long one step may take
     * @param progress is told what was done, a line each
     */
    public Uninstall(KubernetesClient client, Duration patience, Consumer<String> progress) {
        this.client = client;
        this.patience = patience;
        this.progress = progress;
    }

    /**
     * @param definitions whether the CustomResourceDefinitions go too, and with them all objects of these kinds
     * @return what could not be done, sorted; the manifests are still there if a node is among it
     */
    public List<String> run(boolean definitions) throws InterruptedException {
        if (client.namespaces().withName(NAMESPACE).get() != null) {
            endServices();
            withdraw();
            var left = cleanNodes();
            if (!left.isEmpty()) {
                return left;
            }
        } else {
            progress.accept("namespace " + NAMESPACE + ": not there");
            withdraw();
        }
        return removeManifests(definitions);
    }

    private void endServices() throws InterruptedException {
        var deployments = client.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withLabel(PART_OF, KUMO)
                .list()
                .getItems();
        deployments.forEach(deployment -> client.resource(deployment).scale(0));
        // A pod of a node that is down stays for ever; the leader's Lease has ended by then, and its node can't be
        // reached.
        until(() -> deployments.stream().allMatch(this::isWithoutPods));
        progress.accept("control services: ended");
    }

    private boolean isWithoutPods(Deployment deployment) {
        return client.pods()
                .inNamespace(NAMESPACE)
                .withLabelSelector(deployment.getSpec().getSelector())
                .list()
                .getItems()
                .isEmpty();
    }

    private void withdraw() {
        var services = client.services().inAnyNamespace().list().getItems();
        remove(
                "generated Services",
                services.stream().filter(Generated::isGenerated).toList());
        var addressed = services.stream()
                .filter(service -> !Generated.isGenerated(service))
                .filter(Generated::hasOurAddress)
                .toList();
        for (var service : addressed) {
            client.resource(service).editStatus(one -> {
                one.getStatus().setLoadBalancer(null);
                one.getStatus()
                        .getConditions()
                        .removeIf(condition -> Generated.REQUEST_SATISFIED.equals(condition.getType()));
                return one;
            });
        }
        progress.accept("Services with an address of LB IPAM: " + addressed.size() + " without it now");
        remove(
                "Leases of announcements",
                client.leases().inAnyNamespace().list().getItems().stream()
                        .filter(lease -> lease.getMetadata().getName().startsWith(LEASES))
                        .toList());
        remove("GatewayClasses", classes("gateway.networking.k8s.io/v1", "GatewayClass"));
        remove("IngressClasses", classes("networking.k8s.io/v1", "IngressClass"));
    }

    /** Classes that Kumo made, which says so in a label; users' own of the same controller stay. */
    private List<? extends HasMetadata> classes(String version, String kind) {
        if (!client.supports(version, kind)) {
            return List.of();
        }
        return client.genericKubernetesResources(version, kind)
                .withLabel(PART_OF, KUMO)
                .list()
                .getItems();
    }

    /** Nodes that are not clean, with the reason. */
    private List<String> cleanNodes() throws InterruptedException {
        var dataplane = client.apps().daemonSets().inNamespace(NAMESPACE).withName("node-dataplane");
        if (dataplane.get() == null) {
            progress.accept("nodes: DaemonSet node-dataplane is gone, they have been cleaned before");
            return List.of();
        }
        var ended = dataplane.edit(set -> {
            set.getSpec().getTemplate().getSpec().getNodeSelector().put(NOWHERE, "true");
            return set;
        });
        var nodes = client.nodes().list().getItems().stream()
                .map(node -> node.getMetadata().getName())
                .sorted()
                .toList();
        for (var node : nodes) {
            begin(CleanupJob.of(ended, node));
        }
        var waiting = new ArrayList<>(nodes);
        var failed = new ArrayList<String>();
        until(() -> {
            waiting.removeIf(node -> isOver(node, failed));
            return waiting.isEmpty();
        });
        waiting.forEach(node -> failed.add("node " + node + ": no answer within " + patience.toSeconds() + " s"));
        return failed.stream().sorted().toList();
    }

    /** A Job of an earlier run that succeeded stands for a clean node; one that failed tries anew. */
    private void begin(Job job) {
        var resource = client.resource(job);
        var existing = resource.get();
        if (existing != null && existing.getStatus().getSucceeded() == null) {
            resource.delete();
            resource.waitUntilCondition(Objects::isNull, patience.toMillis(), TimeUnit.MILLISECONDS);
            existing = null;
        }
        if (existing == null) {
            resource.create();
        }
    }

    private boolean isOver(String node, List<String> failed) {
        var job = client.batch()
                .v1()
                .jobs()
                .inNamespace(NAMESPACE)
                .withName(CleanupJob.name(node))
                .get();
        var status = Optional.ofNullable(job).map(one -> one.getStatus());
        if (status.map(one -> one.getSucceeded()).orElse(0) > 0) {
            progress.accept("node " + node + ": clean");
            return true;
        }
        var condition = status.stream()
                .flatMap(one -> one.getConditions().stream())
                .filter(one -> "Failed".equals(one.getType()))
                .findFirst();
        condition.ifPresent(one -> failed.add("node " + node + ": " + one.getMessage() + "; see kubectl logs -n "
                + NAMESPACE + " job/" + CleanupJob.name(node) + " --all-containers"));
        return condition.isPresent();
    }

    private List<String> removeManifests(boolean definitions) throws InterruptedException {
        remove(
                "ClusterRoleBindings",
                client.rbac()
                        .clusterRoleBindings()
                        .withLabel(PART_OF, KUMO)
                        .list()
                        .getItems());
        remove(
                "ClusterRoles",
                client.rbac().clusterRoles().withLabel(PART_OF, KUMO).list().getItems());
        for (var namespace : List.of("kube-system", "default")) {
            remove(
                    "RoleBindings in " + namespace,
                    client.rbac()
                            .roleBindings()
                            .inNamespace(namespace)
                            .withLabel(PART_OF, KUMO)
                            .list()
                            .getItems());
            remove(
                    "Roles in " + namespace,
                    client.rbac()
                            .roles()
                            .inNamespace(namespace)
                            .withLabel(PART_OF, KUMO)
                            .list()
                            .getItems());
        }
        client.namespaces().withName(NAMESPACE).delete();
        boolean gone = until(() -> client.namespaces().withName(NAMESPACE).get() == null);
        if (!gone) {
            return List.of("namespace " + NAMESPACE + ": still being deleted after " + patience.toSeconds() + " s");
        }
        progress.accept("namespace " + NAMESPACE + ": gone");
        var kinds = client.apiextensions().v1().customResourceDefinitions().withLabel(PART_OF, KUMO);
        if (definitions) {
            remove("CustomResourceDefinitions", kinds.list().getItems());
        } else {
            var kept = kinds.list().getItems().size();
            progress.accept("CustomResourceDefinitions: " + kept
                    + " kept, with the objects of these kinds (--definitions removes them)");
        }
        return List.of();
    }

    private void remove(String what, List<? extends HasMetadata> objects) {
        objects.forEach(object -> client.resource(object).delete());
        if (!objects.isEmpty()) {
            progress.accept(what + ": removed "
                    + objects.stream()
                            .map(object ->
                                    Optional.ofNullable(object.getMetadata().getNamespace())
                                                    .map(namespace -> namespace + "/")
                                                    .orElse("")
                                            + object.getMetadata().getName())
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
    }

    private boolean until(BooleanSupplier done) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(PAUSE);
        }
        return true;
    }
}
