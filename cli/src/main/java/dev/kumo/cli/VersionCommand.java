// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kumo.cli.daemon.DaemonSocket;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the version of this program and, in the dataplane's pod, of the dataplane. */
@Command(
        name = "version",
        description = "Prints version, commit, date and runtime (JVM or native) of this program (Client:) and, in a"
                + " node-dataplane pod, of the dataplane (Daemon:).")
final class VersionCommand implements Callable<Integer> {
    @Mixin
    final HelpOption help = new HelpOption();

    @Mixin
    final SocketOption socket = new SocketOption();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Client: " + BuildInfo.own());
        if (!socket.isInDataplanePod()) {
            return 0;
        }
        DaemonSocket daemon = socket.open();
        try {
            JsonNode version = daemon.ask("version");
            out.println("Daemon: "
                    + new BuildInfo(
                            version.path("version").asText("unknown"),
                            version.path("commit").asText("unknown"),
                            version.path("date").asText("unknown"),
                            version.path("runtime").asText("unknown")));
            return 0;
        } catch (IOException e) {
            out.flush();
            spec.commandLine().getErr().println("kumo: " + e.getMessage());
            return Failure.EXIT_CODE;
        }
    }
}
