// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;

/** The {@code kumo} command. Exit codes: 0 all is well, 1 it is not or could not be told, 2 wrong usage. */
@Command(
        name = "kumo",
        description = "Looks at Kumo, the cluster's network.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            StatusCommand.class,
            VersionCommand.class,
            UninstallCommand.class,
            NodeCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "status and uninstall speak to the cluster of a kubeconfig (KUBECONFIG or ~/.kube/config);",
            "node runs in a node-dataplane pod:",
            "  kubectl exec -n kumo-system ds/node-dataplane -- kumo node services"
        })
public final class Kumo {
    @Mixin
    final HelpOption help = new HelpOption();

    private Kumo() {}

    public static void main(String[] arguments) {
        // The Kubernetes client logs through slf4j, of which there is no provider here: not worth a word.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Kumo())
                .setExecutionExceptionHandler((e, command, _) -> {
                    command.getErr().println("kumo: " + Failure.describe(e));
                    return Failure.EXIT_CODE;
                })
                .setCaseInsensitiveEnumValuesAllowed(true);
    }
}
