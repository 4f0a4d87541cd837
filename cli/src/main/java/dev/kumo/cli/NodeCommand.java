// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli;

import dev.kumo.cli.daemon.DaemonTable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the dataplane's tables. */
@Command(
        name = "node",
        description = "Prints what this node's dataplane holds. Runs in a node-dataplane pod.",
        synopsisSubcommandLabel = "TABLE")
final class NodeCommand {
    @Mixin
    final HelpOption help = new HelpOption();

    @Command(name = "endpoints", description = "Pods of this node: address, identity, link.")
    int endpoints(@Mixin HelpOption help, @Mixin SocketOption socket, @Mixin OutputOption output) throws IOException {
        return print("endpoints", socket, output);
    }

    @Command(name = "identities", description = "Security identities, their labels and addresses.")
    int identities(@Mixin HelpOption help, @Mixin SocketOption socket, @Mixin OutputOption output) throws IOException {
        return print("identities", socket, output);
    }

    @Command(name = "services", description = "Frontends of Services and host ports, and their backends.")
    int services(@Mixin HelpOption help, @Mixin SocketOption socket, @Mixin OutputOption output) throws IOException {
        return print("services", socket, output);
    }

    @Command(
            name = "policy",
            description = "What is allowed and denied for the pods of this node, and by which policies.")
    int policy(
            @Mixin HelpOption help,
            @Mixin SocketOption socket,
            @Mixin OutputOption output,
            @Parameters(
                            index = "0",
                            arity = "0..1",
                            paramLabel = "ENDPOINT",
                            description = "A pod as NAMESPACE/NAME, or its name; all if none is given.")
                    @Nullable
                    String endpoint)
            throws IOException {
        var table = DaemonTable.of(socket.open().ask("policy"));
        return print(endpoint == null ? table : table.where("pod", pod -> names(pod, endpoint)), output);
    }

    @Command(name = "l2", description = "Announced addresses: who answers ARP for them, and what this node does.")
    int l2(@Mixin HelpOption help, @Mixin SocketOption socket, @Mixin OutputOption output) throws IOException {
        return print("l2", socket, output);
    }

    @Command(name = "drops", description = "Packets that were dropped, by reason, direction and hook.")
    int drops(@Mixin HelpOption help, @Mixin SocketOption socket, @Mixin OutputOption output) throws IOException {
        return print("drops", socket, output);
    }

    @Command(name = "feeds", description = "Feeds of desired state: replica, sync, resource versions.")
    int feeds(
            @Mixin HelpOption help,
            @Mixin SocketOption socket,
            @Mixin OutputOption output,
            @Option(
                            names = "--accept-older",
                            description = "Accepts state that is older than what the node has applied, once; for use"
                                    + " after etcd was restored from a backup.")
                    boolean acceptOlder)
            throws IOException {
        if (acceptOlder) {
            socket.open().ask("accept-older");
            spec.commandLine().getErr().println("older state is accepted once");
        }
        return print("feeds", socket, output);
    }

    @Spec
    CommandSpec spec;

    private static boolean names(String pod, String endpoint) {
        return pod.equals(endpoint) || pod.endsWith("/" + endpoint);
    }

    private int print(String command, SocketOption socket, OutputOption output) throws IOException {
        return print(DaemonTable.of(socket.open().ask(command)), output);
    }

    private int print(DaemonTable table, OutputOption output) {
        spec.commandLine().getOut().println(output.isJson() ? table.toJson() : table.toText());
        return 0;
    }
}
