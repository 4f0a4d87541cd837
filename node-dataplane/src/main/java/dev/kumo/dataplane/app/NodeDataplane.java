// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.app;

import dev.kumo.dataplane.link.KernelLinks;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.SmallRyeConfigBuilder;

/** The program: without arguments the dataplane, with {@code cleanup} its removal from the node. */
@QuarkusMain
public final class NodeDataplane {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private NodeDataplane() {}

    public static void main(String... arguments) {
        if (arguments.length == 0) {
            Quarkus.run();
        } else if (arguments.length == 1 && arguments[0].equals("cleanup")) {
            System.exit(cleanup());
        } else {
            System.err.println("usage: node-dataplane [cleanup]");
            System.exit(MISUSED);
        }
    }

    /** The container of a removal has the same volumes and environment as the dataplane's. */
    private static int cleanup() {
        var paths = new SmallRyeConfigBuilder()
                .addDefaultSources()
                .withMapping(DataplaneConfig.Paths.class, "kumo.paths")
                .withValidateUnknown(false)
                .build()
                .getConfigMapping(DataplaneConfig.Paths.class, "kumo.paths");
        try (var links = new KernelLinks()) {
            new Cleanup(paths, links, System.out::println).run();
            return 0;
        } catch (CleanupException e) {
            System.err.println(e.getMessage());
            return FAILED;
        }
    }
}
