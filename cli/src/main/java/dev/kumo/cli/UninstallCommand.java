// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli;

import dev.kumo.cli.uninstall.Uninstall;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes Kumo out of the cluster. */
@Command(
        name = "uninstall",
        description = {
            "Takes Kumo out of the cluster: ends the control services, withdraws what they generated, cleans every node,",
            "then deletes the manifests. Pods lose their network until another one is installed.",
            "Users' objects stay. May be repeated; exit code 1 tells that something is left."
        })
final class UninstallCommand implements Callable<Integer> {
    @Mixin
    final HelpOption help = new HelpOption();

    @Mixin
    final KubeconfigOption kubeconfig = new KubeconfigOption();

    @Option(names = "--yes", description = "Doesn't ask.")
    boolean yes;

    @Option(
            names = "--definitions",
            description =
                    "Deletes the CustomResourceDefinitions too, and with them all policies, pools and other objects of these kinds.")
    boolean definitions;

    @Option(
            names = "--wait-duration",
            paramLabel = "DURATION",
            defaultValue = "3m",
            converter = DurationConverter.class,
            description = "How long one step may take, such as 90s or 2m (default: ${DEFAULT-VALUE}).")
    Duration waitDuration;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try (var client = kubeconfig.client()) {
            if (!yes) {
                ask(String.valueOf(client.getMasterUrl()));
            }
            var out = spec.commandLine().getOut();
            var left = new Uninstall(client, waitDuration, out::println).run(definitions);
            left.forEach(line -> spec.commandLine().getErr().println("left: " + line));
            if (!left.isEmpty()) {
                return Failure.EXIT_CODE;
            }
            out.println("Kumo is out of the cluster.");
            return 0;
        } catch (KubernetesClientException e) {
            throw new Failure(Failure.describe(e));
        }
    }

    private static void ask(String cluster) throws Failure {
        var console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new Failure(
                    "nobody to ask whether to take the network from the cluster at " + cluster + ": say --yes");
        }
        var answer = console.readLine("Pods of the cluster at %s lose their network. Type 'yes' to go on: ", cluster);
        if (!"yes".equals(answer)) {
            throw new Failure("nothing was done");
        }
    }
}
