// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kumo.cli.status.ClusterReader;
import dev.kumo.cli.status.ClusterStatus;
import dev.kumo.cli.status.StatusPlanner;
import dev.kumo.cli.status.StatusText;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints how Kumo is in the whole cluster. */
@Command(
        name = "status",
        description = {
            "Prints how Kumo's workloads and the cluster's pods are.",
            "Exit code 0 only if there is neither an error nor a warning."
        })
final class StatusCommand implements Callable<Integer> {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Mixin
    final HelpOption help = new HelpOption();

    @Mixin
    final OutputOption output = new OutputOption();

    @Option(names = "--wait", description = "Waits until there is neither an error nor a warning.")
    boolean wait;

    @Option(
            names = "--wait-duration",
            paramLabel = "DURATION",
            defaultValue = "5m",
            converter = DurationConverter.class,
            description = "How long to wait at most, such as 90s or 2m (default: ${DEFAULT-VALUE}).")
    Duration waitDuration;

    @Mixin
    final KubeconfigOption kubeconfig = new KubeconfigOption();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try (var client = kubeconfig.client()) {
            ClusterStatus status = wait ? awaited(client) : read(client);
            print(status);
            return status.healthy() ? 0 : Failure.EXIT_CODE;
        }
    }

    /** The first good status, or the last one when time is over. */
    private ClusterStatus awaited(KubernetesClient client) throws InterruptedException, Failure {
        long end = System.nanoTime() + waitDuration.toNanos();
        while (true) {
            boolean last = System.nanoTime() - end >= 0;
            try {
                ClusterStatus status = read(client);
                if (status.healthy() || last) {
                    return status;
                }
            } catch (Failure e) {
                if (last) {
                    throw e;
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    private static ClusterStatus read(KubernetesClient client) throws Failure {
        try {
            return new StatusPlanner().plan(new ClusterReader(client).read());
        } catch (KubernetesClientException e) {
            if (e.getStatus() != null) {
                throw e;
            }
            throw new Failure("cannot reach the API server at " + client.getMasterUrl() + ": " + Failure.describe(e));
        }
    }

    private void print(ClusterStatus status) throws JsonProcessingException {
        String text = output.isJson()
                ? new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(status)
                : StatusText.of(status);
        spec.commandLine().getOut().println(text);
    }
}
