// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.stream.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * {@link Numbers} on disk, {@code numbers.json}: the next number of each kind and the bindings of Services and backends.
 * Written as a whole: temporary file, fsync, rename.
 */
public final class NumberFile {
    private static final Logger LOG = Logger.getLogger(NumberFile.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;

    /** @param path {@code /var/lib/kumo/numbers.json} as a rule; its directory exists */
    public NumberFile(Path path) {
        this.path = path;
    }

    void read(Numbers numbers) {
        if (!Files.exists(path)) {
            return;
        }
        try {
            JsonNode root = JSON.readTree(path.toFile());
            root.path("services")
                    .properties()
                    .forEach(entry -> numbers.services()
                            .adopt(owner(entry.getKey()), entry.getValue().asInt()));
            root.path("backends")
                    .properties()
                    .forEach(entry -> numbers.backends()
                            .adopt(backend(entry.getKey()), entry.getValue().asInt()));
            numbers.services().startAt(root.path("next").path("service").asInt(1));
            numbers.backends().startAt(root.path("next").path("backend").asInt(1));
            numbers.sets().startAt(root.path("next").path("set").asInt(1));
        } catch (IOException | IllegalArgumentException e) {
            LOG.errorf(
                    "reason=%s file=%s: numbers begin with what the kernel holds: %s",
                    Reason.STATE_FILE_CORRUPT, path, e.getMessage());
        }
    }

    void write(Numbers numbers) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("next")
                .put("service", numbers.services().next())
                .put("backend", numbers.backends().next())
                .put("set", numbers.sets().next());
        ObjectNode services = root.putObject("services");
        new TreeMap<>(numbers.services().numbers()).forEach((owner, number) -> services.put(text(owner), number));
        ObjectNode backends = root.putObject("backends");
        numbers.backends().numbers().forEach((backend, number) -> backends.put(text(backend), number));
        try {
            replace(JSON.writeValueAsBytes(root));
        } catch (IOException e) {
            throw new UncheckedIOException(Reason.STATE_FILE_UNWRITABLE + " " + path, e);
        }
    }

    private void replace(byte[] content) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        try (var channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String text(Owner owner) {
        return owner.kind() + " " + owner.name();
    }

    private static Owner owner(String text) {
        int space = text.indexOf(' ');
        if (space < 0) {
            throw new IllegalArgumentException("not an owner: " + text);
        }
        return new Owner(Owner.Kind.valueOf(text.substring(0, space)), text.substring(space + 1));
    }

    private static String text(Backend backend) {
        return backend.protocol() + " " + backend.address() + " " + backend.port() + " " + backend.flags();
    }

    private static Backend backend(String text) {
        String[] words = text.split(" ", -1);
        if (words.length != 4) {
            throw new IllegalArgumentException("not a backend: " + text);
        }
        return new Backend(
                Address.of(words[1]),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[0]),
                Integer.parseInt(words[3]));
    }
}
