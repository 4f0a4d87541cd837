// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.kumo.dataplane.bpf.map.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jboss.logging.Logger;

/** One value kept as JSON in a file that only root reads. Fields that this version doesn't know are passed over. */
public final class StateFile<T> {
    private static final Logger LOG = Logger.getLogger(StateFile.class);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Address.class, ToStringSerializer.instance)
                    .addDeserializer(Address.class, new AddressReader()))
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path path;
    private final TypeReference<T> type;

    /** @param type of the value; an anonymous subclass keeps its type parameters */
    public StateFile(Path path, TypeReference<T> type) {
        this.path = path;
        this.type = type;
    }

    public Path path() {
        return path;
    }

    /**
     * The value last written; empty if there is no file.
     *
     * @throws StateFileException STATE_FILE_CORRUPT
     */
    public Optional<T> read() {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(path), type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw StateFileException.corrupt(path, e);
        }
    }

    /** As {@link #read}, but a file that cannot be read is renamed to {@code ….corrupt} and counts as none. */
    public Optional<T> readOrSetAside() {
        try {
            return read();
        } catch (StateFileException e) {
            LOG.errorf("reason=%s %s; going on without it", e.reason(), e.getMessage());
            try {
                Files.move(
                        path,
                        path.resolveSibling(path.getFileName() + ".corrupt"),
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException move) {
                e.addSuppressed(move);
                throw e;
            }
            return Optional.empty();
        }
    }

    /** @throws StateFileException STATE_FILE_UNWRITABLE; what was written last stands */
    public void write(T value) {
        byte[] content;
        try {
            content = JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a value for JSON: " + type.getType(), e);
        }
        AtomicFile.write(path, content, "rw-------");
    }

    private static final class AddressReader extends FromStringDeserializer<Address> {
        private static final long serialVersionUID = 1;

        AddressReader() {
            super(Address.class);
        }

        @Override
        protected Address _deserialize(String text, DeserializationContext context) {
            return Address.of(text);
        }
    }
}
