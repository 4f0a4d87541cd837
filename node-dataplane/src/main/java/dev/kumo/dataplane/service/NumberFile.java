// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.service;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.Backend;
import dev.kumo.dataplane.state.StateFile;
import dev.kumo.stream.Reason;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** {@link Numbers} on disk: the next number of each kind, and the bindings of Services and backends. Written as a whole. */
public final class NumberFile {
    private static final Logger LOG = Logger.getLogger(NumberFile.class);

    private final StateFile<Content> file;

    /**
     * What the file holds.
     *
     * @param services by {@code KIND namespace/name}
     * @param backends by {@code protocol address port flags}
     */
    @RegisterForReflection
    record Content(Next next, Map<String, Integer> services, Map<String, Integer> backends) {}

    @RegisterForReflection
    record Next(int service, int backend, int set) {}

    /** @param path {@code /var/lib/kumo/numbers.json} as a rule */
    public NumberFile(Path path) {
        this.file = new StateFile<>(path, new TypeReference<>() {});
    }

    void read(Numbers numbers) {
        file.readOrSetAside().ifPresent(content -> {
            try {
                content.services().forEach((owner, number) -> numbers.services().adopt(owner(owner), number));
                content.backends()
                        .forEach((backend, number) -> numbers.backends().adopt(backend(backend), number));
                numbers.services().startAt(content.next().service());
                numbers.backends().startAt(content.next().backend());
                numbers.sets().startAt(content.next().set());
            } catch (RuntimeException e) {
                LOG.errorf("reason=%s file=%s: %s", Reason.STATE_FILE_CORRUPT, file.path(), e.getMessage());
            }
        });
    }

    /** @throws dev.kumo.dataplane.state.StateFileException if it can't be written */
    void write(Numbers numbers) {
        var next = new Next(
                numbers.services().next(),
                numbers.backends().next(),
                numbers.sets().next());
        var services = new TreeMap<String, Integer>();
        numbers.services().numbers().forEach((owner, number) -> services.put(text(owner), number));
        var backends = new TreeMap<String, Integer>();
        numbers.backends().numbers().forEach((backend, number) -> backends.put(text(backend), number));
        file.write(new Content(next, services, backends));
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
