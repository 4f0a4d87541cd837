// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.node;

import com.google.protobuf.ByteString;
import dev.kumo.contract.feed.v1.Batch;
import dev.kumo.stream.ContentHash;
import dev.kumo.stream.StateItem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file of one feed: eight bytes that name the format, the content hash of the rest (big-endian), then one
 * {@link Batch}. Replaced as a whole: after a loss of power it is either the old or the new one.
 */
final class StateFile {
    /** "KUMOFD" and the format's number. */
    private static final long FORMAT = 0x4b554d4f46440001L;

    private static final int HEADER_BYTES = 2 * Long.BYTES;

    private final Path path;

    StateFile(Path path) {
        this.path = path;
    }

    /**
     * @return null if there is no file
     * @throws IOException if it can't be read, or its content isn't what was written
     */
    @Nullable
    Batch read() throws IOException {
        if (!Files.exists(path)) {
            return null;
        }
        var bytes = ByteBuffer.wrap(Files.readAllBytes(path));
        if (bytes.remaining() < HEADER_BYTES || bytes.getLong() != FORMAT) {
            throw new IOException("not a state file of this version");
        }
        var hash = bytes.getLong();
        var content = ByteString.copyFrom(bytes);
        if (ContentHash.of(content) != hash) {
            throw new IOException("its content does not match its hash");
        }
        return Batch.parseFrom(content);
    }

    /** @param complete kept as {@code in_sync} */
    void write(Collection<StateItem> items, Map<String, Long> resourceVersions, boolean complete) throws IOException {
        var batch = Batch.newBuilder().putAllResourceVersions(resourceVersions).setInSync(complete);
        items.forEach(item -> batch.addUpserts(item.toProto()));
        var content = ContentHash.serialize(batch.build());
        var header = ByteBuffer.allocate(HEADER_BYTES)
                .putLong(FORMAT)
                .putLong(ContentHash.of(content))
                .flip();
        var folder = path.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        var temporary = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            writeFully(channel, header);
            writeFully(channel, content.asReadOnlyByteBuffer());
            channel.force(true);
        }
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Keeps what can't be read for people to look at. */
    void putAside() throws IOException {
        Files.move(path, path.resolveSibling(path.getFileName() + ".corrupt"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
