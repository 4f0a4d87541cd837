// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import dev.kumo.dataplane.state.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The network configuration that makes the runtime, and so the kubelet, call the node ready. Written when it is, and left in
 * place from then on: without a dataplane the plugin says "try again later".
 *
 * <p>Its version is 1.0.0 although the plugin speaks 1.1.0: of a 1.1.0 network containerd asks STATUS again and again and the
 * kubelet makes its Node NotReady while the answer is no, which takes every pod of the node out of its Services. A dataplane
 * that restarts would do just that, while its datapath goes on. Whoever wants STATUS and GC asks the plugin with 1.1.0.
 */
public final class ConfList {
    /** Sorts before other networks' files: runtimes take the first. */
    public static final String NAME = "05-kumo.conflist";

    private static final byte[] CONTENT = """
            {
              "cniVersion": "1.0.0",
              "name": "kumo",
              "plugins": [
                {
                  "type": "kumo-cni",
                  "capabilities": {"portMappings": true}
                }
              ]
            }
            """.getBytes(StandardCharsets.UTF_8);

    private final Path file;

    /** @param directory such as {@code /etc/cni/net.d} */
    public ConfList(Path directory) {
        this.file = directory.resolve(NAME);
    }

    /**
     * Writes it if it isn't just so: runtimes reload what is written. Blocks.
     *
     * @throws dev.kumo.dataplane.state.StateFileException STATE_FILE_UNWRITABLE
     */
    public void write() {
        if (!isWritten()) {
            AtomicFile.write(file, CONTENT, "rw-r--r--");
        }
    }

    /** Takes the node out of the network: the first step of an uninstallation. */
    public void remove() throws IOException {
        Files.deleteIfExists(file);
    }

    private boolean isWritten() {
        try {
            return Arrays.equals(Files.readAllBytes(file), CONTENT);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
