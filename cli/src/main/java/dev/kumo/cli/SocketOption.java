// SPDX-License-Identifier: Apache-2.0
package dev.kumo.cli;

import dev.kumo.cli.daemon.DaemonSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the dataplane listens. */
final class SocketOption {
    private static final String NODE_VARIABLE = "KUMO_NODE_NAME";

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = "/run/kumo/dataplane.sock",
            description = "Where the dataplane listens (default: ${DEFAULT-VALUE}).")
    Path path;

    /** Whether this runs where a dataplane should be, even if it is down. */
    boolean isInDataplanePod() {
        return Files.exists(path) || System.getenv(NODE_VARIABLE) != null;
    }

    DaemonSocket open() {
        return new DaemonSocket(path);
    }
}
