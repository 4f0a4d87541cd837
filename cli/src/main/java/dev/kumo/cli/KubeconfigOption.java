// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster a command speaks to. */
final class KubeconfigOption {
    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "The kubeconfig's context (default: its current one).")
    @Nullable
    String context;

    /** A client that gives up soon: a person waits, and rather has an error than the client's ten tries. */
    KubernetesClient client() throws Failure {
        Config config = Config.autoConfigure(context);
        check(config);
        config.setRequestRetryBackoffLimit(0);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private void check(Config config) throws Failure {
        if (config.getFile() == null && System.getenv("KUBERNETES_SERVICE_HOST") == null) {
            throw new Failure("no kubeconfig: set KUBECONFIG or put one at ~/.kube/config");
        }
        var current = config.getCurrentContext();
        if (context != null && (current == null || !context.equals(current.getName()))) {
            throw new Failure("no context '" + context + "' in " + config.getFile());
        }
    }
}
